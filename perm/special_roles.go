package perm

import (
	"strings"

	"github.com/Masterminds/squirrel"

	joinery "github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// grantedRole is that everyone signed in may view the roles that are usable in
// every team. Those of a team may be viewed by whoever may view that team or
// reaches one below it, and changed by whoever may share it and has, by reach,
// all that the role has.
func (c *compiler) grantedRole(m *registry.Model, x Actions, alias string) squirrel.Sqlizer {
	team := c.col(alias, "team_id")
	switch x {
	case View:
		return anyOf(
			c.clause("roles: of every team", squirrel.Expr(team+" IS NULL")),
			c.clause("roles: of a team one may view", c.canRow(c.e.bound.teams, View, team, c.fresh())),
			c.clause("roles: of a team above one that one reaches", allOf(squirrel.Expr(team+" IS NOT NULL"), squirrel.Expr(team+" IN (?)", c.aboveReached()))),
		)
	case Edit, Delete:
		return allOf(
			c.clause("roles: Share on the team", c.canRow(c.e.bound.teams, Share, team, c.fresh())),
			c.clause("roles: the role is within one's own", c.within(c.col(alias, "id"), team)),
		)
	}
	return truth(false)
}

// aboveReached is the teams that have a team below them that the actor
// reaches, with only live teams between. That a team is reached itself does
// not put it there.
func (c *compiler) aboveReached() squirrel.Sqlizer {
	return c.above(climb{c.e.bound.teams, "p_at", "p_below",
		squirrel.Expr("EXISTS (SELECT 1 FROM teams p_below WHERE p_below.id IN (?) AND ?)", c.reached("SELECT p_reach.team_id AS team_id FROM p_reach"), c.liveAbove()),
		c.liveAbove()}, "SELECT p_above.id FROM p_above")
}

// within is that the effective actions of a role are among those that the
// actor has in a team by reach. Role and team are expressions; args are the
// values of the role's, then of the team's.
func (c *compiler) within(role, team string, args ...any) squirrel.Sqlizer {
	switch c.class {
	case root, system:
		return truth(true)
	case anonymous:
		return truth(false)
	}
	n := strings.Count(role, "?")
	covered := c.reached("SELECT 1 FROM p_reach JOIN roles p_ar ON p_ar.id = p_reach.role_id WHERE p_reach.team_id = "+team+" AND (p_ar.actions & p_f.flag) <> 0", args[n:]...)
	return squirrel.Expr("NOT EXISTS (?)", c.above(c.roleAndAbove(role, args[:n]...),
		"SELECT 1 FROM p_above JOIN roles p_er ON p_er.id = p_above.id JOIN ("+flags()+") p_f ON (p_er.actions & p_f.flag) <> 0 WHERE NOT EXISTS (?)", covered))
}

// roleAndAbove climbs from a role over the live roles above it: those whose
// actions are effective in it.
func (c *compiler) roleAndAbove(role string, args ...any) climb {
	return climb{c.e.bound.roles, "p_ro", "p_rb",
		squirrel.Expr("p_ro.id = "+role, args...),
		allOf(squirrel.Expr("p_ro.id = p_rb.parent_id"), c.clause("role within: a deleted role cuts its chain", squirrel.Expr("p_ro.deleted_at IS NULL")))}
}

// flags is a table of the six actions, as flag.
func flags() string {
	var selects []string
	for _, x := range joinery.AllActions.Each() {
		selects = append(selects, "SELECT "+itoa(x)+" AS flag")
	}
	return strings.Join(selects, " UNION ALL ")
}
