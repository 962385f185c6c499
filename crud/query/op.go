package query

// Op is an operator of a filter.
type Op string

// The operators of filters. Text operators that begin with i fold ASCII
// letters.
const (
	OpAnd Op = "and"
	OpOr  Op = "or"
	OpNot Op = "not"

	OpEq   Op = "eq"
	OpNe   Op = "ne"
	OpIn   Op = "in"
	OpNull Op = "null"

	OpContains  Op = "contains"
	OpStarts    Op = "starts"
	OpEnds      Op = "ends"
	OpIEq       Op = "ieq"
	OpIContains Op = "icontains"
	OpIStarts   Op = "istarts"
	OpIEnds     Op = "iends"

	OpLt     Op = "lt"
	OpLte    Op = "lte"
	OpGt     Op = "gt"
	OpGte    Op = "gte"
	OpBefore Op = "before"
	OpAfter  Op = "after"
	OpOn     Op = "on"
)

// Operation is what was done to a row, or read.
type Operation string

// The operations.
const (
	OpCreate Operation = "create"
	OpUpdate Operation = "update"
	OpDelete Operation = "delete"
	OpGet    Operation = "get"
	OpList   Operation = "list"
)
