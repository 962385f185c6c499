package teams_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
)

// TestBar33_TwoOwnersRemovingEachOther: whatever two superadmins of a team do
// to each other, or to themselves, at the same moment, exactly one of the two
// succeeds, and one superadmin stays.
func TestBar33_TwoOwnersRemovingEachOther(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		type act = func(perm.Membership, bool) error
		by := func(ann bool) context.Context {
			if ann {
				return w.ann
			}
			return w.bob
		}
		remove := func(m perm.Membership, byAnn bool) error {
			return w.Memberships.Delete(by(byAnn), m.ID, crud.AnyVersion)
		}
		change := func(in teams.UpdateMembership) act {
			return func(m perm.Membership, byAnn bool) error {
				_, err := w.Memberships.Update(by(byAnn), m.ID, crud.AnyVersion, in)
				return err
			}
		}
		demote := change(teams.UpdateMembership{RoleID: crud.Set(w.roles.User)})
		end := change(teams.UpdateMembership{ExpiresAt: crud.Set(time.Now().Add(time.Hour))})
		disable := change(teams.UpdateMembership{DisabledAt: crud.Set(time.Now())})
		for name, acts := range map[string][2]act{
			"delete, delete": {remove, remove}, "demote, demote": {demote, demote},
			"delete, demote": {remove, demote}, "end, disable": {end, disable},
		} {
			for _, themselves := range []bool{false, true} {
				for range 3 {
					team := w.team("A", nil)
					w.enrol(team.ID, w.bob, w.roles.Superadmin)
					anns, bobs := w.membershipOf(team.ID, w.ann), w.membershipOf(team.ID, w.bob)
					if !themselves {
						anns, bobs = bobs, anns
					}
					var errs [2]error
					var wg sync.WaitGroup
					wg.Go(func() { errs[0] = settled(func() error { return acts[0](anns, true) }) })
					wg.Go(func() { errs[1] = settled(func() error { return acts[1](bobs, false) }) })
					wg.Wait()
					if (errs[0] == nil) == (errs[1] == nil) {
						w.t.Fatalf("%s, themselves: %t: got %v and %v, want one of the two refused", name, themselves, errs[0], errs[1])
					}
					w.Equal(w.superadminsOf(team.ID), int64(1))
				}
			}
		}
	})
}

// superadminsOf counts the memberships that keep the team from being without
// anybody who could share it, by a query of its own.
func (w *world) superadminsOf(team uuid.UUID) int64 {
	w.t.Helper()
	n, err := sqldb.Scalar[int64](w.t.Context(), w.db, sqldb.Raw(
		"SELECT count(*) FROM memberships WHERE team_id = ? AND role_id = ? AND deleted_at IS NULL AND disabled_at IS NULL AND expires_at IS NULL",
		team, w.roles.Superadmin))
	w.NoErr(err)
	return n
}

// A role loses Share while the membership of the other superadmin goes: each
// relies on what the other takes away.
func TestBar33_RoleAndMembershipChangedAtOnce(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		for range 5 {
			team := w.team("A", nil)
			role, err := w.Roles.Create(w.ann, teams.CreateRole{Name: "boss", TeamID: &team.ID, Actions: joinery.AllActions})
			w.NoErr(err)
			w.enrol(team.ID, w.bob, role.ID)
			a := w.membershipOf(team.ID, w.ann)
			var errs [2]error
			var wg sync.WaitGroup
			wg.Go(func() { errs[0] = w.Memberships.Delete(w.system, a.ID, a.Version) })
			wg.Go(func() {
				_, errs[1] = w.Roles.Update(w.system, role.ID, role.Version, teams.UpdateRole{Actions: crud.Set(perm.View)})
			})
			wg.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				w.t.Fatalf("got %v and %v, want one of the two refused", errs[0], errs[1])
			}
		}
	})
}
