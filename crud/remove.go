package crud

import (
	"context"
	"time"
	"unsafe"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// remove takes one row away, if it has the version and the actor may delete
// it, and reads what became of it into row.
func (c *core) remove(ctx context.Context, f *fate, ident query.Ident, row unsafe.Pointer) (gone bool, err error) {
	if c.model.DeletedAt == nil || f.forGood {
		if gone, err = c.erase(ctx, ident, row); gone {
			f.left(c, ident.ID)
		}
		return gone, err
	}
	sent, err := c.bury(f.actor, f.at, row)
	if err != nil {
		return false, err
	}
	return c.set(ctx, opDelete, joinery.Delete, ident.ID, ident.Version, sent, row)
}

// bury marks the row at p as deleted and returns the columns that say so.
func (c *core) bury(actor joinery.Actor, at time.Time, p unsafe.Pointer) ([]*registry.Column, error) {
	s := setter{p: p}
	s.set(c.model.DeletedAt, at)
	sent := []*registry.Column{c.model.DeletedAt}
	if c.model.DeletedBy != nil {
		s.setID(c.model.DeletedBy, actor)
		sent = append(sent, c.model.DeletedBy)
	}
	return sent, s.err
}

// erase deletes the row for good.
func (c *core) erase(ctx context.Context, ident query.Ident, row unsafe.Pointer) (gone bool, err error) {
	versioned := c.model.Version != nil && ident.Version != query.AnyVersion
	p := newParams(opDelete, setKey(nil, versioned))
	p.add(ident.ID)
	if versioned {
		p.add(ident.Version)
	}
	allowed, err := c.filter(ctx, joinery.Delete, c.model.Table)
	if err == nil {
		err = p.condition(allowed)
	}
	if err != nil {
		return false, err
	}
	stmt, err := c.statement(p, func(s *slots) squirrel.Sqlizer {
		del := squirrel.Delete(c.table()).Where(c.quote(c.model.ID)+" = ?", s.next())
		if versioned {
			del = del.Where(c.quote(c.model.Version)+" = ?", s.next())
		}
		return withReturning(c, del.Where(s.condition()), sqldb.ReturningDelete)
	})
	if err != nil {
		return false, err
	}
	own := c.ownReferences(ident.ID, row)
	if len(own) == 0 {
		return c.runReturning(ctx, stmt, sqldb.ReturningDelete, ident.ID, row)
	}
	return c.eraseLoosened(ctx, stmt, ident.ID, row, own)
}
