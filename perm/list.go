package perm

import (
	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// This file is the list of the contract: "may actor a do action x to row w of
// model m? The first line that answers, answers." Scope (line 0) is asked in
// Go, before the database. Each line is one clause; what a model or a class of
// actors decides by itself folds away while the condition is compiled.

// can is that the actor may View the row under the alias and do all of a,
// Scope apart.
func (c *compiler) can(m *registry.Model, a Actions, alias string) squirrel.Sqlizer {
	return allOf(c.open(m, alias), c.allGranted(m, a|View, alias))
}

// canWhole is can for statements that are not perm's. The plain conditions on
// the row stand outside, where indexes serve them.
func (c *compiler) canWhole(m *registry.Model, a Actions, alias string) squirrel.Sqlizer {
	if c.class == nobody {
		return truth(false) // line 0
	}
	granted := c.allGranted(m, a|View, alias)
	return allOf(c.open(m, alias), c.whole(granted))
}

// may is the whole list for one action.
func (c *compiler) may(m *registry.Model, x act, alias string) squirrel.Sqlizer {
	return allOf(c.open(m, alias), c.granted(m, x, alias))
}

// canRow is can for the row that an expression names by id; false where it
// names none.
func (c *compiler) canRow(m *registry.Model, a Actions, id string, args ...any) squirrel.Sqlizer {
	row := c.fresh()
	return c.exists(m, id, row, c.can(m, a, row), args...)
}

// exists is that a row with that id meets the condition.
func (c *compiler) exists(m *registry.Model, id, alias string, cond squirrel.Sqlizer, args ...any) squirrel.Sqlizer {
	if cond == truth(false) {
		return cond
	}
	return squirrel.Expr("EXISTS (SELECT 1 FROM "+c.from(m, alias)+" WHERE "+c.col(alias, m.ID.Name)+" = "+id+" AND ?"+once+")", append(args, cond)...)
}

// open is lines 2 and 3, which deny every action alike.
func (c *compiler) open(m *registry.Model, alias string) squirrel.Sqlizer {
	if c.class == root {
		return truth(true) // line 1
	}
	return allOf(c.line2(m, alias), c.line3(m, alias))
}

// line2 is that the row is not deleted.
func (c *compiler) line2(m *registry.Model, alias string) squirrel.Sqlizer {
	if m.DeletedAt == nil {
		return truth(true)
	}
	return c.clause("line 2: deleted", squirrel.Expr(c.col(alias, m.DeletedAt.Name)+" IS NULL"))
}

// line3 is that the row is not Root's.
func (c *compiler) line3(m *registry.Model, alias string) squirrel.Sqlizer {
	owner := c.owner(m, alias)
	if owner == nil {
		return truth(true)
	}
	return c.clause("line 3: Root's", squirrel.Expr("? <> ?", owner, slotRoot))
}

// allGranted is granted for each of a.
func (c *compiler) allGranted(m *registry.Model, a Actions, alias string) squirrel.Sqlizer {
	if m == c.e.bound.grants && a&(Edit|Delete) != 0 {
		a &^= View // which Edit and Delete of a grant imply; its condition is long
	}
	var conds []squirrel.Sqlizer
	for _, x := range a.Each() {
		conds = append(conds, c.granted(m, only(x), alias))
	}
	return allOf(conds...)
}

// granted is that the first of lines 4 to 16 that answers, answers yes.
func (c *compiler) granted(m *registry.Model, x act, alias string) squirrel.Sqlizer {
	switch {
	case c.class == root, c.class == system: // lines 1 and 4
		return truth(true)
	case m.Policy.Private: // line 5
		return truth(false)
	}
	public := x.in(m.Policy.Public) // line 6
	switch {
	case public == truth(true), c.class == anonymous: // line 7
		return public
	case c.special(m): // line 8
		return anyOf(public, c.grantedSpecial(m, x, alias))
	case m.Policy.System: // line 9
		return anyOf(public, x.in(View))
	}
	return anyOf(public, allOf(
		c.line10No(m, x, alias),
		anyOf(c.direct(m, x, alias), c.inheritedFromSelf(m, x, alias)),
	))
}

// direct is lines 10 to 15 without references to the model itself.
func (c *compiler) direct(m *registry.Model, x act, alias string) squirrel.Sqlizer {
	return anyOf(
		c.line10Yes(m, x, alias),
		c.line11(m, alias),
		c.line12(m, x, alias),
		c.line13(m, x, alias),
		c.inheritedFromOthers(m, x, alias),
		c.line15(m, x, alias),
	)
}

// line10No is that line 10 does not answer no: that x is not to edit or delete
// what System or Template owns.
func (c *compiler) line10No(m *registry.Model, x act, alias string) squirrel.Sqlizer {
	owner, harmless := c.owner(m, alias), x.in(joinery.AllActions&^(Edit|Delete))
	if owner == nil || harmless == truth(true) {
		return truth(true)
	}
	return c.clause("line 10: System's and Template's", anyOf(harmless, squirrel.Expr("? NOT IN (?, ?)", owner, slotSystem, slotTemplate)))
}

// line10Yes is that everyone may view what System owns, and view, execute and
// copy what Template owns.
func (c *compiler) line10Yes(m *registry.Model, x act, alias string) squirrel.Sqlizer {
	owner := c.owner(m, alias)
	if owner == nil {
		return truth(false)
	}
	return anyOf(
		x.given(View, func() squirrel.Sqlizer {
			return c.clause("line 10: System, view", squirrel.Expr("? = ?", owner, slotSystem))
		}),
		x.given(View|Execute|Copy, func() squirrel.Sqlizer {
			return c.clause("line 10: Template, view, execute and copy", squirrel.Expr("? = ?", owner, slotTemplate))
		}),
	)
}

// line11 is ownership.
func (c *compiler) line11(m *registry.Model, alias string) squirrel.Sqlizer {
	owner := c.owner(m, alias)
	if owner == nil {
		return truth(false)
	}
	owns := c.clause("line 11: owner", squirrel.Expr("? = ?", owner, slotActor))
	if m.Team == nil || !m.Policy.OwnerNeedsReach {
		return owns
	}
	team := c.col(alias, m.Team.Name)
	return allOf(owns, c.clause("line 11: owner needs reach", anyOf(
		squirrel.Expr(team+" IS NULL"),
		allOf(squirrel.Expr(team+" IS NOT NULL"), squirrel.Expr(team+" IN (?)", c.reachedAnyhow())),
	)))
}

// line12 is the team's roles.
func (c *compiler) line12(m *registry.Model, x act, alias string) squirrel.Sqlizer {
	if m.Team == nil {
		return truth(false)
	}
	return c.clause("line 12: team", c.inReach(c.col(alias, m.Team.Name), x))
}

// inReach is reaches for a column that may be null.
func (c *compiler) inReach(team string, x act) squirrel.Sqlizer {
	return allOf(squirrel.Expr(team+" IS NOT NULL"), c.reaches(team, x))
}

// owner is who owns the row under the alias: user_id, else created_by_id, else
// the nil uuid, so that comparisons are never unknown. Nil for models that
// have neither column.
func (c *compiler) owner(m *registry.Model, alias string) squirrel.Sqlizer {
	switch {
	case m.Owner != nil && m.CreatedBy != nil:
		return c.clause("owner: user_id before created_by_id", squirrel.Expr("COALESCE("+c.col(alias, m.Owner.Name)+", "+c.col(alias, m.CreatedBy.Name)+", ?)", slotNobody))
	case m.Owner != nil:
		return squirrel.Expr("COALESCE("+c.col(alias, m.Owner.Name)+", ?)", slotNobody)
	case m.CreatedBy != nil:
		return squirrel.Expr("COALESCE("+c.col(alias, m.CreatedBy.Name)+", ?)", slotNobody)
	}
	return nil
}
