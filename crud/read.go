package crud

import (
	"context"
	"strconv"
	"unsafe"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// mainAlias is the alias of the model's table in reads.
const mainAlias = "n"

// target is where the rows of a read go: next gives the address of a zero
// struct for each.
type target interface {
	next() unsafe.Pointer
}

// readOne reads the row with the given id, if the actor may see it.
func (c *core) readOne(ctx context.Context, id uuid.UUID, columns []*registry.Column, into unsafe.Pointer) (found bool, err error) {
	p := newParams(opGet, columnsKey(columns, c))
	visible, err := c.filter(ctx, joinery.View, mainAlias)
	if err == nil {
		p.add(id)
		err = p.condition(visible)
	}
	if err != nil {
		return false, err
	}
	stmt, err := c.statement(p, func(s *slots) squirrel.Sqlizer {
		return squirrel.Select(c.names(columns, mainAlias)...).From(c.from(mainAlias)).
			Where(c.col(mainAlias, c.model.ID)+" = ?", s.next()).Where(s.condition())
	})
	if err != nil {
		return false, err
	}
	scanner := c.scanner(columns)
	err = c.each(ctx, stmt, func(rows sqldb.Rows) error { found = true; return scanner.scan(rows, into) })
	return found, err
}

// listing is one page as it was read: forward or backward, with one row more
// than asked for where there is one.
type listing struct {
	rows  int
	there bool // the row that the cursor names is still at its place
}

// readList reads up to limit+1 rows of r.
func (c *core) readList(ctx context.Context, r *query.Resolved, columns []*registry.Column, into target) (l listing, err error) {
	stmt, err := c.listStatement(ctx, r, columns)
	if err != nil {
		return l, err
	}
	var extra []any
	if r.Cursor != nil {
		extra = []any{&l.there}
	}
	scanner := c.scanner(columns, extra...)
	err = c.each(ctx, stmt, func(rows sqldb.Rows) error { l.rows++; return scanner.scan(rows, into.next()) })
	return l, err
}

func (c *core) listStatement(ctx context.Context, r *query.Resolved, columns []*registry.Column) (sqldb.Stmt, error) {
	stmt, is, err := c.armsStatement(ctx, r, columns)
	if is == byArms || err != nil {
		return stmt, err
	}
	p := newListParams(c, r, columns)
	p.shape.bare = is == asBare
	if err := c.collectList(ctx, r, p); err != nil {
		return sqldb.Stmt{}, err
	}
	return c.statement(p, func(s *slots) squirrel.Sqlizer { return c.listSQL(r, columns, s) })
}

// newListParams are those of a list, or without columns of its length.
func newListParams(c *core, r *query.Resolved, columns []*registry.Column) *params {
	if columns == nil {
		return newParams(opCount, r.Shape())
	}
	return newParams(opList, r.Shape()+columnsKey(columns, c)+nulls(r.Cursor))
}

// collectList adds the values of a list to p.
func (c *core) collectList(ctx context.Context, r *query.Resolved, p *params) error {
	if err := c.collectScope(ctx, r, p, mainAlias); err != nil {
		return err
	}
	if r.Cursor != nil {
		collectCursor(r.Cursor, p)
	}
	p.add(int64(r.Limit) + 1)
	return nil
}

// limited is that a statement gives so many rows. SQLite plans anew for each
// value of a parameter that is a limit by itself; MariaDB takes no other.
const limited = "LIMIT ? + 0"

func (c *core) limited() string {
	if c.dialect.Name() == "mariadb" {
		return "LIMIT ?"
	}
	return limited
}

// listSQL is the statement of a page. With a cursor its first column tells
// whether the row that the cursor names is still there, which mostly is the row
// before the page; a bare one leaves that to another statement.
func (c *core) listSQL(r *query.Resolved, columns []*registry.Column, s *slots) squirrel.Sqlizer {
	keys := direction(r)
	scope := c.scope(r, mainAlias, s)
	list := squirrel.Select()
	if r.Cursor != nil {
		after := c.keyset(keys, r.Cursor, mainAlias, s)
		there := squirrel.Expr("1=0")
		if !s.params.shape.bare {
			there = squirrel.Expr("EXISTS (?)", squirrel.Select("1").From(c.from(mainAlias)).Where(after.at()).Where(scope))
		}
		list = list.Column(there).Where(after.beyond())
	}
	list = list.Columns(c.names(columns, mainAlias)...).From(c.from(mainAlias)).Where(scope)
	return list.OrderBy(c.orderBy(keys, mainAlias)...).Suffix(c.limited(), s.next())
}

// collectScope adds the values of what a list, count or export is about.
func (c *core) collectScope(ctx context.Context, r *query.Resolved, p *params, alias string) error {
	visible, err := c.filter(ctx, joinery.View, alias)
	if err == nil {
		err = p.condition(visible)
	}
	if err == nil && r.Filter != nil {
		joins := 0
		err = c.collect(ctx, r.Filter, p, &joins)
	}
	return err
}

// scope is the condition of what a list, count or export is about: the rows
// that the actor may see and the filter wants.
func (c *core) scope(r *query.Resolved, alias string, s *slots) squirrel.Sqlizer {
	visible := s.condition()
	all := squirrel.And{visible}
	if !r.Deleted {
		all[0] = liveAnd(c, alias, visible)
	}
	if r.Filter != nil {
		w := where{core: c, slots: s}
		all = append(all, w.node(r.Filter, alias))
	}
	return all
}

// CappedCount is where a capped count stops: the answer 1,001 means more than
// a thousand.
const CappedCount = 1001

// countUpTo counts the rows of r, up to limit.
func (c *core) countUpTo(ctx context.Context, r *query.Resolved, limit int64) (n int64, err error) {
	first := query.Resolved{Model: r.Model, Filter: r.Filter, Sort: []registry.SortKey{{Column: c.model.ID}}, Limit: int(limit) - 1, Deleted: r.Deleted}
	stmt, is, err := c.armsStatement(ctx, &first, nil)
	switch {
	case err != nil:
		return 0, err
	case is != byArms:
		return c.count(ctx, r, limit)
	}
	_, err = sqldb.Row(ctx, c.db, stmt, &n)
	return min(n, limit), err
}

// count counts the rows of r, up to limit; 0: all.
func (c *core) count(ctx context.Context, r *query.Resolved, limit int64) (n int64, err error) {
	p := newParams(opCount, r.Shape()+strconv.FormatBool(limit > 0))
	if err := c.collectScope(ctx, r, p, mainAlias); err != nil {
		return 0, err
	}
	if limit > 0 {
		p.add(limit)
	}
	stmt, err := c.statement(p, func(s *slots) squirrel.Sqlizer {
		inner := squirrel.Select("1").From(c.from(mainAlias)).Where(c.scope(r, mainAlias, s))
		if limit > 0 {
			inner = inner.Suffix(c.limited(), s.next())
		}
		return squirrel.Select("count(*)").FromSelect(inner, "counted")
	})
	if err == nil {
		_, err = sqldb.Row(ctx, c.db, stmt, &n)
	}
	return n, err
}

// columnsKey is the part of a shape that tells which columns are read.
func columnsKey(columns []*registry.Column, c *core) string {
	if len(columns) == len(c.columns) {
		return ""
	}
	key := ""
	for _, col := range columns {
		key += "," + col.Name
	}
	return key
}
