package permtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// probe is one thing on which the engine and the model must agree in a world.
type probe interface {
	// disagreement says on what they differ; empty: on nothing.
	disagreement(t testing.TB, w *World, d *Database) string
}

// probes are what is compared in the world: what actors may do with all rows
// of a table, which of them Filter selects for an action, what Check says of
// one; every move; and deletions that may be a Conflict. Statements cost far
// more than rows, so that one world asks a part of all that can be asked,
// which follows from the seed, and many worlds ask everything many times.
func (w *World) probes(seed uint64) []probe {
	pick := rand.New(rand.NewPCG(seed, 1))
	all := w.ruleProbes()
	for _, a := range w.Actors {
		for _, m := range w.kinds() {
			if m.Table != "users" || !w.NoUsers {
				all = append(all, w.probesOn(pick, a, m.Table)...)
			}
		}
	}
	for _, m := range w.Moves {
		all = append(all, moveProbe(m))
	}
	for _, table := range []string{"memberships", "roles"} {
		if rows := w.All(table); len(rows) > 0 {
			all = append(all, removeProbe{w.Actors[pick.IntN(len(w.Actors))], rows[pick.IntN(len(rows))]})
		}
	}
	return all
}

// probesOn is a choice of the questions that the actor may ask about a table.
func (w *World) probesOn(pick *rand.Rand, a joinery.Actor, table string) []probe {
	var all []probe
	action := func() joinery.Actions { return joinery.Actions(1) << pick.IntN(6) }
	if pick.IntN(3) == 0 {
		all = append(all, actionsProbe{a, table})
	}
	if pick.IntN(4) == 0 {
		all = append(all, visibleProbe{a, action(), table})
	}
	if rows := w.All(table); len(rows) > 0 && pick.IntN(8) == 0 {
		all = append(all, checkProbe{a, action(), table, rows[pick.IntN(len(rows))].head().ID})
	}
	if rows := w.All(table); len(rows) > 0 && pick.IntN(60) == 0 {
		r := rows[pick.IntN(len(rows))]
		all = append(all, explainProbe{w.asker(pick, a, r), a, action(), table, r.head().ID})
	}
	if pick.IntN(60) == 0 {
		all = append(all, checkProbe{a, action(), table, ID("missing")})
	}
	return all
}

// actionsProbe compares Actions for every row of the table, and one missing.
type actionsProbe struct {
	actor joinery.Actor
	table string
}

func (p actionsProbe) disagreement(t testing.TB, w *World, d *Database) string {
	want := map[uuid.UUID]joinery.Actions{}
	ids := []uuid.UUID{ID("missing")}
	for _, r := range w.All(p.table) {
		ids = append(ids, r.head().ID)
		if actions := w.Actions(p.actor, r); actions != joinery.NoActions {
			want[r.head().ID] = actions
		}
	}
	got, err := d.Actions(t, p.actor, p.table, ids...)
	if err != nil {
		return fmt.Sprintf("%s, Actions on %s: %v", ActorName(p.actor), p.table, err)
	}
	for _, id := range ids {
		if got[id] != want[id] {
			return fmt.Sprintf("%s, Actions on %s %s: the engine says %s, the model %s%s",
				ActorName(p.actor), p.table, Name(id), got[id], want[id], w.reasons(p.actor, p.table, id, got[id]^want[id]))
		}
	}
	if len(got) != len(want) {
		return fmt.Sprintf("%s, Actions on %s: hidden and missing rows are among the answers: %v", ActorName(p.actor), p.table, got)
	}
	return ""
}

// reasons are the lines by which the model answers for the actions.
func (w *World) reasons(a joinery.Actor, table string, id uuid.UUID, differ joinery.Actions) string {
	r, found := w.Find(table, id)
	if !found {
		return ", for it is missing"
	}
	var because []string
	for _, x := range (differ | joinery.View).Each() {
		may, line := w.Decide(a, x, r)
		because = append(because, fmt.Sprintf("%s %t by %s%s", x, may, lineName(line), w.rulesHeld(a, x, r, line)))
	}
	return " (" + strings.Join(because, ", ") + ")"
}

// visibleProbe compares the rows that Filter selects for one action.
type visibleProbe struct {
	actor joinery.Actor
	x     joinery.Actions
	table string
}

func (p visibleProbe) disagreement(t testing.TB, w *World, d *Database) string {
	want := w.Visible(p.actor, p.x, p.table)
	got, err := d.Visible(t, p.actor, p.x, p.table)
	byName := func(a, b uuid.UUID) int { return strings.Compare(Name(a), Name(b)) }
	slices.SortFunc(want, byName)
	slices.SortFunc(got, byName)
	if err == nil && slices.Equal(got, want) {
		return ""
	}
	return fmt.Sprintf("%s, Filter %s on %s: the engine says %s %v, the model %s", ActorName(p.actor), p.x, p.table, names(got), err, names(want))
}

func names(ids []uuid.UUID) []string {
	all := []string{}
	for _, id := range ids {
		all = append(all, Name(id))
	}
	return all
}

// checkProbe compares Check.
type checkProbe struct {
	actor joinery.Actor
	x     joinery.Actions
	table string
	id    uuid.UUID
}

func (p checkProbe) disagreement(t testing.TB, w *World, d *Database) string {
	var want []Refusal
	if refused := w.Check(p.actor, p.x, p.table, p.id); refused != nil {
		want = append(want, *refused)
	}
	wrong := Disagreement(d.Check(t, p.actor, p.x, p.table, p.id), want)
	if wrong == "" {
		return ""
	}
	return fmt.Sprintf("%s, Check %s on %s %s: %s%s",
		ActorName(p.actor), p.x, p.table, Name(p.id), wrong, w.reasons(p.actor, p.table, p.id, p.x))
}

// asker is who asks for an explanation: mostly somebody who is told.
func (w *World) asker(pick *rand.Rand, who joinery.Actor, r Record) joinery.Actor {
	asker := who
	for range 8 {
		if pick.IntN(2) == 0 {
			asker = w.Actors[pick.IntN(len(w.Actors))]
		}
		if w.MayExplain(asker, who, r) == nil {
			break
		}
	}
	return asker
}

// explainProbe compares Explain.
type explainProbe explanation

func (p explainProbe) disagreement(t testing.TB, w *World, d *Database) string {
	return explanation(p).wrong(t, w, d)
}

// moveProbe compares Place. The old row is the one that the world has now, as
// it may have been simplified.
type moveProbe Move

func (p moveProbe) disagreement(t testing.TB, w *World, d *Database) string {
	m := Move(p)
	if m.Old != nil {
		old, found := w.Find(m.Old.Table(), m.Old.head().ID)
		if !found {
			return ""
		}
		m.Old = old
	}
	if w.namesGhost(m) {
		return ""
	}
	wrong := Disagreement(d.Place(t, m), w.place(m))
	if wrong == "" {
		return ""
	}
	return fmt.Sprintf("%s: %s", m, wrong)
}

// namesGhost reports whether the move names a user, as it did not before, who
// is deleted or in no table: the page does not say what becomes of it.
func (w *World) namesGhost(m Move) bool {
	before := map[string]uuid.UUID{}
	if m.Old != nil {
		before = w.usersNamed(m.Old)
	}
	for column, id := range w.usersNamed(m.New) {
		_, found := live(w.Users, id)
		if id != null && id != before[column] && !found && !w.NoUsers {
			return true
		}
	}
	return false
}

// usersNamed are the users whom the row names, by column, but for its owner.
func (w *World) usersNamed(r Record) map[string]uuid.UUID {
	named := map[string]uuid.UUID{}
	switch r := r.(type) {
	case Membership:
		named["member_id"] = r.Member
	case Grant:
		named["member_id"] = r.Member
	case Row:
		for _, ref := range w.model(r.Model).Refs {
			if ref.Table == "users" {
				named[ref.Column] = r.Refs[ref.Column]
			}
		}
	}
	return named
}

// removeProbe compares the Conflict of deleting a membership or a role,
// whoever may do so.
type removeProbe struct {
	actor joinery.Actor
	row   Record
}

func (p removeProbe) disagreement(t testing.TB, w *World, d *Database) string {
	r, found := w.Find(p.row.Table(), p.row.head().ID)
	if !found {
		return ""
	}
	var want []Refusal
	if len(w.Orphaned(p.actor, w.With(removed(r)))) > 0 {
		want = append(want, orphan())
	}
	wrong := Disagreement(d.Remove(t, p.actor, r.Table(), r.head().ID), want)
	if wrong == "" {
		return ""
	}
	return fmt.Sprintf("%s deletes %s %s: %s", ActorName(p.actor), r.Table(), Name(r.head().ID), wrong)
}

// removed is the membership or role, deleted.
func removed(r Record) Record {
	switch r := r.(type) {
	case Membership:
		r.Deleted = true
		return r
	case Role:
		r.Deleted = true
		return r
	}
	return r
}
