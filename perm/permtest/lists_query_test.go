package permtest

import (
	"strings"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// query is a random query for rows of the model.
func (g *generator) query(m *registry.Model, a joinery.Actor) query.Query {
	q := query.Query{Limit: g.IntN(60) + 1, Sort: g.order(m), Count: query.CountMode(g.IntN(3))}
	if g.one(2) {
		q.Limit = g.IntN(8) + 1
	}
	if g.percent(60) {
		q.Filter = g.filter(m, 2)
	}
	if g.one(4) {
		q.Fields = g.fieldNames(m)
	}
	q.Deleted = a.Kind == joinery.Root && g.one(2)
	return q
}

// order is one of the model's orders or the reverse of it; now and then none.
func (g *generator) order(m *registry.Model) []string {
	orders := query.Sorts(m)
	if g.one(6) {
		return nil
	}
	names := strings.Split(orders[g.IntN(len(orders))], ",")
	if g.one(2) {
		for i, name := range names {
			bare, desc := strings.CutPrefix(name, "-")
			if names[i] = "-" + bare; desc {
				names[i] = bare
			}
		}
	}
	return names
}

func (g *generator) fieldNames(m *registry.Model) []string {
	var names []string
	for _, c := range m.Columns {
		if c.Visible() && g.one(2) {
			names = append(names, c.JSON)
		}
	}
	return names
}

// filter is some comparisons in and, or, not within each other.
func (g *generator) filter(m *registry.Model, depth int) query.Filter {
	if depth == 0 || g.percent(50) {
		return g.comparison(m)
	}
	switch g.IntN(5) {
	case 0, 1:
		return query.And(g.filter(m, depth-1), g.comparison(m))
	case 2, 3:
		return query.Or(g.filter(m, depth-1), g.comparison(m))
	}
	return query.Not(g.filter(m, depth-1))
}

// comparison is one of a column, or of one of a related row's.
func (g *generator) comparison(m *registry.Model) query.Filter {
	if m.Table == "tasks" && g.one(6) {
		return query.Eq("below", []string{"1", "3"}[g.IntN(2)])
	}
	if len(m.Relations) > 0 && g.one(8) && !g.w.crowded() { // each row of a walk asks them anew
		rel := m.Relations[g.IntN(len(m.Relations))]
		f := g.comparison(rel.Target)
		if strings.Count(f.Field, ".")+1 > query.MaxFilterHops || f.Field == "below" {
			f = query.Eq(rel.Target.ID.JSON, among(g, g.w.All(rel.Target.Table)))
		}
		f.Field = rel.Name + "." + f.Field
		return f
	}
	for {
		if c := m.Columns[g.IntN(len(m.Columns))]; c.Visible() {
			return g.compared(c)
		}
	}
}

// compared is a comparison of the column with what some row has there, or may
// have.
func (g *generator) compared(c *registry.Column) query.Filter {
	ops := []query.Op{query.OpEq, query.OpNe, query.OpIn, query.OpNull}
	switch c.Kind {
	case registry.Int, registry.Float, registry.Time:
		ops = append(ops, query.OpLt, query.OpGte)
	case registry.Text:
		ops = append(ops, query.OpContains)
	}
	op := ops[g.IntN(len(ops))]
	switch op {
	case query.OpNull:
		return query.Where(c.JSON, op, g.one(2))
	case query.OpIn:
		return query.Where(c.JSON, op, []any{g.operand(c), g.operand(c)})
	}
	return query.Where(c.JSON, op, g.operand(c))
}

func (g *generator) operand(c *registry.Column) any {
	if rows := g.w.All(c.Model.Table); len(rows) > 0 {
		if v := g.w.fieldsOf(rows[g.IntN(len(rows))])[c.Name]; v != nil {
			return v
		}
	}
	if v := g.small(c); v != nil {
		return v
	}
	return g.w.Now
}
