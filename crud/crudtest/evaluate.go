package crudtest

import (
	"bytes"
	"cmp"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// compare orders two values of a column's kind, as databases do: texts by
// their bytes.
func compare(kind registry.Kind, a, b any) int {
	switch kind {
	case registry.Decimal:
		x, _ := new(big.Rat).SetString(fmt.Sprint(a))
		y, _ := new(big.Rat).SetString(fmt.Sprint(b))
		return x.Cmp(y)
	case registry.Time:
		return a.(time.Time).Compare(b.(time.Time))
	case registry.UUID:
		x, y := a.(uuid.UUID), b.(uuid.UUID)
		return bytes.Compare(x[:], y[:])
	case registry.Int:
		return cmp.Compare(a.(int64), b.(int64))
	case registry.Float:
		return cmp.Compare(a.(float64), b.(float64))
	}
	return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
}

// holds tells what an operator says of a value, with the operand that [search]
// takes for it; a null value holds for ne and its like, and for null.
func holds(op query.Op, kind registry.Kind, value, operand any) bool {
	switch op {
	case query.OpNull:
		return (value == nil) == operand.(bool)
	case query.OpNe, query.OpINe:
		return value == nil || !holds(map[query.Op]query.Op{query.OpNe: query.OpEq, query.OpINe: query.OpIEq}[op], kind, value, operand)
	}
	if value == nil {
		return false
	}
	if list, ok := operand.([]any); ok {
		return listHolds(op, kind, value, list)
	}
	if text, ok := value.(string); ok && kind == registry.Text {
		return textHolds(op, text, operand.(string))
	}
	return orderHolds(op, compare(kind, value, operand), value, operand)
}

func listHolds(op query.Op, kind registry.Kind, value any, list []any) bool {
	each := query.OpEq
	if op == query.OpIIn {
		each = query.OpIEq
	}
	for _, v := range list {
		if holds(each, kind, value, v) {
			return true
		}
	}
	return false
}

func orderHolds(op query.Op, order int, value, operand any) bool {
	switch op {
	case query.OpEq:
		return order == 0
	case query.OpLt, query.OpBefore:
		return order < 0
	case query.OpLte:
		return order <= 0
	case query.OpGt, query.OpAfter:
		return order > 0
	case query.OpGte:
		return order >= 0
	case query.OpOn:
		day := operand.(time.Time).UTC().Truncate(24 * time.Hour)
		return value.(time.Time).UTC().Truncate(24 * time.Hour).Equal(day)
	}
	panic("crudtest: no such operator: " + string(op))
}

func textHolds(op query.Op, value, operand string) bool {
	if folded, ok := strings.CutPrefix(string(op), "i"); ok {
		return textHolds(query.Op(folded), lower(value), lower(operand))
	}
	switch op {
	case query.OpEq:
		return value == operand
	case query.OpContains:
		return strings.Contains(value, operand)
	case query.OpStarts:
		return strings.HasPrefix(value, operand)
	case query.OpEnds:
		return strings.HasSuffix(value, operand)
	}
	panic("crudtest: no such operator: " + string(op))
}

// lower folds ASCII letters, as the operators do.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
