package perm

import (
	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/registry"
)

// line13 is an active grant of x on the row under the alias to the actor.
func (c *compiler) line13(m *registry.Model, x act, alias string) squirrel.Sqlizer {
	if c.asked.row == alias && alias != "" {
		return c.asked.given
	}
	return c.grantedOn(squirrel.Expr("?", c.constant(m.Table)), c.col(alias, m.ID.Name), x)
}

// grantedOn is line 13 for a row by its table and id, which are expressions.
func (c *compiler) grantedOn(table squirrel.Sqlizer, id string, x act) squirrel.Sqlizer {
	return c.clause("line 13: grant", squirrel.Expr("EXISTS (SELECT 1 FROM grants p_grant WHERE ?"+once+")", c.gives(table, id, x)))
}

// gives is that the grant p_grant is an active one of x on the row to the
// actor.
func (c *compiler) gives(table squirrel.Sqlizer, id string, x act, args ...any) squirrel.Sqlizer {
	conds := append(c.active13(table, x),
		c.clause("grant: row", squirrel.Expr("p_grant.row_id = "+id, args...)),
		anyOf(c.grantedToUser(), c.grantedToGroup()))
	return allOf(conds...)
}

// active13 is that the grant p_grant is an active one of x on a row of the
// table.
func (c *compiler) active13(table squirrel.Sqlizer, x act) []squirrel.Sqlizer {
	return []squirrel.Sqlizer{
		c.clause("grant: model", squirrel.Expr("p_grant.model = ?", table)),
		c.clause("grant: deleted", squirrel.Expr("p_grant.deleted_at IS NULL")),
		c.clause("grant: expired", squirrel.Expr("(p_grant.expires_at IS NULL OR p_grant.expires_at > ?)", slotNow)),
		c.clause("grant: actions", x.of("p_grant")),
	}
}

// grantedToUser is that the grant names the actor, who must be live.
func (c *compiler) grantedToUser() squirrel.Sqlizer {
	return c.clause("grant: to a user", allOf(
		squirrel.Expr("p_grant.member_id IS NOT NULL"),
		c.clause("grant: to a user and no team", squirrel.Expr("p_grant.team_id IS NULL")),
		c.clause("grant: to a user and no role", squirrel.Expr("p_grant.role_id IS NULL")),
		squirrel.Expr("p_grant.member_id = ?", slotActor),
		c.clause("grant: user live", c.userLives("?", c.fresh(), slotActor)),
	))
}

// grantedToGroup is that the grant names a team that the actor reaches, a role
// that it has somewhere, or both at one place. Reach holds live teams and
// roles alone, and with each role those above it: a target that is deleted is
// not found there, a role that descends from the target is.
func (c *compiler) grantedToGroup() squirrel.Sqlizer {
	c.usesReach = true
	return c.clause("grant: to a group", allOf(
		c.clause("grant: to a group and no user", squirrel.Expr("p_grant.member_id IS NULL")),
		squirrel.Expr("(COALESCE(p_grant.team_id, p_grant.role_id), COALESCE(p_grant.role_id, ?)) IN (SELECT p_reach.team_id, p_reach.role_id FROM p_reach)", slotNobody),
	))
}

// userLives is that the user named by an expression is a live row of the users
// table, where the app has named one.
func (c *compiler) userLives(id, alias string, args ...any) squirrel.Sqlizer {
	users := c.e.bound.users
	if users == nil {
		return truth(true)
	}
	return c.exists(users, id, alias, c.line2(users, alias), args...)
}
