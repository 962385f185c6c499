package query

// Query says which rows of a model, in what order, which page of them, and
// what of them. The zero Query is the newest 50 rows.
type Query struct {
	Filter  Filter
	Sort    []string // "priority" ascending, "-priority" descending; none: "-id"
	Limit   int      // rows a page; 0: 50; at most 1,000
	After   string   // cursor of the page before
	Before  string   // cursor of the page after; not together with After
	Include []string // relations to fill, "project", "project.team"
	Fields  []string // columns to read; none: all
	Deleted bool     // deleted rows too; Root's only
	Count   CountMode
}

// CountMode says whether a list counts all rows it is about.
type CountMode uint8

// The ways to count.
const (
	CountNone   CountMode = iota
	CountCapped           // up to 1,001
	CountExact            // all, however long it takes
)

// Filter is a condition on rows: a leaf with a Field, or and, or, not over
// Filters. The zero Filter holds for every row.
type Filter struct {
	Op      Op
	Field   string // JSON name, "project.name" across a relation; or a custom search field
	Value   any
	Filters []Filter
}

// Where is a leaf.
func Where(field string, op Op, value any) Filter { return Filter{Op: op, Field: field, Value: value} }

// Eq holds where the field has the value.
func Eq(field string, value any) Filter { return Where(field, OpEq, value) }

// And holds where all filters hold.
func And(filters ...Filter) Filter { return Filter{Op: OpAnd, Filters: filters} }

// Or holds where any filter holds.
func Or(filters ...Filter) Filter { return Filter{Op: OpOr, Filters: filters} }

// Not holds where the filter does not.
func Not(filter Filter) Filter { return Filter{Op: OpNot, Filters: []Filter{filter}} }

// IsZero reports whether the filter holds for every row.
func (f Filter) IsZero() bool { return f.Op == "" && f.Field == "" && len(f.Filters) == 0 }

// GetOption changes what a Get answers.
type GetOption func(*Query)

// Include fills relations, "project", "project.team".
func Include(relations ...string) GetOption {
	return func(q *Query) { q.Include = append(q.Include, relations...) }
}

// Fields reads these columns only, and the id.
func Fields(fields ...string) GetOption {
	return func(q *Query) { q.Fields = append(q.Fields, fields...) }
}
