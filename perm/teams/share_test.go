package teams_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
)

// sharing is ann's document shared for View.
func sharing(d Doc, with teams.Target) teams.Sharing {
	return teams.Sharing{Model: "docs", RowID: d.ID, With: with, Actions: perm.View}
}

// grantsOn are all live grants on the document.
func (w *world) grantsOn(d Doc) []perm.Grant {
	w.t.Helper()
	page, err := w.Grants.List(w.root, query.Query{Filter: query.And(query.Eq("model", "docs"), query.Eq("row_id", d.ID))})
	w.NoErr(err)
	return page.Items
}

func (w *world) seesDoc(who context.Context, d Doc) bool {
	_, err := w.docs.Get(who, d.ID)
	return err == nil
}

func TestShareWithEachTarget(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		team := w.team("A", nil)
		w.enrol(team.ID, w.bob, w.roles.Admin)
		for name, with := range map[string]teams.Target{
			"user": teams.WithUser(idOf(w.bob)), "team": teams.WithTeam(team.ID),
			"team and role": teams.WithTeamRole(team.ID, w.roles.User), "role": teams.WithRole(w.roles.User),
		} {
			d := w.doc(name)
			w.True(!w.seesDoc(w.bob, d))
			_, err := w.Share(w.ann, sharing(d, with))
			w.NoErr(err)
			w.True(w.seesDoc(w.bob, d))
			w.NoErr(w.Unshare(w.ann, "docs", d.ID, with))
			w.True(!w.seesDoc(w.bob, d))
			w.Equal(len(w.grantsOn(d)), 0)
			w.NoErr(w.Unshare(w.ann, "docs", d.ID, with))
		}
	})
}

func TestShareAgainChangesTheGrant(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d, bob := w.doc("plan"), teams.WithUser(idOf(w.bob))
		s := sharing(d, bob)
		first, err := w.Share(w.ann, s)
		w.NoErr(err)
		w.Equal(first.ExpiresAt, nil)
		same, err := w.Share(w.ann, s)
		w.NoErr(err)
		w.Equal(same, first) // not written again

		s.Actions, s.Until = perm.View|perm.Edit, time.Now().Add(time.Hour)
		second, err := w.Share(w.ann, s)
		w.NoErr(err)
		w.Equal(second.ID, first.ID)
		w.Equal(second.Actions, s.Actions)
		w.True(second.ExpiresAt.Equal(s.Until.Truncate(time.Microsecond)))
		same, err = w.Share(w.ann, s)
		w.NoErr(err)
		w.Equal(same.Version, second.Version)

		s.Actions, s.Until = perm.View, time.Time{}
		third, err := w.Share(w.ann, s)
		w.NoErr(err)
		w.Equal(third.ExpiresAt, nil)
		w.Equal(third.Actions, perm.View) // no more than is said
		w.Equal(len(w.grantsOn(d)), 1)
	})
}

// Other targets that have a part in common are others.
func TestShareIsWithTheVeryTarget(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d, team := w.doc("plan"), w.team("A", nil)
		all := []teams.Target{
			teams.WithUser(idOf(w.bob)), teams.WithUser(idOf(w.ann)), teams.WithTeam(team.ID),
			teams.WithTeamRole(team.ID, w.roles.User), teams.WithTeamRole(team.ID, w.roles.Admin), teams.WithRole(w.roles.User),
		}
		for range 2 {
			for _, with := range all {
				_, err := w.Share(w.ann, sharing(d, with))
				w.NoErr(err)
			}
		}
		w.Equal(len(w.grantsOn(d)), len(all))
		for i, with := range all {
			w.NoErr(w.Unshare(w.ann, "docs", d.ID, with))
			w.Equal(len(w.grantsOn(d)), len(all)-1-i)
		}
	})
}

// Grants that were made one by one amount to what is said last.
func TestShareLeavesOneGrant(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d := w.doc("plan")
		w.share(d, perm.View)
		w.share(d, perm.View|perm.Edit)
		g, err := w.Share(w.ann, sharing(d, teams.WithUser(idOf(w.bob))))
		w.NoErr(err)
		w.Equal(w.grantsOn(d), []perm.Grant{g})
		w.share(d, perm.View)
		w.NoErr(w.Unshare(w.ann, "docs", d.ID, teams.WithUser(idOf(w.bob))))
		w.Equal(len(w.grantsOn(d)), 0)
	})
}

func TestShareByManyAtOnceLeavesOneGrant(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		for range 5 {
			d := w.doc("plan")
			var wg sync.WaitGroup
			errs := make([]error, 8)
			for i := range errs {
				s := sharing(d, teams.WithUser(idOf(w.bob)))
				s.Actions |= perm.Actions(1) << (1 + i%5)
				wg.Go(func() {
					errs[i] = settled(func() error { _, err := w.Share(w.ann, s); return err })
				})
			}
			wg.Wait()
			for _, err := range errs {
				w.NoErr(err)
			}
			w.Equal(len(w.grantsOn(d)), 1)
		}
	})
}

func TestShareKeepsTheRulesOfGrants(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d, carl := w.doc("plan"), newUser(w.t)
		with := teams.WithUser(idOf(carl))
		_, err := w.Share(w.bob, sharing(d, with))
		w.refused(err, joinery.Invalid, "/row_id") // hidden, as if it were missing
		w.refused(w.Unshare(w.bob, "docs", d.ID, with), joinery.NotFound, "")
		w.refused(w.Unshare(w.bob, "docs", uuid.Must(uuid.NewV7()), with), joinery.NotFound, "")

		w.share(d, perm.View|perm.Edit)
		_, err = w.Share(w.bob, sharing(d, with)) // needs Share
		w.refused(err, joinery.Forbidden, "")
		_, err = w.Share(w.ann, sharing(d, with))
		w.NoErr(err)
		w.refused(w.Unshare(w.bob, "docs", d.ID, with), joinery.Forbidden, "")
		w.True(w.seesDoc(carl, d))

		s := sharing(d, teams.WithUser(idOf(w.bob)))
		s.Actions = perm.View | perm.Share
		_, err = w.Share(w.ann, s)
		w.NoErr(err)
		s = sharing(d, with)
		s.Actions = perm.View | perm.Edit
		_, err = w.Share(w.bob, s) // more than bob has
		w.refused(err, joinery.Forbidden, "")
		_, err = w.Share(w.ann, s)
		w.NoErr(err)
		w.refused(w.Unshare(w.bob, "docs", d.ID, with), joinery.Forbidden, "") // more than bob has
		_, err = w.Share(joinery.WithActor(w.t.Context(), joinery.Actor{}), s)
		w.True(err != nil)
		_, err = w.Share(w.t.Context(), s)
		w.refused(err, joinery.Unauthenticated, "")
	})
}

func TestShareNamesTheFieldAtFault(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d, bob := w.doc("plan"), teams.WithUser(idOf(w.bob))
		for pointer, change := range map[string]func(*teams.Sharing){
			"/model":      func(s *teams.Sharing) { s.Model = "vaults" },
			"/row_id":     func(s *teams.Sharing) { s.RowID = uuid.Nil },
			"/actions":    func(s *teams.Sharing) { s.Actions = 0 },
			"/expires_at": func(s *teams.Sharing) { s.Until = time.Now().Add(-time.Second) },
			"/member_id":  func(s *teams.Sharing) { s.With = teams.Target{} },
			"/team_id":    func(s *teams.Sharing) { s.With = teams.WithTeam(uuid.Nil) },
			"/role_id":    func(s *teams.Sharing) { s.With = teams.WithRole(d.ID) },
		} {
			s := sharing(d, bob)
			change(&s)
			_, err := w.Share(w.ann, s)
			w.refused(err, joinery.Invalid, pointer)
		}
		s := sharing(d, bob)
		s.Model = "nothing"
		_, err := w.Share(w.ann, s)
		w.refused(err, joinery.Invalid, "/model")
		w.refused(w.Unshare(w.ann, "nothing", d.ID, bob), joinery.Invalid, "/model")
		w.refused(w.Unshare(w.ann, "docs", d.ID, teams.Target{}), joinery.Invalid, "/member_id")
		w.Equal(len(w.grantsOn(d)), 0)
	})
}

// A model is named by its table; who names it otherwise is told so.
func TestShareTellsTheTableOfAModel(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d, bob := w.doc("plan"), teams.WithUser(idOf(w.bob))
		for name, want := range map[string]string{
			"doc": `no table "doc" is known: name the model by its table, which is "docs"`,
			"Doc": `no table "Doc" is known: name the model by its table, which is "docs"`,
			"":    `no table "" is known: name the model by its table, as "teams"`,
		} {
			s := sharing(d, bob)
			s.Model = name
			_, err := w.Share(w.ann, s)
			e, ok := asError(err)
			w.True(ok)
			w.Equal(e.Fields[0].Message, want)
			e, ok = asError(w.Unshare(w.ann, name, d.ID, bob))
			w.True(ok)
			w.Equal(e.Fields[0].Message, want)
		}
	})
}

// Without View the other actions are of no use, yet each stands for itself.
func TestShareWithoutView(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d, bob := w.doc("plan"), teams.WithUser(idOf(w.bob))
		s := sharing(d, bob)
		s.Actions = perm.Edit
		_, err := w.Share(w.ann, s)
		w.NoErr(err)
		w.True(!w.seesDoc(w.bob, d))
		_, err = w.docs.Update(w.bob, d.ID, d.Version, UpdateDoc{})
		w.refused(err, joinery.NotFound, "")
	})
}

// Both join the caller's transaction.
func TestShareJoinsTheTransaction(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		d, bob := w.doc("plan"), teams.WithUser(idOf(w.bob))
		_, err := w.Share(w.ann, sharing(d, bob))
		w.NoErr(err)
		err = sqldb.InTx(w.ann, w.db, func(ctx context.Context) error {
			w.NoErr(w.Unshare(ctx, "docs", d.ID, bob))
			_, err := w.Share(ctx, sharing(d, teams.WithRole(w.roles.User)))
			w.NoErr(err)
			return context.Canceled
		})
		w.Equal(err, context.Canceled)
		w.True(w.seesDoc(w.bob, d))
		w.Equal(len(w.grantsOn(d)), 1)
	})
}
