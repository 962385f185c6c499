package perm

import (
	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/registry"
)

// grantedGrant is View and Share on the row that the grant is on; to change or
// delete the grant, besides all that it allows. Every model that can be shared
// has its part in it.
func (c *compiler) grantedGrant(_ *registry.Model, x act, alias string) squirrel.Sqlizer {
	return x.given(View|Edit|Delete, func() squirrel.Sqlizer {
		var rows []squirrel.Sqlizer
		for _, m := range c.e.reg.Models() {
			if c.e.grantable(m) && (c.grantsOn == "" || c.grantsOn == m.Table) {
				rows = append(rows, c.sharedRow(m, x, alias))
			}
		}
		return c.clause("grants: Share on the row", anyOf(rows...))
	})
}

// sharedRow is that the grant is on a row of m on which the actor lacks none of
// the actions that x takes. One text for all six actions keeps the condition
// from growing with their number as well as with that of the models.
func (c *compiler) sharedRow(m *registry.Model, x act, alias string) squirrel.Sqlizer {
	row, flag := c.fresh(), c.fresh()
	one := act{expr: c.col(flag, "flag")}
	takes := anyOf(
		c.clause("grants: View and Share", one.in(View|Share)),
		x.given(Edit|Delete, func() squirrel.Sqlizer {
			return c.clause("grants: within what one may do", squirrel.Expr("("+c.col(alias, "actions")+" & "+one.expr+") <> 0"))
		}),
	)
	lacks := squirrel.Expr("NOT EXISTS (SELECT 1 FROM "+flags()+" "+c.e.dialect.Quote(flag)+" WHERE ? AND NOT (?)"+once+")", takes, c.granted(m, one, row))
	return allOf(
		squirrel.Expr(c.col(alias, "model")+" = ?", c.constant(m.Table)),
		c.exists(m, c.col(alias, "row_id"), row, allOf(c.open(m, row), lacks)),
	)
}

// grantable reports whether rows of m can be shared by grants.
func (e *Engine) grantable(m *registry.Model) bool {
	if e.special(m) && m != e.bound.teams {
		return false
	}
	return !m.Policy.System && !m.Policy.Private && m.ID != nil
}
