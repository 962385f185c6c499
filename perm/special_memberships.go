package perm

import (
	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/registry"
)

// grantedMembership is View of one's own memberships and of those in teams
// that one may View; Edit and Delete by a role with Edit in the team, for who
// has there all that the membership's role includes; Delete of one's own.
func (c *compiler) grantedMembership(_ *registry.Model, x act, alias string) []squirrel.Sqlizer {
	team := c.col(alias, "team_id")
	return []squirrel.Sqlizer{
		x.given(View|Delete, func() squirrel.Sqlizer {
			return c.clause("memberships: one's own", squirrel.Expr(c.col(alias, "member_id")+" = ?", slotActor))
		}),
		x.given(View, func() squirrel.Sqlizer {
			return c.clause("memberships: of a team one may view", c.canRow(c.e.bound.teams, View, team))
		}),
		x.given(Edit|Delete, func() squirrel.Sqlizer {
			return allOf(
				c.clause("memberships: Edit by reach", c.reaches(team, only(Edit))),
				c.clause("memberships: the role is within one's own", c.within(c.col(alias, "role_id"), team)),
			)
		}),
	}
}
