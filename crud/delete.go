package crud

import (
	"context"
	"errors"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// Delete removes the row: from sight where the model has SoftDelete, else for
// good. version is the one that the caller saw, or [AnyVersion]. Rows that
// refer to it are treated as their reference says.
//
// Errors: NotFound (missing or hidden), Forbidden, Stale with the current
// version, Conflict with code in_use (a restrict reference) or already_deleted
// (Root only), or what a hook returned.
func (m *Manager[T, C, U]) Delete(ctx context.Context, id uuid.UUID, version int64) error {
	return m.deleteList(ctx, []query.Ident{{ID: id, Version: version}}, false)
}

// DeleteMany removes all rows or none, in one transaction. Errors are those of
// Delete, with the index of the row as pointer; a row named twice is Invalid.
func (m *Manager[T, C, U]) DeleteMany(ctx context.Context, idents []query.Ident) error {
	return m.deleteList(ctx, idents, true)
}

func (m *Manager[T, C, U]) deleteList(ctx context.Context, idents []query.Ident, many bool) error {
	actor, err := m.core.begin(ctx)
	if err != nil || len(idents) == 0 {
		return err
	}
	hooked := m.core.hookedBelow(toDelete, map[*core]bool{})
	told := m.hooks.All.HasCommitted() || m.hooks.Delete.HasCommitted()
	if !many && !hooked && !told && !m.core.referred() && !m.core.forgets() && !m.core.joins(ctx) {
		return m.core.deleteDirect(ctx, actor, idents[0])
	}
	return m.core.inTx(ctx, hooked, func(ctx context.Context) error {
		return m.core.deleteAll(ctx, actor, toDelete, idents, many)
	})
}

// deleteDirect deletes a row that nothing depends on, no hook either, in one statement; where
// that changes nothing, one more finds out why.
func (c *core) deleteDirect(ctx context.Context, actor joinery.Actor, ident query.Ident) error {
	row := c.newRow()
	gone, err := c.remove(ctx, c.fate(actor, toDelete), ident, row)
	switch {
	case err != nil:
		return inUse(err)
	case !gone:
		return c.diagnose(ctx, actor, ident.ID, ident.Version, toDelete)
	}
	c.committed(ctx, noHooks{}.committed, false, query.OpDelete, row)
	return nil
}

// deleteAll reads the rows, judges them all and then deletes or purges them.
func (c *core) deleteAll(ctx context.Context, actor joinery.Actor, d deed, idents []query.Ident, many bool) error {
	rows := make([]unsafe.Pointer, 0, len(idents))
	read, err := c.preimages(ctx, idents, d, func() unsafe.Pointer {
		rows = append(rows, c.newRow())
		return rows[len(rows)-1]
	})
	if err != nil {
		return err
	}
	problems := verdicts{many: many}
	at := make([]int, len(idents))
	for i, ident := range idents {
		at[i], err = c.verdict(actor, read, ident, d)
		problems.add(i, err)
	}
	if err := problems.answer(); err != nil {
		return err
	}
	if err := repeated(idents); err != nil {
		return err
	}
	f := c.fate(actor, d)
	for _, i := range byID(idents, func(ident query.Ident) uuid.UUID { return ident.ID }) {
		err := c.deleteOne(ctx, f, idents[i], rows[at[i]])
		if err != nil && (!many || rank(err) == 0) {
			return err
		}
		problems.add(i, err)
		if refused := (*sqldb.Error)(nil); errors.As(err, &refused) {
			break // PostgreSQL runs nothing more in this transaction
		}
	}
	if err := problems.answer(); err != nil {
		return err
	}
	return f.forget(ctx)
}

// deleteOne runs the hooks of a row's end around it. A row that went along
// with another of the same batch is deleted already, hooks and all.
func (c *core) deleteOne(ctx context.Context, f *fate, ident query.Ident, row unsafe.Pointer) error {
	if f.met[member{c.model, ident.ID}] {
		return nil
	}
	d := f.deed(c, row)
	run, row := c.open(d, row)
	if err := run.before(ctx); err != nil {
		return err
	}
	if !run.skipped() {
		err := c.release(ctx, f, row, func() error {
			gone, err := c.remove(ctx, f, ident, row)
			if err == nil && !gone {
				return c.diagnose(ctx, f.actor, ident.ID, ident.Version, d)
			}
			return inUse(err)
		})
		if err != nil {
			return err
		}
	}
	if err := run.after(ctx); err != nil {
		return err
	}
	c.committed(ctx, run.committed, run.skipped(), d.operation(), row)
	return nil
}
