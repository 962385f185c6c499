package crudtest

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
)

// Case is the entity that [Run] tests.
type Case[T, C, U any] struct {
	// New wires the entity in an app of its own, as the app's code does.
	// It is called once for each test, for several tests at once. Required.
	New func(app *App) Entity[T, C, U]

	// Databases are those on which the tests run. Empty: SQLite.
	Databases []Database
}

// Entity is a manager, and inputs for it.
type Entity[T, C, U any] struct {
	// Manager is the manager under test. Its access must be the app's.
	// Required.
	Manager *crud.Manager[T, C, U]

	// Create is the n-th valid input, for the actor of the ctx. No two may
	// clash, and they should differ in what can be filtered and sorted by:
	// inputs that are all alike in that fail. Nullable fields should be null
	// now and then. Required.
	Create func(ctx context.Context, n int) C

	// Update is a valid change, which changes something. For each n it is
	// another one. Required, unless U has no fields: then it is not called,
	// and the tests of updates are skipped.
	Update func(ctx context.Context, n int) U

	// Within is a filter without which rows like this one cannot be listed, or
	// which leaves out rows that New has made. Nil: none.
	Within func(row T) query.Filter
}

// Database is a kind of database.
type Database struct {
	Name string

	// Open opens a new and empty database, and closes it when the test ends.
	Open func(t testing.TB) *sqldb.DB
}

// SQLite is SQLite in a file that is removed when the test ends.
func SQLite() Database {
	return Database{Name: "sqlite", Open: func(t testing.TB) *sqldb.DB {
		t.Helper()
		db, err := sqlitedb.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
		return db
	}}
}

// App is what [Case.New] wires an entity with: a registry, an empty database,
// and the permission rules over both. Its tables are made after New. It is for
// one test.
type App struct {
	Registry *registry.Registry
	DB       *sqldb.DB
	Access   *perm.Engine
	Teams    *teams.Managers // teams, roles, memberships and grants

	t testing.TB
}

func newApp(t testing.TB, db Database) *App {
	t.Helper()
	app := &App{Registry: registry.New(nil), DB: db.Open(t), t: t}
	var err error
	app.Access, err = perm.New(app.Registry, app.DB, nil)
	app.Must(err)
	app.Teams, err = teams.New(app.Registry, app.DB, app.Access, nil)
	app.Must(err)
	return app
}

// Must ends the test when err is one.
func (a *App) Must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

// User is a ctx in which the person of the name acts: always the same for the
// same name.
func (a *App) User(name string) context.Context {
	return joinery.WithActor(a.t.Context(), joinery.Actor{ID: personID(name), Kind: joinery.User})
}

// personID is a user's id.
func personID(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)) }

// root is a ctx in which Root acts, for a person.
func (a *App) root(owner string) context.Context {
	return crud.CreatedFor(joinery.WithActor(a.t.Context(), joinery.RootActor()), personID(owner))
}
