package permtest

import (
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// Move is a row that somebody wants to create (Old nil) or to change.
type Move struct {
	Actor    joinery.Actor
	Old, New Record
}

// Place is why the row may not be created or changed so: every reason, for the
// page does not say which of several is told first. None: it may.
//
// The Conflict of a team that loses its last holder of Share is not among
// them: see [World.Orphaned].
func (w *World) Place(a joinery.Actor, old, new Record) []Refusal {
	p := placing{w: w, a: a, kind: w.Kind(a), m: w.model(new.Table()), old: old, new: new}
	if old == nil {
		return p.create()
	}
	return p.change()
}

type placing struct {
	w        *World
	a        joinery.Actor
	kind     joinery.ActorKind
	m        *Model
	old, new Record
	why      []Refusal
}

func (p *placing) refuse(r Refusal) { p.why = append(p.why, r) }

func (p *placing) refuseIf(holds bool, r Refusal) {
	if holds {
		p.refuse(r)
	}
}

// trusted reports whether System or Root acts.
func (p *placing) trusted() bool { return p.kind == joinery.System || p.kind == joinery.Root }

// create: signed-in actors create (with a Scope: it must have Edit on the
// model); Anonymous never. A System or Private model takes rows from System
// and Root only, and so does users.
func (p *placing) create() []Refusal {
	if p.kind == joinery.Anonymous {
		return []Refusal{{Kind: joinery.Unauthenticated, Why: "Anonymous never creates"}}
	}
	p.refuseIf(!p.a.Allows(p.m.Table, joinery.Edit), forbidden("a Scope must have Edit on the model to create"))
	if !p.trusted() {
		p.refuseIf(p.m.System || p.m.Private, forbidden("a System or Private model takes rows from System and Root only"))
		p.refuseIf(p.m.Table == "users", forbidden("users are created by System and Root only"))
	}
	p.namesOwner()
	p.judge()
	return p.why
}

// namesOwner: user_id is the actor, or absent and then set to it; only System
// and Root may name another, and must name one.
func (p *placing) namesOwner() {
	row, ok := p.new.(Row)
	if !ok || !p.m.Owned {
		return
	}
	if p.trusted() {
		p.refuseIf(row.Owner == null, invalid(p.m.pointer("user_id"), "whoever acts as System or Root names the owner"))
		return
	}
	p.refuseIf(row.Owner != null && row.Owner != p.a.ID, p.open("only System and Root may name another owner"))
}

// change: Update needs Edit. Leaving a team or an inherited parent needs
// Delete before the move as well; changing user_id needs Share.
func (p *placing) change() []Refusal {
	if refused := p.w.Check(p.a, joinery.Edit, p.m.Table, p.old.head().ID); refused != nil {
		return []Refusal{*refused}
	}
	p.refuseIf(p.leaves() && !p.hadOn(joinery.Delete), p.denied("leaving a team or an inherited parent needs Delete before the move"))
	p.changesOwner()
	p.judge()
	return p.why
}

// hadOn reports whether the actor may do x to the row as it stands.
func (p *placing) hadOn(x joinery.Actions) bool { return p.w.May(p.a, x, p.old) }

// denied is Forbidden, or Unauthenticated for Anonymous.
func (p *placing) denied(why string) Refusal {
	if p.kind == joinery.Anonymous {
		return Refusal{Kind: joinery.Unauthenticated, Why: why}
	}
	return forbidden(why)
}

// open is a refusal of a kind that the page does not name.
func (p *placing) open(why string) Refusal {
	r := p.denied(why)
	r.Open = true
	return r
}

// leaves reports whether the row leaves its team or an inherited parent. A
// team leaves its place also when it had no parent: changing parent_id needs
// Delete.
func (p *placing) leaves() bool {
	switch old := p.old.(type) {
	case Team:
		return old.Parent != p.new.(Team).Parent
	case Row:
		return p.leavesRow(old, p.new.(Row))
	}
	return false
}

func (p *placing) leavesRow(old, new Row) bool {
	for _, ref := range p.m.Refs {
		if was := old.Refs[ref.Column]; ref.Inherit && was != null && was != new.Refs[ref.Column] {
			return true
		}
	}
	return old.Team != null && old.Team != new.Team
}

// changesOwner: changing user_id needs Share; to null, and to one of the three
// well-known ids, only System and Root.
func (p *placing) changesOwner() {
	old, ok := p.old.(Row)
	if !ok || !p.m.Owned || old.Owner == p.new.(Row).Owner {
		return
	}
	to := p.new.(Row).Owner
	p.refuseIf(!p.hadOn(joinery.Share), p.denied("changing user_id needs Share"))
	closed := to == null || p.w.wellKnown().Contains(to)
	p.refuseIf(closed && !p.trusted(), p.open("only System and Root change user_id to null or a well-known id"))
}

// judge is the new place: all of it on creation, what changes later.
func (p *placing) judge() {
	switch new := p.new.(type) {
	case Team:
		p.judgeTeam(new)
	case Role:
		p.judgeRole(new)
	case Membership:
		p.judgeMembership(new)
	case Grant:
		p.judgeGrant(new)
	case Row:
		p.judgeRow(new)
	}
}

// judgeRow: team_id t needs CreateInTeam by reach. Each non-null inherit
// reference needs CreateUnder on the named row; any other needs View on it,
// except that references to users are exempt unless the field says otherwise.
func (p *placing) judgeRow(new Row) {
	old, changed := p.old.(Row)
	if new.Team != null && !(changed && old.Team == new.Team) {
		p.needInTeam(p.m.pointer("team_id"), new.Team, p.m.inTeam())
	}
	for _, ref := range p.m.Refs {
		to := new.Refs[ref.Column]
		if to == null || changed && old.Refs[ref.Column] == to {
			continue
		}
		p.judgeRef(ref, new.ID, to)
	}
}

func (p *placing) judgeRef(ref Ref, from, to uuid.UUID) {
	pointer := p.m.pointer(ref.Column)
	switch {
	case ref.Inherit:
		if p.needView(pointer, ref.Table, to) {
			p.needUnder(pointer, ref.Table, to)
		}
		p.refuseIf(ref.Table == p.m.Table && p.w.cycle(p.m, from, to), p.open("cycles of inherited self-references are refused on write"))
	case ref.Table != "users" || ref.NeedsView:
		p.needView(pointer, ref.Table, to)
	}
}

// needView: View is asked first. A team or row that the actor may not View
// gives the field error "not found". No scope is asked.
func (p *placing) needView(pointer, table string, id uuid.UUID) bool {
	r, found := p.w.Find(table, id)
	visible := found && p.w.May(unscoped(p.a), joinery.View, r)
	p.refuseIf(!visible, invalid(pointer, "what the actor may not View is not found"))
	return visible
}

// needUnder: the actor needs the target model's rules to give all of
// CreateUnder on the row that is named.
func (p *placing) needUnder(pointer, table string, id uuid.UUID) {
	r, _ := p.w.Find(table, id)
	for _, x := range p.m.under().Each() {
		if !p.w.May(unscoped(p.a), x, r) {
			p.refuse(p.denied(pointer + ": an inherited reference needs CreateUnder on the named row"))
			return
		}
	}
}

// needInTeam: View on the team, then the actions in it by reach.
func (p *placing) needInTeam(pointer string, team uuid.UUID, need joinery.Actions) {
	if p.needView(pointer, "teams", team) {
		p.refuseIf(!p.inTeam(team).Has(need), p.denied(pointer+": the team needs CreateInTeam by reach"))
	}
}

// inTeam is what the actor has in the team by reach; System and Root, who
// reach no team, have everything.
func (p *placing) inTeam(team uuid.UUID) joinery.Actions {
	if p.trusted() {
		return joinery.AllActions
	}
	if p.kind == joinery.Anonymous {
		return joinery.NoActions
	}
	return p.w.byReach(p.a.ID, team)
}
