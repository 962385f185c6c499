package perm

import (
	"strconv"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// MariaDB lets a subquery of FROM or WITH see nothing of the query around it,
// not even the tables of a WITH around it where it is recursive. So what climbs
// is written beside the reach, into the one WITH of the statement, once for all
// rows: trees from the rows above down to those that inherit.

// mustHoist reports whether that is needed.
func (c *compiler) mustHoist() bool { return c.e.dialect.Name() == "mariadb" }

// hoisted is a table of a statement's WITH.
type hoisted struct {
	name  string
	text  string // of its query and its slots, under no name
	table squirrel.Sqlizer
}

// hoist puts a table into the WITH, unless it is there, and is its name. The
// query gets the name, to read what it has found so far.
func (c *compiler) hoist(columns string, query func(name string) squirrel.Sqlizer) string {
	const stand = "p_hoisted"
	same, slots, err := query(stand).ToSql()
	key := same
	for _, slot := range slots {
		if s, ok := slot.(sqldb.Slot); ok {
			key += " " + strconv.Itoa(int(s))
		}
	}
	for _, h := range c.hoisted {
		if err == nil && h.text == key {
			return h.name
		}
	}
	c.hoists++
	name := stand + "_" + strconv.Itoa(c.hoists)
	c.hoisted = append(c.hoisted, hoisted{name, key, squirrel.Expr(name+" "+columns+" AS (?)", query(name))})
	return name
}

// aboveHoisted is above, where the walk begins nowhere in the row judged.
func (c *compiler) aboveHoisted(w climb, tail string, args ...any) squirrel.Sqlizer {
	id := c.col(w.row, w.m.ID.Name)
	name := c.hoist("(id)", func(name string) squirrel.Sqlizer {
		return squirrel.Expr("SELECT "+id+" FROM "+c.from(w.m, w.row)+" WHERE ? "+
			"UNION "+
			"SELECT "+id+" FROM "+name+" p_above JOIN "+c.from(w.m, w.child)+" ON "+c.col(w.child, w.m.ID.Name)+" = p_above.id"+
			" JOIN "+c.from(w.m, w.row)+" ON ?", w.first, w.next)
	})
	tail = strings.Replace(tail, "FROM p_above", "FROM "+name+" p_above", 1)
	return squirrel.Expr(tail, args...)
}

// inherits is inheritedAbove by the rows that hand the action down, for each
// action by itself where it is not known.
func (c *compiler) inherits(m *registry.Model, x act, alias string, first []*registry.Column) squirrel.Sqlizer {
	row := c.fresh()
	id := c.col(row, m.ID.Name)
	stop := func(x act) squirrel.Sqlizer {
		return c.clause("line 14: the path ends at a row that answers no", allOf(c.open(m, row), c.line10No(m, x, row)))
	}
	refs := make([]string, 0, 1)
	for _, ref := range selfInherits(m) {
		refs = append(refs, "p_up.id = "+c.col(row, ref.Name))
	}
	below := "JOIN " + c.from(m, row) + " ON (" + strings.Join(refs, " OR ") + ")"
	if x.known != 0 {
		from, step := allOf(stop(x), c.direct(m, x, row)), stop(x)
		name := c.hoist("(id)", func(name string) squirrel.Sqlizer {
			return squirrel.Expr("SELECT "+id+" FROM "+c.from(m, row)+" WHERE ? UNION SELECT "+id+" FROM "+name+" p_up "+below+" WHERE ?", from, step)
		})
		return c.inherited(alias, first, "", "SELECT p_down.id FROM "+name+" p_down")
	}
	each, up := act{expr: "p_flag.flag"}, act{expr: "p_up.flag"}
	from, step := allOf(stop(each), c.direct(m, each, row)), stop(up)
	name := c.hoist("(id, flag)", func(name string) squirrel.Sqlizer {
		return squirrel.Expr("SELECT "+id+", p_flag.flag FROM "+c.from(m, row)+" CROSS JOIN "+flags()+" p_flag WHERE ? UNION SELECT "+id+", p_up.flag FROM "+name+" p_up "+below+" WHERE ?", from, step)
	})
	return c.inherited(alias, first, x.expr, "SELECT p_down.id, p_down.flag FROM "+name+" p_down")
}

// inheritsFromOthers climbs from each of the rows asked about, and never comes
// back to it.
func (c *compiler) inheritsFromOthers(m *registry.Model, x act, alias string, first []*registry.Column) squirrel.Sqlizer {
	row, child := c.fresh(), c.fresh()
	id := c.col(row, m.ID.Name)
	open := c.clause("line 14: the path ends at a row that answers no", allOf(c.open(m, row), c.line10No(m, x, row)))
	name := c.hoist("(start, id)", func(name string) squirrel.Sqlizer {
		start := c.col(child, m.ID.Name)
		return squirrel.Expr("SELECT "+start+", "+id+" FROM "+c.from(m, child)+" JOIN "+c.from(m, row)+" ON ? WHERE ? AND "+id+" <> "+start+" AND ? "+
			"UNION SELECT p_up.start, "+id+" FROM "+name+" p_up JOIN "+c.from(m, child)+" ON "+start+" = p_up.id JOIN "+c.from(m, row)+" ON ? WHERE "+id+" <> p_up.start AND ?",
			c.named(m, row, child, first), sqldb.In(c.e.dialect, start, c.arg(0)), open, c.named(m, row, child, selfInherits(m)), open)
	})
	return c.clause("line 14: inherited from its own kind", squirrel.Expr("EXISTS (SELECT 1 FROM "+name+" p_up JOIN "+c.from(m, row)+" ON "+id+" = p_up.id WHERE p_up.start = "+c.col(alias, m.ID.Name)+" AND ?)",
		c.direct(m, x, row)))
}

// inherited is that one of the references is in a table; never unknown.
func (c *compiler) inherited(alias string, first []*registry.Column, flag, table string) squirrel.Sqlizer {
	each := make([]squirrel.Sqlizer, len(first))
	for i, ref := range first {
		col := c.col(alias, ref.Name)
		key := col
		if flag != "" {
			key = "(" + col + ", " + flag + ")"
		}
		each[i] = squirrel.Expr("(" + col + " IS NOT NULL AND " + key + " IN (" + table + "))")
	}
	return c.clause("line 14: inherited from its own kind", anyOf(each...))
}

// withinHoisted is the text of within, over all live roles with those above
// them.
func (c *compiler) withinHoisted(role string, args []any, covered squirrel.Sqlizer) squirrel.Sqlizer {
	live := func() squirrel.Sqlizer {
		return c.clause("within: a deleted role cuts its chain", squirrel.Expr("p_ro.deleted_at IS NULL"))
	}
	name := c.hoist("(start, id)", func(name string) squirrel.Sqlizer {
		return squirrel.Expr("SELECT p_ro.id, p_ro.id FROM roles p_ro WHERE ? UNION "+
			"SELECT p_above.start, p_ro.id FROM "+name+" p_above JOIN roles p_rb ON p_rb.id = p_above.id JOIN roles p_ro ON p_ro.id = p_rb.parent_id WHERE ?", live(), live())
	})
	return squirrel.Expr("NOT EXISTS (SELECT 1 FROM "+name+" p_above JOIN roles p_er ON p_er.id = p_above.id JOIN "+flags()+
		" p_f ON (p_er.actions & p_f.flag) <> 0 WHERE p_above.start = "+role+" AND NOT (?))", append(args, covered)...)
}
