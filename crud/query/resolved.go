package query

import "github.com/joinery-go/joinery/registry"

// Resolved is a Query checked against a model: every name is a column or
// relation, every value has the column's type.
type Resolved struct {
	Model    *registry.Model
	Filter   *Node              // nil: every row
	Sort     []registry.SortKey // complete: ends with the id
	Limit    int
	Backward bool               // the page before Cursor
	Cursor   []any              // the values of Sort where the page begins, nil for null; nil: at the start
	Include  []*Inclusion       // relations to fill
	Fields   []*registry.Column // nil: all
	Deleted  bool
	Count    CountMode
}

// Node is a condition of a Resolved: and, or, not over Nodes, or a leaf.
type Node struct {
	Op     Op
	Path   []*registry.Relation // hops to the row with the column
	Column *registry.Column
	Search string // custom search field, in place of Column
	Value  any    // as registry.Column.Value gives it; []any of them for in; bool for null
	Nodes  []*Node
}

// Inclusion is a relation to fill, and what to fill in its rows.
type Inclusion struct {
	Relation *registry.Relation
	Children []*Inclusion
}
