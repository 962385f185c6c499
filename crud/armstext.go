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
	var tables []squirrel.Sqlizer
	for i := range w.text.With {
		tables = append(tables, w.text.With[i].At(0))
	}
	walks, gate := w.walks()
	found := w.arms(gate)
	for i := range walks {
		found = sql("SELECT * FROM p_walk_"+strconv.Itoa(i+1)+" UNION ALL ?", found)
	}
	top := sql("SELECT DISTINCT * FROM (?) p_found ORDER BY "+w.ordered("p_found")+w.limit(), found)
	for _, walk := range walks {
		tables = append(tables, walk...)
	}
	return append(tables, w.table("p_top", top))
}

// walks are the tables of each walk, and the condition that the page is not
// full after them; none where the arms have few keys always.
func (w *armsWriter) walks() (walks [][]squirrel.Sqlizer, gate string) {
	if w.text.Many.SQL == "" {
		return nil, ""
	}
	enter := "p_many"
	many := w.table(enter, sql("SELECT 1 AS one WHERE ?", w.text.Many.At(0)))
	for i, rows := range w.steps() {
		no := strconv.Itoa(i + 1)
		short := sql("SELECT 1 AS one WHERE " + some(enter) + " AND (SELECT COUNT(*) FROM p_walk_" + no + ") < " + strconv.Itoa(w.size))
		walks = append(walks, []squirrel.Sqlizer{w.table("p_walk_"+no, w.walk(rows, some(enter))), w.table("p_more_"+no, short)})
		enter = "p_more_" + no
	}
	walks[0] = append([]squirrel.Sqlizer{many}, walks[0]...)
	return walks, "((SELECT COUNT(*) FROM p_many) = 0 OR " + some(enter) + ")"
}

// some is that a table has rows, in a form that PostgreSQL evaluates once and
// before anything that it guards.
func some(table string) string { return "(SELECT COUNT(*) FROM " + table + ") > 0" }

// steps are how many rows are looked at in the order of the list, one after the
// other as long as the page is not full: more where a filter passes over some.
// SQLite takes one step: it copies a common table wherever one is named, and
// has room for few.
func (w *armsWriter) steps() []int {
	steps := []int{300}
	switch {
	case w.text.Deep:
		steps = []int{300, 3_000, 30_000}
	case w.r.Filter != nil:
		steps = []int{300, 3_000}
	}
	if !w.lateral && len(steps) > 1 {
		return steps[1:2]
	}
	return steps
}

// arms are the rows of all arms, if the gate is open.
func (w *armsWriter) arms(gate string) squirrel.Sqlizer {
	inner := gate
	if !w.lateral {
		inner = ""
	}
	arms := make([]squirrel.Sqlizer, len(w.text.Arms))
	for i := range w.text.Arms {
		arms[i] = sql("SELECT * FROM (?) p_arm_"+strconv.Itoa(i+1), w.arm(&w.text.Arms[i], inner))
	}
	all := joinedBy(" UNION ALL ", arms)
	if w.lateral || gate == "" {
		return all
	}
	return sql("SELECT * FROM (? LIMIT CASE WHEN "+gate+" THEN -1 ELSE 0 END) p_arms", all)
}

// table is a common table that is computed once.
func (w *armsWriter) table(name string, query squirrel.Sqlizer) squirrel.Sqlizer {
	if w.dialect.Has(sqldb.Materialized) {
		return sql(name+" AS MATERIALIZED (?)", query)
	}
	return sql(name+" AS (?)", query)
}

// walk looks at some rows in the order of the list, if the gate is open.
func (w *armsWriter) walk(rows int, gate string) squirrel.Sqlizer {
	within := w.first("*", w.open(), rows, gate)
	return sql("SELECT "+w.outputs()+" FROM (?) "+mainAlias+" WHERE ? ORDER BY "+w.orderText(mainAlias)+w.limit(),
		within, and(w.wanted(), sql("(?)", w.text.Where.At(0))))
}

// arm is the first rows of an arm, where the gate lets it enter.
func (w *armsWriter) arm(a *sqldb.Arm, gate string) squirrel.Sqlizer {
	conds := and(w.open(), w.wanted())
	if a.And.SQL != "" {
		conds = and(conds, sql("(?)", a.And.At(0)))
	}
	switch {
	case a.Column == "":
		return w.first(w.outputs(), conds, w.size, gate)
	case !w.lateral:
		in := sql(w.col(mainAlias, w.column(a))+" IN (?)", a.Keys.At(0))
		return w.first(w.outputs(), and(in, conds), w.size, gate)
	case w.column(a) == w.model.ID:
		return w.byID(a, conds, gate)
	}
	return w.byKey(a, conds, gate)
}

func (w *armsWriter) column(a *sqldb.Arm) *registry.Column {
	return w.model.Column(a.Column)
}

// byKey is the first rows by each key. Only the keys with the first rows can
// contribute, so that the other ones cost one row each.
func (w *armsWriter) byKey(a *sqldb.Arm, conds squirrel.Sqlizer, gate string) squirrel.Sqlizer {
	has := sql(w.col(mainAlias, w.column(a)) + " = p_key.id")
	of := func(keys squirrel.Sqlizer, columns string, rows int) squirrel.Sqlizer {
		row := w.first(w.outputs(), and(has, conds), rows, "")
		return sql("SELECT "+columns+" FROM (?) p_key (id) CROSS JOIN LATERAL (?) p_row ORDER BY "+w.ordered("p_row")+w.limit(), keys, row)
	}
	heads := of(gated(a.Keys.At(0), gate), "p_key.id", 1)
	return of(heads, "p_row.*", w.size)
}

// byID is the first rows whose ids are given. In the order of the ids they are
// looked up one after the other until the page is full.
func (w *armsWriter) byID(a *sqldb.Arm, conds squirrel.Sqlizer, gate string) squirrel.Sqlizer {
	keys, order := gated(a.Keys.At(0), gate), w.ordered("p_row")
	if len(w.keys) == 1 {
		order = "p_key.id" + direct(w.keys[0])
		keys = sql("? ORDER BY 1"+direct(w.keys[0]), keys)
	}
	row := w.firstOf(w.outputs(), and(sql(w.col(mainAlias, w.model.ID)+" = p_key.id"), conds), "", 1)
	return sql("SELECT p_row.* FROM (?) p_key (id) CROSS JOIN LATERAL (?) p_row ORDER BY "+order+w.limit(), keys, row)
}

// gated is the keys, if the gate is open.
func gated(keys squirrel.Sqlizer, gate string) squirrel.Sqlizer {
	if gate == "" {
		return keys
	}
	return sql("SELECT p_in.* FROM (?) p_in WHERE "+gate, keys)
}

func direct(k registry.SortKey) string {
	if k.Desc {
		return " DESC"
	}
	return ""
}

// first is the first rows in the order of the list that meet the conditions,
// if the gate is open. Where it is not, none is looked at: PostgreSQL evaluates
// the gate before, SQLite a limit.
func (w *armsWriter) first(columns string, conds squirrel.Sqlizer, rows int, gate string) squirrel.Sqlizer {
	order := " ORDER BY " + w.orderText(mainAlias)
	switch {
	case gate == "":
		return w.firstOf(columns, conds, order, rows)
	case w.lateral:
		return w.firstOf(columns, and(conds, sql(gate)), order, rows)
	}
	return sql("SELECT "+columns+" FROM "+w.from(mainAlias)+" WHERE ?"+order+" LIMIT CASE WHEN "+gate+" THEN "+strconv.Itoa(rows)+" ELSE 0 END", conds)
}

func (w *armsWriter) firstOf(columns string, conds squirrel.Sqlizer, order string, rows int) squirrel.Sqlizer {
	return sql("SELECT "+columns+" FROM "+w.from(mainAlias)+" WHERE ?"+order+" LIMIT "+strconv.Itoa(rows), conds)
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
