package permtest

import (
	"fmt"
	"slices"

	"github.com/joinery-go/joinery"
)

// coverage counts what the worlds have exercised, so that a change of the
// generator cannot silently leave a rule untested.
type coverage map[string]int

// count adds the world.
func (c coverage) count(w *World) {
	c.answers(w)
	c.placed(w)
	c.removed(w)
	c.targets(w)
}

// answers counts the lines that answer for the world's rows, by kind of actor
// and, where the line speaks of several, by table.
func (c coverage) answers(w *World) {
	for _, a := range w.Actors {
		for _, m := range w.kinds() {
			for _, r := range w.All(m.Table) {
				for _, x := range joinery.AllActions.Each() {
					yes, line := w.Decide(a, x, r)
					c[answerKey(line, yes, w.Kind(a), m)]++
				}
			}
		}
	}
}

func answerKey(line int, yes bool, kind joinery.ActorKind, m *Model) string {
	key := fmt.Sprintf("%s: %t for %s", lineName(line), yes, kind)
	if m.Special && kind == joinery.User && line == 8 {
		key += " on " + m.Table
	}
	return key
}

// placed counts the verdicts on the world's moves, by table.
func (c coverage) placed(w *World) {
	for _, m := range w.Moves {
		what := "changed"
		if m.Old == nil {
			what = "created"
		}
		verdict := "allowed"
		if len(w.place(m)) > 0 {
			verdict = "refused"
		}
		c[fmt.Sprintf("%s %s: %s", m.New.Table(), what, verdict)]++
	}
}

// removed counts the verdicts on deleting memberships and roles.
func (c coverage) removed(w *World) {
	for _, table := range []string{"memberships", "roles"} {
		for _, r := range w.All(table) {
			verdict := "allowed"
			if len(w.Orphaned(joinery.Actor{Kind: joinery.System}, w.With(removed(r)))) > 0 {
				verdict = "conflict"
			}
			c[table+" removed: "+verdict]++
		}
	}
}

// targets counts the active grants by what they are for.
func (c coverage) targets(w *World) {
	for _, g := range w.Grants {
		if w.grantActive(g) {
			c[fmt.Sprintf("active grant to user %t, team %t, role %t", g.Member != null, g.Team != null, g.Role != null)]++
		}
	}
}

// untested are the wanted things that were exercised less often than least.
func (c coverage) untested(least int) []string {
	var few []string
	for _, key := range wanted() {
		if c[key] < least {
			few = append(few, fmt.Sprintf("%s: %d times, want %d", key, c[key], least))
		}
	}
	return few
}

// wanted is everything that can happen: each line with each verdict for each
// kind of actor that gets that far, each move with both.
func wanted() []string {
	anonymous, user, system, root := joinery.Anonymous, joinery.User, joinery.System, joinery.Root
	var all []string
	line := func(n int, yes bool, kinds ...joinery.ActorKind) {
		for _, kind := range kinds {
			all = append(all, answerKey(n, yes, kind, &Model{}))
		}
	}
	line(0, false, anonymous, user, system, root)
	line(1, true, root)
	line(2, false, anonymous, user, system)
	line(3, false, anonymous, user, system)
	line(4, true, system)
	line(5, false, anonymous, user)
	line(6, true, anonymous, user)
	line(7, false, anonymous)
	for _, yes := range []bool{true, false} {
		line(9, yes, user)
		line(10, yes, user)
	}
	for n := 11; n <= 15; n++ {
		line(n, true, user)
	}
	line(16, false, user)
	return slices.Concat(all, wantedSpecial(), wantedMoves())
}

func wantedSpecial() []string {
	var all []string
	for _, m := range models {
		for _, yes := range []bool{true, false} {
			if m.Special {
				all = append(all, answerKey(8, yes, joinery.User, m))
			}
		}
	}
	for _, target := range [][3]bool{{true, false, false}, {false, true, false}, {false, true, true}, {false, false, true}} {
		all = append(all, fmt.Sprintf("active grant to user %t, team %t, role %t", target[0], target[1], target[2]))
	}
	return all
}

func wantedMoves() []string {
	all := []string{"memberships removed: allowed", "memberships removed: conflict", "roles removed: allowed", "roles removed: conflict"}
	for _, m := range models {
		for _, what := range []string{"created", "changed"} {
			all = append(all, fmt.Sprintf("%s %s: allowed", m.Table, what), fmt.Sprintf("%s %s: refused", m.Table, what))
		}
	}
	return all
}
