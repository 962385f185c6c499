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

// answer to a list by the reference model: the rows that the actor may view,
// filtered and sorted in Go.
type referenceList struct {
	w     *World
	actor joinery.Actor
	r     *query.Resolved
}

// entry is a row with the values of the sort's columns.
type entry struct {
	Record
	key []any
}

// rows are the rows of the list, in its order.
func (l referenceList) rows() []entry {
	return l.sorted(func(r Record) bool {
		return (l.r.Deleted || !r.head().Deleted) && l.holds(l.r.Filter, r) && l.w.May(l.actor, joinery.View, r)
	})
}

// sorted is the rows of the table that are wanted, in the order of the list.
func (l referenceList) sorted(wanted func(Record) bool) []entry {
	var all []entry
	for _, r := range l.w.All(l.r.Model.Table) {
		if wanted(r) {
			all = append(all, l.entry(r))
		}
	}
	slices.SortFunc(all, l.compare)
	return all
}

func (l referenceList) entry(r Record) entry {
	f, key := l.w.fieldsOf(r), make([]any, len(l.r.Sort))
	for i, k := range l.r.Sort {
		key[i] = f[k.Column.Name]
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
func (l referenceList) holds(n *query.Node, r Record) bool {
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
func (l referenceList) related(n *query.Node, path []*registry.Relation, r Record) bool {
	f := l.w.fieldsOf(r)
	if len(path) == 0 {
		if n.Search != "" {
			limit, err := strconv.ParseInt(n.Value.(string), 10, 64)
			return err == nil && f["rank"] != nil && f["rank"].(int64) < limit
		}
		return compares(n.Op, f[n.Column.Name], n.Value)
	}
	rel := path[0]
	return slices.ContainsFunc(l.w.All(rel.Target.Table), func(to Record) bool {
		joined := f[rel.Column.Name] == to.head().ID
		if rel.Many {
			joined = l.w.fieldsOf(to)[rel.Column.Name] == r.head().ID
		}
		return joined && !to.head().Deleted && l.w.May(l.actor, joinery.View, to) && l.related(n, path[1:], to)
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
