package perm

import (
	"strings"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// ask is one question to the database about a write, with what it means when
// the answer is no.
type ask struct {
	shape string // all that the text depends on beside the class
	args  []any
	cond  func(c *compiler, args []sqldb.Slot) squirrel.Sqlizer

	no    outcome
	field joinery.FieldError // for invalid
	after []int              // numbers of the questions that must have been answered yes for this one to count
}

// counts reports whether the answers before it let the question matter.
func (a ask) counts(held []bool) bool {
	for _, n := range a.after {
		if n > 0 && !held[n-1] {
			return false
		}
	}
	return true
}

// outcome is what a no means.
type outcome uint8

const (
	hidden  outcome = iota // the row does not exist, for this actor
	refused                // the actor may not do it
	invalid                // the field is at fault
)

// never asks what is known not to hold.
func never() ask {
	return ask{shape: "never", cond: func(*compiler, []sqldb.Slot) squirrel.Sqlizer { return truth(false) }}
}

// askView asks whether the actor may View a row.
func (e *Engine) askView(m *registry.Model, id uuid.UUID) ask {
	return e.askMay(m, View, id)
}

// askMay asks whether the actor may do all of a to a row that it may View.
func (e *Engine) askMay(m *registry.Model, a Actions, id uuid.UUID) ask {
	return e.askGrant("", m, a, id)
}

// askGrant is askMay for a grant that is known to be on a row of a table, in
// place of one of every table.
func (e *Engine) askGrant(on string, m *registry.Model, a Actions, id uuid.UUID) ask {
	return ask{
		shape: "may " + itoa(a) + " " + m.Table + " " + on,
		args:  []any{id},
		cond: func(c *compiler, args []sqldb.Slot) squirrel.Sqlizer {
			row := c.fresh()
			c.grantsOn = on
			defer func() { c.grantsOn = "" }()
			return c.exists(m, "?", row, allOf(c.open(m, row), c.allGranted(m, a, row)), args[0])
		},
	}
}

// askReach asks whether the actor has all of a in a team by reach.
func (e *Engine) askReach(a Actions, team uuid.UUID) ask {
	return ask{
		shape: "reach " + itoa(a),
		args:  []any{team},
		cond: func(c *compiler, args []sqldb.Slot) squirrel.Sqlizer {
			var all []squirrel.Sqlizer
			for _, x := range a.Each() {
				all = append(all, c.clause("place: the team by reach", c.reaches("?", only(x), args[0])))
			}
			return allOf(all...)
		},
	}
}

// askWithin asks whether a role's effective actions are among those that the
// actor has in a team by reach.
func (e *Engine) askWithin(role, team uuid.UUID) ask {
	return ask{
		shape: "within",
		args:  []any{role, team},
		cond: func(c *compiler, args []sqldb.Slot) squirrel.Sqlizer {
			return c.clause("place: the role is within one's own", c.within("?", "?", args[0], args[1]))
		},
	}
}

// askFits asks whether a role is usable in a team: in that of the role or
// below it, with only live teams between. The nil team stands for every team.
func (e *Engine) askFits(role, team uuid.UUID) ask {
	return ask{
		shape: "fits",
		args:  []any{role, team},
		cond: func(c *compiler, args []sqldb.Slot) squirrel.Sqlizer {
			up := climb{c.e.bound.teams, "p_at", "p_below",
				allOf(squirrel.Expr("p_at.id = ?", args[1]), c.clause("place: a role of a deleted team", squirrel.Expr("p_at.deleted_at IS NULL"))), c.liveAbove()}
			return c.clause("place: the role is usable in the team", squirrel.Expr(
				"EXISTS (SELECT 1 FROM roles p_role WHERE p_role.id = ? AND (p_role.team_id IS NULL OR p_role.team_id IN (?)))",
				args[0], c.above(up, "SELECT p_above.id FROM p_above")))
		},
	}
}

// askUser asks whether a user exists, where the app has named a users table.
func (e *Engine) askUser(id uuid.UUID) ask {
	return ask{
		shape: "user",
		args:  []any{id},
		cond: func(c *compiler, args []sqldb.Slot) squirrel.Sqlizer {
			return c.clause("place: the user is live", c.userLives("?", c.fresh(), args[0]))
		},
	}
}

// askNoCycle asks whether the row stays outside the climb that begins at its
// new parent. Deleted rows count: they may be restored.
func (e *Engine) askNoCycle(m *registry.Model, refs []*registry.Column, id, parent uuid.UUID) ask {
	var names []string
	for _, ref := range refs {
		names = append(names, ref.Name)
	}
	return ask{
		shape: "cycle " + m.Table + " " + strings.Join(names, ","),
		args:  []any{parent, id},
		cond: func(c *compiler, args []sqldb.Slot) squirrel.Sqlizer {
			row, child := c.fresh(), c.fresh()
			up := climb{m, row, child,
				squirrel.Expr(c.col(row, m.ID.Name)+" = ?", args[0]), c.named(m, row, child, refs)}
			return c.clause("place: no cycle", squirrel.Expr(
				"NOT EXISTS (?)", c.above(up, "SELECT 1 FROM p_above WHERE p_above.id = ?", args[1])))
		},
	}
}
