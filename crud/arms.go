package crud

import (
	"context"
	"slices"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// This file is the statement of a list whose rows an actor reaches by several
// ways. A condition that joins the ways by OR is one that no index serves: for
// who sees little of a large table a database walks all of it. Here each way is
// an arm, a subquery that takes the first rows of the list's order by an index;
// the page is the first of what the arms give.
//
//	p_walk     rows in the list's order, tried first where the arms have many keys
//	p_found    those, and the rows of the arms where the walk did not fill the page
//	p_top      the first of them, each once
//
// What decides a plan is in the text: every part is materialized or joined
// laterally with a limit, so that the plan that is made without knowing the
// values is the right one for all values.

// arms are the ways by which the actor reaches the rows of a list, nil where
// the statement of a plain list serves as well.
func (c *core) arms(ctx context.Context, r *query.Resolved) (*sqldb.Arms, error) {
	if c.armer == nil || r.Deleted || !armable(c.dialect) || beside(r.Filter) {
		return nil, nil
	}
	if actor, err := joinery.ActorFrom(ctx); err != nil || c.narrow(r.Filter, actor) {
		return nil, err
	}
	arms, err := c.armer.Arms(ctx, c.model, mainAlias)
	if arms == nil || err != nil {
		return nil, err
	}
	if access, ok := arms.Of.(Access); !ok || !sameAccess(access, c.access) {
		return nil, nil
	}
	return arms, nil
}

// armable reports whether the statement can be written for a database.
func armable(d sqldb.Dialect) bool { return d.Has(sqldb.Lateral) || d.Name() == "sqlite" }

// narrow reports whether a filter leaves so few rows, found by an index, that
// there is nothing to take apart, or rows that are the actor's: rows by id, by
// owner where that is the actor, or by what they refer to.
func (c *core) narrow(n *query.Node, actor joinery.Actor) bool {
	switch {
	case n == nil:
		return false
	case n.Op == query.OpAnd:
		return slices.ContainsFunc(n.Nodes, func(n *query.Node) bool { return c.narrow(n, actor) })
	case n.Column == nil || n.Op != query.OpEq && n.Op != query.OpIn:
		return false
	case n.Column == c.model.Owner || n.Column == c.model.CreatedBy:
		return n.Value == any(actor.ID)
	}
	return n.Column == c.model.ID || n.Column.Ref != nil && n.Column != c.model.Team
}

// beside reports whether a filter looks at other tables, or is an app's search:
// to ask so much in each arm takes longer than it spares.
func beside(n *query.Node) bool {
	return n != nil && (len(n.Path) > 0 || n.Search != "" || slices.ContainsFunc(n.Nodes, beside))
}

// collectArms adds the values of a list by arms to p: of the arms, the filter
// and the cursor, each once however often the text names them.
func (c *core) collectArms(ctx context.Context, r *query.Resolved, arms *sqldb.Arms, p *params) error {
	p.shape.arms, p.shape.size = arms.ArmsText, roundUp(r.Limit+1)
	p.values = append(p.values, arms.Values...)
	if r.Filter != nil {
		joins := 0
		if err := c.collect(ctx, r.Filter, p, &joins); err != nil {
			return err
		}
	}
	if r.Cursor != nil {
		collectCursor(r.Cursor, p)
	}
	p.add(int64(r.Limit) + 1)
	return nil
}

// roundUp is the next of a few limits, so that few texts serve all: it is part
// of the text because the plan depends on it.
func roundUp(n int) int {
	for _, limit := range []int{11, 21, 51, 101, 201, 501} {
		if n <= limit {
			return limit
		}
	}
	return max(n, query.MaxLimit+1)
}

// form is what a list's statement is made of.
type form uint8

const (
	asWhole form = iota // the condition as a whole
	byArms              // the arms
	asBare              // the condition, once, which is as much as the database can do
)

// armsStatement is the statement of a list by arms, where it is to have that
// form; without columns, of how many rows it has.
func (c *core) armsStatement(ctx context.Context, r *query.Resolved, columns []*registry.Column) (stmt sqldb.Stmt, is form, err error) {
	arms, err := c.arms(ctx, r)
	if arms == nil || err != nil {
		return stmt, asWhole, err
	}
	p := newListParams(c, r, columns)
	if err := c.collectArms(ctx, r, arms, p); err != nil {
		return stmt, asWhole, err
	}
	t, err := c.statements.GetOr(p.shape, func() (*sqldb.Template, error) {
		text, err := c.armsSQL(r, arms, columns, &slots{params: p})
		if text == nil || err != nil {
			return nil, err
		}
		return sqldb.Compile(c.dialect, sqldb.GenericPlan(text))
	})
	if t == nil || err != nil {
		return stmt, asBare, err
	}
	return t.Bind(p.values), byArms, nil
}

// armsSQL is the text of the statement; s stands at the first value.
func (c *core) armsSQL(r *query.Resolved, arms *sqldb.Arms, columns []*registry.Column, s *slots) (squirrel.Sqlizer, error) {
	request := *s
	request.values += len(arms.Values)
	w := &armsWriter{core: c, text: arms.ArmsText, many: arms.Many, r: r, keys: direction(r), size: roundUp(r.Limit + 1), request: request, lateral: c.dialect.Has(sqldb.Lateral)}
	if r.Cursor != nil {
		behind := request // the cursor's values follow those of the filter
		w.filter(&behind)
		w.after = c.keyset(w.keys, r.Cursor, mainAlias, &behind)
	}
	return w.statement(columns, sqldb.Slot(len(s.params.values)-1))
}
