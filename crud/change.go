package crud

import (
	"context"
	"reflect"
	"slices"
	"time"
	"unsafe"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// touch records who changes the row at p.
func (c *core) touch(p unsafe.Pointer, actor joinery.Actor, at time.Time) {
	s := setter{p: p}
	s.set(c.model.UpdatedAt, at)
	s.setID(c.model.UpdatedBy, actor)
}

// moves reports whether a change of the columns must be judged by Place.
func (c *core) moves(sent []*registry.Column) bool {
	return slices.ContainsFunc(sent, c.places)
}

// places reports whether the column says where a row belongs (team, reference,
// owner) or what others may do: such a change is judged by Place.
func (c *core) places(col *registry.Column) bool {
	return col.Ref != nil || col == c.model.Team || col == c.model.Owner || col.Type == reflect.TypeFor[joinery.Actions]()
}

// overwrite copies the columns of a whole row that a change may touch, and
// returns them.
func (c *core) overwrite(row, from unsafe.Pointer) (sent []*registry.Column, err error) {
	m := c.model
	for _, col := range c.columns {
		switch col {
		case m.ID, m.Version, m.CreatedAt, m.CreatedBy, m.UpdatedAt, m.UpdatedBy, m.DeletedAt, m.DeletedBy:
			continue
		}
		if err := col.SetValue(row, col.Value(from)); err != nil {
			return nil, err
		}
		sent = append(sent, col)
	}
	return sent, nil
}

// updateRow writes the sent columns of the row at p, if the row still has the
// version and the actor may still edit it, and reads the row back into p.
func (c *core) updateRow(ctx context.Context, id uuid.UUID, version int64, sent []*registry.Column, p unsafe.Pointer) (written bool, err error) {
	if c.model.UpdatedAt != nil {
		sent = append(sent, c.model.UpdatedAt)
	}
	if c.model.UpdatedBy != nil {
		sent = append(sent, c.model.UpdatedBy)
	}
	return c.set(ctx, opUpdate, joinery.Edit, id, version, sent, p)
}

// set is an UPDATE of one row on the condition that it has the version and the
// actor may do a to it.
func (c *core) set(ctx context.Context, o op, a joinery.Actions, id uuid.UUID, version int64, sent []*registry.Column, p unsafe.Pointer) (written bool, err error) {
	versioned := c.model.Version != nil && version != query.AnyVersion
	params := newParams(o, setKey(sent, versioned))
	for _, col := range sent {
		params.add(value(col, p))
	}
	params.add(id)
	if versioned {
		params.add(version)
	}
	allowed, err := c.filter(ctx, a, mainAlias)
	if err == nil {
		err = params.condition(allowed)
	}
	if err != nil {
		return false, err
	}
	stmt, err := c.statement(params, func(s *slots) squirrel.Sqlizer { return c.setSQL(o, sent, versioned, s) })
	if err != nil {
		return false, err
	}
	return c.runReturning(ctx, stmt, sqldb.ReturningUpdate, id, p)
}

func (c *core) setSQL(o op, sent []*registry.Column, versioned bool, s *slots) squirrel.Sqlizer {
	update := squirrel.Update(c.from(mainAlias))
	for _, col := range sent {
		update = update.Set(c.quote(col), s.next())
	}
	if c.model.Version != nil {
		update = update.Set(c.quote(c.model.Version), squirrel.Expr(c.col(mainAlias, c.model.Version)+" + 1"))
	}
	update = update.Where(c.col(mainAlias, c.model.ID)+" = ?", s.next())
	if versioned {
		update = update.Where(c.col(mainAlias, c.model.Version)+" = ?", s.next())
	}
	switch o {
	case opDelete:
		update = update.Where(c.live(mainAlias))
	case opRestore:
		update = update.Where(c.col(mainAlias, c.model.DeletedAt) + " IS NOT NULL")
	}
	return withReturning(c, update.Where(s.condition()), sqldb.ReturningUpdate)
}

// setKey is the part of a shape that tells which columns are set.
func setKey(sent []*registry.Column, versioned bool) string {
	key := "-"
	if versioned {
		key = "v"
	}
	for _, col := range sent {
		key += "," + col.Name
	}
	return key
}

// suffixed is a builder that takes a suffix.
type suffixed[B any] interface {
	squirrel.Sqlizer
	Suffix(sql string, args ...any) B
}

// withReturning reads the written row back in the statement that wrote it,
// where the database can.
func withReturning[B suffixed[B]](c *core, b B, f sqldb.Feature) squirrel.Sqlizer {
	if !c.dialect.Has(f) {
		return b
	}
	list := ""
	for i, name := range c.names(c.columns, "") {
		if i > 0 {
			list += ", "
		}
		list += name
	}
	return b.Suffix("RETURNING " + list)
}

// runReturning runs a write of one row and reads the row back into p: from the
// statement itself, or by a second one in the same transaction.
func (c *core) runReturning(ctx context.Context, stmt sqldb.Stmt, f sqldb.Feature, id uuid.UUID, p unsafe.Pointer) (written bool, err error) {
	if !c.dialect.Has(f) {
		n, err := c.db.Exec(ctx, stmt)
		if err != nil || n == 0 {
			return false, err
		}
		return c.reread(ctx, id, p)
	}
	scanner := c.scanner(c.columns)
	err = c.each(ctx, stmt, func(rows sqldb.Rows) error { written = true; return scanner.scan(rows, p) })
	return written, err
}

// reread reads a row that was just written, whoever may see it.
func (c *core) reread(ctx context.Context, id uuid.UUID, p unsafe.Pointer) (found bool, err error) {
	stmt := squirrel.Select(c.names(c.columns, mainAlias)...).From(c.from(mainAlias)).Where(squirrel.Eq{c.col(mainAlias, c.model.ID): id})
	scanner := c.scanner(c.columns)
	err = c.each(ctx, stmt, func(rows sqldb.Rows) error { found = true; return scanner.scan(rows, p) })
	return found, err
}
