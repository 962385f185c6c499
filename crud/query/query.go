package query

import "strconv"

// The limits of a query.
const (
	DefaultLimit    = 50   // rows of a page where Limit is 0
	MaxLimit        = 1000 // rows of a page
	MaxDepth        = 5    // and, or, not within each other
	MaxComparisons  = 50   // in one filter
	MaxList         = 500  // values of in
	MaxSortKeys     = 5
	MaxIncludeDepth = 3  // relations within each other
	MaxIncludes     = 20 // relations in one query
	MaxFilterHops   = 2  // relations on the way to a field of a filter
)

// Query says which rows of a model, in which order, which page of them, and
// what of each. The zero Query is the newest 50 rows. Nothing in it is checked
// before [Resolve].
type Query struct {
	Filter Filter   // the zero Filter: all rows
	Sort   []string // field names, "-name" for descending; empty: "-id"

	Limit  int    // rows of a page, 1 to MaxLimit; 0: DefaultLimit
	After  string // a cursor: the page that follows it
	Before string // a cursor: the page that precedes it; not together with After

	Include []string // relations to fill, by name, nested by dot
	Fields  []string // fields to read; empty: all

	Deleted bool      // deleted rows too; for Root only
	Count   CountMode // whether Page.Total is wanted

	form form
}

// Within is q on the rows for which f holds too. Unlike part of an [And], f
// takes nothing from the limits that hold for the client's own filter: so a
// server narrows a query.
func (q Query) Within(f Filter) Query {
	f.free = true
	q.Filter = Filter{Op: OpAnd, Filters: []Filter{f, q.Filter}, implicit: true}
	return q
}

// CountMode says whether and how the rows of a list are counted.
type CountMode uint8

// How rows are counted.
const (
	CountNone   CountMode = iota // not at all
	CountCapped                  // up to 1,001, which means more than a thousand
	CountExact
)

// String is the mode as it stands in URLs and JSON.
func (c CountMode) String() string {
	switch c {
	case CountNone:
		return "none"
	case CountCapped:
		return "capped"
	case CountExact:
		return "exact"
	}
	return "CountMode(" + strconv.Itoa(int(c)) + ")"
}

// form is where a query comes from, which decides how its errors name places.
type form uint8

const (
	fromGo form = iota
	fromURL
	fromJSON
)

// GetOption says what of a single row is read. The options are [Include] and
// [Fields].
type GetOption func(*Query)

// Include fills relations of the row, by name, nested by dot.
func Include(relations ...string) GetOption {
	return func(q *Query) { q.Include = append(q.Include, relations...) }
}

// Fields reads only the named fields, and the id.
func Fields(names ...string) GetOption {
	return func(q *Query) { q.Fields = append(q.Fields, names...) }
}
