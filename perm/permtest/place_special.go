package permtest

import (
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// judgeTeam: a child team needs CreateInTeam in the parent. Cycles are refused.
func (p *placing) judgeTeam(new Team) {
	if old, changed := p.old.(Team); changed && old.Parent == new.Parent || new.Parent == null {
		return
	}
	p.needInTeam("/parent_id", new.Parent, p.m.inTeam())
	p.refuseIf(p.w.teamCycle(new.ID, new.Parent), p.open("a cycle of teams is refused on write"))
}

// judgeMembership: create and change need a role with Edit by reach (not a
// grant), and the old and the new role's effective actions must be among those
// the actor has there by reach. Team and member are fixed at creation. The
// role must be usable in the team.
func (p *placing) judgeMembership(new Membership) {
	old, changed := p.old.(Membership)
	if changed {
		p.refuseIf(old.Team != new.Team || old.Member != new.Member, p.open("team and member are fixed at creation"))
	}
	if !changed && p.needView("/team_id", "teams", new.Team) {
		p.refuseIf(!p.inTeam(new.Team).Has(joinery.Edit), forbidden("/team_id: a membership needs a role with Edit by reach"))
	}
	p.refuseIf(!p.inTeam(new.Team).Has(p.w.Effective(new.Role)), forbidden("/role_id: the role's effective actions are among the actor's own by reach"))
	if !changed || old.Role != new.Role {
		p.needView("/role_id", "roles", new.Role)
		p.refuseIf(!p.w.usable(new.Role, new.Team), p.open("a role of a team is usable in that team and below"))
	}
}

// usable reports whether the role may be named in the team: a role of no team
// everywhere, another in its team and below, along live teams. Where team is
// null, as for the parent of a role that is usable everywhere, only roles of no
// team will do. That a role is missing is told by another rule.
func (w *World) usable(role, team uuid.UUID) bool {
	r, found := pick(w.Roles, role)
	if !found || r.Team == null {
		return true
	}
	for _, t := range w.teamPath(team) {
		if t.ID == r.Team {
			return true
		}
	}
	return false
}

// judgeRole: with team_id null written by System and Root. Of a team: written
// with Share there, effective actions before and after within the actor's own
// by reach. The team is fixed at creation; the parent must be usable where the
// role is; cycles are refused.
func (p *placing) judgeRole(new Role) {
	old, changed := p.old.(Role)
	if changed {
		p.refuseIf(old.Team != new.Team, p.open("a role's team is fixed at creation"))
	}
	p.judgeRoleTeam(new, changed)
	if new.Parent == null || changed && old.Parent == new.Parent {
		return
	}
	p.needView("/parent_id", "roles", new.Parent)
	p.refuseIf(!p.w.usable(new.Parent, new.Team), p.open("a role's parent is usable in the role's team"))
	p.refuseIf(p.w.roleCycle(new.ID, new.Parent), p.open("a cycle of roles is refused on write"))
}

func (p *placing) judgeRoleTeam(new Role, changed bool) {
	if new.Team == null {
		p.refuseIf(!p.trusted(), forbidden("a role of no team is written by System and Root"))
		return
	}
	if !changed && !p.needView("/team_id", "teams", new.Team) {
		return
	}
	after := new.Actions | p.w.Effective(new.Parent)
	has := p.inTeam(new.Team)
	p.refuseIf(!has.Has(joinery.Share), forbidden("a role of a team is written with Share there"))
	p.refuseIf(!has.Has(after), forbidden("a role's effective actions are within the actor's own by reach"))
}

// judgeGrant: a grant's model, row and target are fixed at creation; grants on
// memberships, roles, users, grants, System and Private models and with any
// other combination of targets are Invalid. Create and change need Share on
// the row, and the grant's actions before and after are among those the actor
// has on it.
func (p *placing) judgeGrant(new Grant) {
	old, changed := p.old.(Grant)
	if changed {
		fixed := old.Model == new.Model && old.Row == new.Row && old.Member == new.Member && old.Team == new.Team && old.Role == new.Role
		p.refuseIf(!fixed, p.open("a grant's model, row and target are fixed at creation"))
	}
	p.refuseIf(!new.targetValid(), invalid("", "a grant has exactly one target"))
	if !p.w.grantable(new.Model) {
		p.refuse(invalid("", "grants on this model are invalid"))
		return
	}
	p.judgeGrantRow(new, changed)
	if !changed {
		p.judgeTarget(new)
	}
}

func (p *placing) judgeGrantRow(new Grant, changed bool) {
	if !changed && !p.needView("/row_id", new.Model, new.Row) {
		return
	}
	has := joinery.AllActions // lines 1 and 4 answer for Root and System
	if !p.trusted() {
		has = p.w.actionsOn(p.a.ID, new.Model, new.Row)
	}
	p.refuseIf(!has.Has(joinery.Share), forbidden("a grant needs Share on the row"))
	p.refuseIf(!has.Has(new.Actions), forbidden("a grant's actions are among those the actor has on the row"))
}

// judgeTarget: the team and the role that a grant names are references like
// others, and need View; users are exempt.
func (p *placing) judgeTarget(new Grant) {
	if new.Team != null {
		p.needView("/team_id", "teams", new.Team)
	}
	if new.Role != null {
		p.needView("/role_id", "roles", new.Role)
	}
}

// grantable reports whether grants on the table's rows are valid.
func (w *World) grantable(table string) bool {
	m := w.model(table)
	return m != nil && (!m.Special || table == "teams") && !m.System && !m.Private
}
