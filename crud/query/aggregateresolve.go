package query

import (
	"cmp"
	"slices"
	"strings"

	"github.com/joinery-go/joinery/registry"
)

// Aggregation is an aggregate in terms of a model: checked, and complete. It is
// immutable.
type Aggregation struct {
	*Resolved // Filter, Deleted, and as Limit the most groups there may be

	Keys   []AggregateColumn // what is grouped by; empty: one group of all rows
	Values []AggregateColumn // what is computed of each group
}

// AggregateColumn is a part of an aggregate and the column it is about.
type AggregateColumn struct {
	Aggregate
	Path   []*registry.Relation // of a key: from the model to the column's, each to one row; nil: its own
	Column *registry.Column     // nil for a count of rows
}

// ResolveAggregate checks an aggregate over the rows of q against the model,
// as [Resolve] does for a list. Of q, Filter, Deleted and Limit count: the most
// groups that are wanted, MaxLimit where it is 0. An aggregate has no pages and
// no rows, so anything else that is set is Malformed, as is an aggregate
// without parts.
func ResolveAggregate(m *registry.Model, q Query, parts ...Aggregate) (*Aggregation, error) {
	r := resolver{model: m, problems: problems{form: q.form}}
	r.onlyRows(q)
	if q.Limit == 0 {
		q.Limit = MaxLimit
	}
	a := &Aggregation{Resolved: &Resolved{Model: m, Filter: r.filter(q.Filter), Limit: r.limit(q.Limit), Deleted: q.Deleted}}
	r.form = fromGo // whoever wrote q, the parts come as values
	r.parts(a, parts)
	if err := r.err(); err != nil {
		return nil, err
	}
	return a, nil
}

// onlyRows refuses what says anything else of rows than which.
func (r *resolver) onlyRows(q Query) {
	for _, part := range []struct {
		name string
		set  bool
	}{
		{"sort", len(q.Sort) > 0}, {"after", q.After != ""}, {"before", q.Before != ""},
		{"include", len(q.Include) > 0}, {"fields", len(q.Fields) > 0}, {"count", q.Count != CountNone},
	} {
		if part.set {
			r.add(part.name, "not_allowed", "is no part of an aggregate, which has groups and neither rows nor pages; leave it out")
		}
	}
}

func (r *resolver) parts(a *Aggregation, parts []Aggregate) {
	names := make(map[string]bool, len(parts))
	for _, part := range parts {
		col, code, problem := r.part(part)
		switch {
		case problem != "":
		case part.Func != FuncGroup:
			a.Values = append(a.Values, col)
		default:
			a.Keys = append(a.Keys, col)
		}
		if problem == "" && names[part.Name()] {
			code, problem = "repeated", "stands there before"
		}
		names[part.Name()] = true
		if problem != "" {
			r.add(cmp.Or(part.Name(), "aggregate"), code, "%s", problem)
		}
	}
	switch {
	case len(parts) == 0:
		r.add("aggregate", "required", "must have at least one part to compute or to group by")
	case len(a.Keys) > MaxGroupKeys:
		r.add("aggregate", "too_many", "must group by at most %d fields", MaxGroupKeys)
	case len(a.Values) > MaxAggregates:
		r.add("aggregate", "too_many", "must compute at most %d values", MaxAggregates)
	}
}

// part finds the column of a part, or says what is wrong with it.
func (r *resolver) part(a Aggregate) (col AggregateColumn, code, problem string) {
	col.Aggregate = a
	if a.Func == FuncCount && a.Field == "" {
		return col, "bad_unit", unitProblem(a, nil)
	}
	m, name := r.model, a.Field
	if a.Func == FuncGroup {
		if m, name, col.Path, problem = toOne(m, name); problem != "" {
			return col, "unknown_field", problem
		}
	} else if first, _, dotted := strings.Cut(name, "."); dotted && m.Relation(first) != nil {
		return col, "unknown_field", "must be a field of " + m.Name + " itself: only keys are taken from relations"
	}
	if col.Column = visible(m, name); col.Column == nil {
		return col, "unknown_field", unknownField(m, name, nil)
	}
	if known := functions(col.Column); !slices.Contains(known, a.Func) {
		return col, "unknown_function", "has no function " + quoted(string(a.Func)) + "; " + col.Column.JSON + " has " + listing(known)
	}
	return col, "bad_unit", unitProblem(a, col.Column)
}

// unitProblem says why a part cannot have its unit.
func unitProblem(a Aggregate, c *registry.Column) string {
	switch {
	case a.Unit == "":
		return ""
	case a.Func != FuncGroup || c.Kind != registry.Time:
		return "cannot be cut to " + quoted(string(a.Unit)) + ": only keys that are times are"
	case a.Unit != Day && a.Unit != Month && a.Unit != Year:
		return "cannot be cut to " + quoted(string(a.Unit)) + "; the units are " + listing([]Unit{Day, Month, Year})
	}
	return ""
}

// toOne walks the relations of a key: the last model, the field there, and the
// way.
func toOne(m *registry.Model, name string) (_ *registry.Model, field string, path []*registry.Relation, problem string) {
	for {
		first, rest, dotted := strings.Cut(name, ".")
		if !dotted {
			return m, name, path, ""
		}
		rel := m.Relation(first)
		switch {
		case rel == nil:
			return m, name, nil, unknownRelation(m, first)
		case rel.Many:
			return m, name, nil, "cannot be a key: " + quoted(first) + " are many rows, and a row belongs to one group"
		case len(path) == MaxFilterHops:
			return m, name, nil, "must be at most " + word(MaxFilterHops) + " relations away"
		}
		path = append(path, rel)
		m, name = rel.Target, rest
	}
}

// Shape is a text that two aggregations share if and only if they differ in
// values alone: those of [Resolved.Values], and Limit.
func (a *Aggregation) Shape() string {
	b := []byte(a.Resolved.Shape())
	for _, list := range [][]AggregateColumn{a.Keys, a.Values} {
		for _, part := range list {
			b = append(append(append(append(b, part.Func...), 0), part.Field...), 0)
			b = append(append(b, part.Unit...), 0)
		}
		b = append(b, 0)
	}
	return string(b)
}
