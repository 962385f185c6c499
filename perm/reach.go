package perm

import (
	"strconv"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Reach: a user reaches a team with a role when an active membership names
// the role in the team or in a live team above it, with only live teams
// between. Everything here is one recursive query over the memberships of the
// actor alone. It names no column of the row that is judged, so a database
// computes it once per statement. UNION without a depth column ends it on
// cycles.
//
// The role of a membership counts together with every live role above it,
// which is what both "effective actions" and "a role that descends from" ask.

// reached is a SELECT of columns over
//
//	held(team_id, role_id)    active memberships; one row per role and per live role above it
//	reach(team_id, role_id)   the same, and all live teams below
//
// with the rest of the statement in tail.
func (c *compiler) reached(tail string, args ...any) squirrel.Sqlizer {
	return squirrel.Expr(`WITH RECURSIVE p_held (team_id, role_id) AS (`+
		`SELECT m.team_id, m.role_id FROM memberships m WHERE m.member_id = ? AND ? `+
		`UNION `+
		`SELECT h.team_id, above.id FROM p_held h JOIN roles r ON r.id = h.role_id JOIN roles above ON above.id = r.parent_id WHERE ?`+
		`), p_reach (team_id, role_id) AS `+c.materialized()+`(`+
		`SELECT h.team_id, h.role_id FROM p_held h `+
		`UNION `+
		`SELECT t.id, x.role_id FROM p_reach x JOIN teams t ON t.parent_id = x.team_id WHERE ?`+
		`) `+tail,
		append([]any{
			slotActor, c.active("m"),
			c.clause("role: a deleted role cuts its chain", squirrel.Expr("above.deleted_at IS NULL")),
			c.clause("reach: a deleted team ends it", squirrel.Expr("t.deleted_at IS NULL")),
		}, args...)...)
}

// materialized keeps SQLite from computing the reach anew for every row that
// asks for it.
func (c *compiler) materialized() string {
	if c.e.dialect.Has(sqldb.Materialized) {
		return "MATERIALIZED "
	}
	return ""
}

// active is that the membership under the alias counts.
func (c *compiler) active(alias string) squirrel.Sqlizer {
	return squirrel.And{
		c.clause("membership: deleted", squirrel.Expr(alias+".deleted_at IS NULL")),
		c.clause("membership: disabled", squirrel.Expr(alias+".disabled_at IS NULL")),
		c.clause("membership: expired", squirrel.Expr("("+alias+".expires_at IS NULL OR "+alias+".expires_at > ?)", slotNow)),
		c.clause("membership: role live", squirrel.Expr("EXISTS (SELECT 1 FROM roles "+alias+"_r WHERE "+alias+"_r.id = "+alias+".role_id AND "+alias+"_r.deleted_at IS NULL)")),
		c.clause("membership: team live", squirrel.Expr("EXISTS (SELECT 1 FROM teams "+alias+"_t WHERE "+alias+"_t.id = "+alias+".team_id AND "+alias+"_t.deleted_at IS NULL)")),
	}
}

// reaches is that the actor reaches the team named by an expression that is
// not null; with x, by a role whose effective actions include that action.
func (c *compiler) reaches(team string, x Actions, args ...any) squirrel.Sqlizer {
	switch c.class {
	case root, system:
		return truth(true)
	case anonymous:
		return truth(false)
	}
	if x == 0 {
		return squirrel.Expr(team+" IN (?)", append(args, c.reached("SELECT p_reach.team_id AS team_id FROM p_reach"))...)
	}
	return squirrel.Expr(team+" IN (?)", append(args, c.reachedFor(x))...)
}

// reachedFor is the teams that the actor reaches with action x.
func (c *compiler) reachedFor(x Actions) squirrel.Sqlizer {
	return c.reached("SELECT p_reach.team_id AS team_id FROM p_reach JOIN roles a ON a.id = p_reach.role_id WHERE ?",
		c.clause("line 12: the role's actions", squirrel.Expr(has("a", x))))
}

// has is that the actions of the row under the alias include x.
func has(alias string, x Actions) string {
	return "(" + alias + ".actions & " + itoa(x) + ") <> 0"
}

// itoa writes a constant set of actions as the integer that databases keep.
func itoa(x Actions) string { return strconv.Itoa(int(x)) }
