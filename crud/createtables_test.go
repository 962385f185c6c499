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

// What fails leaves nothing behind, whether the database takes schema changes
// back or not.
func TestCreateTablesIsAllOrNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		if db.Dialect().Name() == "sqlite" {
			t.Skip("SQLite looks at references only when rows are written")
		}
		a := newManagers(t, db, nil, nil)
		a.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE notes (id integer PRIMARY KEY)", "INSERT INTO notes (id) VALUES (7)"}))
		a.True(crud.CreateTables(t.Context(), a.reg, db) != nil) // comments cannot refer to them
		tables, err := sqldb.Catalog(t.Context(), db, "projects", "notes", "comments")
		a.NoErr(err)
		a.Equal(len(tables), 1)
		id, err := sqldb.Scalar[int](t.Context(), db, sqldb.Raw("SELECT id FROM notes"))
		a.NoErr(err)
		a.Equal(id, 7)
		a.NoErr(sqldb.ExecAll(t.Context(), db, []string{"DROP TABLE notes"}))
		a.NoErr(crud.CreateTables(t.Context(), a.reg, db)) // and the lock is free
	})
}
