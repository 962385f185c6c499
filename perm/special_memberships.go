package perm

import (
	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/registry"
)

// grantedMembership is View of one's own memberships and of those in teams
// that one may View; Edit and Delete by a role with Edit in the team that
// itself has all that the membership's role has; Delete of one's own.
func (c *compiler) grantedMembership(m *registry.Model, x Actions, alias string) squirrel.Sqlizer {
	own := c.clause("memberships: one's own", squirrel.Expr(c.col(alias, "member_id")+" = ?", slotActor))
	switch x {
	case View:
		return anyOf(own, c.clause("memberships: of a team one may view", c.canRow(c.e.bound.teams, View, c.col(alias, "team_id"), c.fresh())))
	case Edit:
		return c.manages(alias)
	case Delete:
		return anyOf(own, c.manages(alias))
	}
	return truth(false)
}

// manages is that the actor has Edit in the membership's team by reach, and
// all that the membership's role includes.
func (c *compiler) manages(alias string) squirrel.Sqlizer {
	team := c.col(alias, "team_id")
	return allOf(
		c.clause("memberships: Edit by reach", c.reaches(team, Edit)),
		c.clause("memberships: the role is within one's own", c.within(c.col(alias, "role_id"), team)),
	)
}
