package crud

import (
	"context"
	"unsafe"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// beside reports whether the model's rows have the ids of other rows, as those
// of a [Side].
func (c *core) beside() bool { return c.model.ID.Ref != nil }

// unkeyed is the field error of a new row that names no row to stand beside.
func (c *core) unkeyed(p unsafe.Pointer) []joinery.FieldError {
	if id := c.model.ID; c.beside() && id.Zero(p) {
		return []joinery.FieldError{{Pointer: "/" + id.JSON, Code: "required", Message: "is required: name the row that this one adds to"}}
	}
	return nil
}

// replaces reports whether new rows take the place of deleted ones: those have
// the only id that a new one can have.
func (c *core) replaces() bool { return c.beside() && c.model.DeletedAt != nil }

// makeRoom removes deleted rows with the ids of new ones. It runs in the
// transaction of the insert, which undoes it where the new rows are refused.
func (c *core) makeRoom(ctx context.Context, rows []unsafe.Pointer) error {
	if !c.replaces() {
		return nil
	}
	ids := make([]uuid.UUID, len(rows))
	for i, p := range rows {
		ids[i] = c.id(p)
	}
	n, err := c.db.Exec(ctx, squirrel.Delete(c.table()).
		Where(sqldb.In(c.dialect, c.quote(c.model.ID), ids)).Where(squirrel.NotEq{c.quote(c.model.DeletedAt): nil}))
	if err != nil || n == 0 || c.forgetter == nil {
		return inUse(err)
	}
	return c.forgetter.Forget(ctx, c.model, ids...) // what was granted on the old rows is not on the new ones
}
