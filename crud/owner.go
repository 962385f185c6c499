package crud

import (
	"context"

	"github.com/google/uuid"
)

type ownerKey struct{}

// CreatedFor names the owner of the rows that System or Root create in ctx:
// their user_id where the model has one and the input leaves it out, else
// their created_by_id. It changes nothing for other actors, who own what they
// create.
func CreatedFor(ctx context.Context, owner uuid.UUID) context.Context {
	return context.WithValue(ctx, ownerKey{}, owner)
}

func createdFor(ctx context.Context) (uuid.UUID, bool) {
	id, ok := ctx.Value(ownerKey{}).(uuid.UUID)
	return id, ok
}
