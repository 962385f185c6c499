package crud

import (
	"context"
	"errors"
	"unsafe"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// ownReferences are those by which the row at p refers to itself, where the
// database lets that stand in the way of its deletion. A reference that cannot
// be null has to stay.
func (c *core) ownReferences(id uuid.UUID, p unsafe.Pointer) (own []*registry.Column) {
	if c.dialect.Has(sqldb.DeleteSelfReferring) {
		return nil
	}
	for _, col := range c.columns {
		if col.Ref != nil && col.Ref.Target == c.model && col.Nullable && c.named(p, col) == id {
			own = append(own, col)
		}
	}
	return own
}

var errKept = errors.New("crud: the row stays")

// eraseLoosened runs the statement that deletes the row when its references to
// itself are gone. Who is told of the row finds them in it.
func (c *core) eraseLoosened(ctx context.Context, stmt sqldb.Stmt, id uuid.UUID, row unsafe.Pointer, own []*registry.Column) (gone bool, err error) {
	err = sqldb.InTx(ctx, c.db, func(ctx context.Context) (err error) {
		update := squirrel.Update(c.table()).Where(squirrel.Eq{c.quote(c.model.ID): id})
		for _, col := range own {
			update = update.Set(c.quote(col), nil)
		}
		if _, err := c.db.Exec(ctx, update); err != nil {
			return err
		}
		gone, err = c.runReturning(ctx, stmt, sqldb.ReturningDelete, id, row)
		if err == nil && !gone {
			return errKept
		}
		return err
	})
	if errors.Is(err, errKept) {
		return false, nil
	}
	s := setter{p: row}
	for _, col := range own {
		s.set(col, id)
	}
	return gone, errors.Join(err, s.err)
}
