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

// collectCursor adds the cursor's values to p, but for the nulls.
func collectCursor(cursor []any, p *params) {
	for _, v := range cursor {
		if v != nil {
			p.add(v)
		}
	}
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

// keyset is the place of a cursor in the order of keys.
type keyset struct {
	*core
	keys   []registry.SortKey
	values []any // sqldb.Slot, or nil for a null
	alias  string
}

// keyset takes the slots of the cursor's values.
func (c *core) keyset(keys []registry.SortKey, cursor []any, alias string, s *slots) keyset {
	k := keyset{c, keys, make([]any, len(cursor)), alias}
	for i, v := range cursor {
		if v != nil {
			k.values[i] = s.next()
		}
	}
	return k
}

// beyond is the condition that a row comes after the cursor.
func (k keyset) beyond() squirrel.Sqlizer {
	ranges := k.ranges()
	if len(ranges) == 1 {
		return ranges[0]
	}
	after := squirrel.Or(ranges)
	if first := k.keys[0]; k.values[0] != nil && !(first.Desc && first.Column.Nullable) {
		return squirrel.And{k.compare(0, "="), after} // says nothing more, but is what an index is entered with
	}
	return after
}

// ranges are the rows after the cursor, taken apart so that an index in the
// order of the keys gives each range as it stands. No row is in two of them.
func (k keyset) ranges() []squirrel.Sqlizer {
	if k.asRow() {
		return []squirrel.Sqlizer{k.row()}
	}
	var ranges []squirrel.Sqlizer
	for i := len(k.keys) - 1; i >= 0; i-- {
		for _, further := range k.further(i) {
			ranges = append(ranges, append(k.same(i), further))
		}
	}
	return ranges
}

// asRow reports whether one comparison of whole rows says what comes after the
// cursor: where all keys go one way, and no null can come after the cursor.
// SQLite enters no index by such a one whose columns are named with a collation.
func (k keyset) asRow() bool {
	for i, key := range k.keys {
		if k.dialect.Name() == "sqlite" && k.operandOf(i) != k.col(k.alias, key.Column) {
			return false
		}
		if key.Desc != k.keys[0].Desc || k.values[i] == nil || key.Desc && key.Column.Nullable {
			return false
		}
	}
	return true
}

func (k keyset) row() squirrel.Sqlizer {
	if len(k.keys) == 1 {
		return k.compare(0, "")
	}
	operands := make([]string, len(k.keys))
	for i := range k.keys {
		operands[i] = k.operandOf(i)
	}
	return k.rare(squirrel.Expr("("+strings.Join(operands, ", ")+")"+k.sign(0)+"("+squirrel.Placeholders(len(k.keys))+")", k.values...))
}

// rare is a condition that an index in the order of the keys is entered by.
// SQLite is told that it holds for few rows: it knows where it does for many,
// and would take another index for better, skip through that, and sort.
func (k keyset) rare(cond squirrel.Sqlizer) squirrel.Sqlizer {
	if k.dialect.Name() == "sqlite" && len(k.keys) > 1 {
		return squirrel.Expr("likelihood(?, 0.05)", cond)
	}
	return cond
}

// at is the condition that a row is where the cursor is.
func (k keyset) at() squirrel.Sqlizer { return k.same(len(k.keys)) }

// same is that the first n keys are as in the cursor.
func (k keyset) same(n int) squirrel.And {
	all := make(squirrel.And, n, n+1)
	for i := range all {
		all[i] = k.rare(isNull(k.col(k.alias, k.keys[i].Column), true))
		if k.values[i] != nil {
			all[i] = k.rare(squirrel.Expr(k.operandOf(i)+" = ?", k.values[i]))
		}
	}
	return all
}

// further is that the i-th key is behind that of the cursor, in up to two
// ranges: a null is less than every value.
func (k keyset) further(i int) []squirrel.Sqlizer {
	desc, nullable := k.keys[i].Desc, k.keys[i].Column.Nullable
	switch {
	case k.values[i] == nil && desc:
		return nil
	case k.values[i] == nil:
		return []squirrel.Sqlizer{k.rare(isNull(k.col(k.alias, k.keys[i].Column), false))}
	case desc && nullable:
		return []squirrel.Sqlizer{k.compare(i, ""), k.rare(isNull(k.col(k.alias, k.keys[i].Column), true))}
	}
	return []squirrel.Sqlizer{k.compare(i, "")}
}

// compare is that the i-th key is behind that of the cursor, or the same where
// equal is "=".
func (k keyset) compare(i int, equal string) squirrel.Sqlizer {
	return k.rare(squirrel.Expr(k.operandOf(i)+k.sign(i)+equal+" ?", k.values[i]))
}

func (k keyset) sign(i int) string {
	if k.keys[i].Desc {
		return " <"
	}
	return " >"
}

func (k keyset) operandOf(i int) string { return k.operand(k.keys[i].Column, k.alias) }
