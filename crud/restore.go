package crud

import (
	"context"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// Restore brings a deleted row back and returns it. Only Root may: deleted
// rows are out of everybody else's sight. version is the one that the caller
// saw, or [AnyVersion]; restoring counts as a change.
//
// The rows that the deletion took along come back too: those that refer to the
// row by a cascading reference and were deleted at the same time, and so on
// down, with their Restore hooks and System as the actor. A row that had been
// deleted by itself before stays deleted, as does one that also refers, by
// cascade, to another deleted row; and models without SoftDelete kept nothing.
//
// A live row refers to no deleted one. Where the row's own reference names a
// row that is deleted still, a setnull reference becomes null, as it would
// have when that row was deleted; any other makes a Conflict with code
// parent_deleted, naming the field: restore that row first.
//
// Errors: Unsupported where the model has no SoftDelete; NotFound (missing or
// hidden), Forbidden for all but Root, Stale with the current version,
// Conflict: not_deleted, taken (a live row has the same value of a unique
// key), parent_deleted; or what a hook returned.
func (m *Manager[T, C, U]) Restore(ctx context.Context, id uuid.UUID, version int64) (row T, err error) {
	c := m.core
	actor, err := c.beginKept(ctx)
	if err != nil {
		return row, err
	}
	ident := query.Ident{ID: id, Version: version}
	err = c.inTx(ctx, c.hookedBelow(toRestore, map[*core]bool{}), func(ctx context.Context) error {
		p, err := c.restore(ctx, actor, ident)
		if err == nil {
			row = *(*T)(p)
		}
		return err
	})
	return row, err
}

// restore judges one row, brings it back with what went along with it, and
// returns it as hooks left it.
func (c *core) restore(ctx context.Context, actor joinery.Actor, ident query.Ident) (unsafe.Pointer, error) {
	row := c.newRow()
	read, err := c.preimages(ctx, []query.Ident{ident}, toRestore, func() unsafe.Pointer { return row })
	if err == nil {
		_, err = c.verdict(actor, read, ident, toRestore)
	}
	if err != nil {
		return nil, err
	}
	run, row := c.open(toRestore, row)
	if err := run.before(ctx); err != nil {
		return nil, err
	}
	if !run.skipped() {
		if err := c.revive(ctx, actor, ident, row); err != nil {
			return nil, err
		}
	}
	if err := run.after(ctx); err != nil {
		return nil, err
	}
	c.told(ctx, run, query.OpRestore, row)
	return row, nil
}

// revive makes the row live again, then what went along with it.
func (c *core) revive(ctx context.Context, actor joinery.Actor, ident query.Ident, row unsafe.Pointer) error {
	r := &revival{now: c.stamp(), at: c.buriedAt(row)}
	cleared, _, err := c.lean(ctx, r, row, nil)
	if err != nil {
		return err
	}
	sent, err := c.unearth(r, actor, row)
	if err != nil {
		return err
	}
	written, err := c.set(ctx, opRestore, toRestore.needs(), ident.ID, ident.Version, append(sent, cleared...), row)
	switch {
	case err != nil:
		return c.explain(ctx, err, []unsafe.Pointer{row})
	case !written:
		return c.diagnose(ctx, actor, ident.ID, ident.Version, toRestore)
	}
	if err := c.reviveBelow(ctx, r, row); err != nil {
		return err
	}
	return r.settle(ctx)
}

// unearth clears what says that the row at p is deleted, records who changed it
// and returns the columns concerned.
func (c *core) unearth(r *revival, actor joinery.Actor, p unsafe.Pointer) (sent []*registry.Column, err error) {
	s := setter{p: p}
	s.set(c.model.DeletedAt, nil)
	s.set(c.model.DeletedBy, nil)
	c.touch(p, actor, r.now)
	for _, col := range []*registry.Column{c.model.DeletedAt, c.model.DeletedBy, c.model.UpdatedAt, c.model.UpdatedBy} {
		if col != nil {
			sent = append(sent, col)
		}
	}
	return sent, s.err
}
