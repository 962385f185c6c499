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
	hooked := m.core.hookedBelow(map[*core]bool{})
	told := m.hooks.All.HasCommitted() || m.hooks.Delete.HasCommitted()
	if !many && !hooked && !told && !m.core.referred() && !m.core.joins(ctx) {
		return m.core.deleteDirect(ctx, actor, idents[0])
	}
	return m.core.inTx(ctx, hooked, func(ctx context.Context) error {
		return m.core.deleteAll(ctx, actor, idents, many)
	})
}

// deleteRun is the deletion of one row as its hooks see it.
type deleteRun interface {
	before(ctx context.Context) error
	after(ctx context.Context) error
	committed(ctx context.Context)
	skipped() bool
}

// deletion is a deleteRun of a manager's rows.
type deletion[T any] struct {
	phases[T, DeleteEvent[T]]
}

func (d *deletion[T]) skipped() bool {
	_, skipped := d.event.Skipped()
	return skipped
}

// deleteRun makes the event of a row's deletion. The event holds a copy of the
// row, the statement writes its new version there.
func (m *Manager[T, C, U]) deleteRun(row unsafe.Pointer) (deleteRun, unsafe.Pointer) {
	e := &DeleteEvent[T]{ID: m.core.id(row), Version: m.core.version(row), Row: *(*T)(row)}
	return &deletion[T]{phases[T, DeleteEvent[T]]{
		all: &m.hooks.All, own: &m.hooks.Delete, event: e,
		view: Event[T]{Op: query.OpDelete, ID: e.ID, Row: &e.Row},
	}}, unsafe.Pointer(&e.Row)
}

// noHooks is the deletion of a row whose model has no manager.
type noHooks struct{}

func (noHooks) before(context.Context) error { return nil }
func (noHooks) after(context.Context) error  { return nil }
func (noHooks) committed(context.Context)    {}
func (noHooks) skipped() bool                { return false }

// deleteDirect deletes a row that nothing depends on, no hook either, in one statement; where
// that changes nothing, one more finds out why.
func (c *core) deleteDirect(ctx context.Context, actor joinery.Actor, ident query.Ident) error {
	row := c.newRow()
	gone, err := c.remove(ctx, c.fate(actor), ident, row)
	switch {
	case err != nil:
		return inUse(err)
	case !gone:
		return c.diagnose(ctx, actor, ident.ID, ident.Version, joinery.Delete)
	}
	c.committed(ctx, noHooks{}.committed, false, query.OpDelete, row)
	return nil
}

// deleteAll reads the rows, judges them all and then deletes them.
func (c *core) deleteAll(ctx context.Context, actor joinery.Actor, idents []query.Ident, many bool) error {
	rows := make([]unsafe.Pointer, 0, len(idents))
	read, err := c.preimages(ctx, idents, joinery.Delete, func() unsafe.Pointer {
		rows = append(rows, c.newRow())
		return rows[len(rows)-1]
	})
	if err != nil {
		return err
	}
	problems := verdicts{many: many}
	at := make([]int, len(idents))
	for i, ident := range idents {
		at[i], err = c.verdict(actor, read, ident, joinery.Delete)
		problems.add(i, err)
	}
	if err := problems.answer(); err != nil {
		return err
	}
	if err := repeated(idents); err != nil {
		return err
	}
	f := c.fate(actor)
	for _, i := range byID(idents, func(d query.Ident) uuid.UUID { return d.ID }) {
		err := c.deleteOne(ctx, f, idents[i], rows[at[i]])
		if err != nil && (!many || rank(err) == 0) {
			return err
		}
		problems.add(i, err)
		if refused := (*sqldb.Error)(nil); errors.As(err, &refused) {
			break // PostgreSQL runs nothing more in this transaction
		}
	}
	return problems.answer()
}

// deleteOne runs the hooks of a row's deletion around it. A row that went along
// with another of the same batch is deleted already, hooks and all.
func (c *core) deleteOne(ctx context.Context, f *fate, ident query.Ident, row unsafe.Pointer) error {
	if f.met[member{c.model, ident.ID}] {
		return nil
	}
	run, row := c.openDelete(row)
	if err := run.before(ctx); err != nil {
		return err
	}
	if !run.skipped() {
		err := c.release(ctx, f, row, func() error {
			gone, err := c.remove(ctx, f, ident, row)
			if err == nil && !gone {
				return c.diagnose(ctx, f.actor, ident.ID, ident.Version, joinery.Delete)
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
	c.committed(ctx, run.committed, run.skipped(), query.OpDelete, row)
	return nil
}

// fate is what the deletion of a row of this model by actor means.
func (c *core) fate(actor joinery.Actor) *fate {
	return &fate{actor: actor, at: c.stamp(), met: map[member]bool{}}
}

func (c *core) openDelete(row unsafe.Pointer) (deleteRun, unsafe.Pointer) {
	if c.deleteRun == nil {
		return noHooks{}, row
	}
	return c.deleteRun(row)
}
