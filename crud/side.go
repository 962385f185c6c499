package crud

import (
	"context"
	"strings"
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

// replace inserts rows of a model whose new rows may take the place of deleted
// ones. Those keep the row in the table that others refer to, and go on with its
// version, so that nobody who knew the old row takes the new one for it.
func (c *core) replace(ctx context.Context, rows []unsafe.Pointer, on placing) (written bool, err error) {
	on.instead = c.dialect.Has(sqldb.OnConflict)
	for i := range rows {
		if !on.instead {
			if written, err = c.revived(ctx, rows[i], on); err != nil {
				return false, err
			}
			if written {
				continue
			}
		}
		written, err = c.insertSome(ctx, rows[i:i+1], on)
		if err == nil && !written && on.instead { // refused, or the row is live: without the clause the database says so
			plain := on
			plain.instead = false
			written, err = c.insertSome(ctx, rows[i:i+1], plain)
		}
		if err != nil || !written {
			return written, err
		}
	}
	return true, nil
}

// inPlaceOfDeleted makes an insert take the place of a deleted row with its id.
func (c *core) inPlaceOfDeleted() string {
	var sets []string
	for _, col := range c.columns {
		switch col {
		case c.model.ID:
		case c.model.Version:
			sets = append(sets, c.quote(col)+" = "+c.table()+"."+c.quote(col)+" + 1")
		default:
			sets = append(sets, c.quote(col)+" = excluded."+c.quote(col))
		}
	}
	return "ON CONFLICT (" + c.quote(c.model.ID) + ") DO UPDATE SET " + strings.Join(sets, ", ") +
		" WHERE " + c.table() + "." + c.quote(c.model.DeletedAt) + " IS NOT NULL"
}

// revived writes the row over the deleted one with its id, where there is one
// and the conditions of the new row hold. It is for databases whose INSERT
// cannot.
func (c *core) revived(ctx context.Context, row unsafe.Pointer, on placing) (written bool, err error) {
	p := newParams(opInsert, "over"+placingKey(on))
	for _, col := range c.columns {
		if col != c.model.ID && col != c.model.Version {
			p.add(value(col, row))
		}
	}
	p.add(c.id(row))
	for _, col := range on.held {
		p.add(c.named(row, col))
	}
	if on.allowed != nil {
		if err := p.condition(on.allowed); err != nil {
			return false, err
		}
	}
	stmt, err := c.statement(p, func(s *slots) squirrel.Sqlizer { return c.overDeleted(on, s) })
	if err != nil {
		return false, err
	}
	err = sqldb.InTx(ctx, c.db, func(ctx context.Context) error {
		n, err := c.db.Exec(ctx, stmt)
		if err == nil && n > 0 {
			written, err = c.reread(ctx, c.id(row), row)
		}
		return err
	})
	return written, err
}

func (c *core) overDeleted(on placing, s *slots) squirrel.Sqlizer {
	update := squirrel.Update(c.table())
	for _, col := range c.columns {
		switch col {
		case c.model.ID:
		case c.model.Version:
			update = update.Set(c.quote(col), squirrel.Expr(c.quote(col)+" + 1"))
		default:
			update = update.Set(c.quote(col), s.next())
		}
	}
	update = update.Where(c.quote(c.model.ID)+" = ?", s.next()).Where(c.quote(c.model.DeletedAt) + " IS NOT NULL")
	for _, col := range on.held {
		update = update.Where(c.liveAt(col, s.next()))
	}
	if on.allowed != nil {
		update = update.Where(s.condition())
	}
	return update
}

// forgetOld removes what is kept about deleted rows whose place new ones took:
// what was granted on those is not granted on these. It runs in the transaction
// of the insert.
func (c *core) forgetOld(ctx context.Context, rows []unsafe.Pointer) error {
	if !c.replaces() || c.forgetter == nil {
		return nil
	}
	var ids []uuid.UUID
	for _, p := range rows {
		if c.model.Version == nil || c.version(p) > 1 {
			ids = append(ids, c.id(p))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return c.forgetter.Forget(ctx, c.model, ids...)
}
