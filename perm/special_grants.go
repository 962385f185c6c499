package perm

import (
	"github.com/Masterminds/squirrel"

	joinery "github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// grantedGrant is Share on the row that the grant is on; to change or delete
// the grant, besides all that it allows.
func (c *compiler) grantedGrant(_ *registry.Model, x Actions, alias string) squirrel.Sqlizer {
	if x != View && x != Edit && x != Delete {
		return truth(false)
	}
	var rows []squirrel.Sqlizer
	for _, m := range c.e.reg.Models() {
		if c.e.grantable(m) {
			rows = append(rows, c.sharedRow(m, x, alias))
		}
	}
	return c.clause("grants: Share on the row", anyOf(rows...))
}

// sharedRow is that the grant is on a row of m which the actor may view and
// share, and unless x is View, that the grant allows nothing beyond what the
// actor may do there.
func (c *compiler) sharedRow(m *registry.Model, x Actions, alias string) squirrel.Sqlizer {
	row := c.fresh()
	conds := []squirrel.Sqlizer{c.can(m, Share, row)}
	if x != View {
		for _, bit := range (joinery.AllActions &^ (View | Share)).Each() {
			conds = append(conds, anyOf(
				squirrel.Expr("("+c.col(alias, "actions")+" & "+itoa(bit)+") = 0"),
				c.clause("grants: within what one may do", c.may(m, bit, row)),
			))
		}
	}
	return allOf(
		squirrel.Expr(c.col(alias, "model")+" = ?", c.constant(m.Table)),
		c.exists(m, c.col(alias, "row_id"), row, allOf(conds...)),
	)
}

// grantable reports whether rows of m can be shared by grants.
func (e *Engine) grantable(m *registry.Model) bool {
	if e.special(m) && m != e.bound.teams {
		return false
	}
	return !m.Policy.System && !m.Policy.Private && m.ID != nil
}
