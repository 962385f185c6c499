package crud

import (
	"context"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// Get is the row with the given id. Options: query.Include fills relations,
// query.Fields leaves all other columns zero but the id. A row that is missing
// or that the actor may not see is NotFound.
func (m *Manager[T, C, U]) Get(ctx context.Context, id uuid.UUID, opts ...query.GetOption) (row T, err error) {
	if _, err := m.core.begin(ctx); err != nil {
		return row, err
	}
	var both struct {
		event GetEvent[T]
		run   phases[T, GetEvent[T]]
	}
	e, run := &both.event, &both.run
	e.ID = id
	*run = phasesOf(&m.hooks.All, &m.hooks.Get, e, Event[T]{Op: query.OpGet, ID: id, Row: &e.Row})
	if err := run.before(ctx); err != nil {
		return row, err
	}
	if made, skipped := e.Skipped(); skipped {
		e.Row = made
	} else if err := m.get(ctx, e, opts); err != nil {
		return row, err
	}
	if err := run.after(ctx); err != nil {
		return row, err
	}
	run.afterCommit(ctx, m.core.db)
	return e.Row, nil
}

func (m *Manager[T, C, U]) get(ctx context.Context, e *GetEvent[T], opts []query.GetOption) error {
	columns, includes := m.core.columns, []*query.Inclusion(nil)
	if len(opts) > 0 {
		r, err := query.ResolveGet(m.core.model, opts...)
		if err != nil {
			return err
		}
		columns, includes = m.core.selected(r), r.Include
	}
	found, err := m.core.readRow(ctx, e.ID, columns, unsafe.Pointer(&e.Row))
	if err != nil {
		return err
	}
	if !found {
		return m.core.notFound()
	}
	return m.core.include(ctx, includes, []unsafe.Pointer{unsafe.Pointer(&e.Row)})
}

// selected are the columns that a request reads: all, or those it names with
// the id, and whatever its relations hang on.
func (c *core) selected(r *query.Resolved) []*registry.Column {
	if r.Fields == nil {
		return c.columns
	}
	wanted := map[*registry.Column]bool{c.model.ID: true}
	for _, col := range r.Fields {
		wanted[col] = true
	}
	for _, k := range r.Sort {
		wanted[k.Column] = true
	}
	for _, in := range r.Include {
		if !in.Relation.Many {
			wanted[in.Relation.Column] = true
		}
	}
	columns := make([]*registry.Column, 0, len(wanted))
	for _, col := range c.columns {
		if wanted[col] {
			columns = append(columns, col)
		}
	}
	return columns
}

// Exists reports whether there is a row with the given id that the actor may
// see.
func (m *Manager[T, C, U]) Exists(ctx context.Context, id uuid.UUID) (bool, error) {
	if _, err := m.core.begin(ctx); err != nil {
		return false, err
	}
	hidden, err := m.core.hidden(ctx, id)
	return err == nil && !hidden, err
}
