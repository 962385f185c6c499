package crud

import (
	"context"
	"errors"
	"time"
	"unsafe"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// revival is the restoration of a row with all that its deletion took along.
type revival struct {
	now  time.Time
	at   time.Time // when they were deleted, by which they are known
	owed []debt    // references to rows that may still come back
}

// debt is the reference of a row that is live again to one that was deleted at
// the same time: at the end that one must be live too.
type debt struct {
	core *core
	col  *registry.Column
	row  unsafe.Pointer
	top  bool // it is the row that was asked for
}

// lean looks at what the row at p refers to besides via, which is known to be
// live. cleared are the references that became null because what they name was
// deleted and setnull says so. stays is for rows below the one asked for: one
// that refers by cascade to a deleted row would have been deleted with that.
func (c *core) lean(ctx context.Context, r *revival, p unsafe.Pointer, via *registry.Column) (cleared []*registry.Column, stays bool, err error) {
	for _, col := range c.columns {
		if col == via || col.Ref == nil || col.Ref.Target == nil || col.Ref.Target.DeletedAt == nil {
			continue
		}
		at, err := c.deletedAt(ctx, col, p)
		switch {
		case err != nil:
			return nil, false, err
		case at.IsZero():
			continue
		case via != nil && col.Ref.OnDelete == registry.Cascade:
			return nil, true, nil
		case at.Equal(r.at):
			r.owed = append(r.owed, debt{c, col, p, via == nil})
		case col.Ref.OnDelete == registry.SetNull:
			if err := col.SetValue(p, nil); err != nil {
				return nil, false, err
			}
			cleared = append(cleared, col)
		default:
			return nil, false, c.orphan(col, via == nil)
		}
	}
	return cleared, false, nil
}

// deletedAt is when the row that col names was deleted; zero: it is not, or
// there is none. The row is locked, so that it stays as it is until the end.
func (c *core) deletedAt(ctx context.Context, col *registry.Column, p unsafe.Pointer) (at time.Time, err error) {
	id := value(col, p)
	if id == nil {
		return at, nil
	}
	target := c.hub.core(col.Ref.Target, c)
	list := squirrel.Select(target.quote(target.model.DeletedAt)).From(target.table()).Where(squirrel.Eq{target.quote(target.model.ID): id})
	if c.dialect.Has(sqldb.ForUpdate) {
		list = list.Suffix("FOR UPDATE")
	}
	row := target.newRow()
	scanner := target.scanner([]*registry.Column{target.model.DeletedAt})
	err = target.each(ctx, list, func(rows sqldb.Rows) error { return scanner.scan(rows, row) })
	return target.buriedAt(row), err
}

// buriedAt is when the row at p was deleted, zero where it is live.
func (c *core) buriedAt(p unsafe.Pointer) time.Time {
	at, _ := c.model.DeletedAt.Value(p).(time.Time)
	return at
}

// orphan is the Conflict of a row that would refer to a deleted one.
func (c *core) orphan(col *registry.Column, top bool) error {
	const code = "parent_deleted"
	if !top {
		return joinery.Errorf(joinery.Conflict, code, "a row of "+c.model.Table+" that went with it refers to a deleted row of "+
			col.Ref.Target.Table+" by "+col.Name+": restore that first")
	}
	return &joinery.Error{
		Kind: joinery.Conflict, Code: code, Message: "it refers to a deleted row of " + col.Ref.Target.Table + ": restore that first",
		Fields: []joinery.FieldError{{Pointer: "/" + col.JSON, Code: code, Message: "names a deleted row"}},
	}
}

// settle looks again at the references that were owed. What is deleted still
// was not part of this deletion after all.
func (r *revival) settle(ctx context.Context) error {
	for _, d := range r.owed {
		at, err := d.core.deletedAt(ctx, d.col, d.row)
		switch {
		case err != nil:
			return err
		case at.IsZero():
			continue
		case d.col.Ref.OnDelete != registry.SetNull:
			return d.core.orphan(d.col, d.top)
		}
		if err := d.core.setNull(joinery.WithActor(ctx, joinery.SystemActor()), d.col, d.row, r.now); err != nil {
			return err
		}
	}
	return nil
}

// reviveBelow brings back the rows that went along with the row at p, some at a
// time in the order of their ids.
func (c *core) reviveBelow(ctx context.Context, r *revival, p unsafe.Pointer) error {
	ctx = joinery.WithActor(ctx, joinery.SystemActor())
	for _, col := range c.incoming {
		child := c.hub.core(col.Model, c)
		if col.Ref.OnDelete != registry.Cascade || child.model.DeletedAt == nil {
			continue
		}
		if err := child.prepare(); err != nil {
			return err
		}
		if err := child.reviveReferrers(ctx, r, col, c.id(p)); err != nil {
			return err
		}
	}
	return nil
}

func (c *core) reviveReferrers(ctx context.Context, r *revival, col *registry.Column, id uuid.UUID) error {
	last := uuid.Nil
	for {
		rows, err := c.buriedAfter(ctx, r, col, id, last)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := c.reviveChild(ctx, r, col, row); err != nil {
				return err
			}
		}
		last = c.id(rows[len(rows)-1])
	}
}

// buriedAfter are rows that refer to id by col and were deleted with it.
func (c *core) buriedAfter(ctx context.Context, r *revival, col *registry.Column, id, last uuid.UUID) ([]unsafe.Pointer, error) {
	list := squirrel.Select(c.names(c.columns, mainAlias)...).From(c.from(mainAlias)).
		Where(c.col(mainAlias, col)+" = ?", id).
		Where(c.col(mainAlias, c.model.DeletedAt)+" = ?", r.at).
		Where(c.col(mainAlias, c.model.ID)+" > ?", last).
		OrderBy(c.col(mainAlias, c.model.ID)).Limit(cascadeRows)
	if c.dialect.Has(sqldb.ForUpdate) {
		list = list.Suffix("FOR UPDATE")
	}
	return c.readAll(ctx, list)
}

// reviveChild brings back a row that went along by via, unless its hooks skip
// that or another row keeps it down.
func (c *core) reviveChild(ctx context.Context, r *revival, via *registry.Column, row unsafe.Pointer) error {
	cleared, stays, err := c.lean(ctx, r, row, via)
	if err != nil || stays {
		return err
	}
	run, row := c.open(toRestore, row)
	if err := run.before(ctx); err != nil || run.skipped() {
		return err
	}
	sent, err := c.unearth(r, joinery.SystemActor(), row)
	if err == nil {
		err = r.taken(c, c.setPlain(ctx, append(sent, cleared...), row))
	}
	if err == nil {
		err = c.reviveBelow(ctx, r, row)
	}
	if err == nil {
		err = run.after(ctx)
	}
	if err != nil {
		return err
	}
	c.told(ctx, run, query.OpRestore, row)
	return nil
}

// taken makes a Conflict of a unique key's refusal of a row below the one asked
// for. Its fields are not those of the row that the caller named.
func (r *revival) taken(c *core, err error) error {
	var e *sqldb.Error
	if errors.As(err, &e) && e.Class == sqldb.Unique {
		return joinery.Errorf(joinery.Conflict, "taken", "a row of "+c.model.Table+" that went with it has a value that another row has by now", err)
	}
	return err
}
