package query

// Filter is a condition on rows: a comparison of a field, or several filters
// combined. The zero Filter matches everything. It is a value: a filter may be
// part of many others, as long as nobody changes its Value or Filters.
type Filter struct {
	Op      Op       // what it does; empty in the zero Filter
	Field   string   // of a comparison: the field's name in the API, relations by dot
	Value   any      // of a comparison: a value of the column's Go type, or its text; for in a slice of them
	Filters []Filter // of and, or, not

	at       string // where a parser found it; empty: made in Go
	implicit bool   // an and that nobody wrote: it takes nothing from the depth
	free     bool   // with all in it takes nothing from the limits; see Query.Within
}

// IsZero reports whether f is the zero Filter, which matches everything.
func (f Filter) IsZero() bool { return f.Op == "" && f.Field == "" && f.Filters == nil }

// Where compares a field by any operator.
func Where(field string, op Op, value any) Filter {
	return Filter{Op: op, Field: field, Value: value}
}

// And holds if all of the filters hold; And() holds always.
func And(filters ...Filter) Filter { return Filter{Op: OpAnd, Filters: filters} }

// Or holds if one of the filters holds; Or() never holds.
func Or(filters ...Filter) Filter { return Filter{Op: OpOr, Filters: filters} }

// Not holds if f does not.
func Not(f Filter) Filter { return Filter{Op: OpNot, Filters: []Filter{f}} }

// Eq holds if the field has the value.
func Eq(field string, value any) Filter { return Where(field, OpEq, value) }

// Ne holds if the field has another value, or null.
func Ne(field string, value any) Filter { return Where(field, OpNe, value) }

// In holds if the field has one of the values; In without values never holds.
func In[V any](field string, values ...V) Filter { return Where(field, OpIn, values) }

// Contains holds if the field's text contains part, case and all.
func Contains(field, part string) Filter { return Where(field, OpContains, part) }

// Lt holds if the field is less than the value.
func Lt(field string, value any) Filter { return Where(field, OpLt, value) }

// Lte holds if the field is at most the value.
func Lte(field string, value any) Filter { return Where(field, OpLte, value) }

// Gt holds if the field is more than the value.
func Gt(field string, value any) Filter { return Where(field, OpGt, value) }

// Gte holds if the field is at least the value.
func Gte(field string, value any) Filter { return Where(field, OpGte, value) }

// IsNull holds if the field is null.
func IsNull(field string) Filter { return Where(field, OpNull, true) }

// NotNull holds if the field is not null.
func NotNull(field string) Filter { return Where(field, OpNull, false) }
