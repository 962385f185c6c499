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

// Several instances start on an empty table at the same moment.
func TestEnsureRolesByManyAtOnce(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		for range 3 {
			_, err := w.db.Exec(w.t.Context(), sqldb.Raw("DELETE FROM roles"))
			w.NoErr(err)
			errs := make([]error, 6)
			var wg sync.WaitGroup
			for i := range errs {
				wg.Go(func() { errs[i] = w.EnsureRoles(w.t.Context()) })
			}
			wg.Wait()
			for _, err := range errs {
				w.NoErr(err)
			}
			n, err := w.Roles.Count(w.root, query.Query{})
			w.NoErr(err)
			w.Equal(n, int64(3))
		}
	})
}

// A role loses Share while the membership of the other superadmin goes: each
// relies on what the other takes away.
func TestRoleAndMembershipChangedAtOnce(t *testing.T) {
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
