package teams_test

import (
	"testing"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
)

// What the managers change drops the engine's access cache, whatever feed they
// publish to.
func TestManagersDropTheAccessCache(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]*teams.Options{"the registry's feed": nil, "another feed": {Feed: &crud.Feed{}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, db *sqldb.DB) {
				w := newWorldWith(t, db, &perm.Options{AccessCache: true}, opts)
				team := w.team("A", nil)
				d, err := w.docs.Create(w.ann, CreateDoc{Title: "plan", TeamID: &team.ID})
				w.NoErr(err)
				for range 3 {
					w.True(!w.seesDoc(w.bob, d))
					m := w.enrol(team.ID, w.bob, w.roles.User)
					w.True(w.seesDoc(w.bob, d))
					hits := w.engine.AccessCache().Hits
					w.True(w.seesDoc(w.bob, d))
					w.Equal(w.engine.AccessCache().Hits, hits+1)
					w.NoErr(w.Memberships.Delete(w.ann, m.ID, m.Version))
				}
			})
		})
	}
}

// More changes than the subscription has room for.
func TestAccessCacheOutlivesAFloodOfChanges(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorldWith(t, db, &perm.Options{AccessCache: true}, nil)
		team := w.team("A", nil)
		d, err := w.docs.Create(w.ann, CreateDoc{Title: "plan", TeamID: &team.ID})
		w.NoErr(err)
		m := w.enrol(team.ID, w.bob, w.roles.User)
		w.True(w.seesDoc(w.bob, d))
		w.NoErr(w.Memberships.Delete(w.ann, m.ID, m.Version))
		flood := make([]CreateDoc, 1100)
		for i := range flood {
			flood[i].Title = "drop"
		}
		_, err = w.docs.CreateMany(w.ann, flood)
		w.NoErr(err)
		w.True(!w.seesDoc(w.bob, d))
		hits := w.engine.AccessCache().Hits
		w.True(!w.seesDoc(w.bob, d))
		w.Equal(w.engine.AccessCache().Hits, hits+1)
	})
}
