package query

import (
	"strconv"

	"github.com/joinery-go/joinery/registry"
)

// Shape is a text that two queries share if and only if they differ in values
// alone: those of [Resolved.Values], those of the cursor, and Limit. What null
// compares with, and which values of a cursor are null, is part of it.
func (r *Resolved) Shape() string {
	var room [512]byte
	b := append(room[:0], r.Model.Table...)
	b = append(b, 0, flags(r), byte('0'+r.Count), 0)
	for _, v := range r.Cursor {
		b = append(b, yes(v == nil))
	}
	b = append(b, 0)
	b = appendSort(b, r.Sort)
	b = appendNode(b, r.Filter)
	if r.Fields != nil {
		b = append(b, 1)
	}
	for _, c := range r.Fields {
		b = append(append(b, c.Name...), 0)
	}
	b = appendIncludes(b, r.Include)
	return string(b)
}

// flags are the switches of r in one printable byte.
func flags(r *Resolved) byte {
	f := byte('0')
	if r.Backward {
		f |= 1
	}
	if r.Deleted {
		f |= 2
	}
	return f
}

func yes(b bool) byte {
	if b {
		return '1'
	}
	return '0'
}

// Names end with a zero byte, which no identifier holds, so that no two shapes
// look alike.

func appendSort(b []byte, keys []registry.SortKey) []byte {
	for _, k := range keys {
		b = append(append(b, k.Column.Name...), 0, yes(k.Desc))
	}
	return append(b, 0)
}

func appendNode(b []byte, n *Node) []byte {
	if n == nil {
		return append(b, 0)
	}
	b = append(append(b, n.Op...), 0)
	if n.Op.groups() {
		b = append(strconv.AppendInt(b, int64(len(n.Nodes)), 10), 0)
		for _, inner := range n.Nodes {
			b = appendNode(b, inner)
		}
		return b
	}
	for _, rel := range n.Path {
		b = append(append(b, rel.Name...), 0, '.')
	}
	if n.Search != "" {
		return append(append(append(b, '?'), n.Search...), 0)
	}
	b = append(append(b, n.Column.Name...), 0)
	if n.Op == OpNull {
		b = append(b, yes(n.Value == true))
	}
	return b
}

func appendIncludes(b []byte, list []*Inclusion) []byte {
	for _, in := range list {
		b = append(append(b, in.Relation.Name...), 0, '(')
		b = appendIncludes(b, in.Children)
		b = append(b, ')')
	}
	return b
}

// Values are the values of the filter in the order in which a walk that goes
// into each node before the next meets them, one for each comparison but null,
// whose value belongs to the shape. Nil for a query without a filter.
func (r *Resolved) Values() []any {
	n := count(r.Filter)
	if n == 0 {
		return nil
	}
	return appendValues(make([]any, 0, n), r.Filter)
}

func count(n *Node) int {
	switch {
	case n == nil, n.Op == OpNull:
		return 0
	case !n.Op.groups():
		return 1
	}
	sum := 0
	for _, inner := range n.Nodes {
		sum += count(inner)
	}
	return sum
}

func appendValues(values []any, n *Node) []any {
	switch {
	case n == nil, n.Op == OpNull:
		return values
	case !n.Op.groups():
		return append(values, n.Value)
	}
	for _, inner := range n.Nodes {
		values = appendValues(values, inner)
	}
	return values
}
