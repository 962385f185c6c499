package crud

import (
	"bytes"
	"context"
	"encoding/json"
	"time"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// apply writes the fields that the form at in brings into the row at p, and
// returns their columns. A null for a column that takes none is a field error.
func apply(form *registry.Form, in, p unsafe.Pointer) (sent []*registry.Column, fields []joinery.FieldError, err error) {
	for _, f := range form.Fields {
		v, set := f.Get(in)
		if !set {
			continue
		}
		sent = append(sent, f.Column)
		if v == nil && !f.Column.Nullable {
			fields = append(fields, joinery.FieldError{Pointer: "/" + f.JSON, Code: "not_null", Message: "may not be null"})
			continue
		}
		if err := f.Column.SetValue(p, v); err != nil {
			return nil, nil, err
		}
	}
	return sent, fields, nil
}

// identify fills what the manager itself writes into a new row, as far as a
// whole row does not bring it: its id, who creates it when, its version and
// its owner.
func (c *core) identify(ctx context.Context, actor joinery.Actor, at time.Time, p unsafe.Pointer) error {
	s := setter{p: p}
	m := c.model
	if m.ID.Zero(p) && m.ID.Ref == nil {
		id, err := c.newID()
		if err != nil {
			return err
		}
		s.set(m.ID, id)
	}
	s.fill(m.CreatedAt, at)
	s.fill(m.UpdatedAt, at)
	s.fill(m.Version, int64(1))
	if m.UpdatedBy != nil && m.UpdatedBy.Zero(p) {
		s.setID(m.UpdatedBy, actor)
	}
	made := m.CreatedBy != nil && m.CreatedBy.Zero(p)
	if made {
		s.setID(m.CreatedBy, actor)
	}
	if s.err == nil && (made || m.Owner != nil) {
		s.err = c.own(ctx, actor, p)
	}
	return s.err
}

// own sets the owner of a new row. What System and Root create without naming
// an owner has none here, which Access.Place refuses.
func (c *core) own(ctx context.Context, actor joinery.Actor, p unsafe.Pointer) error {
	named, ok := createdFor(ctx)
	acts := actor.Kind == joinery.System || actor.Kind == joinery.Root
	m := c.model
	switch {
	case m.Owner != nil && !m.Owner.Zero(p):
		return nil
	case m.Owner != nil && acts && ok:
		return m.Owner.SetValue(p, named)
	case m.Owner != nil && actor.Kind == joinery.User:
		return m.Owner.SetValue(p, actor.ID)
	case m.Owner == nil && m.CreatedBy != nil && acts && ok:
		return m.CreatedBy.SetValue(p, named)
	case m.Owner == nil && m.CreatedBy != nil && acts && m.CreatedBy.Nullable:
		return m.CreatedBy.SetValue(p, nil)
	}
	return nil
}

// sign names System or Root as the creator of rows for which nobody else was
// named, once Access has allowed that.
func (c *core) sign(actor joinery.Actor, rows []unsafe.Pointer) {
	col := c.model.CreatedBy
	if col == nil || actor.ID == uuid.Nil {
		return
	}
	for _, p := range rows {
		if col.Zero(p) {
			s := setter{p: p}
			s.set(col, actor.ID)
		}
	}
}

// setter sets columns that a model may lack, keeping the first error.
type setter struct {
	p   unsafe.Pointer
	err error
}

func (s *setter) set(col *registry.Column, v any) {
	if col != nil && s.err == nil {
		s.err = col.SetValue(s.p, v)
	}
}

// fill sets a column that is still zero.
func (s *setter) fill(col *registry.Column, v any) {
	if col != nil && col.Zero(s.p) {
		s.set(col, v)
	}
}

// setID sets who acts; somebody without an id leaves the column alone.
func (s *setter) setID(col *registry.Column, actor joinery.Actor) {
	if actor.ID != uuid.Nil {
		s.set(col, actor.ID)
	}
}

// value is a column of the row at p as a value for the database. Where null is
// allowed the JSON null is one, since it is read as one.
func value(col *registry.Column, p unsafe.Pointer) any {
	v := col.Value(p)
	if col.Kind != registry.JSON || v == nil {
		return v
	}
	if raw, ok := v.(json.RawMessage); ok && col.Nullable && string(bytes.TrimSpace(raw)) == "null" {
		return nil
	}
	return sqldb.JSON{V: v}
}
