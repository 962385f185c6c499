package permtest

import (
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// expired reports whether t has come: something expires at the instant it
// names. The zero time is no expiry.
func (w *World) expired(t time.Time) bool { return !t.IsZero() && !t.After(w.Now) }

// roleChain is the role and its ancestors, as far as they are live: a deleted
// role cuts its chain, a cycle ends it.
func (w *World) roleChain(id uuid.UUID) []Role {
	var chain []Role
	visited := map[uuid.UUID]bool{}
	for !visited[id] {
		visited[id] = true
		role, ok := live(w.Roles, id)
		if !ok {
			break
		}
		chain = append(chain, role)
		id = role.Parent
	}
	return chain
}

// Effective is what the role gives: its own actions and those of all its live
// ancestors. A deleted or missing role gives nothing.
func (w *World) Effective(role uuid.UUID) joinery.Actions {
	var all joinery.Actions
	for _, r := range w.roleChain(role) {
		all |= r.Actions
	}
	return all
}

// descends reports whether the role is the other, or descends from it.
func (w *World) descends(role, other uuid.UUID) bool {
	for _, r := range w.roleChain(role) {
		if r.ID == other {
			return true
		}
	}
	return false
}

// teamPath is the team and the teams above it, as far as they are live: no
// path leads through a deleted team, a cycle ends it.
func (w *World) teamPath(id uuid.UUID) []Team {
	var path []Team
	visited := map[uuid.UUID]bool{}
	for !visited[id] {
		visited[id] = true
		team, ok := live(w.Teams, id)
		if !ok {
			break
		}
		path = append(path, team)
		id = team.Parent
	}
	return path
}

// active reports whether the membership counts: neither expired, disabled nor
// deleted, and its role and team live.
func (w *World) active(m Membership) bool {
	_, role := live(w.Roles, m.Role)
	_, team := live(w.Teams, m.Team)
	return !w.expired(m.ExpiresAt) && m.DisabledAt.IsZero() && !m.Deleted && role && team
}

// rolesIn are the roles with which the user reaches the team: those of the
// user's active memberships in it and in the teams above it.
func (w *World) rolesIn(user, team uuid.UUID) []uuid.UUID {
	var roles []uuid.UUID
	for _, s := range w.teamPath(team) {
		for _, m := range w.Memberships {
			if m.Member == user && m.Team == s.ID && w.active(m) {
				roles = append(roles, m.Role)
			}
		}
	}
	return roles
}

// reaches reports whether the user reaches the team, with whatever role.
func (w *World) reaches(user, team uuid.UUID) bool { return len(w.rolesIn(user, team)) > 0 }

// byReach is all that the roles with which the user reaches the team give.
func (w *World) byReach(user, team uuid.UUID) joinery.Actions {
	var all joinery.Actions
	for _, role := range w.rolesIn(user, team) {
		all |= w.Effective(role)
	}
	return all
}

// grantActive reports whether the grant counts: live, not expired, and its one
// target live.
func (w *World) grantActive(g Grant) bool {
	return !g.Deleted && !w.expired(g.ExpiresAt) && g.targetValid() && w.targetLive(g)
}

// targetValid reports whether the grant names exactly one target: a user; a
// team; a team and a role; a role.
func (g Grant) targetValid() bool {
	return (g.Member != null) != (g.Team != null || g.Role != null)
}

// targetLive reports whether all that the grant's target names is live. Where
// there is no users table, users are plain ids and always live.
func (w *World) targetLive(g Grant) bool {
	_, user := live(w.Users, g.Member)
	_, team := live(w.Teams, g.Team)
	_, role := live(w.Roles, g.Role)
	return (g.Member == null || w.NoUsers || user) && (g.Team == null || team) && (g.Role == null || role)
}

// grantedTo reports whether the user is among those whom the grant is for.
func (w *World) grantedTo(g Grant, user uuid.UUID) bool {
	switch {
	case g.Member != null: // a user
		return g.Member == user
	case g.Team != null && g.Role == null: // a team: everyone who reaches it
		return w.reaches(user, g.Team)
	case g.Team != null: // a team and a role: who reaches it with that role or one that descends from it
		for _, role := range w.rolesIn(user, g.Team) {
			if w.descends(role, g.Role) {
				return true
			}
		}
		return false
	}
	for _, m := range w.Memberships { // a role: everyone with an active membership in it or one that descends from it
		if m.Member == user && w.active(m) && w.descends(m.Role, g.Role) {
			return true
		}
	}
	return false
}

// granted reports whether an active grant on the row to the user includes x.
func (w *World) granted(user uuid.UUID, x joinery.Actions, table string, row uuid.UUID) bool {
	for _, g := range w.Grants {
		if g.Model == table && g.Row == row && g.Actions.Has(x) && w.grantActive(g) && w.grantedTo(g, user) {
			return true
		}
	}
	return false
}
