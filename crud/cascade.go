package crud

import (
	"context"

	"github.com/google/uuid"
)

type cascadeKey struct{}

type cascade struct {
	table string
	id    uuid.UUID
}

// DeletedWith is the row whose deletion takes along, by a reference, the row
// that the hook running in ctx is about: its table and id. False where that
// row is deleted for its own sake.
func DeletedWith(ctx context.Context) (table string, id uuid.UUID, ok bool) {
	c, ok := ctx.Value(cascadeKey{}).(cascade)
	return c.table, c.id, ok
}

// withCascade notes the row that takes others along.
func withCascade(ctx context.Context, table string, id uuid.UUID) context.Context {
	return context.WithValue(ctx, cascadeKey{}, cascade{table, id})
}
