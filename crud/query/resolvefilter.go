package query

import (
	"maps"
	"slices"
	"strings"

	"github.com/joinery-go/joinery/registry"
)

// filter puts f in the model's terms; nil matches everything.
func (r *resolver) filter(f Filter) *Node {
	if f.IsZero() {
		return nil
	}
	var size measure
	size.walk(&f, 0, false)
	if size.tooDeep {
		r.add("filter", "too_deep", "must nest and, or, not at most %d deep", MaxDepth)
	}
	if size.comparisons > MaxComparisons {
		r.add("filter", "too_many", "must have at most %d comparisons, not %d", MaxComparisons, size.comparisons)
	}
	if len(r.list) > 0 {
		return nil
	}
	r.nodes = make([]Node, 0, size.nodes)
	r.pointers = make([]*Node, 0, size.nodes)
	return r.node(&f)
}

// measure is how large a filter is. A part that the server added takes nothing
// from the client's limits.
type measure struct {
	nodes       int
	comparisons int
	tooDeep     bool
}

func (s *measure) walk(f *Filter, depth int, free bool) {
	s.nodes++
	free = free || f.free
	if !f.Op.groups() {
		if !free && !f.IsZero() {
			s.comparisons++
		}
		return
	}
	if !free && !f.implicit {
		depth++
	}
	if depth > MaxDepth {
		s.tooDeep = true
		return
	}
	for i := range f.Filters {
		s.walk(&f.Filters[i], depth, free)
	}
}

// node resolves f; nil matches everything.
func (r *resolver) node(f *Filter) *Node {
	switch {
	case f.IsZero():
		return nil
	case f.Op == OpNot:
		return r.not(f)
	case f.Op.groups():
		return r.group(f)
	}
	return r.comparison(f)
}

// fresh is the next node of the piece made for all.
func (r *resolver) fresh(n Node) *Node {
	r.nodes = append(r.nodes, n)
	return &r.nodes[len(r.nodes)-1]
}

// nothing matches no row.
func (r *resolver) nothing() *Node { return r.fresh(Node{Op: OpOr}) }

func (r *resolver) not(f *Filter) *Node {
	if len(f.Filters) != 1 {
		r.add("filter", "bad_value", "must have exactly one filter in not")
		return nil
	}
	inner := r.node(&f.Filters[0])
	if inner == nil {
		return r.nothing()
	}
	return r.fresh(Node{Op: OpNot, Nodes: r.children(inner)})
}

func (r *resolver) children(nodes ...*Node) []*Node {
	start := len(r.pointers)
	r.pointers = append(r.pointers, nodes...)
	return r.pointers[start:len(r.pointers):len(r.pointers)]
}

// group resolves and, or. One that comes down to a single filter is that
// filter.
func (r *resolver) group(f *Filter) *Node {
	var room [MaxComparisons]*Node
	nodes, everything := room[:0], f.Op == OpAnd
	for i := range f.Filters {
		n := r.node(&f.Filters[i])
		if n != nil {
			nodes = append(nodes, n)
		} else if f.Op == OpOr {
			everything = true
		}
	}
	switch {
	case f.Op == OpOr && everything, f.Op == OpAnd && len(nodes) == 0:
		return nil
	case len(nodes) == 0:
		return r.nothing()
	case len(nodes) == 1:
		return nodes[0]
	}
	return r.fresh(Node{Op: f.Op, Nodes: r.children(nodes...)})
}

// comparison resolves a leaf.
func (r *resolver) comparison(f *Filter) *Node {
	if _, ok := r.model.Search[f.Field]; ok {
		return r.search(f)
	}
	c, path, problem, code := r.field(f)
	if problem != "" {
		r.place(f, code, problem)
		return nil
	}
	if !compares(c.Kind, f.Op) {
		r.place(f, "unknown_operator", "has no operator "+quoted(string(f.Op))+"; "+c.JSON+" has "+listing(Operators(c.Kind)))
		return nil
	}
	v, problem := r.operand(c, f)
	if problem != "" {
		r.place(f, "bad_value", problem)
		return nil
	}
	return r.fresh(Node{Op: f.Op, Path: path, Column: c, Value: v})
}

// search resolves a custom search field.
func (r *resolver) search(f *Filter) *Node {
	if f.Op != OpEq {
		r.place(f, "unknown_operator", "has no operator "+quoted(string(f.Op))+"; "+f.Field+" has "+listing(searchOperators()))
		return nil
	}
	v, ok := searchText(f.Value)
	if !ok {
		r.place(f, "bad_value", "must be text, a number, true or false")
		return nil
	}
	return r.fresh(Node{Op: OpEq, Search: f.Field, Value: v})
}

// place notes a problem with a leaf where it was written; one made in Go by
// its field and operator.
func (r *resolver) place(f *Filter, code, problem string) {
	if f.at != "" {
		r.add(f.at, code, "%s", problem)
		return
	}
	was := r.form
	r.form = fromGo
	r.add(f.Field+"."+string(f.Op), code, "%s", problem)
	r.form = was
}

// field finds the column of a leaf and the way there.
func (r *resolver) field(f *Filter) (c *registry.Column, path []*registry.Relation, problem, code string) {
	m, name := r.model, f.Field
	for {
		first, rest, dotted := strings.Cut(name, ".")
		if !dotted {
			break
		}
		rel := m.Relation(first)
		switch {
		case rel == nil && visible(m, first) != nil && f.Op == OpEq && f.at == f.Field && !strings.Contains(rest, "."):
			// title.foo in a URL: more likely an operator than a field
			return nil, nil, "has no operator " + quoted(rest) + "; " + first + " has " + listing(Operators(visible(m, first).Kind)), "unknown_operator"
		case rel == nil:
			return nil, nil, unknownRelation(m, first), "unknown_field"
		case len(path) == MaxFilterHops:
			return nil, nil, "must be at most " + word(MaxFilterHops) + " relations away", "too_deep"
		}
		path = append(path, rel)
		m, name = rel.Target, rest
	}
	if c = visible(m, name); c == nil {
		return nil, nil, r.unknown(f, m, name), "unknown_field"
	}
	return c, path, "", ""
}

// unknown says which fields there are, and in a URL which parameters.
func (r *resolver) unknown(f *Filter, m *registry.Model, name string) string {
	var search []string
	if m == r.model {
		search = slices.Sorted(maps.Keys(m.Search))
	}
	message := unknownField(m, name, search)
	if names := relations(m); len(names) > 0 {
		message += "; fields of " + listing(names) + " follow a dot"
	}
	if r.form == fromURL && f.at != "" && m == r.model {
		message += "; other parameters are " + listing(reserved[:])
	}
	return message
}

func word(n int) string { return [...]string{"no", "one", "two", "three"}[n] }
