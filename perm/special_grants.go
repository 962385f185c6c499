package perm

import (
	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/registry"
)

// grantedGrant is View and Share on the row that the grant is on; to change or
// delete the grant, besides all that it allows: the actor lacks none of the
// actions that x takes. One text for all six keeps the condition from growing
// with their number as well as with that of the models, and so does it to ask
// for grants to the actor, line 13, once for all models.
func (c *compiler) grantedGrant(_ *registry.Model, x act, alias string) squirrel.Sqlizer {
	return x.given(View|Edit|Delete, func() squirrel.Sqlizer {
		each, flag := c.fresh(), c.fresh()
		one := act{expr: c.col(each, "flag")}
		takes := anyOf(
			c.clause("grants: View and Share", one.in(View|Share)),
			x.given(Edit|Delete, func() squirrel.Sqlizer {
				return c.clause("grants: within what one may do", squirrel.Expr("("+c.col(alias, "actions")+" & "+one.expr+") <> 0"))
			}),
		)
		given := c.grantedOn(squirrel.Expr(c.col(alias, "model")), c.col(alias, "row_id"), act{expr: c.col(flag, "flag")})
		if c.mustHoist() { // no derived table may name columns of the row
			given := c.grantedOn(squirrel.Expr(c.col(alias, "model")), c.col(alias, "row_id"), one)
			return c.clause("grants: Share on the row", squirrel.Expr(
				"NOT EXISTS (SELECT 1 FROM "+flags()+" "+c.e.dialect.Quote(each)+" WHERE ? AND NOT (?)"+once+")",
				takes, c.onSharedRow(one, given, alias)))
		}
		return c.clause("grants: Share on the row", squirrel.Expr(
			"NOT EXISTS (SELECT 1 FROM (SELECT "+c.col(flag, "flag")+", ? AS given FROM "+flags()+" "+c.e.dialect.Quote(flag)+") "+c.e.dialect.Quote(each)+" WHERE ? AND NOT (?)"+once+")",
			when(given, 1), takes, c.onSharedRow(one, squirrel.Expr(c.col(each, "given")+" = 1"), alias)))
	})
}

// onSharedRow is that the actor may do the one action to the row that the grant
// is on. Every model that can be shared has its part in it. Whether a grant
// gives the action is known.
func (c *compiler) onSharedRow(one act, given squirrel.Sqlizer, alias string) squirrel.Sqlizer {
	var rows []squirrel.Sqlizer
	for _, m := range c.e.reg.Models() {
		if !c.e.grantable(m) || c.grantsOn != "" && c.grantsOn != m.Table {
			continue
		}
		row := c.fresh()
		c.asked = asked{row, given}
		rows = append(rows, allOf(
			squirrel.Expr(c.col(alias, "model")+" = ?", c.constant(m.Table)),
			c.exists(m, c.col(alias, "row_id"), row, c.may(m, one, row)),
		))
		c.asked = asked{}
	}
	return anyOf(rows...)
}

// grantable reports whether rows of m can be shared by grants.
func (e *Engine) grantable(m *registry.Model) bool {
	if e.special(m) && m != e.bound.teams {
		return false
	}
	return !m.Policy.System && !m.Policy.Private && m.ID != nil
}
