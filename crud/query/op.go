package query

import "github.com/joinery-go/joinery/registry"

// Op is an operator of a filter, written in URLs and JSON as it is.
type Op string

// The operators that combine filters.
const (
	OpAnd Op = "and" // all of Filters; none: everything
	OpOr  Op = "or"  // one of Filters; none: nothing
	OpNot Op = "not" // not its one Filter
)

// The operators that compare a field with a value.
const (
	OpEq        Op = "eq"
	OpNe        Op = "ne" // holds for null too
	OpIn        Op = "in" // one of a list
	OpContains  Op = "contains"
	OpStarts    Op = "starts"
	OpEnds      Op = "ends"
	OpIEq       Op = "ieq" // these six fold ASCII letters
	OpINe       Op = "ine"
	OpIIn       Op = "iin"
	OpIContains Op = "icontains"
	OpIStarts   Op = "istarts"
	OpIEnds     Op = "iends"
	OpLt        Op = "lt"
	OpLte       Op = "lte"
	OpGt        Op = "gt"
	OpGte       Op = "gte"
	OpBefore    Op = "before" // lt; a date alone means its beginning
	OpAfter     Op = "after"  // gt; a date alone means its end
	OpOn        Op = "on"     // within the day of the value, in the value's own offset
	OpNull      Op = "null"   // with true: is null; with false: is not null
)

// Operators are the operators that columns of a kind have, in the order of the
// documentation; nil for an unknown kind. The slice is the caller's own.
func Operators(k registry.Kind) []Op {
	switch k {
	case registry.Text:
		return []Op{
			OpEq, OpNe, OpIn, OpContains, OpStarts, OpEnds,
			OpIEq, OpINe, OpIIn, OpIContains, OpIStarts, OpIEnds, OpNull,
		}
	case registry.Int, registry.Float, registry.Decimal:
		return []Op{OpEq, OpNe, OpIn, OpLt, OpLte, OpGt, OpGte, OpNull}
	case registry.Time:
		return []Op{OpEq, OpNe, OpIn, OpLt, OpLte, OpGt, OpGte, OpBefore, OpAfter, OpOn, OpNull}
	case registry.Bool, registry.Enum, registry.UUID:
		return []Op{OpEq, OpNe, OpIn, OpNull}
	case registry.JSON, registry.Bytes:
		return []Op{OpNull}
	}
	return nil
}

// compares reports whether columns of kind k have the operator. It says what
// Operators lists, without making the list.
func compares(k registry.Kind, o Op) bool {
	switch o {
	case OpNull:
		return true
	case OpEq, OpNe, OpIn:
		return k != registry.JSON && k != registry.Bytes
	case OpContains, OpStarts, OpEnds, OpIEq, OpINe, OpIIn, OpIContains, OpIStarts, OpIEnds:
		return k == registry.Text
	case OpLt, OpLte, OpGt, OpGte:
		return k == registry.Int || k == registry.Float || k == registry.Decimal || k == registry.Time
	case OpBefore, OpAfter, OpOn:
		return k == registry.Time
	}
	return false
}

// known reports whether o compares columns of some kind.
func (o Op) known() bool { return compares(registry.Text, o) || compares(registry.Time, o) }

// takesList reports whether the operator's value is a list.
func (o Op) takesList() bool { return o == OpIn || o == OpIIn }

// searchOperators are the operators of custom search fields.
func searchOperators() []Op { return []Op{OpEq} }

// groups reports whether the operator combines filters.
func (o Op) groups() bool { return o == OpAnd || o == OpOr || o == OpNot }
