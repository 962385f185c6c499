package teams_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
)

const lastOne = "last_superadmin"

func TestLastSuperadminStays(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		m := w.membershipOf(team.ID, w.ann)
		for name, change := range map[string]teams.UpdateMembership{
			"a lesser role": {RoleID: crud.Set(w.roles.Admin)},
			"an end":        {ExpiresAt: crud.Set(*in(time.Hour))},
			"disabled":      {DisabledAt: crud.Set(time.Now())},
		} {
			for _, who := range []context.Context{w.ann, w.system} {
				_, err := w.Memberships.Update(who, m.ID, m.Version, change)
				if !joinery.IsKind(err, joinery.Conflict) {
					w.t.Errorf("%s: got %v, want a Conflict", name, err)
				}
			}
		}
		w.refused(w.Memberships.Delete(w.ann, m.ID, m.Version), joinery.Conflict, lastOne)
		w.Equal(w.membershipOf(team.ID, w.ann), m)
	})
}

func TestSuperadminGoesWhereAnotherStays(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		w.enrol(team.ID, w.bob, w.roles.Superadmin)
		m := w.membershipOf(team.ID, w.ann)
		w.NoErr(w.Memberships.Delete(w.ann, m.ID, m.Version))
		m = w.membershipOf(team.ID, w.bob)
		w.refused(w.Memberships.Delete(w.bob, m.ID, m.Version), joinery.Conflict, lastOne)
	})
}

// Superadmins of a parent team, and those with an end, do not count.
func TestOnlyDirectAndLastingOnesCount(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		parent := w.team("A", nil)
		child := w.team("B", &parent.ID)
		_, err := w.Memberships.Create(w.ann, teams.CreateMembership{TeamID: child.ID, MemberID: idOf(w.bob), RoleID: w.roles.Superadmin, ExpiresAt: in(time.Hour)})
		w.NoErr(err)
		m := w.membershipOf(child.ID, w.ann)
		w.refused(w.Memberships.Delete(w.ann, m.ID, m.Version), joinery.Conflict, lastOne)
	})
}

func TestBatchCannotTakeAllSuperadmins(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		w.enrol(team.ID, w.bob, w.roles.Superadmin)
		a, b := w.membershipOf(team.ID, w.ann), w.membershipOf(team.ID, w.bob)
		demote := teams.UpdateMembership{RoleID: crud.Set(w.roles.User)}
		_, err := w.Memberships.UpdateMany(w.system, []crud.Change[teams.UpdateMembership]{
			{ID: a.ID, Version: a.Version, Update: demote}, {ID: b.ID, Version: b.Version, Update: demote},
		})
		w.refused(err, joinery.Conflict, "")
		err = w.Memberships.DeleteMany(w.system, []crud.Ident{{ID: a.ID, Version: a.Version}, {ID: b.ID, Version: b.Version}})
		w.refused(err, joinery.Conflict, "")
		w.Equal(w.membershipOf(team.ID, w.bob), b)
	})
}

func TestTeamThatHadNoneIsFree(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		bobs := w.enrol(team.ID, w.bob, w.roles.User)
		anns := w.membershipOf(team.ID, w.ann)
		w.NoErr(w.Memberships.Delete(w.root, anns.ID, anns.Version)) // Root is exempt
		bobs, err := w.Memberships.Update(w.system, bobs.ID, bobs.Version, teams.UpdateMembership{RoleID: crud.Set(w.roles.Admin)})
		w.NoErr(err)
		w.NoErr(w.Memberships.Delete(w.bob, bobs.ID, bobs.Version))
	})
}

func TestRoleKeepsShareWhereItIsTheLast(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		w.team("A", nil)
		_, err := w.Roles.Update(w.system, w.roles.Superadmin, 1, teams.UpdateRole{Actions: crud.Set(joinery.NoActions)})
		w.refused(err, joinery.Conflict, lastOne)
		// What it descends from may have given it Share.
		boss, err := w.Roles.Update(w.system, w.roles.User, 1, teams.UpdateRole{Actions: crud.Set(joinery.AllActions)})
		w.NoErr(err)
		_, err = w.Roles.Update(w.system, w.roles.Superadmin, 1, teams.UpdateRole{Actions: crud.Set(joinery.NoActions)})
		w.NoErr(err)
		_, err = w.Roles.Update(w.system, boss.ID, boss.Version, teams.UpdateRole{Actions: crud.Set(perm.View)})
		w.refused(err, joinery.Conflict, lastOne)
		_, err = w.Roles.Update(w.system, w.roles.Admin, 1, teams.UpdateRole{ParentID: crud.Null[uuid.UUID]()})
		w.refused(err, joinery.Conflict, lastOne)
		_, err = w.Roles.Update(w.root, boss.ID, boss.Version, teams.UpdateRole{Actions: crud.Set(perm.View)})
		w.NoErr(err)
	})
}
