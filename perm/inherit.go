package perm

import (
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/registry"
)

// inheritedFromOthers is line 14 for references to other models: the list
// again, for the row that the reference names. Registries refuse cycles
// between models, so this ends.
func (c *compiler) inheritedFromOthers(m *registry.Model, x act, alias string) squirrel.Sqlizer {
	var parents []squirrel.Sqlizer
	for _, ref := range m.Inherits() {
		if target := ref.Ref.Target; target != nil && target != m {
			parents = append(parents, c.mayParent(ref, x, alias))
		}
	}
	return c.clause("line 14: inherited", anyOf(parents...))
}

// mayParent is the list again, for the row that a reference names.
func (c *compiler) mayParent(ref *registry.Column, x act, alias string) squirrel.Sqlizer {
	up := c.fresh()
	return c.exists(ref.Ref.Target, c.col(alias, ref.Name), up, c.may(ref.Ref.Target, x, up))
}

// inheritedFromSelf is line 14 for references to the model itself, such as a
// folder's parent: some row above allows x directly, and every row on the way
// to it is open, since a row that answers no before line 14 hands nothing
// down. A row already visited adds nothing, which ends it on cycles.
func (c *compiler) inheritedFromSelf(m *registry.Model, x act, alias string) squirrel.Sqlizer {
	return c.inheritedAbove(m, x, alias, selfInherits(m), false)
}

// inheritedAbove is inheritedFromSelf as far as some of the references lead;
// with others, along other rows than the row itself, for the rows with the ids
// of the first argument.
func (c *compiler) inheritedAbove(m *registry.Model, x act, alias string, first []*registry.Column, others bool) squirrel.Sqlizer {
	if len(first) == 0 {
		return truth(false)
	}
	refs := selfInherits(m)
	if c.mustHoist() {
		if others {
			return c.inheritsFromOthers(m, x, alias, first)
		}
		return c.inherits(m, x, alias, first)
	}
	row, child := c.fresh(), c.fresh()
	open := c.clause("line 14: the path ends at a row that answers no", allOf(c.open(m, row), c.line10No(m, x, row)))
	on := squirrel.Sqlizer(truth(true))
	if others {
		on = squirrel.Expr(c.col(row, m.ID.Name) + " <> " + c.col(alias, m.ID.Name))
	}
	up := climb{m, row, child,
		allOf(c.named(m, row, alias, first), on, open),
		allOf(c.named(m, row, child, refs), on, open)}
	return c.clause("line 14: inherited from its own kind", squirrel.Expr("EXISTS (?)", c.above(up,
		"SELECT 1 FROM p_above JOIN "+c.from(m, row)+" ON "+c.col(row, m.ID.Name)+" = p_above.id WHERE ?", c.direct(m, x, row))))
}

// named is that the row is one of those that the references of another name.
func (c *compiler) named(m *registry.Model, row, from string, refs []*registry.Column) squirrel.Sqlizer {
	var cols []string
	for _, ref := range refs {
		cols = append(cols, c.col(from, ref.Name))
	}
	return squirrel.Expr(c.col(row, m.ID.Name) + " IN (" + strings.Join(cols, ", ") + ")")
}

// selfInherits are the references of a model to itself that pass permissions
// down.
func selfInherits(m *registry.Model) []*registry.Column {
	var refs []*registry.Column
	for _, ref := range m.Inherits() {
		if ref.Ref.Target == m {
			refs = append(refs, ref)
		}
	}
	return refs
}
