package teams_test

import (
	"sync"
	"testing"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// Several instances start on an empty table at the same moment.
func TestEnsureRolesByManyAtOnce(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		for range 3 {
			err := sqldb.ExecAll(w.t.Context(), w.db, []string{"UPDATE roles SET parent_id = NULL", "DELETE FROM roles"})
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
