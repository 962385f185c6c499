package teams_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
)

// doc is a document of ann's.
func (w *world) doc(title string) Doc {
	w.t.Helper()
	d, err := w.docs.Create(w.ann, CreateDoc{Title: title})
	w.NoErr(err)
	return d
}

// share lets ann give bob some actions on a document.
func (w *world) share(d Doc, actions joinery.Actions) perm.Grant {
	w.t.Helper()
	g, err := w.Grants.Create(w.ann, teams.CreateGrant{Model: "docs", RowID: d.ID, Actions: actions, MemberID: ptr(idOf(w.bob))})
	w.NoErr(err)
	return g
}

func TestGrantToAUser(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d := w.doc("plan")
		_, err := w.docs.Get(w.bob, d.ID)
		w.refused(err, joinery.NotFound, "")
		g := w.share(d, perm.View)
		_, err = w.docs.Get(w.bob, d.ID)
		w.NoErr(err)
		_, err = w.docs.Update(w.bob, d.ID, d.Version, UpdateDoc{Title: crud.Set("x")})
		w.refused(err, joinery.Forbidden, "")
		w.NoErr(w.Grants.Delete(w.ann, g.ID, g.Version))
		_, err = w.docs.Get(w.bob, d.ID)
		w.refused(err, joinery.NotFound, "")
	})
}

func TestGrantEndsAtItsDate(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d := w.doc("plan")
		g := w.share(d, perm.View)
		_, err := w.Grants.Update(w.ann, g.ID, g.Version, teams.UpdateGrant{ExpiresAt: crud.Set(*in(-time.Second))})
		w.NoErr(err)
		_, err = w.docs.Get(w.bob, d.ID)
		w.refused(err, joinery.NotFound, "")
	})
}

func TestGrantToTeamAndRole(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		w.enrol(team.ID, w.bob, w.roles.Admin)
		for name, grant := range map[string]teams.CreateGrant{
			"team":                         {TeamID: &team.ID},
			"role":                         {RoleID: &w.roles.Admin},
			"team and role it descends to": {TeamID: &team.ID, RoleID: &w.roles.User},
		} {
			d := w.doc(name)
			grant.Model, grant.RowID, grant.Actions = "docs", d.ID, perm.View
			_, err := w.Grants.Create(w.ann, grant)
			w.NoErr(err)
			_, err = w.docs.Get(w.bob, d.ID)
			w.NoErr(err)
		}
	})
}

func TestGrantNeedsShareAndNoMoreThanOneHas(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d := w.doc("plan")
		carl := teams.CreateGrant{Model: "docs", RowID: d.ID, Actions: perm.View, MemberID: ptr(idOf(newUser(w.t)))}
		_, err := w.Grants.Create(w.bob, carl)
		w.refused(err, joinery.Invalid, "/row_id") // a row one does not see
		g := w.share(d, perm.View|perm.Edit)
		_, err = w.Grants.Create(w.bob, carl)
		w.refused(err, joinery.Forbidden, "")
		_, err = w.Grants.Update(w.ann, g.ID, g.Version, teams.UpdateGrant{Actions: crud.Set(perm.View | perm.Share)})
		w.NoErr(err)
		_, err = w.Grants.Create(w.bob, carl)
		w.NoErr(err)
		carl.Actions = perm.View | perm.Edit
		_, err = w.Grants.Create(w.bob, carl)
		w.refused(err, joinery.Forbidden, "")
	})
}

// A change of the actions alone is judged like a new grant.
func TestGrantCannotOutgrowItsAuthor(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d := w.doc("plan")
		g := w.share(d, perm.View|perm.Share)
		_, err := w.Grants.Update(w.bob, g.ID, g.Version, teams.UpdateGrant{Actions: crud.Set(joinery.AllActions)})
		w.refused(err, joinery.Forbidden, "")
		_, err = w.Grants.Update(w.bob, g.ID, g.Version, teams.UpdateGrant{Actions: crud.Set(perm.View)})
		w.NoErr(err)
	})
}

func TestGrantHasOneTarget(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d, team := w.doc("plan"), w.team("A", nil)
		member := ptr(idOf(w.bob))
		for _, target := range []teams.CreateGrant{
			{}, {MemberID: member, TeamID: &team.ID}, {MemberID: member, RoleID: &w.roles.User},
			{MemberID: member, TeamID: &team.ID, RoleID: &w.roles.User},
		} {
			target.Model, target.RowID, target.Actions = "docs", d.ID, perm.View
			_, err := w.Grants.Create(w.ann, target)
			w.refused(err, joinery.Invalid, "target")
		}
	})
}

func TestModelsThatAreNotShared(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		m := w.membershipOf(w.team("A", nil).ID, w.ann)
		for _, model := range []string{"memberships", "roles", "grants", "vaults", "users", "nothing"} {
			_, err := w.Grants.Create(w.ann, teams.CreateGrant{Model: model, RowID: m.ID, Actions: perm.View, MemberID: ptr(idOf(w.bob))})
			w.refused(err, joinery.Invalid, "/model")
		}
	})
}

func TestGrantsAreSeenByWhoMayShare(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d := w.doc("plan")
		w.share(d, perm.View)
		list := func(ctx context.Context) int {
			q := query.Query{Filter: query.And(query.Eq("model", "docs"), query.Eq("row_id", d.ID))}
			page, err := w.Grants.List(ctx, q)
			w.NoErr(err)
			return len(page.Items)
		}
		w.Equal(list(w.ann), 1)
		w.Equal(list(w.bob), 0)
	})
}

func TestListOfGrantsNamesOneRow(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		id := uuid.Must(uuid.NewV7())
		model, row := query.Eq("model", "docs"), query.Eq("row_id", id)
		for field, f := range map[string]query.Filter{
			"model":  row,
			"row_id": query.And(model, query.NotNull("row_id")),
			"":       query.Or(model, row),
		} {
			_, err := w.Grants.List(w.ann, query.Query{Filter: f})
			w.refused(err, joinery.Malformed, field)
		}
		_, err := w.Grants.List(w.ann, query.Query{})
		w.refused(err, joinery.Malformed, "model")
		_, err = w.Grants.List(w.ann, query.Query{Filter: query.And(query.And(model), query.And(row, query.NotNull("member_id")))})
		w.NoErr(err)
	})
}

func TestGrantsOutliveASoftDelete(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d := w.doc("plan")
		g := w.share(d, perm.View)
		w.NoErr(w.docs.Delete(w.ann, d.ID, d.Version))
		_, err := w.Grants.Get(w.root, g.ID)
		w.NoErr(err)
	})
}
