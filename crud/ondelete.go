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

// cascadeRows is how many rows a delete takes along at a time.
const cascadeRows = 500

// referrers are the references to this model, restricting ones first, so that
// nothing is taken along before the delete is known to be allowed.
func (c *core) referrers() []*registry.Column {
	var restrict, rest []*registry.Column
	for _, m := range c.reg.Models() {
		for _, col := range m.Columns {
			switch {
			case col.Ref == nil || col.Ref.Target != c.model:
			case col.Ref.OnDelete == registry.Restrict:
				restrict = append(restrict, col)
			default:
				rest = append(rest, col)
			}
		}
	}
	return append(restrict, rest...)
}

// referred reports whether any model refers to this one.
func (c *core) referred() bool { return len(c.incoming) > 0 }

// hookedBelow reports whether a deed may run hooks: the model's own, or those
// of rows that go along.
func (c *core) hookedBelow(d deed, seen map[*core]bool) bool {
	if seen[c] {
		return false
	}
	seen[c] = true
	if c.hooked != nil && c.hooked(d) {
		return true
	}
	for _, col := range c.incoming {
		if col.Ref.OnDelete == registry.Restrict {
			continue
		}
		if child := c.hub.core(col.Model, c); child.prepare() == nil && child.hookedBelow(d, seen) {
			return true
		}
	}
	return false
}

// fate is what becomes of a row and of all that goes with it.
type fate struct {
	actor   joinery.Actor // who asked for it
	at      time.Time     // the same for all rows, by which they can be restored together
	purge   bool          // it is purged, deleted or not
	forGood bool          // the row or one above leaves its table, so what refers to it must too
	met     map[member]bool
	gone    map[*core][]uuid.UUID // the rows that left their tables
}

// fate is what doing d to rows of this model by actor means.
func (c *core) fate(actor joinery.Actor, d deed) *fate {
	return &fate{
		actor: actor, at: c.stamp(), purge: d == toPurge, forGood: d == toPurge,
		met: map[member]bool{}, gone: map[*core][]uuid.UUID{},
	}
}

// member is a row by its model and id. The row that is attached to another has
// the same id.
type member struct {
	model *registry.Model
	id    uuid.UUID
}

// member is the row at p.
func (c *core) member(p unsafe.Pointer) member { return member{c.model, c.id(p)} }

// leaving is the fate of the rows below one that leaves its table.
func (f *fate) leaving() *fate {
	below := *f
	below.forGood = true
	return &below
}

// release does what the references to the row ask for when it is deleted. It
// asks no permission on the rows concerned: System acts on them. remove deletes
// the row itself: after the references that restrict it, and before the rows
// that go along, because they may be what allows the actor to delete it (its
// membership in a team); where rows leave the table, after those.
func (c *core) release(ctx context.Context, f *fate, row unsafe.Pointer, remove func() error) error {
	id, removed := c.id(row), false
	f.met[c.member(row)] = true
	if c.model.DeletedAt == nil {
		f = f.leaving()
	}
	for _, col := range c.incoming {
		if col.Ref.OnDelete != registry.Restrict && !removed && !f.forGood {
			if err := remove(); err != nil {
				return err
			}
			removed = true
		}
		child := c.hub.core(col.Model, c)
		if err := child.prepare(); err != nil {
			return err
		}
		var err error
		switch col.Ref.OnDelete {
		case registry.Restrict:
			err = child.refuseInUse(ctx, f, col, id)
		case registry.Cascade:
			err = child.takeAlong(ctx, f, col, id)
		case registry.SetNull:
			err = child.detach(ctx, f, col, id)
		}
		if err != nil {
			return err
		}
	}
	if !removed {
		return remove()
	}
	return nil
}

// refuseInUse is a Conflict when a live row other than the one deleted refers
// to id by col; where that leaves its table, a deleted row too. Which model
// that is, only those are told who may see such a row.
func (c *core) refuseInUse(ctx context.Context, f *fate, col *registry.Column, id uuid.UUID) error {
	refers := squirrel.Expr(c.col(mainAlias, col)+" = ? AND "+c.col(mainAlias, c.model.ID)+" <> ?", id, id)
	used, err := c.exists(ctx, f, refers, nil)
	if err != nil || !used {
		return err
	}
	visible, err := c.filter(joinery.WithActor(ctx, f.actor), joinery.View, mainAlias)
	if err != nil {
		return err
	}
	seen, err := c.exists(ctx, f, refers, visible)
	if err != nil {
		return err
	}
	if seen {
		return joinery.Errorf(joinery.Conflict, "in_use", "rows of "+c.model.Table+" refer to it")
	}
	return joinery.Errorf(joinery.Conflict, "in_use", "other rows refer to it")
}

func (c *core) exists(ctx context.Context, f *fate, where, and squirrel.Sqlizer) (found bool, err error) {
	if !f.forGood {
		where = liveAnd(c, mainAlias, where)
	}
	list := squirrel.Select("1").From(c.from(mainAlias)).Where(where).Suffix("LIMIT 1")
	if and != nil {
		list = list.Where(and)
	}
	var one int64
	return sqldb.Row(ctx, c.db, list, &one)
}

// takeAlong deletes the rows that refer to id by col, with their hooks and
// their own references.
func (c *core) takeAlong(ctx context.Context, f *fate, col *registry.Column, id uuid.UUID) error {
	return c.eachReferrer(ctx, f, col, id, func(ctx context.Context, row unsafe.Pointer) error {
		if f.met[c.member(row)] {
			return c.unlink(ctx, f, col, row, id)
		}
		d := f.deed(c, row)
		run, row := c.open(d, row)
		if err := run.before(ctx); err != nil {
			return err
		}
		if run.skipped() {
			return joinery.Errorf(joinery.Conflict, "in_use", "other rows refer to it")
		}
		if err := c.release(ctx, f, row, func() error { return inUse(c.removePlain(ctx, f, row)) }); err != nil {
			return err
		}
		if err := run.after(ctx); err != nil {
			return err
		}
		c.committed(ctx, run.committed, false, d.operation(), row)
		return nil
	})
}

// detach sets the reference of the rows that refer to id by col to null.
func (c *core) detach(ctx context.Context, f *fate, col *registry.Column, id uuid.UUID) error {
	return c.eachReferrer(ctx, f, col, id, func(ctx context.Context, row unsafe.Pointer) error {
		if f.met[c.member(row)] {
			return c.unlink(ctx, f, col, row, id)
		}
		return c.setNull(ctx, col, row, f.at)
	})
}

// setNull clears a reference of the row at p, and tells so.
func (c *core) setNull(ctx context.Context, col *registry.Column, p unsafe.Pointer, at time.Time) error {
	if err := col.SetValue(p, nil); err != nil {
		return err
	}
	c.touch(p, joinery.SystemActor(), at)
	if err := c.setPlain(ctx, []*registry.Column{col}, p); err != nil {
		return err
	}
	if c.touched != nil {
		return c.touched(ctx, p)
	}
	c.committed(ctx, noHooks{}.committed, false, query.OpUpdate, p)
	return nil
}

// unlink clears the reference of a row that is on its way out of its table
// too, so that the row it refers to can leave before it. That is no change of
// the row that anybody is told of.
func (c *core) unlink(ctx context.Context, f *fate, col *registry.Column, row unsafe.Pointer, id uuid.UUID) error {
	if !f.forGood || !col.Nullable || c.id(row) == id {
		return nil
	}
	_, err := c.db.Exec(ctx, squirrel.Update(c.table()).Set(c.quote(col), nil).Where(squirrel.Eq{c.quote(c.model.ID): c.id(row)}))
	return err
}

// eachReferrer reads the rows that refer to id by col, some at a time in the
// order of their ids, and calls do for each, with System as the actor. Deleted
// rows count only where the row they refer to leaves the table.
func (c *core) eachReferrer(ctx context.Context, f *fate, col *registry.Column, id uuid.UUID, do func(context.Context, unsafe.Pointer) error) error {
	ctx = joinery.WithActor(ctx, joinery.SystemActor())
	last := uuid.Nil
	for {
		rows, err := c.referrersAfter(ctx, f, col, id, last)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := do(ctx, row); err != nil {
				return err
			}
		}
		last = c.id(rows[len(rows)-1])
	}
}

func (c *core) referrersAfter(ctx context.Context, f *fate, col *registry.Column, id, last uuid.UUID) (list []unsafe.Pointer, err error) {
	var where squirrel.Sqlizer = squirrel.Expr(c.col(mainAlias, col)+" = ? AND "+c.col(mainAlias, c.model.ID)+" > ?", id, last)
	if !f.forGood {
		where = liveAnd(c, mainAlias, where)
	}
	query := squirrel.Select(c.names(c.columns, mainAlias)...).From(c.from(mainAlias)).Where(where).
		OrderBy(c.col(mainAlias, c.model.ID)).Limit(cascadeRows)
	if c.dialect.Has(sqldb.ForUpdate) {
		query = query.Suffix("FOR UPDATE")
	}
	return c.readAll(ctx, query)
}

// removePlain deletes the row at p without asking who may.
func (c *core) removePlain(ctx context.Context, f *fate, p unsafe.Pointer) error {
	if c.model.DeletedAt == nil || f.forGood {
		_, err := c.db.Exec(ctx, squirrel.Delete(c.table()).Where(squirrel.Eq{c.quote(c.model.ID): c.id(p)}))
		f.left(c, c.id(p))
		return err
	}
	sent, err := c.bury(joinery.SystemActor(), f.at, p)
	if err != nil {
		return err
	}
	return c.setPlain(ctx, sent, p)
}

// setPlain writes columns of the row at p without asking who may, counts the
// version up and keeps p in step.
func (c *core) setPlain(ctx context.Context, sent []*registry.Column, p unsafe.Pointer) error {
	update := squirrel.Update(c.table())
	for _, col := range sent {
		update = update.Set(c.quote(col), value(col, p))
	}
	if v := c.model.Version; v != nil {
		update = update.Set(c.quote(v), squirrel.Expr(c.quote(v)+" + 1"))
		if err := v.SetValue(p, c.version(p)+1); err != nil {
			return err
		}
	}
	_, err := c.db.Exec(ctx, update.Where(squirrel.Eq{c.quote(c.model.ID): c.id(p)}))
	return err
}

// inUse turns a foreign key's refusal of a delete into a Conflict: rows that
// were deleted softly, or of tables that the registry does not know.
func inUse(err error) error {
	var e *sqldb.Error
	if errors.As(err, &e) && e.Class == sqldb.ForeignKey {
		return joinery.Errorf(joinery.Conflict, "in_use", "other rows refer to it", err)
	}
	return err
}
