package crud

import (
	"strconv"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// armsWriter writes the statement of a list by arms.
type armsWriter struct {
	*core
	text    *sqldb.ArmsText
	r       *query.Resolved
	keys    []registry.SortKey
	size    int   // rows that each part gives
	request slots // where the values of filter and cursor begin
	lateral bool
}

// sql is text with parts in the places of its question marks.
func sql(text string, parts ...any) squirrel.Sqlizer { return squirrel.Expr(text, parts...) }

// joinedBy is parts joined by text between them.
func joinedBy(between string, parts []squirrel.Sqlizer) squirrel.Sqlizer {
	all := make([]any, len(parts))
	for i, part := range parts {
		all[i] = part
	}
	return sql("?"+strings.Repeat(between+"?", len(parts)-1), all...)
}

// statement reads the rows of p_top.
func (w *armsWriter) statement(columns []*registry.Column, limit sqldb.Slot) squirrel.Sqlizer {
	row := "JOIN " + w.from(mainAlias) + " ON " + w.col(mainAlias, w.model.ID) + " = p_top.p_id"
	if w.lateral {
		row = "CROSS JOIN LATERAL (SELECT * FROM " + w.from(mainAlias) + " WHERE " + w.col(mainAlias, w.model.ID) + " = p_top.p_id LIMIT 1) " + mainAlias
	}
	return sql("WITH RECURSIVE ? SELECT "+strings.Join(w.names(columns, mainAlias), ", ")+" FROM p_top "+row+" ORDER BY "+w.ordered("p_top")+" LIMIT ?",
		joinedBy(", ", w.tables()), limit)
}

// tables are the common tables of the statement.
func (w *armsWriter) tables() []squirrel.Sqlizer {
	var tables, found []squirrel.Sqlizer
	for i := range w.text.With {
		tables = append(tables, w.text.With[i].At(0))
	}
	enter := "" // the table that has a row while the page is not full
	if w.text.Many.SQL != "" {
		tables = append(tables, w.table("p_many", sql("SELECT 1 AS one WHERE ?", w.text.Many.At(0))))
		enter = "p_many"
		for i, rows := range walks(w.text.Deep) {
			walk, more := "p_walk_"+strconv.Itoa(i+1), "p_more_"+strconv.Itoa(i+1)
			short := sql("SELECT one FROM " + enter + " WHERE (SELECT COUNT(*) FROM " + walk + ") < " + strconv.Itoa(w.size))
			tables = append(tables, w.table(walk, w.walk(rows, enter)), w.table(more, short))
			found, enter = append(found, sql("SELECT * FROM "+walk)), more
		}
		tables = append(tables, w.table("p_arms", sql("SELECT 1 AS one WHERE NOT EXISTS (SELECT 1 FROM p_many) OR EXISTS (SELECT 1 FROM "+enter+")")))
		enter = "p_arms"
	}
	for i := range w.text.Arms {
		found = append(found, sql("SELECT * FROM (?) p_arm_"+strconv.Itoa(i+1), w.arm(&w.text.Arms[i], enter)))
	}
	top := sql("SELECT DISTINCT * FROM (?) p_found ORDER BY "+w.ordered("p_found")+w.limit(), joinedBy(" UNION ALL ", found))
	return append(tables, w.table("p_top", top))
}

// table is a common table that is computed once.
func (w *armsWriter) table(name string, query squirrel.Sqlizer) squirrel.Sqlizer {
	if w.dialect.Has(sqldb.Materialized) {
		return sql(name+" AS MATERIALIZED (?)", query)
	}
	return sql(name+" AS (?)", query)
}

// walk looks at some rows in the order of the list, where it may enter.
func (w *armsWriter) walk(rows int, enter string) squirrel.Sqlizer {
	within := w.first("*", w.from(mainAlias), w.open(), w.orderText(mainAlias), rows, enter)
	return sql("SELECT "+w.outputs()+" FROM (?) "+mainAlias+" WHERE ? ORDER BY "+w.orderText(mainAlias)+w.limit(),
		within, and(w.wanted(), sql("(?)", w.text.Where.At(0))))
}

// arm is the first rows of an arm, where it may enter.
func (w *armsWriter) arm(a *sqldb.Arm, enter string) squirrel.Sqlizer {
	conds := and(w.open(), w.wanted())
	if a.And.SQL != "" {
		conds = and(conds, sql("(?)", a.And.At(0)))
	}
	switch {
	case a.Column == "":
		return w.first(w.outputs(), w.from(mainAlias), conds, w.orderText(mainAlias), w.size, enter)
	case !w.lateral:
		in := sql(w.col(mainAlias, w.column(a))+" IN (?)", a.Keys.At(0))
		return w.first(w.outputs(), w.from(mainAlias), and(in, conds), w.orderText(mainAlias), w.size, enter)
	case w.column(a) == w.model.ID:
		return w.byID(a, conds, enter)
	}
	return w.byKey(a, conds, enter)
}

func (w *armsWriter) column(a *sqldb.Arm) *registry.Column {
	return w.model.Column(a.Column)
}

// byKey is the first rows by each key. Only the keys with the first rows can
// contribute, so that the other ones cost one row each.
func (w *armsWriter) byKey(a *sqldb.Arm, conds squirrel.Sqlizer, enter string) squirrel.Sqlizer {
	has := sql(w.col(mainAlias, w.column(a)) + " = p_key.id")
	of := func(keys squirrel.Sqlizer, columns string, rows int) squirrel.Sqlizer {
		row := w.first(w.outputs(), w.from(mainAlias), and(has, conds), w.orderText(mainAlias), rows, "")
		return sql("SELECT "+columns+" FROM (?) p_key (id) CROSS JOIN LATERAL (?) p_row ORDER BY "+w.ordered("p_row")+w.limit(), keys, row)
	}
	heads := of(w.entered(a.Keys.At(0), enter), "p_key.id", 1)
	return of(heads, "p_row.*", w.size)
}

// byID is the first rows whose ids are given. In the order of the ids they are
// looked up one after the other until the page is full.
func (w *armsWriter) byID(a *sqldb.Arm, conds squirrel.Sqlizer, enter string) squirrel.Sqlizer {
	keys := a.Keys.At(0)
	if len(w.keys) == 1 {
		keys = sql("? ORDER BY 1"+direct(w.keys[0]), keys)
	}
	has := sql(w.col(mainAlias, w.model.ID) + " = p_key.id")
	row := sql("SELECT "+w.outputs()+" FROM "+w.from(mainAlias)+" WHERE ? LIMIT 1", and(has, conds))
	if len(w.keys) == 1 {
		return w.entered(sql("SELECT p_row.* FROM (?) p_key (id) CROSS JOIN LATERAL (?) p_row ORDER BY p_key.id"+direct(w.keys[0])+w.limit(), keys, row), enter)
	}
	return w.entered(sql("SELECT p_row.* FROM (?) p_key (id) CROSS JOIN LATERAL (?) p_row ORDER BY "+w.ordered("p_row")+w.limit(), keys, row), enter)
}

func direct(k registry.SortKey) string {
	if k.Desc {
		return " DESC"
	}
	return ""
}

// first is the first rows of a table that meet the conditions. It is not
// entered where the table enter has no row.
func (w *armsWriter) first(columns, from string, conds squirrel.Sqlizer, order string, rows int, enter string) squirrel.Sqlizer {
	text := "SELECT " + columns + " FROM " + from + " WHERE ? ORDER BY " + order + " LIMIT "
	if w.lateral || enter == "" {
		return w.entered(sql(text+strconv.Itoa(rows), conds), enter)
	}
	return sql(text+"CASE WHEN EXISTS (SELECT 1 FROM "+enter+") THEN "+strconv.Itoa(rows)+" ELSE 0 END", conds)
}

// entered is a query that is not run where the table enter has no row.
func (w *armsWriter) entered(query squirrel.Sqlizer, enter string) squirrel.Sqlizer {
	if enter == "" {
		return query
	}
	return sql("SELECT p_in.* FROM "+enter+" CROSS JOIN LATERAL (?) p_in", query)
}

// open is what every row must meet, the place after the cursor included.
func (w *armsWriter) open() squirrel.Sqlizer {
	open := sql("1=1")
	if w.text.Open.SQL != "" {
		open = sql("(?)", w.text.Open.At(0))
	}
	if w.r.Cursor == nil {
		return open
	}
	at := w.request
	w.skipFilter(&at)
	return and(open, w.beyond(w.keys, w.r.Cursor, mainAlias, &at))
}

// wanted is the filter; nil for none. Its values are the same wherever it
// stands.
func (w *armsWriter) wanted() squirrel.Sqlizer {
	if w.r.Filter == nil {
		return nil
	}
	at := w.request
	where := where{core: w.core, slots: &at}
	return where.node(w.r.Filter, mainAlias)
}

// skipFilter moves past the filter's values.
func (w *armsWriter) skipFilter(at *slots) {
	if w.r.Filter != nil {
		where := where{core: w.core, slots: at}
		where.node(w.r.Filter, mainAlias)
	}
}

// outputs are the id of a row, and what it is sorted by beside.
func (w *armsWriter) outputs() string {
	columns := []string{w.col(mainAlias, w.model.ID) + " AS p_id"}
	for i, k := range w.keys {
		if k.Column != w.model.ID {
			columns = append(columns, w.operand(k.Column, mainAlias)+" AS p_"+strconv.Itoa(i))
		}
	}
	return strings.Join(columns, ", ")
}

// orderText is the order of the list on the model's table.
func (w *armsWriter) orderText(alias string) string {
	return strings.Join(w.orderBy(w.keys, alias), ", ")
}

// ordered is the order of the list on outputs.
func (w *armsWriter) ordered(alias string) string {
	terms := make([]string, len(w.keys))
	for i, k := range w.keys {
		name := alias + ".p_" + strconv.Itoa(i)
		if k.Column == w.model.ID {
			name = alias + ".p_id"
		}
		terms[i] = w.dialect.OrderBy(name, k.Desc, k.Column.Nullable)
	}
	return strings.Join(terms, ", ")
}

func (w *armsWriter) limit() string { return " LIMIT " + strconv.Itoa(w.size) }

// and joins two conditions, either of which may be nil.
func and(a, b squirrel.Sqlizer) squirrel.Sqlizer {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return squirrel.And{a, b}
}
