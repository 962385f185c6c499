package query

import (
	"strconv"
	"strings"

	"github.com/joinery-go/joinery/registry"
)

// Resolve checks q against the model, which must belong to a validated
// registry, and puts it in the model's terms. The error is of kind Malformed
// and tells every problem, with the place where the client wrote it for a
// query that [ParseURL] or [ParseJSON] made. Resolve keeps nothing of q's
// slices. It does not ask who may see what.
func Resolve(m *registry.Model, q Query) (*Resolved, error) { return resolve(m, q, false) }

func resolve(m *registry.Model, q Query, early bool) (*Resolved, error) {
	r := resolver{model: m, early: early, problems: problems{form: q.form}}
	res := &Resolved{Model: m, Deleted: q.Deleted, Count: q.Count}
	res.Filter = r.filter(q.Filter)
	res.Sort = r.sort(q.Sort)
	res.Limit = r.limit(q.Limit)
	res.Include = r.include(q.Include)
	res.Fields = r.fields(q.Fields)
	if q.Count > CountExact {
		r.add("count", "bad_value", "must be none, capped or exact")
	}
	if len(r.list) == 0 {
		r.cursor(res, q) // good only for what the rest has become
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	return res, nil
}

// ResolveGet is [Resolve] for the options of a single row: Include and Fields
// are set, Filter, Sort and Cursor are nil.
func ResolveGet(m *registry.Model, opts ...GetOption) (*Resolved, error) {
	var q Query
	for _, o := range opts {
		o(&q)
	}
	r := resolver{model: m}
	res := &Resolved{Model: m, Limit: 1, Include: r.include(q.Include), Fields: r.fields(q.Fields)}
	if err := r.err(); err != nil {
		return nil, err
	}
	return res, nil
}

// resolver holds what one call of Resolve knows.
type resolver struct {
	problems
	model *registry.Model
	early bool // by a parser: the server may still narrow the filter

	// The nodes of the filter and the pointers to them, all in one piece each.
	nodes    []Node
	pointers []*Node
}

func (r *resolver) limit(n int) int {
	if n == 0 {
		return DefaultLimit
	}
	if n < 1 || n > MaxLimit {
		r.add("limit", "bad_limit", "must be from 1 to %d", MaxLimit)
	}
	return n
}

// fields are the columns by their names; of a name given twice the first
// counts.
func (r *resolver) fields(names []string) []*registry.Column {
	if len(names) == 0 {
		return nil
	}
	columns := make([]*registry.Column, 0, min(len(names), len(r.model.Columns)))
	seen := make(map[*registry.Column]bool, cap(columns))
	for i, name := range names {
		c := visible(r.model, name)
		if c == nil {
			r.add(r.item("fields", i), "unknown_field", "%s", r.noField(name))
		} else if !seen[c] {
			seen[c] = true
			columns = append(columns, c)
		}
	}
	return columns
}

// noField says that fields cannot name what it does, and where that belongs if
// it is a relation.
func (r *resolver) noField(name string) string {
	first, _, _ := strings.Cut(name, ".")
	if r.model.Relation(first) == nil {
		return unknownField(r.model, name, nil)
	}
	if r.form == fromJSON {
		return quoted(first) + ` is a relation: ask for it by "include": [` + quoted(first) + "]"
	}
	return quoted(first) + " is a relation: ask for it by include=" + first
}

// item is the place of the i-th entry of a list.
func (r *resolver) item(list string, i int) string {
	if r.form == fromJSON {
		return list + "/" + strconv.Itoa(i)
	}
	return list
}

func (r *resolver) include(names []string) []*Inclusion {
	if len(names) > MaxIncludes {
		r.add("include", "too_many", "must name at most %d relations", MaxIncludes)
		return nil
	}
	var root []*Inclusion
	for i, name := range names {
		if problem := includePath(r.model, name, &root); problem != "" {
			r.add(r.item("include", i), "unknown_relation", "%s", problem)
		}
	}
	return root
}

// includePath enters a path of relations into the tree at level.
func includePath(m *registry.Model, path string, level *[]*Inclusion) (problem string) {
	if strings.Count(path, ".") >= MaxIncludeDepth {
		return "must be at most " + strconv.Itoa(MaxIncludeDepth) + " relations deep"
	}
	for name := range strings.SplitSeq(path, ".") {
		rel := m.Relation(name)
		if rel == nil {
			return unknownRelation(m, name)
		}
		in := find(*level, rel)
		if in == nil {
			in = &Inclusion{Relation: rel}
			*level = append(*level, in)
		}
		m, level = rel.Target, &in.Children
	}
	return ""
}

func find(list []*Inclusion, rel *registry.Relation) *Inclusion {
	for _, in := range list {
		if in.Relation == rel {
			return in
		}
	}
	return nil
}

// visible is the column that clients know by the name; hidden and write-only
// columns do not exist for them.
func visible(m *registry.Model, name string) *registry.Column {
	if c := m.Field(name); c != nil && c.Visible() {
		return c
	}
	return nil
}

// unknownField says that a field is unknown and which are known: those of m,
// and the names of the search fields.
func unknownField(m *registry.Model, name string, search []string) string {
	names := search
	for _, c := range m.Columns {
		if c.JSON != "" && c.Visible() {
			names = append(names, c.JSON)
		}
	}
	return "has no field " + quoted(name) + "; known are " + listing(names)
}

func unknownRelation(m *registry.Model, name string) string {
	names := relations(m)
	if len(names) == 0 {
		return "has no relation " + quoted(name) + "; " + m.Name + " has none"
	}
	return "has no relation " + quoted(name) + "; known are " + listing(names)
}

func relations(m *registry.Model) []string {
	names := make([]string, len(m.Relations))
	for i, rel := range m.Relations {
		names[i] = rel.Name
	}
	return names
}
