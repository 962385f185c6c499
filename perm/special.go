package perm

import (
	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/registry"
)

// special reports whether m is one of the five models of line 8, which have
// rules of their own and nothing else.
func (c *compiler) special(m *registry.Model) bool { return c.e.special(m) }

func (e *Engine) special(m *registry.Model) bool {
	b := &e.bound
	return m == b.teams || m == b.roles || m == b.memberships || m == b.grants || m == b.users && m != nil
}

// grantedSpecial is the rule that line 8 refers to. It is asked for signed-in
// users alone.
func (c *compiler) grantedSpecial(m *registry.Model, x act, alias string) squirrel.Sqlizer {
	return anyOf(c.specialRules(m, x, alias)...)
}

// specialRules are the rules that line 8 refers to, each of which suffices.
func (c *compiler) specialRules(m *registry.Model, x act, alias string) []squirrel.Sqlizer {
	switch m {
	case c.e.bound.teams:
		return c.grantedTeam(m, x, alias)
	case c.e.bound.roles:
		return c.grantedRole(m, x, alias)
	case c.e.bound.memberships:
		return c.grantedMembership(m, x, alias)
	case c.e.bound.grants:
		return []squirrel.Sqlizer{c.grantedGrant(m, x, alias)}
	}
	return c.grantedUser(m, x, alias)
}

// grantedTeam is lines 12 and 13 with the team's own id as team_id.
func (c *compiler) grantedTeam(m *registry.Model, x act, alias string) []squirrel.Sqlizer {
	return []squirrel.Sqlizer{
		c.clause("teams: line 12", c.reaches(c.col(alias, m.ID.Name), x)),
		c.line13(m, x, alias),
	}
}

// grantedUser is that everyone may view, change and delete themselves, and
// view whoever reaches some team in which they have View.
func (c *compiler) grantedUser(m *registry.Model, x act, alias string) []squirrel.Sqlizer {
	id := c.col(alias, m.ID.Name)
	return []squirrel.Sqlizer{
		x.given(View|Edit|Delete, func() squirrel.Sqlizer {
			return c.clause("users: oneself", squirrel.Expr(id+" = ?", slotActor))
		}),
		x.given(View, func() squirrel.Sqlizer {
			theirs, active := c.active("p_m")
			return c.clause("users: a team in common", squirrel.Expr(
				"EXISTS (SELECT 1 FROM "+theirs+" WHERE p_m.member_id = "+id+" AND ? AND p_m.team_id IN (?)"+once+")",
				active, c.reachedAndAbove(only(View))))
		}),
	}
}

// reachedAndAbove is the teams from which a team can be reached that the actor
// reaches with x: those, and the live teams above them.
func (c *compiler) reachedAndAbove(x act) squirrel.Sqlizer {
	return c.above(climb{c.e.bound.teams, "p_at", "p_below",
		squirrel.Expr("p_at.id IN (?)", c.reached(x)),
		c.liveAbove()}, "SELECT p_above.id FROM p_above")
}

// liveAbove is the step from a team to the live one above it.
func (c *compiler) liveAbove() squirrel.Sqlizer {
	return allOf(squirrel.Expr("p_at.id = p_below.parent_id"),
		c.clause("upward: a deleted team ends it", squirrel.Expr("p_at.deleted_at IS NULL")))
}
