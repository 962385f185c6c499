package crud

import (
	"context"
	"unsafe"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// A live row refers to no deleted one, but where Root wrote that it does. A
// foreign key does not see to that, for which a deleted row is there as long as it is in its table; and a delete does
// not see a reference that is being written at the same moment. So a write
// holds the rows that it refers to, and a delete waits for those who hold: it
// finds the reference then, or the write finds the row deleted.

// holding reports whether what an actor writes must hold what it refers to:
// Root sees deleted rows, and may mean one.
func holding(actor joinery.Actor) bool { return actor.Kind != joinery.Root }

// holds are those of the columns by which the row at p refers to a row that can
// be deleted softly.
func (c *core) holds(p unsafe.Pointer, columns []*registry.Column) []*registry.Column {
	var held []*registry.Column
	for _, col := range columns {
		if col.Ref == nil || col.Ref.Target == nil || col.Ref.Target.DeletedAt == nil {
			continue
		}
		if id := c.named(p, col); id != uuid.Nil && !(col.Ref.Target == c.model && id == c.id(p)) {
			held = append(held, col)
		}
	}
	return held
}

// named is the id that the row at p refers to by col, the nil uuid for none.
func (c *core) named(p unsafe.Pointer, col *registry.Column) uuid.UUID {
	id, _ := c.rowAt(p).UUID(col.Name)
	return id
}

// liveAt is that the row that col names is live, and holds it.
func (c *core) liveAt(col *registry.Column, id any) squirrel.Sqlizer {
	target := c.hub.core(col.Ref.Target, c)
	return squirrel.Expr("EXISTS (SELECT 1 FROM "+target.from(heldAlias)+" WHERE "+target.col(heldAlias, target.model.ID)+" = ? AND "+target.live(heldAlias)+c.holdLock()+")", id)
}

const heldAlias = "h"

// holdLock keeps a row from being deleted, and no other change from it.
func (c *core) holdLock() string {
	switch {
	case c.dialect.Has(sqldb.ForNoKeyUpdate):
		return " FOR KEY SHARE"
	case c.dialect.Has(sqldb.ForUpdate): // and from any other change: MariaDB's foreign keys lock no less
		return " LOCK IN SHARE MODE"
	}
	return ""
}

// hold holds what the rows refer to by columns, until the transaction ends, and
// answers by row for the references that name deleted rows. References to
// missing ones are the foreign keys' matter: they may be to rows of the same
// batch.
func (c *core) hold(ctx context.Context, rows []unsafe.Pointer, columns []*registry.Column) ([][]*registry.Column, error) {
	dead := make([][]*registry.Column, len(rows))
	asked := map[*registry.Column]map[uuid.UUID][]int{}
	for i, p := range rows {
		for _, col := range c.holds(p, columns) {
			if asked[col] == nil {
				asked[col] = map[uuid.UUID][]int{}
			}
			id := c.named(p, col)
			asked[col][id] = append(asked[col][id], i)
		}
	}
	for _, col := range columns {
		if asked[col] == nil {
			continue
		}
		gone, err := c.deletedOf(ctx, col, asked[col])
		if err != nil {
			return nil, err
		}
		for _, id := range gone {
			for _, i := range asked[col][id] {
				dead[i] = append(dead[i], col)
			}
		}
	}
	return dead, nil
}

// deletedOf are those of the ids that are of deleted rows. All are held.
func (c *core) deletedOf(ctx context.Context, col *registry.Column, ids map[uuid.UUID][]int) (gone []uuid.UUID, err error) {
	target := c.hub.core(col.Ref.Target, c)
	list := make([]uuid.UUID, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	columns := []*registry.Column{target.model.ID, target.model.DeletedAt}
	stmt := squirrel.Select(target.names(columns, heldAlias)...).From(target.from(heldAlias)).
		Where(sqldb.In(c.dialect, target.col(heldAlias, target.model.ID), list)).
		OrderBy(target.col(heldAlias, target.model.ID)).Suffix(c.holdLock())
	scanner := target.scanner(columns)
	err = target.each(onPrimary(ctx), stmt, func(rows sqldb.Rows) error {
		p := target.newRow()
		err := scanner.scan(rows, p)
		if err == nil && target.deleted(p) {
			gone = append(gone, target.id(p))
		}
		return err
	})
	return gone, err
}

// holdMoved holds what a changed row refers to anew.
func (c *core) holdMoved(ctx context.Context, old, row unsafe.Pointer, sent []*registry.Column) error {
	var moved []*registry.Column
	for _, col := range c.holds(row, sent) {
		if c.named(old, col) != c.named(row, col) {
			moved = append(moved, col)
		}
	}
	if len(moved) == 0 {
		return nil
	}
	return c.holdOne(ctx, row, moved)
}

// holdOne holds what one row refers to by columns, or answers that it is
// deleted.
func (c *core) holdOne(ctx context.Context, row unsafe.Pointer, columns []*registry.Column) error {
	dead, err := c.hold(ctx, []unsafe.Pointer{row}, columns)
	if err != nil {
		return err
	}
	return orphaned(dead[0])
}

// holdNew holds what new rows refer to; at is which of the batch each is.
func (c *core) holdNew(ctx context.Context, rows []unsafe.Pointer, at []int, problems *verdicts) error {
	dead, err := c.hold(ctx, rows, c.columns)
	if err != nil {
		return err
	}
	for i := range rows {
		problems.add(at[i], orphaned(dead[i]))
	}
	return problems.answer()
}

// orphaned is the error of a row whose references name deleted rows, nil where
// there are none: to who writes it a deleted row is a missing one.
func orphaned(dead []*registry.Column) error {
	if len(dead) == 0 {
		return nil
	}
	return invalid(fieldsOf(dead, "not_found", "not found")...)
}
