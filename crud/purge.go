package crud

import (
	"context"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
)

// Purge removes a row for good, whether it was deleted before or is still
// live. Only Root may. version is the one that the caller saw, or
// [AnyVersion].
//
// Rows that refer to it are treated as their reference says, deleted ones too:
// restrict refuses, cascade takes them out of their tables with it, setnull
// clears the reference. Rows of models with SoftDelete that go along run their
// Purge hooks, those of other models their Delete hooks, with System as the
// actor. What Access keeps about the rows (grants) goes as well, see
// [Forgetter].
//
// Errors: Unsupported where the model has no SoftDelete, because there Delete
// does this already; NotFound (missing or hidden), Forbidden for all but Root,
// Stale with the current version, Conflict with code in_use, or what a hook
// returned.
func (m *Manager[T, C, U]) Purge(ctx context.Context, id uuid.UUID, version int64) error {
	c := m.core
	actor, err := c.beginKept(ctx)
	if err != nil {
		return err
	}
	idents := []query.Ident{{ID: id, Version: version}}
	return c.inTx(ctx, c.hookedBelow(toPurge, map[*core]bool{}), func(ctx context.Context) error {
		return c.deleteAll(ctx, actor, toPurge, idents, false)
	})
}

// beginKept is begin for what is done to rows that were deleted.
func (c *core) beginKept(ctx context.Context) (joinery.Actor, error) {
	actor, err := c.begin(ctx)
	if err == nil && c.model.DeletedAt == nil {
		err = joinery.Errorf(joinery.Unsupported, "not_kept", "rows of "+c.model.Table+" are not kept when they are deleted")
	}
	return actor, err
}

// deed is how a row's end is told: rows are purged when they leave their table
// later than by their deletion, or by a purge of what they belonged to.
func (f *fate) deed(c *core, row unsafe.Pointer) deed {
	if c.model.DeletedAt != nil && (f.purge || c.deleted(row)) {
		return toPurge
	}
	return toDelete
}

// left notes that a row is no longer in its table.
func (f *fate) left(c *core, id uuid.UUID) {
	if c.forgetter != nil {
		f.gone[c] = append(f.gone[c], id)
	}
}

// forget tells Access of the rows that left their tables.
func (f *fate) forget(ctx context.Context) error {
	for c, ids := range f.gone {
		if err := c.forgetter.Forget(ctx, c.model, ids...); err != nil {
			return err
		}
	}
	return nil
}

// forgets reports whether Access has to be told when a row is deleted.
func (c *core) forgets() bool { return c.forgetter != nil && c.model.DeletedAt == nil }
