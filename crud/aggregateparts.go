package crud

import "github.com/joinery-go/joinery/crud/query"

// Aggregate is one part of [Manager.Aggregate]: a value to compute of each
// group, or a key to group by.
type Aggregate = query.Aggregate

// Group is the answer of [Manager.Aggregate] for one group of rows.
type Group = query.Group

// The units of [Aggregate.By], in UTC.
const (
	Day   = query.Day
	Month = query.Month
	Year  = query.Year
)

// Count is the number of rows, an int64.
func Count() Aggregate { return query.Count() }

// CountOf is the number of rows in which the field is not null, an int64.
func CountOf(field string) Aggregate { return query.CountOf(field) }

// CountDistinct is the number of different values of the field, an int64.
func CountDistinct(field string) Aggregate { return query.CountDistinct(field) }

// Sum adds the values of a field of numbers up: an int64 or a decimal's text,
// both exact, or a float64; nil where there is no value. See [query.Sum].
func Sum(field string) Aggregate { return query.Sum(field) }

// Avg is the mean of a field of numbers: a float64, or a decimal's text with
// four places more than the column has; nil where there is no value. See
// [query.Avg].
func Avg(field string) Aggregate { return query.Avg(field) }

// Min is the least value of a field of numbers, times or texts; nil where there
// is no value.
func Min(field string) Aggregate { return query.Min(field) }

// Max is the greatest value of a field of numbers, times or texts; nil where
// there is no value.
func Max(field string) Aggregate { return query.Max(field) }

// GroupBy makes a group of the rows that have the same value in the field,
// which may be one of a related row: "project.name". See [query.GroupBy].
func GroupBy(field string) Aggregate { return query.GroupBy(field) }
