package perm

import (
	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/registry"
)

// This file is the list of the contract: "may actor a do action x to row w of
// model m? The first line that answers, answers." Scope (line 0) is asked in
// Go, before the database. Each line is one clause; what a model or a class of
// actors decides by itself folds away while the condition is compiled.

// can is that the actor may View the row under the alias and do all of a,
// Scope apart.
func (c *compiler) can(m *registry.Model, a Actions, alias string) squirrel.Sqlizer {
	a |= View
	if c.class == nobody {
		return truth(false) // line 0
	}
	conds := []squirrel.Sqlizer{c.open(m, a, alias)}
	for _, x := range a.Each() {
		conds = append(conds, c.granted(m, x, alias))
	}
	return allOf(conds...)
}

// may is the whole list for one action.
func (c *compiler) may(m *registry.Model, x Actions, alias string) squirrel.Sqlizer {
	return allOf(c.open(m, x, alias), c.granted(m, x, alias))
}

// canRow is can for the row that an expression names by id; false where it
// names none.
func (c *compiler) canRow(m *registry.Model, a Actions, id, alias string, args ...any) squirrel.Sqlizer {
	return c.exists(m, id, alias, c.can(m, a, alias), args...)
}

// exists is that a row with that id meets the condition.
func (c *compiler) exists(m *registry.Model, id, alias string, cond squirrel.Sqlizer, args ...any) squirrel.Sqlizer {
	if cond == truth(false) {
		return cond
	}
	return squirrel.Expr("EXISTS (SELECT 1 FROM "+c.from(m, alias)+" WHERE "+c.col(alias, m.ID.Name)+" = "+id+" AND ?)", append(args, cond)...)
}

// open is that none of the lines that answer no for the row's own sake does:
// 2, 3, and 10 where a has Edit or Delete.
func (c *compiler) open(m *registry.Model, a Actions, alias string) squirrel.Sqlizer {
	if c.class == root {
		return truth(true) // line 1
	}
	return allOf(c.live(m, alias), c.notRoots(m, alias), c.notSystems(m, a, alias))
}

// live is line 2.
func (c *compiler) live(m *registry.Model, alias string) squirrel.Sqlizer {
	if m.DeletedAt == nil {
		return truth(true)
	}
	return c.clause("line 2: deleted", squirrel.Expr(c.col(alias, m.DeletedAt.Name)+" IS NULL"))
}

// notRoots is line 3.
func (c *compiler) notRoots(m *registry.Model, alias string) squirrel.Sqlizer {
	owner := c.owner(m, alias)
	if owner == nil {
		return truth(true)
	}
	return c.clause("line 3: Root's", squirrel.Expr("? <> ?", owner, slotRoot))
}

// notSystems is the no of line 10: nobody below System edits or deletes rows
// of System and Template. Lines 5 to 9 answer before it.
func (c *compiler) notSystems(m *registry.Model, a Actions, alias string) squirrel.Sqlizer {
	owner := c.owner(m, alias)
	a &^= m.Policy.Public // line 6
	if c.class != user || owner == nil || a&(Edit|Delete) == 0 || c.special(m) {
		return truth(true)
	}
	return c.clause("line 10: System's and Template's", squirrel.Expr("? NOT IN (?, ?)", owner, slotSystem, slotTemplate))
}

// granted is that the first of lines 4 to 16 that answers, answers yes, given
// that open holds.
func (c *compiler) granted(m *registry.Model, x Actions, alias string) squirrel.Sqlizer {
	switch {
	case c.class == root, c.class == system: // lines 1 and 4
		return truth(true)
	case m.Policy.Private: // line 5
		return truth(false)
	case m.Policy.Public.Has(x): // line 6
		return truth(true)
	case c.class == anonymous: // line 7
		return truth(false)
	case c.special(m): // line 8
		return c.grantedSpecial(m, x, alias)
	case m.Policy.System: // line 9
		return truth(x == View)
	}
	return anyOf(c.direct(m, x, alias), c.inheritedFromSelf(m, x, alias))
}

// direct is lines 10 to 15 without references to the model itself.
func (c *compiler) direct(m *registry.Model, x Actions, alias string) squirrel.Sqlizer {
	return anyOf(
		c.line10(m, x, alias),
		c.line11(m, alias),
		c.line12(m, x, alias),
		c.line13(m, x, alias),
		c.inheritedFromOthers(m, x, alias),
		c.line15(m, x, alias),
	)
}

// line10 is the yes of line 10: everyone may view what System owns, and view,
// execute and copy what Template owns.
func (c *compiler) line10(m *registry.Model, x Actions, alias string) squirrel.Sqlizer {
	owner := c.owner(m, alias)
	switch {
	case owner == nil:
		return truth(false)
	case x == View:
		return c.clause("line 10: System and Template, view", squirrel.Expr("? IN (?, ?)", owner, slotSystem, slotTemplate))
	case x == Execute, x == Copy:
		return c.clause("line 10: Template, execute and copy", squirrel.Expr("? = ?", owner, slotTemplate))
	}
	return truth(false)
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
	return allOf(owns, c.clause("line 11: owner needs reach", anyOf(squirrel.Expr(team+" IS NULL"), c.inReach(team, 0))))
}

// line12 is the team's roles.
func (c *compiler) line12(m *registry.Model, x Actions, alias string) squirrel.Sqlizer {
	if m.Team == nil {
		return truth(false)
	}
	return c.clause("line 12: team", c.inReach(c.col(alias, m.Team.Name), x))
}

// inReach is reaches for a column that may be null.
func (c *compiler) inReach(team string, x Actions) squirrel.Sqlizer {
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
