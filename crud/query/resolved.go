package query

import "github.com/joinery-go/joinery/registry"

// Resolved is a query in terms of a model: checked, complete, and with typed
// values. It is immutable.
type Resolved struct {
	Model  *registry.Model
	Filter *Node              // nil: all rows
	Sort   []registry.SortKey // complete: the last key is the id

	Limit    int   // 1 to MaxLimit
	Backward bool  // the page precedes Cursor
	Cursor   []any // one value per sort key, nil for null; nil slice: from the beginning

	Include []*Inclusion       // the relations to fill, as a tree
	Fields  []*registry.Column // nil: all visible

	Deleted bool      // deleted rows too
	Count   CountMode // whether the rows are counted
}

// Node is a filter in terms of a model: a comparison, with Column or Search
// set, or a combination of Nodes.
type Node struct {
	Op     Op
	Path   []*registry.Relation // from the model to the column's, belongs-to or has-many; nil: its own
	Column *registry.Column
	Search string // name of a custom search field of the model; its Op is OpEq

	// Value is, by the column's kind, a string for Text, Enum and Decimal, or
	// an int64, float64, bool, time.Time (UTC, microseconds) or uuid.UUID. For
	// OpIn and OpIIn it is an []any of them, for OpNull a bool, for OpOn the
	// time at which the day begins, for Search a string.
	Value any

	Nodes []*Node // of OpAnd, OpOr; one for OpNot
}

// Inclusion is a relation to fill, and the relations of its rows to fill.
type Inclusion struct {
	Relation *registry.Relation
	Children []*Inclusion
}
