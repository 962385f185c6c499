package crud

import (
	"context"
	"slices"
	"strconv"
	"unsafe"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// preimage is what one statement found out about a row that is to be changed.
type preimage struct {
	at      int // index among the rows read
	may     bool
	version int64
	deleted bool
}

// preimages reads, in one statement, those of the rows that the actor may see,
// and whether it may do d to each. With [query.AnyVersion], where there are no
// versions, and where others may be about to refer to rows that are deleted, the
// rows are locked until the end of the transaction.
func (c *core) preimages(ctx context.Context, idents []query.Ident, d deed, next func() unsafe.Pointer) (map[uuid.UUID]preimage, error) {
	ids := make([]uuid.UUID, len(idents))
	lock := c.model.Version == nil || d.needs() == joinery.Delete && c.referred()
	for i, ident := range idents {
		ids[i] = ident.ID
		lock = lock || ident.Version == query.AnyVersion
	}
	lock = lock && c.dialect.Has(sqldb.ForUpdate) && sqldb.InTransaction(ctx, c.db)
	stmt, err := c.preimageStatement(ctx, ids, d.needs(), lock)
	if err != nil {
		return nil, err
	}
	found := make(map[uuid.UUID]preimage, len(ids))
	var may bool
	scanner := c.scanner(c.columns, &may)
	err = c.each(onPrimary(ctx), stmt, func(rows sqldb.Rows) error {
		p := next()
		if err := scanner.scan(rows, p); err != nil {
			return err
		}
		found[c.id(p)] = preimage{at: len(found), may: may, version: c.version(p), deleted: c.deleted(p)}
		return nil
	})
	return found, err
}

func (c *core) preimageStatement(ctx context.Context, ids []uuid.UUID, a joinery.Actions, lock bool) (sqldb.Stmt, error) {
	p := newParams(opPreimage, strconv.FormatBool(lock)+a.String())
	for _, asked := range []joinery.Actions{a, joinery.View} {
		condition, err := c.filter(ctx, asked, mainAlias)
		if err == nil {
			err = p.condition(condition)
		}
		if err != nil {
			return sqldb.Stmt{}, err
		}
	}
	p.add(ids)
	return c.statement(p, func(s *slots) squirrel.Sqlizer {
		list := squirrel.Select().Column(squirrel.Expr("COALESCE(?, FALSE)", s.condition())).
			Columns(c.names(c.columns, mainAlias)...).From(c.from(mainAlias)).
			Where(s.condition()).
			Where(sqldb.In(c.dialect, c.col(mainAlias, c.model.ID), s.next())).
			OrderBy(c.col(mainAlias, c.model.ID))
		if lock {
			list = list.Suffix(c.rowLock(a))
		}
		return list
	})
}

// rowLock locks rows for a change. One that leaves them there must not keep
// others from referring to them: two rows moved below each other at once would
// each wait for the other's lock.
func (c *core) rowLock(a joinery.Actions) string {
	if a != joinery.Delete && c.dialect.Has(sqldb.ForNoKeyUpdate) {
		return "FOR NO KEY UPDATE"
	}
	return "FOR UPDATE"
}

// verdict is whether the actor may do d to the row that ident names, as the
// preimages tell, and where among them it is.
func (c *core) verdict(actor joinery.Actor, read map[uuid.UUID]preimage, ident query.Ident, d deed) (at int, err error) {
	row, ok := read[ident.ID]
	if !ok {
		return 0, c.notFound()
	}
	if err := d.permits(actor, row.may); err != nil {
		return 0, err
	}
	if c.model.Version != nil && ident.Version != query.AnyVersion && ident.Version != row.version {
		return 0, stale(row.version)
	}
	return row.at, d.fits(row.deleted)
}

// judge is what stands against doing d to a row, nil where nothing does, and
// the row's version. It is one statement, for missing and hidden rows alike.
func (c *core) judge(ctx context.Context, actor joinery.Actor, id uuid.UUID, version int64, d deed) (current int64, err error) {
	ident := query.Ident{ID: id, Version: version}
	row := c.newRow()
	read, err := c.preimages(ctx, []query.Ident{ident}, d, func() unsafe.Pointer { return row })
	if err == nil {
		_, err = c.verdict(actor, read, ident, d)
	}
	return read[id].version, err
}

// diagnose explains a statement that changed nothing. When nothing is found
// wrong the row was changed in between.
func (c *core) diagnose(ctx context.Context, actor joinery.Actor, id uuid.UUID, version int64, d deed) error {
	current, err := c.judge(ctx, actor, id, version, d)
	if err != nil {
		return err
	}
	return stale(current)
}

// hidden reports whether the actor does not see the row.
func (c *core) hidden(ctx context.Context, id uuid.UUID) (bool, error) {
	found, err := c.readOne(ctx, id, []*registry.Column{c.model.ID}, c.newRow())
	return !found, err
}

// byID are the indexes of list in the order of the rows' ids.
func byID[X any](list []X, id func(X) uuid.UUID) []int {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := id(list[a]), id(list[b])
		return slices.Compare(x[:], y[:])
	})
	return order
}
