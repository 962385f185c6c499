package perm

import (
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// special judges writes to teams, memberships, roles and grants. False: the
// model has no rules of its own for what its references name. What may be
// changed at all is judged before, by Edit on the row.
func (j *judgement) special(old, new registry.Row) bool {
	switch b := &j.e.bound; j.m {
	case b.teams:
		j.team(old, new)
	case b.memberships:
		j.membership(old, new)
	case b.roles:
		j.role(old, new)
	case b.grants:
		j.grant(old, new)
	default:
		return false
	}
	return true
}

// moved reports whether a write gives a column of ids a value that it had not.
func moved(old, new registry.Row, column string) bool {
	if old == nil {
		_, named := new.UUID(column)
		return named
	}
	return !same(old, new, column)
}

// fixed makes the write Invalid where it changes one of the columns.
func (j *judgement) fixed(old, new registry.Row, columns ...string) {
	for _, column := range columns {
		if old != nil && old.Value(column) != new.Value(column) {
			j.fault(column, "fixed", "it cannot be changed: make another row")
		}
	}
}

// team: a child needs CreateInTeam in the parent, by reach; a move needs
// Delete on the team besides.
func (j *judgement) team(old, new registry.Row) {
	if moved(old, new, "parent_id") {
		if old != nil {
			j.needOnRow(Delete)
		}
		if parent, named := new.UUID("parent_id"); named {
			seen := j.enterTeam("parent_id", parent)
			j.inTree(old, new, "parent_id", []*registry.Column{j.m.Column("parent_id")}, seen)
		}
	}
	j.references(old, new, "parent_id")
}

// membership: a new one needs Edit in the team by reach; a new role must be
// one that may be viewed, that is usable there, and that has nothing which the
// actor has not there.
func (j *judgement) membership(old, new registry.Row) {
	j.fixed(old, new, "team_id", "member_id")
	team, _ := new.UUID("team_id")
	inTeam := j.visible
	if old == nil {
		inTeam = j.see(j.e.bound.teams, team, "team_id")
		j.require(j.e.askReach(Edit, team), refused, inTeam)
	} else {
		team, _ = old.UUID("team_id")
	}
	if moved(old, new, "role_id") {
		j.useRole(new, "role_id", team, inTeam)
	}
	j.references(old, new, "team_id", "member_id", "role_id")
}

// useRole needs that the role which a column names may be viewed, is usable in
// the team, and within what the actor has there. It returns the number of the
// first question.
func (j *judgement) useRole(new registry.Row, column string, team uuid.UUID, inTeam int) (seen int) {
	role, named := new.UUID(column)
	if !named {
		return 0
	}
	seen = j.see(j.e.bound.roles, role, column)
	j.requireField(j.e.askFits(role, team), column, "not_usable", "the role belongs to another team: use one of this team, of a team above it, or of every team", seen, inTeam)
	j.require(j.e.askWithin(role, team), refused, seen, inTeam)
	return seen
}

// role: one of a team needs Share there, and neither its own actions nor those
// of the roles above it may go beyond what the actor has there by reach.
func (j *judgement) role(old, new registry.Row) {
	j.fixed(old, new, "team_id")
	row := new
	if old != nil {
		row = old
	}
	team, ofTeam := row.UUID("team_id")
	inTeam := j.visible
	switch {
	case !ofTeam && !j.trusted():
		j.refuse()
	case old == nil && ofTeam:
		inTeam = j.see(j.e.bound.teams, team, "team_id")
		j.require(j.e.askReach(Share, team), refused, inTeam)
	}
	j.roleActions(old, new, team, inTeam)
	if moved(old, new, "parent_id") {
		seen := j.useRole(new, "parent_id", team, inTeam)
		j.inTree(old, new, "parent_id", []*registry.Column{j.m.Column("parent_id")}, seen)
	}
	j.references(old, new, "team_id", "parent_id")
}

func (j *judgement) roleActions(old, new registry.Row, team uuid.UUID, inTeam int) {
	actions := j.actions(new)
	if old != nil && actionsOf(old) == actions || actions == 0 {
		return
	}
	j.require(j.e.askReach(actions, team), refused, inTeam)
}

// grant: a new one needs Share on a row that can be shared, and a target; its
// actions must be among those that the actor has on the row.
func (j *judgement) grant(old, new registry.Row) {
	j.fixed(old, new, "model", "row_id", "member_id", "team_id", "role_id")
	actions := j.actions(new)
	name, _ := new.Value("model").(string)
	id, _ := new.UUID("row_id")
	seen := j.visible
	m := j.e.reg.Model(name)
	if old == nil {
		j.target(new)
	}
	j.references(old, new, "team_id", "role_id")
	switch {
	case m == nil || !j.e.grantable(m):
		j.fault("model", "not_grantable", "rows of this model cannot be shared by grants")
	case old == nil:
		seen = j.see(m, id, "row_id")
		j.require(j.e.askMay(m, Share|actions, id), refused, seen)
	case actions != actionsOf(old) && !j.trusted(): // those may mend grants on rows that are gone
		j.require(j.e.askMay(m, Share|actions, id), refused, seen)
	}
}

// target needs that a grant names exactly one: a user, a team, a team and a
// role, or a role.
func (j *judgement) target(new registry.Row) {
	member, toMember := new.UUID("member_id")
	team, toTeam := new.UUID("team_id")
	role, toRole := new.UUID("role_id")
	if toMember == (toTeam || toRole) {
		j.fault("member_id", "target", "name exactly one target: a user, a team, a team and a role, or a role")
		return
	}
	if toMember {
		j.requireField(j.e.askUser(member), "member_id", codeNotFound, textNotFound)
	}
	if toTeam {
		j.see(j.e.bound.teams, team, "team_id")
	}
	if toRole {
		j.see(j.e.bound.roles, role, "role_id")
	}
}

// actions is the column actions of a row; bits that mean nothing are a fault.
func (j *judgement) actions(row registry.Row) Actions {
	if n, _ := row.Value("actions").(int64); n&^int64(joinery.AllActions) != 0 {
		j.fault("actions", "unknown", "there are six actions: view, execute, copy, edit, delete and share")
	}
	return actionsOf(row)
}

func actionsOf(row registry.Row) Actions {
	n, _ := row.Value("actions").(int64)
	return Actions(n) & joinery.AllActions
}
