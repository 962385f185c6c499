package permtest

import (
	"strconv"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// May reports whether a may do x, one action, to r. It asks lines 0 to 16 of
// the page in their order; the first that answers, answers. What one may not
// View does not exist, so that most callers want [World.Check] instead.
func (w *World) May(a joinery.Actor, x joinery.Actions, r Record) bool {
	yes, _ := w.Decide(a, x, r)
	return yes
}

// Decide is [World.May] with the number of the line that answered.
func (w *World) Decide(a joinery.Actor, x joinery.Actions, r Record) (yes bool, line int) {
	q := question{w: w, a: a, kind: w.Kind(a), x: x, m: w.model(r.Table()), r: r, visited: map[place]bool{}}
	return q.ask()
}

// Kind is in which capacity a acts: Kind User with a nil or a well-known id
// counts as Anonymous.
func (w *World) Kind(a joinery.Actor) joinery.ActorKind {
	if a.Kind == joinery.User && (a.ID == null || w.wellKnown().Contains(a.ID)) {
		return joinery.Anonymous
	}
	return a.Kind
}

// owner is user_id where the model has it and it is not null, else
// created_by_id.
func owner(r Record) uuid.UUID {
	if row, ok := r.(Row); ok && row.Owner != null {
		return row.Owner
	}
	return r.head().CreatedBy
}

// question is: may actor a do action x to row r of model m?
type question struct {
	w       *World
	a       joinery.Actor
	kind    joinery.ActorKind
	x       joinery.Actions
	m       *Model
	r       Record
	visited map[place]bool // rows of one tree that were asked about on the way up
}

type answer uint8

const (
	silent answer = iota // the line does not answer, the next one is asked
	yes
	no
)

func yesIf(holds bool) answer {
	if holds {
		return yes
	}
	return silent
}

func noIf(holds bool) answer {
	if holds {
		return no
	}
	return silent
}

func (q *question) ask() (bool, int) {
	for n, line := range lines() {
		if got := line(q); got != silent {
			return got == yes, n
		}
	}
	panic("line 16 always answers")
}

// lines are the lines of the page, by number.
func lines() [17]func(*question) answer {
	type q = *question
	return [...]func(q) answer{
		q.line0, q.line1, q.line2, q.line3, q.line4, q.line5, q.line6, q.line7, q.line8,
		q.line9, q.line10, q.line11, q.line12, q.line13, q.line14, q.line15, q.line16,
	}
}

// 0. a has a Scope without x on m: no.
func (q *question) line0() answer {
	return noIf(q.a.Scope != nil && !q.a.Scope[q.m.Table].Has(q.x))
}

// 1. a is Root: yes, deleted rows too.
func (q *question) line1() answer { return yesIf(q.kind == joinery.Root) }

// 2. w is soft-deleted: no.
func (q *question) line2() answer { return noIf(q.r.head().Deleted) }

// 3. w's owner is Root: no.
func (q *question) line3() answer { return noIf(owner(q.r) == q.w.wellKnown().Root) }

// 4. a is System: yes.
func (q *question) line4() answer { return yesIf(q.kind == joinery.System) }

// 5. m is Private: no.
func (q *question) line5() answer { return noIf(q.m.Private) }

// 6. x is in m's Public actions: yes.
func (q *question) line6() answer { return yesIf(q.m.Public.Has(q.x)) }

// 7. a is Anonymous: no.
func (q *question) line7() answer { return noIf(q.kind == joinery.Anonymous) }

// 8. m is one of users, teams, memberships, roles, grants: as in the section
// on them, and nothing else.
func (q *question) line8() answer {
	if !q.m.Special {
		return silent
	}
	if q.w.maySpecial(q.a.ID, q.x, q.r) {
		return yes
	}
	return no
}

// 9. m is a System model: yes for View, else no.
func (q *question) line9() answer {
	switch {
	case !q.m.System:
		return silent
	case q.x == joinery.View:
		return yes
	}
	return no
}

// 10. w's owner is System: yes for View, no for Edit and Delete. Owner
// Template: yes for View, Execute, Copy, no for Edit and Delete. (What remains
// goes on.)
func (q *question) line10() answer {
	system := owner(q.r) == q.w.wellKnown().System
	template := owner(q.r) == q.w.wellKnown().Template
	switch q.x {
	case joinery.View:
		return yesIf(system || template)
	case joinery.Execute, joinery.Copy:
		return yesIf(template)
	case joinery.Edit, joinery.Delete:
		return noIf(system || template)
	}
	return silent
}

// 11. a owns w (with OwnerNeedsReach: and w has no team or a reaches it): yes.
func (q *question) line11() answer {
	team := q.r.(Row).Team
	stays := !q.m.OwnerNeedsReach || team == null || q.w.reaches(q.a.ID, team)
	return yesIf(owner(q.r) == q.a.ID && stays)
}

// 12. w has team_id t and a reaches t with a role whose effective actions
// include x: yes.
func (q *question) line12() answer {
	team := q.r.(Row).Team
	return yesIf(team != null && q.w.byReach(q.a.ID, team).Has(q.x))
}

// 13. an active grant on w to a includes x: yes.
func (q *question) line13() answer {
	return yesIf(q.w.granted(q.a.ID, q.x, q.m.Table, q.r.head().ID))
}

// 14. w has a reference marked inherit that is not null, and a may do x to the
// row it names (this list again, for that row): yes. A row already visited
// adds nothing; the scope is not asked again.
func (q *question) line14() answer {
	for _, ref := range q.m.Refs {
		if ref.Inherit && q.mayAbove(ref.Table, q.r.(Row).Refs[ref.Column]) {
			return yes
		}
	}
	return silent
}

func (q *question) mayAbove(table string, id uuid.UUID) bool {
	q.visited[place{q.r.Table(), q.r.head().ID}] = true
	above, found := q.w.Find(table, id)
	if id == null || !found || q.visited[place{table, id}] {
		return false
	}
	up := question{w: q.w, a: unscoped(q.a), kind: q.kind, x: q.x, m: q.w.model(table), r: above, visited: q.visited}
	yes, _ := up.ask()
	return yes
}

// unscoped is the actor without its scope: teams, references and inherited
// parents are judged as if there were none.
func unscoped(a joinery.Actor) joinery.Actor {
	a.Scope = nil
	return a
}

// place is where a row is: the rows of two tables may have one key.
type place struct {
	table string
	id    uuid.UUID
}

// 15. m's Extra holds for w and its actions include x: yes.
func (q *question) line15() answer {
	for _, extra := range q.m.Extra {
		if extra.Actions.Has(q.x) && extra.Holds(q.a.ID, q.r.(Row)) {
			return yes
		}
	}
	return silent
}

// 16. no.
func (q *question) line16() answer { return no }

// lineName is the line as matrix and coverage name it.
func lineName(n int) string { return "line " + strconv.Itoa(n) }
