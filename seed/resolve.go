package seed

import (
	"context"
	"errors"
	"fmt"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// errDeleted says that a reference leads to a row of a seed that somebody has
// deleted.
var errDeleted = errors.New("refers to a row that was deleted since it was seeded")

// settle puts ids into the row where references and the owner stand.
func (s *session) settle(ctx context.Context, r *row) error {
	for _, c := range r.model.Columns {
		id, ok := c.Value(r.p).(uuid.UUID)
		if c.Kind != registry.UUID || !ok {
			continue
		}
		ref, err := s.holders.of(id)
		if ref != nil && err == nil {
			err = s.put(ctx, r, c, ref)
		}
		if err != nil {
			return r.fail(c.Name, err)
		}
	}
	return s.settleOwner(ctx, r)
}

// put resolves a reference into its column. One to a deleted row leaves the
// column out, and what cannot be without it as well.
func (s *session) put(ctx context.Context, r *row, c *registry.Column, ref *reference) error {
	if m, err := s.target(ref); err == nil && c.Ref != nil && c.Ref.Target != nil && c.Ref.Target != m {
		return fmt.Errorf("refers to %s, not to %s", c.Ref.Table, m.Table)
	}
	id, err := s.resolve(ctx, ref)
	if errors.Is(err, errDeleted) {
		r.loose = append(r.loose, c)
		if r.isKey(c) || c == r.model.ID {
			r.left = c.Name + " " + errDeleted.Error()
		}
		return nil
	}
	if err != nil {
		return err
	}
	return c.SetValue(r.p, id)
}

// settleOwner names the owner of a row that names none.
func (s *session) settleOwner(ctx context.Context, r *row) error {
	c := ownerColumn(r.model)
	if c == nil || !c.Zero(r.p) {
		return nil
	}
	o := r.seed.owner
	switch {
	case o.ref != nil:
		if err := s.put(ctx, r, c, o.ref); err != nil {
			return r.fail("owner", err)
		}
		return nil
	case o.id != uuid.Nil:
		return c.SetValue(r.p, o.id)
	}
	return r.fail(c.Name, errors.New("names no owner: say who owns the rows, with seed.Owner or, in a file, owner"))
}

// target is the model that a reference names.
func (s *session) target(ref *reference) (*registry.Model, error) {
	if ref.err != nil {
		return nil, ref.err
	}
	m := s.reg.Model(ref.table)
	if ref.typ != nil {
		m = s.reg.ModelByType(ref.typ)
	}
	if m == nil {
		return nil, fmt.Errorf("refers to %s, which no model of the registry has", ref.target())
	}
	return m, nil
}

// resolve is the id of the row that is referred to: one of this run, else one
// that was seeded before, else one of the table.
func (s *session) resolve(ctx context.Context, ref *reference) (uuid.UUID, error) {
	m, err := s.target(ref)
	if err != nil {
		return uuid.Nil, err
	}
	t, err := s.table(ctx, m)
	if err != nil {
		return uuid.Nil, err
	}
	columns, p, err := s.wanted(m, ref)
	if err != nil {
		return uuid.Nil, err
	}
	switch found := s.find(t, columns, p); len(found) {
	case 0:
	case 1:
		return s.idOf(ctx, found[0])
	default:
		return uuid.Nil, s.ambiguous(len(found), ref)
	}
	for _, c := range columns { // what the values are themselves
		if err := s.settleValue(ctx, c, p); err != nil {
			return uuid.Nil, err
		}
	}
	return s.stored(ctx, t, ref, columns, p)
}

// idOf is the id of a row of this run, which is written now if it was not yet.
func (s *session) idOf(ctx context.Context, r *row) (uuid.UUID, error) {
	if err := s.ensure(ctx, r); err != nil {
		return uuid.Nil, err
	}
	if r.id == uuid.Nil {
		return uuid.Nil, errDeleted
	}
	return r.id, nil
}

// stored is the id of a row that is in the table.
func (s *session) stored(ctx context.Context, t *table, ref *reference, columns []*registry.Column, p unsafe.Pointer) (uuid.UUID, error) {
	rec := t.records[keyHash(columns, p)]
	if rec != nil {
		if current := t.current[rec.id]; current != nil && live(t.model, current) {
			return rec.id, nil
		}
	}
	rows, err := s.byKey(ctx, t.model, columns, p)
	switch {
	case err != nil:
		return uuid.Nil, err
	case len(rows) > 1:
		return uuid.Nil, s.ambiguous(len(rows), ref)
	case len(rows) == 0 && rec != nil:
		return uuid.Nil, errDeleted
	case len(rows) == 0:
		return uuid.Nil, fmt.Errorf("there is no row %s", s.holders.describe(ref))
	}
	return t.model.ID.Value(rows[0]).(uuid.UUID), nil
}

func (s *session) ambiguous(n int, ref *reference) error {
	return fmt.Errorf("%d rows match the reference %s", n, s.holders.describe(ref))
}

// wanted is the columns of a reference, by name, and a row that holds its
// values.
func (s *session) wanted(m *registry.Model, ref *reference) (columns []*registry.Column, p unsafe.Pointer, err error) {
	p = newRow(m)
	for _, pair := range ref.pairs {
		c, err := keyColumn(m, pair.column)
		if err == nil {
			err = c.SetValue(p, pair.value)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("the reference %s: %w", s.holders.describe(ref), err)
		}
		columns = append(columns, c)
	}
	return inOrder(columns), p, nil
}

// settleValue resolves a reference that is a value of another one.
func (s *session) settleValue(ctx context.Context, c *registry.Column, p unsafe.Pointer) error {
	id, ok := c.Value(p).(uuid.UUID)
	if !ok {
		return nil
	}
	ref, err := s.holders.of(id)
	if ref == nil || err != nil {
		return err
	}
	if id, err = s.resolve(ctx, ref); err != nil {
		return err
	}
	return c.SetValue(p, id)
}

// find is the rows of this run whose columns hold what they hold in the row at
// p, references as they are written: those of the row may not be known yet.
func (s *session) find(t *table, columns []*registry.Column, p unsafe.Pointer) []*row {
	name := ""
	for _, c := range columns {
		name += c.Name + ","
	}
	index, ok := t.indexes[name]
	if !ok {
		index = map[string][]*row{}
		for _, r := range t.rows {
			text := keyText(columns, r.raw, s.holders)
			index[text] = append(index[text], r)
		}
		t.indexes[name] = index
	}
	return index[keyText(columns, p, s.holders)]
}
