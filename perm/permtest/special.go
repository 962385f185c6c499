package permtest

import (
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// maySpecial is line 8 for a signed-in actor: what the page says of users,
// teams, memberships, roles and grants, and nothing else. The rows that these
// rules point to are judged as if the actor had no scope.
func (w *World) maySpecial(actor uuid.UUID, x joinery.Actions, r Record) bool {
	switch r := r.(type) {
	case User:
		return w.mayUser(actor, x, r)
	case Team:
		return w.mayTeam(actor, x, r)
	case Membership:
		return w.mayMembership(actor, x, r)
	case Role:
		return w.mayRole(actor, x, r)
	case Grant:
		return w.mayGrant(actor, x, r)
	}
	panic("no special model: " + r.Table())
}

// users: oneself View, Edit, Delete; others View when both reach some team in
// which the viewer has View.
func (w *World) mayUser(actor uuid.UUID, x joinery.Actions, u User) bool {
	if u.ID == actor {
		return (joinery.View | joinery.Edit | joinery.Delete).Has(x)
	}
	return x == joinery.View && w.meet(actor, u.ID)
}

// meet reports whether both users reach some team in which the viewer has
// View.
func (w *World) meet(viewer, other uuid.UUID) bool {
	for _, t := range w.Teams {
		if w.byReach(viewer, t.ID).Has(joinery.View) && w.reaches(other, t.ID) {
			return true
		}
	}
	return false
}

// teams: lines 12 and 13 with the team's own id as team_id.
func (w *World) mayTeam(actor uuid.UUID, x joinery.Actions, t Team) bool {
	return w.byReach(actor, t.ID).Has(x) || w.granted(actor, x, "teams", t.ID)
}

// memberships: View of one's own always, of others with View on the team.
// Change and delete need a role with Edit by reach (not a grant), and the
// role's effective actions must be among those the actor has there by reach.
// Everyone may delete their own.
func (w *World) mayMembership(actor uuid.UUID, x joinery.Actions, m Membership) bool {
	own := m.Member == actor
	switch x {
	case joinery.View:
		return own || w.mayOn(actor, joinery.View, "teams", m.Team)
	case joinery.Edit:
		return w.mayManage(actor, m.Team, m.Role)
	case joinery.Delete:
		return own || w.mayManage(actor, m.Team, m.Role)
	}
	return false
}

// mayManage reports whether the actor reaches the team with Edit and has there,
// by reach, all that the role gives.
func (w *World) mayManage(actor, team, role uuid.UUID) bool {
	has := w.byReach(actor, team)
	return has.Has(joinery.Edit) && has.Has(w.Effective(role))
}

// roles: with team_id null viewable by all signed-in, written by System and
// Root. Of a team: viewable by whoever may View that team or reaches a team
// below it, written with Share there, effective actions within the actor's own
// by reach.
func (w *World) mayRole(actor uuid.UUID, x joinery.Actions, r Role) bool {
	switch x {
	case joinery.View:
		return r.Team == null || w.mayOn(actor, joinery.View, "teams", r.Team) || w.reachesBelow(actor, r.Team)
	case joinery.Edit, joinery.Delete:
		return r.Team != null && w.mayShape(actor, r.Team, w.Effective(r.ID))
	}
	return false
}

// mayShape reports whether the actor has Share in the team and all of the
// actions, both by reach.
func (w *World) mayShape(actor, team uuid.UUID, actions joinery.Actions) bool {
	has := w.byReach(actor, team)
	return has.Has(joinery.Share) && has.Has(actions)
}

// reachesBelow reports whether the user reaches a team below the given one,
// with only live teams between the two.
func (w *World) reachesBelow(user, team uuid.UUID) bool {
	for _, t := range w.Teams {
		if w.below(t, team) && w.reaches(user, t.ID) {
			return true
		}
	}
	return false
}

// below reports whether one or more steps up from t, along live teams, lead to
// the other. In a cycle a team is below itself.
func (w *World) below(t Team, other uuid.UUID) bool {
	for _, above := range w.teamPath(t.Parent) {
		if above.ID == other {
			return true
		}
	}
	return false
}

// grants on w: View, change and delete need Share on w, and the grant's
// actions are, for change and delete, among those the actor has on w.
func (w *World) mayGrant(actor uuid.UUID, x joinery.Actions, g Grant) bool {
	has := w.actionsOn(actor, g.Model, g.Row)
	switch x {
	case joinery.View:
		return has.Has(joinery.Share)
	case joinery.Edit, joinery.Delete:
		return has.Has(joinery.Share | g.Actions)
	}
	return false
}

// mayOn is May on the row with the id, as if there were no scope.
func (w *World) mayOn(actor uuid.UUID, x joinery.Actions, table string, id uuid.UUID) bool {
	r, found := w.Find(table, id)
	return found && w.May(joinery.Actor{ID: actor, Kind: joinery.User}, x, r)
}

// actionsOn is Actions on the row with the id, as if there were no scope.
func (w *World) actionsOn(actor uuid.UUID, table string, id uuid.UUID) joinery.Actions {
	r, found := w.Find(table, id)
	if !found || w.model(table) == nil {
		return joinery.NoActions
	}
	return w.Actions(joinery.Actor{ID: actor, Kind: joinery.User}, r)
}
