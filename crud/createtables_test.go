package crud_test

import (
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// CreateTables makes what is missing, also beside tables that are there, and
// may be called by many at once.
func TestCreateTables(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is := is.New(t)
		first := registry.New(nil)
		projects, err := crud.New[Project, CreateProject, UpdateProject](first, db, crud.Unrestricted, nil)
		is.NoErr(err)
		registry.MustAdd[Note](first)
		registry.MustAdd[Comment](first)
		var starts sync.WaitGroup
		for range 4 {
			starts.Go(func() {
				if err := crud.CreateTables(t.Context(), first, db); err != nil {
					t.Error(err)
				}
			})
		}
		starts.Wait()
		ann := user(t)
		p, err := projects.Create(ann, CreateProject{Name: "Kept"})
		is.NoErr(err)

		is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"DROP TABLE comments", "DROP TABLE notes"}))
		a := newManagers(t, db, nil, nil)
		is.NoErr(crud.CreateTables(t.Context(), a.reg, db))
		again, err := a.projects.Get(ann, p.ID)
		is.NoErr(err)
		is.Equal(again.Name, "Kept") // it was left alone
		ref := registry.Ref[Project](p.ID)
		_, err = a.notes.Create(ann, CreateNote{Title: "New", ProjectID: &ref})
		is.NoErr(err)
	})
}
