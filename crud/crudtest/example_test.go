package crudtest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/crudtest"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
)

// The whole battery for an entity that refers to another, on two databases.
// (It needs a *testing.T: this example is only compiled.)
func ExampleRun() {
	var t *testing.T // of func TestBeds(t *testing.T)
	crudtest.Run(t, crudtest.Case[Bed, CreateBed, UpdateBed]{
		New: func(app *crudtest.App) crudtest.Entity[Bed, CreateBed, UpdateBed] {
			gardens, errGardens := crud.New[Garden, CreateGarden, UpdateGarden](app.Registry, app.DB, app.Access, nil)
			beds, errBeds := crud.New[Bed, CreateBed, UpdateBed](app.Registry, app.DB, app.Access, nil)
			app.Must(errors.Join(errGardens, errBeds))
			return crudtest.Entity[Bed, CreateBed, UpdateBed]{
				Manager: beds,
				Create: func(ctx context.Context, n int) CreateBed { // as who acts in ctx
					garden, err := gardens.Create(ctx, CreateGarden{Name: fmt.Sprint("garden ", n)})
					app.Must(err)
					return CreateBed{Title: fmt.Sprint("bed ", n), Width: float64(n) / 2, GardenID: garden.ID}
				},
				Update: func(_ context.Context, n int) UpdateBed {
					return UpdateBed{Title: crud.Set(fmt.Sprint("new ", n))}
				},
			}
		},
		Databases: []crudtest.Database{crudtest.SQLite(), {Name: "postgres", Open: func(t testing.TB) *sqldb.DB {
			db, err := pgdb.Open(t.Context(), "postgres://localhost/empty_test_database", nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			return db
		}}},
	})
}
