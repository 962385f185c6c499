package seed

import (
	"context"
	"errors"
	"unsafe"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// insertRow writes a row as it is, without a manager.
func (s *session) insertRow(m *registry.Model) writer {
	return func(ctx context.Context, p unsafe.Pointer) (unsafe.Pointer, error) {
		if err := s.sign(m, p); err != nil {
			return nil, err
		}
		values := make([]any, len(m.Columns))
		for i, c := range m.Columns {
			values[i] = bound(c, p)
		}
		if _, err := s.db.Exec(ctx, squirrel.Insert(s.quote(m.Table)).Columns(s.columns(m)...).Values(values...)); err != nil {
			return nil, err
		}
		return s.again(ctx, m, p)
	}
}

// sign fills what a row has by itself: its id, and who made it when.
func (s *session) sign(m *registry.Model, p unsafe.Pointer) error {
	if m.ID.Zero(p) && m.ID.Ref == nil {
		id, err := s.opts.NewID()
		if err == nil {
			err = m.ID.SetValue(p, id)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(
		fill(m.CreatedAt, p, s.now), fill(m.UpdatedAt, p, s.now), fill(m.Version, p, int64(1)),
		fill(m.CreatedBy, p, s.opts.IDs.System), fill(m.UpdatedBy, p, s.opts.IDs.System),
	)
}

// fill sets a column that the model may lack, where it is zero.
func fill(c *registry.Column, p unsafe.Pointer, v any) error {
	if c == nil || !c.Zero(p) {
		return nil
	}
	return c.SetValue(p, v)
}

// updateRow writes the columns in which the row differs from the current one,
// without a manager.
func (s *session) updateRow(m *registry.Model, current unsafe.Pointer) writer {
	return func(ctx context.Context, p unsafe.Pointer) (unsafe.Pointer, error) {
		stmt, same := squirrel.Update(s.quote(m.Table)).Where(s.equals(m.ID, current)), true
		for _, c := range seeded(m) {
			if textOf(c, p) != textOf(c, current) {
				stmt, same = stmt.Set(s.quote(c.Name), bound(c, p)), false
			}
		}
		if same { // a hook has taken the change back
			return current, nil
		}
		if c := m.UpdatedAt; c != nil {
			stmt = stmt.Set(s.quote(c.Name), s.now)
		}
		if c := m.UpdatedBy; c != nil {
			stmt = stmt.Set(s.quote(c.Name), s.opts.IDs.System)
		}
		if c := m.Version; c != nil {
			stmt = stmt.Set(s.quote(c.Name), c.Value(current).(int64)+1)
		}
		if _, err := s.db.Exec(ctx, stmt); err != nil {
			return nil, err
		}
		return s.again(ctx, m, current)
	}
}

// again is the row as the database keeps it.
func (s *session) again(ctx context.Context, m *registry.Model, p unsafe.Pointer) (unsafe.Pointer, error) {
	fresh, err := s.byID(ctx, m, m.ID.Value(p).(uuid.UUID))
	if err == nil && fresh == nil {
		err = errors.New("is not there after it was written")
	}
	return fresh, err
}
