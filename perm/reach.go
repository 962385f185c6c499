package perm

import (
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
//	p_reach  the same, and all live teams below
//
// That the role of a membership counts together with every live role above it
// is what both "effective actions" and "a role that descends from" ask for:
// actions are the one role's own, and a rule looks for any row that has them.

// withReach puts the reach before a query, where its rules ask for it.
func (c *compiler) withReach(query squirrel.Sqlizer) squirrel.Sqlizer {
	if !c.usesReach {
		return query
	}
	mine, active := c.active("m")
	return squirrel.Expr(`WITH RECURSIVE p_held (team_id, role_id, parent_id, actions) AS (`+
		`SELECT m.team_id, m_r.id, m_r.parent_id, m_r.actions FROM `+mine+` WHERE ? AND ? `+
		`UNION `+
		`SELECT h.team_id, r.id, r.parent_id, r.actions FROM p_held h JOIN roles r ON r.id = h.parent_id WHERE ?`+
		`), p_reach (team_id, role_id, actions) AS `+c.materialized()+`(`+
		`SELECT h.team_id, h.role_id, h.actions FROM p_held h `+
		`UNION `+
		`SELECT t.id, x.role_id, x.actions FROM p_reach x JOIN teams t ON t.parent_id = x.team_id WHERE ?`+
		`) ?`,
		c.clause("reach: the actor's memberships", squirrel.Expr("m.member_id = ?", slotActor)),
		active,
		c.clause("reach: a deleted role cuts its chain", squirrel.Expr("r.deleted_at IS NULL")),
		c.clause("reach: a deleted team ends it", squirrel.Expr("t.deleted_at IS NULL")),
		query)
}

// whole is a condition that brings its own reach: for the WHERE of a statement
// that is not perm's.
func (c *compiler) whole(cond squirrel.Sqlizer) squirrel.Sqlizer {
	if !c.usesReach {
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
	return c.asUser(func() squirrel.Sqlizer { return squirrel.Expr(team+" IN (?)", append(args, c.reached(x))...) })
}

// reached is the teams that the actor reaches with x.
func (c *compiler) reached(x act) squirrel.Sqlizer {
	c.usesReach = true
	return squirrel.Expr("SELECT p_reach.team_id FROM p_reach WHERE ?", c.clause("reach: the role's actions", x.of("p_reach")))
}

// reachedAnyhow is the teams that the actor reaches, whatever it may do there.
func (c *compiler) reachedAnyhow() squirrel.Sqlizer {
	c.usesReach = true
	return squirrel.Expr("SELECT p_reach.team_id FROM p_reach")
}

// reachedWhere is that some row of the reach meets the conditions.
func (c *compiler) reachedWhere(conds ...squirrel.Sqlizer) squirrel.Sqlizer {
	c.usesReach = true
	return squirrel.Expr("EXISTS (SELECT 1 FROM p_reach WHERE ?"+once+")", allOf(conds...))
}

// asUser is a rule about what a signed-in user has by reach. System and Root
// have everything everywhere, Anonymous nothing.
func (c *compiler) asUser(rule func() squirrel.Sqlizer) squirrel.Sqlizer {
	if c.class == user {
		return rule()
	}
	return truth(c.class == system || c.class == root)
}
