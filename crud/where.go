package crud

import (
	"context"
	"strconv"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// collect adds the values of a filter to p, in the order in which where takes
// their slots.
func (c *core) collect(ctx context.Context, n *query.Node, p *params, joins *int) error {
	for _, rel := range n.Path {
		*joins++
		related := c.hub.core(rel.Target, c)
		visible, err := related.filter(ctx, joinery.View, joined(*joins))
		if err == nil {
			err = p.condition(visible)
		}
		if err != nil {
			return err
		}
	}
	for _, inner := range n.Nodes {
		if err := c.collect(ctx, inner, p, joins); err != nil {
			return err
		}
	}
	switch {
	case n.Search != "":
		return c.collectSearch(ctx, n, p)
	case n.Column != nil:
		c.collectLeaf(n, p)
	}
	return nil
}

func (c *core) collectSearch(ctx context.Context, n *query.Node, p *params) error {
	search, ok := c.search[n.Search]
	if !ok {
		search = c.hub.search(c.model, n.Search)
	}
	s, err := search.SQL(ctx, n.Value)
	if err != nil {
		return err
	}
	return p.condition(s)
}

// joined is the alias of the i-th related table of a statement.
func joined(i int) string { return "r" + strconv.Itoa(i) }

// where builds the text of a filter. Every leaf is two-valued: a null is
// different from every value and like none, so that not is the exact opposite
// on every database.
type where struct {
	core    *core
	slots   *slots
	joins   int
	negated bool // within a not
}

// node is the condition of n on the table alias.
func (w *where) node(n *query.Node, alias string) squirrel.Sqlizer {
	switch n.Op {
	case query.OpAnd:
		return squirrel.And(w.all(n.Nodes, alias))
	case query.OpOr:
		return squirrel.Or(w.all(n.Nodes, alias))
	case query.OpNot:
		within := w.negated
		w.negated = true
		inner := w.node(n.Nodes[0], alias)
		w.negated = within
		return squirrel.Expr("NOT (?)", inner)
	}
	return w.path(n, n.Path, alias)
}

func (w *where) all(nodes []*query.Node, alias string) []squirrel.Sqlizer {
	parts := make([]squirrel.Sqlizer, len(nodes))
	for i, n := range nodes {
		parts[i] = w.node(n, alias)
	}
	return parts
}

// path walks the relations of a leaf: some related live row that the actor may
// see must satisfy the rest.
func (w *where) path(n *query.Node, path []*registry.Relation, alias string) squirrel.Sqlizer {
	if len(path) == 0 {
		return w.leaf(n, alias)
	}
	w.joins++
	related, as := w.core.hub.core(path[0].Target, w.core), joined(w.joins)
	conditions := squirrel.And{
		squirrel.Expr(w.core.relatedBy(path[0], alias, as)),
		liveAnd(related, as, w.slots.condition()),
		w.path(n, path[1:], as),
	}
	return squirrel.Expr("EXISTS (SELECT 1 FROM "+related.from(as)+" WHERE ?)", conditions)
}

// leaf compares a column of the row, or asks a custom search.
func (w *where) leaf(n *query.Node, alias string) squirrel.Sqlizer {
	if n.Search != "" {
		return w.searched()
	}
	return w.core.compare(n, w.core.operand(n.Column, alias), w.slots)
}

// searched is an app's own condition. It may be unknown, which not must not
// pass on; elsewhere unknown is as good as false, and an index still serves.
func (w *where) searched() squirrel.Sqlizer {
	if w.negated {
		return squirrel.Expr("COALESCE(?, FALSE)", w.slots.condition())
	}
	return w.slots.condition()
}

// relatedBy is the join condition of a relation from the row under alias to
// the related row under as.
func (c *core) relatedBy(rel *registry.Relation, alias, as string) string {
	if rel.Many {
		return as + "." + c.quote(rel.Column) + " = " + alias + "." + c.quote(rel.Model.ID)
	}
	return as + "." + c.quote(rel.Target.ID) + " = " + alias + "." + c.quote(rel.Column)
}

// operand is a column as it is compared and sorted: text by code point,
// whatever the collation of an existing table is.
func (c *core) operand(col *registry.Column, alias string) string {
	name := c.col(alias, col)
	if col.Kind == registry.Text || col.Kind == registry.Enum {
		return c.dialect.Collate(name)
	}
	return name
}

// liveAnd adds to a visibility condition that the row is not deleted: Root
// sees deleted rows, but only where it asks for them.
func liveAnd(c *core, alias string, visible squirrel.Sqlizer) squirrel.Sqlizer {
	if live := c.live(alias); live != "" {
		return squirrel.And{squirrel.Expr(live), visible}
	}
	return visible
}
