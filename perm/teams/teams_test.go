package teams_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
)

func TestNewNeedsItsParts(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	_, err := teams.New(registry.New(nil), nil, nil, nil)
	is.True(err != nil)
}

func TestOwnerOfNewTeamBecomesSuperadmin(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("Observatory", nil)
		m := w.membershipOf(team.ID, w.ann)
		w.Equal(m.RoleID, w.roles.Superadmin)
		w.True(m.ExpiresAt == nil)
		w.NoErr(w.engine.Check(w.ann, w.Teams.Model(), perm.Share, team.ID))
		w.refused(w.engine.Check(w.bob, w.Teams.Model(), perm.View, team.ID), joinery.NotFound, "")
	})
}

func TestOwnerNamedBySystemBecomesMember(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team, err := w.Teams.Create(crud.CreatedFor(w.system, idOf(w.bob)), teams.CreateTeam{Name: "Library"})
		w.NoErr(err)
		w.Equal(w.membershipOf(team.ID, w.bob).RoleID, w.roles.Superadmin)
	})
}

func TestTeamOfSystemHasNoMember(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		own := crud.CreatedFor(w.system, joinery.SystemActor().ID)
		team, err := w.Teams.Create(own, teams.CreateTeam{Name: "Library"})
		w.NoErr(err)
		page, err := w.Memberships.List(w.root, byTeam(team.ID))
		w.NoErr(err)
		w.Equal(len(page.Items), 0)
	})
}

func TestCreatorRoleOfOptions(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db, &teams.Options{CreatorRole: teams.WellKnownRoles().Admin})
		w.Equal(w.membershipOf(w.team("Library", nil).ID, w.ann).RoleID, w.roles.Admin)
	})
}

func TestMissingCreatorRoleUndoesTheTeam(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db, &teams.Options{CreatorRole: uuid.Must(uuid.NewV7())})
		_, err := w.Teams.Create(w.ann, teams.CreateTeam{Name: "Library"})
		w.refused(err, joinery.Internal, "")
		page, err := w.Teams.List(w.root, query.Query{})
		w.NoErr(err)
		w.Equal(len(page.Items), 0)
	})
}

func TestChildTeamNeedsTheRightInTheParent(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		parent := w.team("Observatory", nil)
		_, err := w.Teams.Create(w.bob, teams.CreateTeam{Name: "Crew", ParentID: &parent.ID})
		w.refused(err, joinery.Invalid, "/parent_id") // hidden and missing alike
		w.enrol(parent.ID, w.bob, w.roles.User)
		_, err = w.Teams.Create(w.bob, teams.CreateTeam{Name: "Crew", ParentID: &parent.ID})
		w.refused(err, joinery.Forbidden, "")
		child := w.team("Crew", &parent.ID)
		w.NoErr(w.engine.Check(w.bob, w.Teams.Model(), perm.View, child.ID)) // down the tree
	})
}

func TestTeamMovesByEditDeleteAndTheRightAbove(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		a, b := w.team("A", nil), w.team("B", nil)
		m := w.enrol(b.ID, w.bob, w.roles.Admin)
		_, err := w.Teams.Update(w.bob, b.ID, b.Version, teams.UpdateTeam{ParentID: crud.Set(a.ID)})
		w.refused(err, joinery.Invalid, "/parent_id")
		_, err = w.Teams.Update(w.ann, b.ID, b.Version, teams.UpdateTeam{ParentID: crud.Set(a.ID)})
		w.NoErr(err)
		w.NoErr(w.Memberships.Delete(w.ann, m.ID, m.Version))
	})
}

func TestCycleOfTeamsIsRefused(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		a := w.team("A", nil)
		b := w.team("B", &a.ID)
		_, err := w.Teams.Update(w.ann, a.ID, a.Version, teams.UpdateTeam{ParentID: crud.Set(b.ID)})
		w.refused(err, joinery.Invalid, "cycle")
	})
}

func TestDeletedTeamTakesItsMembershipsAlong(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		w.NoErr(w.Teams.Delete(w.ann, team.ID, team.Version)) // its last superadmin goes too
		page, err := w.Memberships.List(w.root, byTeam(team.ID))
		w.NoErr(err)
		w.Equal(len(page.Items), 0)
	})
}

func TestTeamWithChildrenIsInUse(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		w.team("B", &team.ID)
		w.refused(w.Teams.Delete(w.ann, team.ID, team.Version), joinery.Conflict, "in_use")
	})
}
