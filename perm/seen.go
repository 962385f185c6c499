package perm

import (
	"strconv"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// seen is a table of the ids of all rows of a model that the actor may view,
// some perhaps more than once: who reads a few of its rows does not wait for
// all.
type seen struct {
	table string
	some  string // a table of a few of them, or of all if there are no more than a few
}

func (w *armsWriter) seen(m *registry.Model) seen {
	row := w.fresh()
	if w.plain(m) {
		return w.table(squirrel.Expr("SELECT "+w.col(row, m.ID.Name)+" AS id FROM "+w.from(m, row)+" WHERE ?", w.can(m, View, row)))
	}
	arms := w.armsOf(m, row)
	if len(selfInherits(m)) > 0 {
		return w.tree(m, row, arms)
	}
	return w.table(w.all(m, row, arms))
}

// table makes a table of ids.
func (w *armsWriter) table(ids squirrel.Sqlizer) seen {
	w.seens++
	name := "p_seen_" + strconv.Itoa(w.seens)
	w.tables = append(w.tables, squirrel.Expr(name+" (id) AS "+w.read()+"(?)", ids))
	return seen{name, name}
}

// read is that a table is made as far as it is read: PostgreSQL does that of
// one that it makes once, SQLite of one that it makes for each who reads it.
func (w *armsWriter) read() string {
	if w.e.dialect.Has(sqldb.Lateral) {
		return w.materialized()
	}
	return "NOT MATERIALIZED "
}

// all is the ids of the rows in the arms.
func (w *armsWriter) all(m *registry.Model, row string, arms []arm) squirrel.Sqlizer {
	selects := make([]any, len(arms))
	for i, a := range arms {
		conds := []squirrel.Sqlizer{w.open(m, row)}
		if a.and != nil {
			conds = append(conds, a.and)
		}
		selects[i] = w.rows(m, row, a, allOf(conds...))
	}
	return squirrel.Expr("?"+strings.Repeat(" UNION ALL ?", len(arms)-1), selects...)
}

// rows is the ids of the rows in an arm that meet a condition, looked up key by
// key: a database that joined the keys with all rows would read these.
func (w *armsWriter) rows(m *registry.Model, row string, a arm, cond squirrel.Sqlizer) squirrel.Sqlizer {
	id, from := w.col(row, m.ID.Name), w.from(m, row)
	if a.column == nil {
		return squirrel.Expr("SELECT "+id+" AS id FROM "+from+" WHERE ?", cond)
	}
	return w.each(m, row, squirrel.Expr("(?) p_key", a.keys), "p_key.id", []*registry.Column{a.column}, cond)
}

// fewOfTree is how many rows of a tree are few: to climb from a row takes longer
// than to look up one, but SQLite is slow to tell how many there are.
func (w *armsWriter) fewOfTree() int {
	if w.e.dialect.Has(sqldb.Lateral) {
		return 5 * fewParents
	}
	return fewParents
}

// tree makes a table of the rows in the arms and of all that inherits from
// them, as far as every row on the way is open. SQLite reads all rows in the
// arms before it gives the first: it has a table that begins with a few apart.
func (w *armsWriter) tree(m *registry.Model, row string, arms []arm) seen {
	w.seens++
	name, child := "p_seen_"+strconv.Itoa(w.seens), w.fresh()
	open := w.clause("line 14: the path ends at a row that answers no", allOf(w.open(m, child), w.line10No(m, only(View), child)))
	below := func(name string, first squirrel.Sqlizer) {
		w.tables = append(w.tables, squirrel.Expr(name+" (id) AS "+w.read()+"(? UNION ?)",
			first, w.each(m, child, squirrel.Expr(name+" p_up"), "p_up.id", selfInherits(m), open)))
	}
	all := w.all(m, row, arms)
	below(name, all)
	if w.e.dialect.Has(sqldb.Lateral) {
		return seen{name, name}
	}
	some := "p_some_" + strconv.Itoa(w.seens)
	below(some, squirrel.Expr("SELECT p_first.id FROM (? LIMIT "+strconv.Itoa(fewParents+1)+") p_first", all))
	return seen{name, some}
}

// each is the ids of the rows that meet a condition and have a key in one of
// their columns, for each key of a table.
func (w *armsWriter) each(m *registry.Model, row string, keys squirrel.Sqlizer, key string, columns []*registry.Column, cond squirrel.Sqlizer) squirrel.Sqlizer {
	has := make([]squirrel.Sqlizer, len(columns))
	for i, c := range columns {
		has[i] = among(w.col(row, c.Name), key)
	}
	return squirrel.Expr("SELECT "+w.col(row, m.ID.Name)+" AS id FROM ? CROSS JOIN "+w.from(m, row)+" WHERE ?", keys, allOf(anyOf(has...), cond))
}

// among is that a column has a key of another table, as one looks it up key by
// key in the index of the column. A database that is told of an equality may
// read all rows and join, where it takes a key for frequent; so it is told of a
// range.
func among(column, key string) squirrel.Sqlizer {
	return squirrel.Expr(column + " >= " + key + " AND " + column + " <= " + key)
}
