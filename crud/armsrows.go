package crud

import (
	"slices"
	"strconv"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// arm is the first rows of an arm.
func (w *armsWriter) arm(a *sqldb.Arm) squirrel.Sqlizer {
	conds := and(w.open(), w.wanted())
	if a.And.SQL != "" {
		conds = and(conds, squirrel.Expr("(?)", a.And.At(0)))
	}
	switch {
	case a.Column == "":
		return w.first(w.outputs(), w.ordered, conds, "", strconv.Itoa(w.size), "")
	case !w.lateral && w.column(a) == w.model.ID:
		return w.oneByOne(a, conds)
	}
	return w.byKey(a, conds)
}

func (w *armsWriter) column(a *sqldb.Arm) *registry.Column {
	return w.model.Column(a.Column)
}

// byKey is the first rows by each key. Only the keys with the first rows can
// contribute, so that where there may be many the other ones cost one row each.
func (w *armsWriter) byKey(a *sqldb.Arm, conds squirrel.Sqlizer) squirrel.Sqlizer {
	has, lead := w.hasKey(w.column(a))
	conds = and(squirrel.Expr(has), conds)
	keys := a.Keys.At(0)
	if a.Repeats {
		keys = distinct(keys)
	}
	if !a.Few {
		keys = w.ofEach("p_key.id AS id", keys, w.first(w.outputs(), w.ordered, conds, lead, "1", ""))
	}
	columns := w.outputs()
	if w.lateral {
		columns = "p_row.*"
	}
	return w.ofEach(columns, keys, w.first(w.outputs(), w.ordered, conds, lead, strconv.Itoa(w.size), ""))
}

// hasKey is that a row has the key, and the order that goes before that of the
// list. PostgreSQL is told of a range and an order, which the index that begins
// with the column alone can give: of an equality and the order of the list it
// might look for the rows among all of the table, where it takes the key for a
// frequent one.
func (w *armsWriter) hasKey(c *registry.Column) (has, lead string) {
	name := w.col(mainAlias, c)
	if !w.lateral {
		return name + " = p_key.id", ""
	}
	return name + " >= p_key.id AND " + name + " <= p_key.id", w.dialect.OrderBy(name, !w.forward(), c.Nullable) + ", "
}

// forward reports whether the list goes as an index in its order does, and not
// the other way.
func (w *armsWriter) forward() bool {
	for _, declared := range w.model.Sorts {
		if slices.Equal(declared, w.keys[:min(len(declared), len(w.keys))]) {
			return true
		}
	}
	return w.keys[0] == registry.SortKey{Column: w.model.ID}
}

// ofEach is the first of what row gives for each key. SQLite, without LATERAL,
// has the row's id alone from it, and looks the row up.
func (w *armsWriter) ofEach(columns string, keys, row squirrel.Sqlizer) squirrel.Sqlizer {
	if w.lateral {
		return squirrel.Expr("SELECT "+columns+" FROM (?) p_key (id) CROSS JOIN LATERAL (?) p_row ORDER BY "+w.ordered("p_row")+w.limit(), keys, row)
	}
	return squirrel.Expr("SELECT "+columns+" FROM (?) p_key CROSS JOIN "+w.from(mainAlias)+" WHERE "+w.col(mainAlias, w.model.ID)+" IN (SELECT p_row.p_id FROM (?) p_row) ORDER BY "+w.orderText(mainAlias)+w.limit(), keys, row)
}

// byID is the first rows whose ids are given. In the order of the ids they are
// looked up one after the other until the page is full.
func (w *armsWriter) byID(ids squirrel.Sqlizer) squirrel.Sqlizer {
	keys, order := distinct(ids), w.ordered("p_row")
	if len(w.keys) == 1 {
		if w.r.Cursor != nil {
			keys = squirrel.Expr("? WHERE p_in.id"+w.after.sign(0)+" ?", append([]any{keys}, w.after.values...)...)
		}
		order = "p_key.id" + direct(w.keys[0])
		keys = squirrel.Expr("? ORDER BY 1"+direct(w.keys[0]), keys)
	}
	is := squirrel.Expr(w.col(mainAlias, w.model.ID) + " = p_key.id")
	row := squirrel.Expr("SELECT "+w.outputs()+" FROM "+w.from(mainAlias)+" WHERE ? LIMIT 1", and(and(is, w.open()), and(w.wanted(), w.beyond())))
	return squirrel.Expr("SELECT p_row.* FROM (?) p_key (id) CROSS JOIN LATERAL (?) p_row ORDER BY "+order+w.limit(), keys, row)
}

// oneByOne is byID without LATERAL. SQLite merges the query of the keys into
// this one, and so finds them in the order of the ids by its index.
func (w *armsWriter) oneByOne(a *sqldb.Arm, conds squirrel.Sqlizer) squirrel.Sqlizer {
	order := w.orderText(mainAlias)
	if len(w.keys) == 1 {
		order = "p_key.id" + direct(w.keys[0])
		if w.r.Cursor != nil {
			conds = and(conds, squirrel.Expr("p_key.id"+w.after.sign(0)+" ?", w.after.values...))
		}
	}
	return squirrel.Expr("SELECT DISTINCT "+w.outputs()+" FROM (?) p_key CROSS JOIN "+w.from(mainAlias)+" WHERE "+w.col(mainAlias, w.model.ID)+" = p_key.id AND ? ORDER BY "+order+w.limit(),
		a.Keys.At(0), and(conds, w.beyond()))
}

// distinct is the keys, each once.
func distinct(keys squirrel.Sqlizer) squirrel.Sqlizer {
	return squirrel.Expr("SELECT DISTINCT p_in.id FROM (?) p_in", keys)
}

func direct(k registry.SortKey) string {
	if k.Desc {
		return " DESC"
	}
	return ""
}

// first is the first rows after the cursor, in the order of the list, that meet
// the conditions, if the gate is open. Where several ranges come after the
// cursor it is the first of what each gives; order is that of the columns then.
func (w *armsWriter) first(columns string, order func(alias string) string, conds squirrel.Sqlizer, lead, rows, gate string) squirrel.Sqlizer {
	ranges := w.ranges()
	if len(ranges) == 1 {
		return w.firstOf(columns, and(conds, ranges[0]), lead, rows, gate)
	}
	for i := range ranges {
		ranges[i] = squirrel.Expr("SELECT * FROM (?) p_range_"+strconv.Itoa(i+1), w.firstOf(columns, and(conds, ranges[i]), lead, rows, gate))
	}
	return squirrel.Expr("SELECT * FROM (?) p_range ORDER BY "+order("p_range")+" LIMIT "+rows, joinedBy(" UNION ALL ", ranges))
}

// firstOf is first in one range. Where the gate is closed no row is looked at:
// PostgreSQL evaluates the gate before, SQLite a limit.
func (w *armsWriter) firstOf(columns string, conds squirrel.Sqlizer, lead, rows, gate string) squirrel.Sqlizer {
	limit := rows
	switch {
	case gate == "":
	case w.lateral:
		conds = and(conds, squirrel.Expr(gate))
	default:
		limit = "CASE WHEN " + gate + " THEN " + limit + " ELSE 0 END"
	}
	return squirrel.Expr("SELECT "+columns+" FROM "+w.from(mainAlias)+" WHERE ? ORDER BY "+lead+w.orderText(mainAlias)+" LIMIT "+limit, conds)
}

// ranges are those after the cursor; without one, the range of all rows.
func (w *armsWriter) ranges() []squirrel.Sqlizer {
	if w.r.Cursor == nil || w.whole {
		return []squirrel.Sqlizer{w.beyond()}
	}
	return w.after.ranges()
}

// beyond is that a row comes after the cursor; nil without one.
func (w *armsWriter) beyond() squirrel.Sqlizer {
	if w.r.Cursor == nil {
		return nil
	}
	return w.after.beyond()
}
