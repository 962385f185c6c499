package perm

import (
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/registry"
)

// grantedRole is that everyone signed in may view the roles that are usable in
// every team. Those of a team may be viewed by whoever may view that team or
// reaches one below it, and changed by whoever has Share there by reach and all
// that the role has.
func (c *compiler) grantedRole(_ *registry.Model, x act, alias string) []squirrel.Sqlizer {
	team := c.col(alias, "team_id")
	return []squirrel.Sqlizer{
		x.given(View, func() squirrel.Sqlizer {
			return c.clause("roles: of every team", squirrel.Expr(team+" IS NULL"))
		}),
		x.given(View, func() squirrel.Sqlizer {
			return c.clause("roles: of a team one may view", c.canRow(c.e.bound.teams, View, team))
		}),
		x.given(View, func() squirrel.Sqlizer {
			return c.clause("roles: of a team above one that one reaches", allOf(squirrel.Expr(team+" IS NOT NULL"), squirrel.Expr(team+" IN (?)", c.aboveReached())))
		}),
		x.given(Edit|Delete, func() squirrel.Sqlizer {
			return allOf(
				c.clause("roles: Share by reach", c.inReach(team, only(Share))),
				c.clause("roles: the role is within one's own", c.within(c.col(alias, "id"), team)),
			)
		}),
	}
}

// aboveReached is the teams that have a team below them that the actor
// reaches, with only live teams between. That a team is reached itself does
// not put it there.
func (c *compiler) aboveReached() squirrel.Sqlizer {
	return c.above(climb{c.e.bound.teams, "p_at", "p_below",
		squirrel.Expr("EXISTS (SELECT 1 FROM teams p_below WHERE p_below.id IN (?) AND ?)", c.reachedAnyhow(), c.liveAbove()),
		c.liveAbove()}, "SELECT p_above.id FROM p_above")
}

// within is that the effective actions of a role are among those that the
// actor has in a team by reach. Role and team are expressions; args are the
// values of the role's, then of the team's.
func (c *compiler) within(role, team string, args ...any) squirrel.Sqlizer {
	return c.asUser(func() squirrel.Sqlizer {
		n := strings.Count(role, "?")
		covered := c.reaches(team, act{expr: "p_f.flag"}, args[n:]...)
		if c.mustHoist() {
			return c.withinHoisted(role, args[:n:n], covered)
		}
		return squirrel.Expr("NOT EXISTS (?)", c.above(c.roleAndAbove(role, args[:n]...),
			"SELECT 1 FROM p_above JOIN roles p_er ON p_er.id = p_above.id JOIN "+flags()+" p_f ON (p_er.actions & p_f.flag) <> 0 WHERE NOT (?)", covered))
	})
}

// roleAndAbove climbs from a live role over the live ones above it: those whose
// actions are effective in it. A deleted role has none.
func (c *compiler) roleAndAbove(role string, args ...any) climb {
	live := c.clause("within: a deleted role cuts its chain", squirrel.Expr("p_ro.deleted_at IS NULL"))
	return climb{c.e.bound.roles, "p_ro", "p_rb",
		allOf(squirrel.Expr("p_ro.id = "+role, args...), live),
		allOf(squirrel.Expr("p_ro.id = p_rb.parent_id"), live)}
}
