package perm

import (
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Reach: a user reaches a team with a role when an active membership names
// the role in the team or in a live team above it, with only live teams
// between. It is one recursive query over the memberships of the actor alone.
// It names no column of the row that is judged, and stands once in a statement
// however many rules ask for it, so a database computes it once. UNION without
// a depth column ends it on cycles.
//
//	p_held   the actor's active memberships: one row per role and per live role above it
//	p_reach  their teams and all live teams below, mostly in one row each, with all that the actor may do there
//
// That the role of a membership counts together with every live role above it
// is what both "effective actions" and "a role that descends from" ask for.
// Grants to roles ask for more, see [compiler.kinds]. Rules look for a team by
// IN, with a query that names no column of the row: a database hashes it once,
// where a walk over the reach for each row took seconds. What is asked about a
// write is about single rows, for which the walk is shorter: it ends, and with
// it the recursion, at the first row that answers.

// withReach puts the reach before a query, where its rules ask for it.
func (c *compiler) withReach(query squirrel.Sqlizer) squirrel.Sqlizer {
	var tables []any
	if c.usesReach {
		tables = c.reachTables()
	}
	for _, h := range c.hoisted {
		tables = append(tables, h.table)
	}
	c.hoisted = nil
	if len(tables) == 0 {
		return query
	}
	return squirrel.Expr("WITH RECURSIVE ?"+strings.Repeat(", ?", len(tables)-1)+" ?", append(tables, query)...)
}

// reachTables are the common tables of the reach, the last of which is p_reach.
func (c *compiler) reachTables() []any {
	if c.known {
		return []any{squirrel.Expr("p_reach (team_id, role_id, actions) AS "+c.materialized()+"(?)", c.knownReach())}
	}
	mine, active := c.active("m")
	return []any{
		squirrel.Expr(`p_held (team_id, role_id, parent_id, actions) AS (`+
			`SELECT m.team_id, m_r.id, m_r.parent_id, m_r.actions FROM `+mine+` WHERE ? AND ? `+
			`UNION `+
			`SELECT h.team_id, r.id, r.parent_id, r.actions FROM p_held h JOIN roles r ON r.id = h.parent_id WHERE ?)`,
			c.clause("reach: the actor's memberships", squirrel.Expr("m.member_id = ?", slotActor)),
			active,
			c.clause("reach: a deleted role cuts its chain", squirrel.Expr("r.deleted_at IS NULL"))),
		squirrel.Expr(`p_reach (team_id, role_id, actions) AS `+c.materialized()+`(? `+
			`UNION `+
			`SELECT t.id, x.role_id, x.actions FROM p_reach x JOIN teams t ON t.parent_id = x.team_id WHERE ?)`,
			c.kinds(),
			c.clause("reach: a deleted team ends it", squirrel.Expr("t.deleted_at IS NULL"))),
	}
}

// kinds is where the reach begins: in rows of three kinds, as targets of grants
// are.
//
//	0  a team and the nil uuid: all that the actor may do there
//	1  a team and a role that the actor has there, as far as some grant names the role and a team
//	2  a role and the same role, which the actor has somewhere; no team is below that
//
// That team_id is more than the nil uuid is that it is not null, in the form
// for which SQLite, too, uses the index.
func (c *compiler) kinds() squirrel.Sqlizer {
	return squirrel.Expr(`SELECT CASE WHEN k.n < 2 THEN h.team_id ELSE h.role_id END, CASE WHEN k.n > 0 THEN h.role_id ELSE ? END,`+
		` CASE WHEN k.n = 0 THEN `+together("h")+` ELSE 0 END`+
		` FROM p_held h CROSS JOIN ? WHERE ? GROUP BY 1, 2, k.n`,
		slotNobody, c.values("k", "n", squirrel.Expr("0"), squirrel.Expr("1"), squirrel.Expr("2")), allOf(c.few(), squirrel.Expr("(k.n <> 1 OR EXISTS (SELECT 1 FROM grants g WHERE g.role_id = h.role_id AND g.team_id > ? AND g.deleted_at IS NULL))", slotNobody)))
}

// values is a table of one column. PostgreSQL begins and ends one node of its
// plan for it, where a union has one for each value.
func (c *compiler) values(table, column string, list ...squirrel.Sqlizer) squirrel.Sqlizer {
	all := make([]any, len(list))
	for i, v := range list {
		all[i] = v
	}
	if c.e.dialect.Name() == "postgres" {
		return squirrel.Expr("(VALUES (?)"+strings.Repeat(", (?)", len(all)-1)+") "+table+" ("+column+")", all...)
	}
	return squirrel.Expr("(SELECT ? AS "+column+strings.Repeat(" UNION ALL SELECT ?", len(all)-1)+") "+table, all...)
}

// few is a condition on p_held that always holds, and that PostgreSQL takes for
// one in 200. It cannot know what a recursion gives and expects 40 times the
// rows that there are; it makes its hash tables, of which a statement has
// several, as large as it expects, which took a third of the time of a statement
// on one row.
func (c *compiler) few() squirrel.Sqlizer {
	if c.e.dialect.Name() != "postgres" {
		return truth(true)
	}
	return squirrel.Expr("(COALESCE(h.actions, 0) & 0) = 0")
}

// whole is a condition that brings its own reach: for the WHERE of a statement
// that is not perm's.
func (c *compiler) whole(cond squirrel.Sqlizer) squirrel.Sqlizer {
	if !c.usesReach && len(c.hoisted) == 0 {
		return cond
	}
	return squirrel.Expr("EXISTS (?)", c.withReach(squirrel.Expr("SELECT 1 FROM (SELECT 1 AS one) p_one WHERE ?", cond)))
}

// materialized keeps a database from computing the reach anew for every rule.
func (c *compiler) materialized() string {
	if c.e.dialect.Has(sqldb.Materialized) {
		return "MATERIALIZED "
	}
	return ""
}

// active is the memberships under the alias, with their roles and teams, and
// the condition that they count.
func (c *compiler) active(alias string) (from string, cond squirrel.Sqlizer) {
	role, team := alias+"_r", alias+"_t"
	from = "memberships " + alias + " JOIN roles " + role + " ON " + role + ".id = " + alias + ".role_id" +
		" JOIN teams " + team + " ON " + team + ".id = " + alias + ".team_id"
	return from, allOf(
		c.clause("membership: deleted", squirrel.Expr(alias+".deleted_at IS NULL")),
		c.clause("membership: disabled", squirrel.Expr(alias+".disabled_at IS NULL")),
		c.clause("membership: expired", squirrel.Expr("("+alias+".expires_at IS NULL OR "+alias+".expires_at > ?)", slotNow)),
		c.clause("membership: role deleted", squirrel.Expr(role+".deleted_at IS NULL")),
		c.clause("membership: team deleted", squirrel.Expr(team+".deleted_at IS NULL")),
	)
}

// reaches is that the actor reaches the team named by an expression that is
// not null, by a role whose effective actions include x.
func (c *compiler) reaches(team string, x act, args ...any) squirrel.Sqlizer {
	return c.asUser(func() squirrel.Sqlizer {
		switch {
		case x.known != 0 && c.single:
			return squirrel.Expr("EXISTS (SELECT 1 FROM p_reach WHERE p_reach.team_id = "+team+" AND ?"+once+")", append(args, c.enough(x))...)
		case x.known != 0:
			return squirrel.Expr(team+" IN (?)", append(args, c.reached(x))...)
		}
		return squirrel.Expr("("+team+", "+x.expr+") IN (?)", append(args, c.reachedWithEach())...)
	})
}

// reached is the teams that the actor reaches with a known action.
func (c *compiler) reached(x act) squirrel.Sqlizer {
	return squirrel.Expr("SELECT p_reach.team_id FROM p_reach WHERE ?", c.enough(x))
}

// enough is that the actor may do x where a row of p_reach says.
func (c *compiler) enough(x act) squirrel.Sqlizer {
	c.usesReach = true
	return c.clause("reach: the role's actions", x.of("p_reach"))
}

// reachedWithEach is the teams that the actor reaches, with each action that it
// has there.
func (c *compiler) reachedWithEach() squirrel.Sqlizer {
	c.usesReach = true
	return squirrel.Expr("SELECT p_reach.team_id, p_flag.flag FROM p_reach JOIN "+flags()+" p_flag ON ?",
		c.clause("reach: the role's actions", act{expr: "p_flag.flag"}.of("p_reach")))
}

// reachedAnyhow is the teams that the actor reaches, whatever it may do there.
func (c *compiler) reachedAnyhow() squirrel.Sqlizer {
	c.usesReach = true
	return squirrel.Expr("SELECT p_reach.team_id FROM p_reach")
}

// asUser is a rule about what a signed-in user has by reach. System and Root
// have everything everywhere, Anonymous nothing.
func (c *compiler) asUser(rule func() squirrel.Sqlizer) squirrel.Sqlizer {
	if c.class == user {
		return rule()
	}
	return truth(c.class == system || c.class == root)
}
