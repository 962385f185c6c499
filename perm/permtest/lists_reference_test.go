package permtest

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// seen is a world as one actor sees it, each question put to the reference
// model once.
type seen struct {
	w     *World
	actor joinery.Actor
	rows  map[string][]known               // by table
	by    map[string]map[uuid.UUID][]known // by table and column, then by the value of the column
	may   map[place]bool                   // View
}

// known is a row with its columns.
type known struct {
	Record
	fields
}

func (s *seen) all(table string) []known {
	rows, ok := s.rows[table]
	if !ok {
		for _, r := range s.w.All(table) {
			rows = append(rows, known{r, s.w.fieldsOf(r)})
		}
		s.rows[table] = rows
	}
	return rows
}

// with are the rows whose column has the value.
func (s *seen) with(table, column string, id uuid.UUID) []known {
	key := table + "." + column
	if s.by[key] == nil {
		s.by[key] = map[uuid.UUID][]known{}
		for _, r := range s.all(table) {
			if v, ok := r.UUID(column); ok {
				s.by[key][v] = append(s.by[key][v], r)
			}
		}
	}
	return s.by[key][id]
}

func (s *seen) mayView(r Record) bool {
	at := place{r.Table(), r.head().ID}
	may, asked := s.may[at]
	if !asked {
		may = s.w.May(s.actor, joinery.View, r)
		s.may[at] = may
	}
	return may
}

// referenceList is the answer to a list by the reference model: the rows that
// the actor may view, filtered and sorted in Go.
type referenceList struct {
	*seen
	r *query.Resolved
}

// entry is a row with the values of the sort's columns.
type entry struct {
	known
	key []any
}

// answer is the rows of the list, in its order.
func (l referenceList) answer() []entry {
	return l.sorted(func(r known) bool {
		return (l.r.Deleted || !r.head().Deleted) && l.holds(l.r.Filter, r) && l.mayView(r.Record)
	})
}

// sorted is the rows of the table that are wanted, in the order of the list.
func (l referenceList) sorted(wanted func(known) bool) []entry {
	var all []entry
	for _, r := range l.all(l.r.Model.Table) {
		if wanted(r) {
			all = append(all, l.entry(r))
		}
	}
	slices.SortFunc(all, l.compare)
	return all
}

func (l referenceList) entry(r known) entry {
	key := make([]any, len(l.r.Sort))
	for i, k := range l.r.Sort {
		key[i] = r.fields[k.Column.Name]
	}
	return entry{r, key}
}

// compare is the order of the list; null is less than every value.
func (l referenceList) compare(a, b entry) int {
	for i, k := range l.r.Sort {
		if order := compareValues(a.key[i], b.key[i]); order != 0 && k.Desc {
			return -order
		} else if order != 0 {
			return order
		}
	}
	return 0
}

func compareValues(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	switch a := a.(type) {
	case string:
		return cmp.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	case time.Time:
		return a.Compare(b.(time.Time))
	case uuid.UUID:
		to := b.(uuid.UUID)
		return bytes.Compare(a[:], to[:])
	case bool:
		return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
	}
	panic(fmt.Sprintf("permtest: no order of %T", a))
}

// holds is what a filter says of a row. It has two values: not is the opposite.
func (l referenceList) holds(n *query.Node, r known) bool {
	switch {
	case n == nil:
		return true
	case n.Op == query.OpNot:
		return !l.holds(n.Nodes[0], r)
	case n.Op == query.OpAnd:
		return !slices.ContainsFunc(n.Nodes, func(inner *query.Node) bool { return !l.holds(inner, r) })
	case n.Op == query.OpOr:
		return slices.ContainsFunc(n.Nodes, func(inner *query.Node) bool { return l.holds(inner, r) })
	}
	return l.related(n, n.Path, r)
}

// related: some live row at the end of the path that the actor may view, along
// such rows, meets the comparison.
func (l referenceList) related(n *query.Node, path []*registry.Relation, r known) bool {
	if len(path) == 0 {
		if n.Search != "" {
			limit, err := strconv.ParseInt(n.Value.(string), 10, 64)
			return err == nil && r.fields["rank"] != nil && r.fields["rank"].(int64) < limit
		}
		return compares(n.Op, r.fields[n.Column.Name], n.Value)
	}
	rel := path[0]
	from, to := rel.Column.Name, rel.Target.ID.Name
	if rel.Many {
		from, to = rel.Model.ID.Name, rel.Column.Name
	}
	id, _ := r.UUID(from)
	return slices.ContainsFunc(l.with(rel.Target.Table, to, id), func(to known) bool {
		return !to.head().Deleted && l.related(n, path[1:], to) && l.mayView(to.Record)
	})
}

// compares is what an operator says of a value; nil for null.
func compares(op query.Op, v, operand any) bool {
	switch {
	case op == query.OpNull:
		return (v == nil) == operand.(bool)
	case op == query.OpNe:
		return v == nil || compareValues(v, operand) != 0
	case v == nil:
		return false
	}
	switch op {
	case query.OpEq:
		return compareValues(v, operand) == 0
	case query.OpIn:
		return slices.ContainsFunc(operand.([]any), func(one any) bool { return compareValues(v, one) == 0 })
	case query.OpLt:
		return compareValues(v, operand) < 0
	case query.OpGte:
		return compareValues(v, operand) >= 0
	case query.OpContains:
		return strings.Contains(v.(string), operand.(string))
	}
	panic("permtest: no such operator: " + string(op))
}
