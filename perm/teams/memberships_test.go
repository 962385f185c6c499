package teams_test

import (
	"testing"
	"time"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
)

func TestMembershipsNeedEditByReach(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		carl := newUser(w.t)
		create := teams.CreateMembership{TeamID: team.ID, MemberID: idOf(carl), RoleID: w.roles.User}
		_, err := w.Memberships.Create(w.bob, create)
		w.refused(err, joinery.Invalid, "/team_id") // a team one does not see
		bobs := w.enrol(team.ID, w.bob, w.roles.User)
		_, err = w.Memberships.Create(w.bob, create)
		w.refused(err, joinery.Forbidden, "")
		_, err = w.Memberships.Update(w.ann, bobs.ID, bobs.Version, teams.UpdateMembership{RoleID: crud.Set(w.roles.Admin)})
		w.NoErr(err)
		_, err = w.Memberships.Create(w.bob, create)
		w.NoErr(err)
	})
}

// Edit by a grant on the team is no role with Edit.
func TestMembershipsNeedARoleNotAGrant(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		_, err := w.Grants.Create(w.ann, teams.CreateGrant{Model: "teams", RowID: team.ID, Actions: perm.View | perm.Edit, MemberID: ptr(idOf(w.bob))})
		w.NoErr(err)
		_, err = w.Memberships.Create(w.bob, teams.CreateMembership{TeamID: team.ID, MemberID: idOf(w.bob), RoleID: w.roles.User})
		w.refused(err, joinery.Forbidden, "")
	})
}

func TestNobodyGivesMoreThanOneHas(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		bobs := w.enrol(team.ID, w.bob, w.roles.Admin)
		_, err := w.Memberships.Create(w.bob, teams.CreateMembership{TeamID: team.ID, MemberID: idOf(newUser(w.t)), RoleID: w.roles.Superadmin})
		w.refused(err, joinery.Forbidden, "")
		_, err = w.Memberships.Update(w.bob, bobs.ID, bobs.Version, teams.UpdateMembership{RoleID: crud.Set(w.roles.Superadmin)})
		w.refused(err, joinery.Forbidden, "")
		anns := w.membershipOf(team.ID, w.ann)
		_, err = w.Memberships.Update(w.bob, anns.ID, anns.Version, teams.UpdateMembership{RoleID: crud.Set(w.roles.User)})
		w.refused(err, joinery.Forbidden, "") // nor takes it away
	})
}

func TestOneSeesAndLeavesOnesOwn(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		m := w.enrol(team.ID, w.bob, w.roles.User)
		carls := w.enrol(team.ID, newUser(w.t), w.roles.User)
		_, err := w.Memberships.Get(w.bob, m.ID)
		w.NoErr(err)
		w.refused(w.Memberships.Delete(w.bob, carls.ID, carls.Version), joinery.Forbidden, "")
		w.NoErr(w.Memberships.Delete(w.bob, m.ID, m.Version))
	})
}

func TestMembershipCountsUntilItsEnd(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		m, err := w.Memberships.Create(w.ann, teams.CreateMembership{TeamID: team.ID, MemberID: idOf(w.bob), RoleID: w.roles.User, ExpiresAt: in(time.Hour)})
		w.NoErr(err)
		check := func() error { return w.engine.Check(w.bob, w.Teams.Model(), perm.View, team.ID) }
		w.NoErr(check())
		m, err = w.Memberships.Update(w.ann, m.ID, m.Version, teams.UpdateMembership{ExpiresAt: crud.Set(*in(-time.Second))})
		w.NoErr(err)
		w.refused(check(), joinery.NotFound, "")
		m, err = w.Memberships.Update(w.ann, m.ID, m.Version, teams.UpdateMembership{ExpiresAt: crud.Null[time.Time]()})
		w.NoErr(err)
		w.NoErr(check())
		_, err = w.Memberships.Update(w.ann, m.ID, m.Version, teams.UpdateMembership{DisabledAt: crud.Set(time.Now())})
		w.NoErr(err)
		w.refused(check(), joinery.NotFound, "")
	})
}

// Team and member are no part of the input; a whole row that System writes is
// judged too.
func TestTeamAndMemberAreFixed(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		a, b := w.team("A", nil), w.team("B", nil)
		m := w.enrol(a.ID, w.bob, w.roles.User)
		m.TeamID = b.ID
		_, err := w.Memberships.UpdateRow(w.system, m)
		w.refused(err, joinery.Invalid, "/team_id")
	})
}
