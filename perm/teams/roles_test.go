package teams_test

import (
	"sync"
	"testing"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
)

func TestEnsureRolesIsIdempotent(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		_, err := w.Roles.Update(w.system, w.roles.User, 1, teams.UpdateRole{Name: crud.Set("guest")})
		w.NoErr(err)
		w.NoErr(w.EnsureRoles(w.ann)) // whoever acts
		page, err := w.Roles.List(w.ann, query.Query{Sort: []string{"id"}})
		w.NoErr(err)
		w.Equal(len(page.Items), 3)
		w.Equal(page.Items[0].Name, "guest") // what exists is left alone
		w.Equal(page.Items[1].ParentID, &w.roles.User)
		w.Equal(page.Items[2].ParentID, &w.roles.Admin)
		w.Equal(page.Items[2].Actions, perm.Share)
	})
}

func TestEnsureRolesInsideTheCallersTransaction(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		w.NoErr(sqldb.InTx(w.t.Context(), w.db, w.EnsureRoles))
	})
}

func TestEnsureRolesAtOnce(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		err := sqldb.ExecAll(w.t.Context(), w.db, []string{"UPDATE roles SET parent_id = NULL", "DELETE FROM roles"})
		w.NoErr(err)
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() { errs[i] = w.EnsureRoles(w.t.Context()) })
		}
		wg.Wait()
		for _, err := range errs {
			w.NoErr(err)
		}
	})
}

func TestRolesOfEveryTeamAreWrittenBySystem(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		_, err := w.Roles.Get(w.bob, w.roles.User) // everyone signed in sees them
		w.NoErr(err)
		_, err = w.Roles.Create(w.ann, teams.CreateRole{Name: "guide", Actions: perm.View})
		w.refused(err, joinery.Forbidden, "")
		_, err = w.Roles.Update(w.ann, w.roles.User, 1, teams.UpdateRole{Name: crud.Set("x")})
		w.refused(err, joinery.Forbidden, "")
		_, err = w.Roles.Create(crud.CreatedFor(w.system, joinery.SystemActor().ID), teams.CreateRole{Name: "guide", Actions: perm.View})
		w.NoErr(err)
	})
}

func TestRoleOfATeam(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("Observatory", nil)
		role, err := w.Roles.Create(w.ann, teams.CreateRole{Name: "guide", TeamID: &team.ID, Actions: perm.View | perm.Edit})
		w.NoErr(err)
		_, err = w.Roles.Get(w.bob, role.ID)
		w.refused(err, joinery.NotFound, "")
		w.enrol(team.ID, w.bob, w.roles.Admin)
		_, err = w.Roles.Get(w.bob, role.ID)
		w.NoErr(err)
		_, err = w.Roles.Create(w.bob, teams.CreateRole{Name: "boss", TeamID: &team.ID, Actions: perm.View})
		w.refused(err, joinery.Forbidden, "") // needs Share
	})
}

// Changing a role's actions alone must not give more than the actor has.
func TestRoleCannotOutgrowItsAuthor(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("Observatory", nil)
		boss, err := w.Roles.Create(w.ann, teams.CreateRole{Name: "boss", TeamID: &team.ID, Actions: perm.View | perm.Edit | perm.Share})
		w.NoErr(err)
		w.enrol(team.ID, w.bob, boss.ID)
		guide, err := w.Roles.Create(w.bob, teams.CreateRole{Name: "guide", TeamID: &team.ID, Actions: perm.View})
		w.NoErr(err)
		_, err = w.Roles.Update(w.bob, guide.ID, guide.Version, teams.UpdateRole{Actions: crud.Set(perm.View | perm.Delete)})
		w.refused(err, joinery.Forbidden, "")
		_, err = w.Roles.Update(w.bob, boss.ID, boss.Version, teams.UpdateRole{Actions: crud.Set(perm.View | perm.Edit | perm.Share | perm.Delete)})
		w.refused(err, joinery.Forbidden, "") // not even one's own
		_, err = w.Roles.Update(w.bob, guide.ID, guide.Version, teams.UpdateRole{Actions: crud.Set(perm.View | perm.Edit)})
		w.NoErr(err)
	})
}

func TestRoleUsableInItsTeamAndBelow(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		a := w.team("A", nil)
		b, other := w.team("B", &a.ID), w.team("C", nil)
		role, err := w.Roles.Create(w.ann, teams.CreateRole{Name: "guide", TeamID: &a.ID, Actions: perm.View})
		w.NoErr(err)
		w.enrol(b.ID, w.bob, role.ID)
		_, err = w.Memberships.Create(w.ann, teams.CreateMembership{TeamID: other.ID, MemberID: idOf(w.bob), RoleID: role.ID})
		w.refused(err, joinery.Invalid, "not_usable")
	})
}

func TestCycleOfRolesIsRefused(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		_, err := w.Roles.Update(w.system, w.roles.User, 1, teams.UpdateRole{ParentID: crud.Set(w.roles.Superadmin)})
		w.refused(err, joinery.Invalid, "cycle")
	})
}

func TestRoleInUseIsNotDeleted(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		w.team("A", nil)
		w.refused(w.Roles.Delete(w.system, w.roles.Superadmin, 1), joinery.Conflict, "in_use")
		w.refused(w.Roles.Delete(w.system, w.roles.User, 1), joinery.Conflict, "in_use") // admin descends from it
	})
}
