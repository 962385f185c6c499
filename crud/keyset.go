package crud

import (
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// direction is in which direction a statement walks a sort order: backward for
// the page before a cursor.
func direction(r *query.Resolved) []registry.SortKey {
	if !r.Backward {
		return r.Sort
	}
	keys := make([]registry.SortKey, len(r.Sort))
	for i, k := range r.Sort {
		keys[i] = registry.SortKey{Column: k.Column, Desc: !k.Desc}
	}
	return keys
}

// orderBy are the ORDER BY terms of keys: nulls are less than every value.
func (c *core) orderBy(keys []registry.SortKey, alias string) []string {
	terms := make([]string, len(keys))
	for i, k := range keys {
		terms[i] = c.dialect.OrderBy(c.operand(k.Column, alias), k.Desc, k.Column.Nullable)
	}
	return terms
}

// collectCursor adds the cursor's values to p, as often as beyond takes them:
// for each key but the nulls.
func collectCursor(keys []registry.SortKey, cursor []any, p *params) {
	if asRow(keys, cursor) {
		p.values = append(p.values, cursor...)
		return
	}
	for i := range keys {
		collectAt(cursor[:i+1], p)
	}
}

// asRow reports whether one comparison of whole rows says what comes after the
// cursor, which is the form that an index is entered with: where all keys go
// one way, and no null can come after the cursor.
func asRow(keys []registry.SortKey, cursor []any) bool {
	for i, k := range keys {
		if k.Desc != keys[0].Desc || cursor[i] == nil || k.Desc && k.Column.Nullable {
			return false
		}
	}
	return true
}

// nulls is the part of the shape that tells which cursor values are null.
func nulls(cursor []any) string {
	b := make([]byte, len(cursor))
	for i, v := range cursor {
		b[i] = '.'
		if v == nil {
			b[i] = '0'
		}
	}
	return string(b)
}

// beyond is the condition that a row comes after the cursor in the order of
// keys.
func (c *core) beyond(keys []registry.SortKey, cursor []any, alias string, s *slots) squirrel.Sqlizer {
	if asRow(keys, cursor) {
		return c.beyondRow(keys, alias, s)
	}
	return c.beyondEach(keys, cursor, alias, s)
}

func (c *core) beyondRow(keys []registry.SortKey, alias string, s *slots) squirrel.Sqlizer {
	operands, values := make([]string, len(keys)), make([]any, len(keys))
	for i, k := range keys {
		operands[i], values[i] = c.operand(k.Column, alias), s.next()
	}
	less := " > "
	if keys[0].Desc {
		less = " < "
	}
	if len(keys) == 1 {
		return squirrel.Expr(operands[0]+less+"?", values...)
	}
	return squirrel.Expr("("+strings.Join(operands, ", ")+")"+less+"("+squirrel.Placeholders(len(keys))+")", values...)
}

// beyondEach: for some i the first i keys are equal and the next one is
// further.
func (c *core) beyondEach(keys []registry.SortKey, cursor []any, alias string, s *slots) squirrel.Sqlizer {
	any := make(squirrel.Or, len(keys))
	for i := range keys {
		all := make(squirrel.And, i+1)
		for j, k := range keys[:i+1] {
			operand := c.operand(k.Column, alias)
			if j < i {
				all[j] = same(operand, cursor[j], s)
			} else {
				all[j] = further(operand, k, cursor[j], s)
			}
		}
		any[i] = all
	}
	return any
}

// collectAt adds the values that at takes.
func collectAt(cursor []any, p *params) {
	for _, v := range cursor {
		if v != nil {
			p.add(v)
		}
	}
}

func same(operand string, value any, s *slots) squirrel.Sqlizer {
	if value == nil {
		return isNull(operand, true)
	}
	return squirrel.Expr(operand+" = ?", s.next())
}

// further: a null is less than every value.
func further(operand string, k registry.SortKey, value any, s *slots) squirrel.Sqlizer {
	switch {
	case value == nil && k.Desc:
		return squirrel.Expr("1=0")
	case value == nil:
		return isNull(operand, false)
	case k.Desc && k.Column.Nullable:
		return squirrel.Expr("("+operand+" < ? OR "+operand+" IS NULL)", s.next())
	case k.Desc:
		return squirrel.Expr(operand+" < ?", s.next())
	}
	return squirrel.Expr(operand+" > ?", s.next())
}
