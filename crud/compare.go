package crud

import (
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// collectLeaf adds the values of a leaf to p, in the order in which compare
// takes their slots.
func (c *core) collectLeaf(n *query.Node, p *params) {
	switch n.Op {
	case query.OpNull: // part of the shape
	case query.OpIn, query.OpIIn:
		p.add(inList(n))
	case query.OpIEq, query.OpINe:
		p.add(sqldb.FoldASCII(n.Value.(string)))
	case query.OpOn:
		day := n.Value.(time.Time)
		p.add(day)
		p.add(day.AddDate(0, 0, 1))
	default:
		if op, fold := textOp(n.Op); op != none {
			p.add(c.dialect.Pattern(op, n.Value.(string), fold))
			return
		}
		p.add(n.Value)
	}
}

// compare is the condition of a leaf on an operand.
func (c *core) compare(n *query.Node, operand string, s *slots) squirrel.Sqlizer {
	switch n.Op {
	case query.OpNull:
		return isNull(operand, n.Value.(bool))
	case query.OpNe:
		return squirrel.Expr("NOT (?)", known(n, operand, c.comparison(query.OpEq, operand, s)))
	case query.OpINe:
		return squirrel.Expr("NOT (?)", known(n, operand, c.comparison(query.OpIEq, operand, s)))
	}
	return known(n, operand, c.comparison(n.Op, operand, s))
}

func (c *core) comparison(o query.Op, operand string, s *slots) squirrel.Sqlizer {
	switch o {
	case query.OpIn:
		return sqldb.In(c.dialect, operand, s.next())
	case query.OpIIn:
		return sqldb.In(c.dialect, c.dialect.Fold(operand), s.next())
	case query.OpOn:
		return squirrel.Expr("("+operand+" >= ? AND "+operand+" < ?)", s.next(), s.next())
	case query.OpLt, query.OpBefore:
		return squirrel.Expr(operand+" < ?", s.next())
	case query.OpLte:
		return squirrel.Expr(operand+" <= ?", s.next())
	case query.OpGt, query.OpAfter:
		return squirrel.Expr(operand+" > ?", s.next())
	case query.OpGte:
		return squirrel.Expr(operand+" >= ?", s.next())
	}
	return c.match(o, operand, s)
}

// match is the condition of a text operator; those that begin with i fold
// ASCII letters on both sides.
func (c *core) match(o query.Op, operand string, s *slots) squirrel.Sqlizer {
	if op, fold := textOp(o); op != none {
		return squirrel.Expr(c.dialect.Match(op, operand, fold), s.next())
	}
	if o == query.OpIEq {
		operand = c.dialect.Fold(operand)
	}
	return squirrel.Expr(operand+" = ?", s.next())
}

// none stands for operators that are no pattern match.
const none = ^sqldb.TextOp(0)

func textOp(o query.Op) (op sqldb.TextOp, fold bool) {
	switch o {
	case query.OpContains:
		return sqldb.Contains, false
	case query.OpStarts:
		return sqldb.Starts, false
	case query.OpEnds:
		return sqldb.Ends, false
	case query.OpIContains:
		return sqldb.Contains, true
	case query.OpIStarts:
		return sqldb.Starts, true
	case query.OpIEnds:
		return sqldb.Ends, true
	}
	return none, false
}

// known makes a comparison false, not unknown, where the operand is null.
func known(n *query.Node, operand string, s squirrel.Sqlizer) squirrel.Sqlizer {
	if !n.Column.Nullable {
		return s
	}
	return squirrel.Expr("("+operand+" IS NOT NULL AND ?)", s)
}

func isNull(operand string, null bool) squirrel.Sqlizer {
	if null {
		return squirrel.Expr(operand + " IS NULL")
	}
	return squirrel.Expr(operand + " IS NOT NULL")
}

// inList is the list of an in leaf as one value, of the column's type.
func inList(n *query.Node) any {
	values := n.Value.([]any)
	switch n.Column.Kind {
	case registry.UUID:
		return typed[uuid.UUID](values)
	case registry.Int:
		return typed[int64](values)
	case registry.Float:
		return typed[float64](values)
	case registry.Bool:
		return typed[bool](values)
	case registry.Time:
		return typed[time.Time](values)
	}
	list := typed[string](values)
	if n.Op == query.OpIIn {
		for i := range list {
			list[i] = sqldb.FoldASCII(list[i])
		}
	}
	return list
}

func typed[V any](values []any) []V {
	list := make([]V, len(values))
	for i, v := range values {
		list[i] = v.(V)
	}
	return list
}
