package permtest

import (
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// HasSharer reports whether the team has a direct, active membership without
// expires_at whose role includes Share.
func (w *World) HasSharer(team uuid.UUID) bool {
	for _, m := range w.Memberships {
		if m.Team == team && w.active(m) && m.ExpiresAt.IsZero() && w.Effective(m.Role).Has(joinery.Share) {
			return true
		}
	}
	return false
}

// Orphaned are the teams for which the step from w to after is a Conflict:
// they had a direct, active membership without expires_at whose role includes
// Share, and have none afterwards. Teams that are deleted in the step are
// exempt, and so is Root.
func (w *World) Orphaned(a joinery.Actor, after *World) []uuid.UUID {
	var teams []uuid.UUID
	if w.Kind(a) == joinery.Root {
		return nil
	}
	for _, t := range w.Teams {
		if _, stays := live(after.Teams, t.ID); stays && w.HasSharer(t.ID) && !after.HasSharer(t.ID) {
			teams = append(teams, t.ID)
		}
	}
	return teams
}

// With is the world after the row is written: replaced where there is one with
// its id, else added. w stays as it is.
func (w *World) With(r Record) *World {
	after := *w
	switch r := r.(type) {
	case User:
		after.Users = put(w.Users, r)
	case Team:
		after.Teams = put(w.Teams, r)
	case Role:
		after.Roles = put(w.Roles, r)
	case Membership:
		after.Memberships = put(w.Memberships, r)
	case Grant:
		after.Grants = put(w.Grants, r)
	case Row:
		after.Rows = put(w.Rows, r)
	}
	return &after
}

func put[R Record](rows []R, row R) []R {
	all := make([]R, 0, len(rows)+1)
	for _, r := range rows {
		if r.head().ID != row.head().ID {
			all = append(all, r)
		}
	}
	return append(all, row)
}
