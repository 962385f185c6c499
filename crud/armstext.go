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
	many    sqldb.Fragment // of the text, unless there is no room for a walk
	r       *query.Resolved
	keys    []registry.SortKey
	size    int   // rows that each part gives
	request slots // where the values of filter and cursor begin
	after   keyset
	whole   bool // what comes after the cursor is one condition
	lateral bool
}

// joinedBy is parts joined by text between them.
func joinedBy(between string, parts []squirrel.Sqlizer) squirrel.Sqlizer {
	all := make([]any, len(parts))
	for i, part := range parts {
		all[i] = part
	}
	return squirrel.Expr("?"+strings.Repeat(between+"?", len(parts)-1), all...)
}

// statement reads the rows of p_top, or without columns counts them; nil where
// that is more than the database can do.
func (w *armsWriter) statement(columns []*registry.Column, limit sqldb.Slot) (squirrel.Sqlizer, error) {
	tables, err := w.bearable()
	if tables == nil || err != nil {
		return nil, err
	}
	if columns == nil {
		return squirrel.Expr("WITH RECURSIVE ? SELECT COUNT(*) FROM p_top", joinedBy(", ", tables)), nil
	}
	row := "JOIN " + w.from(mainAlias) + " ON " + w.col(mainAlias, w.model.ID) + " = p_top.p_id"
	if w.lateral {
		row = "CROSS JOIN LATERAL (SELECT * FROM " + w.from(mainAlias) + " WHERE " + w.col(mainAlias, w.model.ID) + " = p_top.p_id LIMIT 1) " + mainAlias
	}
	return squirrel.Expr("WITH RECURSIVE ? SELECT ?"+strings.Join(w.names(columns, mainAlias), ", ")+" FROM p_top "+row+" ORDER BY "+w.ordered("p_top")+" "+limited,
		joinedBy(", ", tables), w.there(), limit), nil
}

// there is the column that tells whether the row that the cursor names is still
// at its place; nothing without a cursor.
func (w *armsWriter) there() squirrel.Sqlizer {
	if w.r.Cursor == nil {
		return squirrel.Expr("")
	}
	conds := and(and(w.after.at(), w.open()), and(w.wanted(), squirrel.Expr("(?)", w.text.Where.At(0))))
	return squirrel.Expr("EXISTS (SELECT 1 FROM "+w.from(mainAlias)+" WHERE ?), ", conds)
}

// bearable are the common tables, without what is too much for the database:
// first the ranges after a cursor, then the walk; nil if that does not help.
func (w *armsWriter) bearable() ([]squirrel.Sqlizer, error) {
	tables := w.tables()
	for _, without := range []func(){func() { w.whole = true }, func() { w.many = sqldb.Fragment{} }} {
		if fits, err := w.fits(tables); fits || err != nil {
			return tables, err
		}
		without()
		tables = w.tables()
	}
	if fits, err := w.fits(tables); !fits || err != nil {
		return nil, err
	}
	return tables, nil
}

// tables are the common tables of the statement.
func (w *armsWriter) tables() []squirrel.Sqlizer {
	var tables []squirrel.Sqlizer
	for i := range w.text.With {
		tables = append(tables, w.text.With[i].At(0))
	}
	found := w.arms("")
	if w.many.SQL != "" {
		tables = append(tables, w.table("p_many", w.manyKeys()), w.table("p_walk", w.walk()))
		found = squirrel.Expr("SELECT * FROM p_walk UNION ALL ?", w.arms("(SELECT COUNT(*) FROM p_walk) < "+strconv.Itoa(w.size)))
	}
	top := squirrel.Expr("SELECT DISTINCT * FROM (?) p_found ORDER BY "+w.ordered("p_found")+w.limit(), found)
	return append(tables, w.table("p_top", top))
}

// table is a common table that is computed once.
func (w *armsWriter) table(name string, query squirrel.Sqlizer) squirrel.Sqlizer {
	if w.dialect.Has(sqldb.Materialized) {
		return squirrel.Expr(name+" AS MATERIALIZED (?)", query)
	}
	return squirrel.Expr(name+" AS (?)", query)
}

// walk looks at rows in the order of the list until the page is full, where
// there are many keys.
func (w *armsWriter) walk() squirrel.Sqlizer {
	return squirrel.Expr("SELECT "+w.given(mainAlias)+" FROM (?) "+mainAlias+" WHERE ? ORDER BY "+w.ordered(mainAlias)+w.limit(),
		w.near(), and(w.wanted(), squirrel.Expr("(?)", w.text.Where.At(0))))
}

// near are the rows that the walk looks at, with the outputs beside: SQLite
// knows them to be in order by the names that these have.
func (w *armsWriter) near() squirrel.Sqlizer {
	near, far := w.reach()
	first := func(rows string) squirrel.Sqlizer {
		return w.first("*, "+w.outputs(), w.ordered, w.open(), "", rows, "(SELECT COUNT(*) FROM p_many) > 0")
	}
	if near == far {
		return first(strconv.Itoa(far))
	}
	rows := "CASE WHEN EXISTS (SELECT 1 FROM p_many WHERE p_many.wide) THEN " + strconv.Itoa(far) + " ELSE " + strconv.Itoa(near) + " END"
	if !w.lateral {
		return first(rows)
	}
	// PostgreSQL goes by the index where it can read a limit.
	return squirrel.Expr("SELECT * FROM (?) p_near ORDER BY "+w.ordered("p_near")+" LIMIT "+rows, first(strconv.Itoa(far)))
}

// reach is how many rows the walk looks at before the arms are tried, of many
// keys and of very many: as much as the arms would cost, or by chance are
// needed for a page. A filter passes over some.
func (w *armsWriter) reach() (near, far int) {
	near, far = max(300, 10*w.size), max(3_000, 50*w.size)
	switch {
	case w.r.Filter != nil:
		return far, far
	case w.text.Wide.SQL == "":
		return near, near
	}
	return near, far
}

// manyKeys is a row if there are many keys, which tells whether very many.
func (w *armsWriter) manyKeys() squirrel.Sqlizer {
	if w.text.Wide.SQL == "" {
		return squirrel.Expr("SELECT 1 AS one WHERE ?", w.many.At(0))
	}
	return squirrel.Expr("SELECT ? AS wide WHERE ?", w.text.Wide.At(0), w.many.At(0))
}

// arms are the rows of all arms, if the gate is open. Where it is not none is
// begun: PostgreSQL evaluates the gate before each, SQLite a limit.
func (w *armsWriter) arms(gate string) squirrel.Sqlizer {
	arms := make([]squirrel.Sqlizer, 0, len(w.text.Arms)+1)
	add := func(arm squirrel.Sqlizer) {
		arms = append(arms, squirrel.Expr("SELECT * FROM (?) p_arm_"+strconv.Itoa(len(arms)+1), arm))
	}
	var ids []squirrel.Sqlizer
	for i := range w.text.Arms {
		switch a := &w.text.Arms[i]; {
		case !w.lateral || w.column(a) != w.model.ID || a.And.SQL != "":
			add(w.arm(a))
		case a.Ranked && len(w.keys) == 1:
			add(w.byID(a.Keys.At(0)))
		default:
			ids = append(ids, a.Keys.At(0))
		}
	}
	if len(ids) > 0 {
		add(w.byID(joinedBy(" UNION ALL ", ids)))
	}
	all := joinedBy(" UNION ALL ", arms)
	switch {
	case gate == "":
		return all
	case w.lateral:
		return squirrel.Expr("SELECT * FROM (?) p_arms WHERE "+gate, all)
	}
	return squirrel.Expr("SELECT * FROM (? LIMIT CASE WHEN "+gate+" THEN -1 ELSE 0 END) p_arms", all)
}

// open is what every row must meet.
func (w *armsWriter) open() squirrel.Sqlizer {
	if w.text.Open.SQL == "" {
		return squirrel.Expr("1=1")
	}
	return squirrel.Expr("(?)", w.text.Open.At(0))
}

// wanted is the filter; nil for none. Its values are the same wherever it
// stands. SQLite is kept from entering an index by it, which would give the rows
// out of order: all that the filter leaves would have to be sorted.
func (w *armsWriter) wanted() squirrel.Sqlizer {
	at := w.request
	filter := w.filter(&at)
	if filter == nil || w.lateral {
		return filter
	}
	return squirrel.Expr("CASE WHEN ? THEN 1 ELSE 0 END", filter)
}

func (w *armsWriter) filter(at *slots) squirrel.Sqlizer {
	if w.r.Filter == nil {
		return nil
	}
	where := where{core: w.core, slots: at}
	return where.node(w.r.Filter, mainAlias)
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

// given are the outputs of a table that has them.
func (w *armsWriter) given(alias string) string {
	columns := []string{alias + ".p_id"}
	for i, k := range w.keys {
		if k.Column != w.model.ID {
			columns = append(columns, alias+".p_"+strconv.Itoa(i))
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
