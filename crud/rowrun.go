package crud

import (
	"context"
	"unsafe"

	"github.com/joinery-go/joinery/crud/query"
)

// rowRun is the deletion, restoration or purge of one row as its hooks see it.
type rowRun interface {
	before(ctx context.Context) error
	after(ctx context.Context) error
	committed(ctx context.Context)
	skipped() bool // a Before hook answered in its place
}

// deletion is the rowRun of a manager's row that is deleted.
type deletion[T any] struct {
	phases[T, DeleteEvent[T]]
}

func (d *deletion[T]) skipped() bool { return d.event.Stopped() }

// restoration is the rowRun of a manager's row that is restored.
type restoration[T any] struct {
	phases[T, RestoreEvent[T]]
}

// skipped puts the hook's answer in place of the row.
func (r *restoration[T]) skipped() bool {
	row, skipped := r.event.Skipped()
	if skipped {
		r.event.Row = row
	}
	return skipped
}

// purge is the rowRun of a manager's row that is purged.
type purge[T any] struct {
	phases[T, PurgeEvent[T]]
}

func (p *purge[T]) skipped() bool { return p.event.Stopped() }

// openRun makes the event of what is to be done to a row. The event holds a
// copy of the row, the statement writes there what becomes of it.
func (m *Manager[T, C, U]) openRun(d deed, row unsafe.Pointer) (rowRun, unsafe.Pointer) {
	id, version := m.core.id(row), m.core.version(row)
	switch d {
	case toRestore:
		e := &RestoreEvent[T]{ID: id, Version: version, Row: *(*T)(row)}
		return &restoration[T]{phasesOf(&m.hooks.All, &m.hooks.Restore, e, m.viewOf(d, &e.Row))}, unsafe.Pointer(&e.Row)
	case toPurge:
		e := &PurgeEvent[T]{ID: id, Version: version, Row: *(*T)(row)}
		return &purge[T]{phasesOf(&m.hooks.All, &m.hooks.Purge, e, m.viewOf(d, &e.Row))}, unsafe.Pointer(&e.Row)
	}
	e := &DeleteEvent[T]{ID: id, Version: version, Row: *(*T)(row)}
	return &deletion[T]{phasesOf(&m.hooks.All, &m.hooks.Delete, e, m.viewOf(d, &e.Row))}, unsafe.Pointer(&e.Row)
}

func (m *Manager[T, C, U]) viewOf(d deed, row *T) Event[T] {
	return Event[T]{Op: d.operation(), ID: m.core.id(unsafe.Pointer(row)), Row: row}
}

// hooked reports whether doing d runs hooks that a retry would run again. A
// delete may purge rows that were deleted before, a purge deletes rows of
// models that keep none.
func (m *Manager[T, C, U]) hooked(d deed) bool {
	if d == toRestore {
		return hasAny(&m.hooks.All, &m.hooks.Restore)
	}
	return hasAny(&m.hooks.All, &m.hooks.Delete) || hasAny(&m.hooks.All, &m.hooks.Purge)
}

// noHooks is the rowRun of a row whose model has no manager.
type noHooks struct{}

func (noHooks) before(context.Context) error { return nil }
func (noHooks) after(context.Context) error  { return nil }
func (noHooks) committed(context.Context)    {}
func (noHooks) skipped() bool                { return false }

// open is openRun, without hooks where there is no manager.
func (c *core) open(d deed, row unsafe.Pointer) (rowRun, unsafe.Pointer) {
	if c.openRun == nil {
		return noHooks{}, row
	}
	return c.openRun(d, row)
}

// told queues what follows the commit of a row's run.
func (c *core) told(ctx context.Context, run rowRun, o query.Operation, row unsafe.Pointer) {
	c.committed(ctx, run.committed, run.skipped(), o, row)
}
