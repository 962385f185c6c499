package query

import "github.com/joinery-go/joinery/registry"

// The limits of an aggregate.
const (
	MaxGroupKeys  = 5  // parts that group
	MaxAggregates = 20 // parts that compute
)

// Aggregate is one part of an aggregate over the rows of a query: a value to
// compute of each group, or a key to group by. The functions of this package
// make them: [Count], [CountOf], [CountDistinct], [Sum], [Avg], [Min], [Max]
// and [GroupBy]. The zero Aggregate is none, which [ResolveAggregate] refuses.
// It is a value and can be compared.
type Aggregate struct {
	Func  Func
	Field string // the field's name in the API; empty for FuncCount of rows
	Unit  Unit   // of a GroupBy by time: what it is cut to; empty: not cut
}

// Func is what an [Aggregate] makes of the rows of a group.
type Func string

// What aggregates make of rows.
const (
	FuncGroup         Func = "group"          // not of the rows of a group: it is what makes the groups
	FuncCount         Func = "count"          // how many rows; with a field, how many in which it is not null
	FuncCountDistinct Func = "count_distinct" // how many different values the field has, null aside
	FuncSum           Func = "sum"
	FuncAvg           Func = "avg"
	FuncMin           Func = "min"
	FuncMax           Func = "max"
)

// Unit is a part of the calendar, in UTC, that times are cut to.
type Unit string

// The units of time.
const (
	Day   Unit = "day"
	Month Unit = "month"
	Year  Unit = "year"
)

// Count is the number of rows, an int64. Its name is "count".
func Count() Aggregate { return Aggregate{Func: FuncCount} }

// CountOf is the number of rows in which the field is not null, an int64.
func CountOf(field string) Aggregate { return Aggregate{Func: FuncCount, Field: field} }

// CountDistinct is the number of different values of the field, an int64. Null
// is none. Texts differ when a code point does.
func CountDistinct(field string) Aggregate {
	return Aggregate{Func: FuncCountDistinct, Field: field}
}

// Sum adds the values of a field of numbers up, null left out. Of integers it
// is an int64, exact; a sum that an int64 does not hold is an error, of kind
// Invalid, never another number. Of decimals it is their text, exact, with as
// many places as the column has. Of floating point numbers it is a float64,
// whose last digits may depend on the order in which the database adds. Nil
// where there is no value to add.
func Sum(field string) Aggregate { return Aggregate{Func: FuncSum, Field: field} }

// Avg is the mean of a field of numbers, null left out. Of integers and
// floating point numbers it is a float64, of integers the one nearest to the
// exact mean. Of decimals it is a text with four places more than the column
// has, rounded half away from zero. Nil where there is no value.
func Avg(field string) Aggregate { return Aggregate{Func: FuncAvg, Field: field} }

// Min is the least value of a field: a number, a time, or a text, by code
// point. Nil where there is no value; null is none.
func Min(field string) Aggregate { return Aggregate{Func: FuncMin, Field: field} }

// Max is the greatest value of a field, as in [Min].
func Max(field string) Aggregate { return Aggregate{Func: FuncMax, Field: field} }

// GroupBy makes a group of the rows that have the same value in the field, or
// all null. Several keys are several parts. The field may be one of a related
// row, by dot, at most two relations away, each to one row: "project.name".
// Where the caller may not see the related row, or there is none, it is null.
func GroupBy(field string) Aggregate { return Aggregate{Func: FuncGroup, Field: field} }

// By is a with times cut to the unit: groups are then the days, months or
// years in UTC, and their keys the times at which those begin. It is for
// [GroupBy] of a field of times.
func (a Aggregate) By(unit Unit) Aggregate {
	a.Unit = unit
	return a
}

// Name is what the part is called in a [Group]: of a key its field, of a count
// of rows "count", else field and function, as "priority.sum".
func (a Aggregate) Name() string {
	switch {
	case a.Func == FuncGroup:
		return a.Field
	case a.Field == "":
		return string(a.Func)
	}
	return a.Field + "." + string(a.Func)
}

// Group is the answer to an aggregate for one group of rows. Values are, by
// the kind of their column, string for text, enums and decimals, int64,
// float64, bool, time.Time in UTC, uuid.UUID, joinery.Actions, or nil for
// null; counts are int64.
type Group struct {
	Keys   map[string]any `json:"keys,omitempty"`   // by the name of each GroupBy
	Values map[string]any `json:"values,omitempty"` // by the name of every other part
}

// Value is the group's key or value for a part, nil also where the aggregate
// did not have it.
func (g Group) Value(part Aggregate) any {
	if part.Func == FuncGroup {
		return g.Keys[part.Name()]
	}
	return g.Values[part.Name()]
}

// ValueOf is [Group.Value] as an X, and whether it is one: false for null and
// for another type.
//
//	total, ok := query.ValueOf[int64](g, query.Sum("priority"))
func ValueOf[X any](g Group, part Aggregate) (X, bool) {
	v, ok := g.Value(part).(X)
	return v, ok
}

// Functions are the functions that columns of a kind have, FuncGroup among
// them, in the order of the documentation; nil for an unknown kind. The slice
// is the caller's own. Columns of joinery.Actions, which are integers, are only
// counted and grouped by.
func Functions(k registry.Kind) []Func {
	switch k {
	case registry.Int, registry.Float, registry.Decimal:
		return []Func{FuncGroup, FuncCount, FuncCountDistinct, FuncSum, FuncAvg, FuncMin, FuncMax}
	case registry.Text, registry.Time:
		return []Func{FuncGroup, FuncCount, FuncCountDistinct, FuncMin, FuncMax}
	case registry.Enum, registry.Bool, registry.UUID:
		return []Func{FuncGroup, FuncCount, FuncCountDistinct}
	case registry.JSON, registry.Bytes:
		return []Func{FuncCount}
	}
	return nil
}

// functions are the functions that c has.
func functions(c *registry.Column) []Func {
	if c.Base() == actionsType {
		return Functions(registry.Enum)
	}
	return Functions(c.Kind)
}
