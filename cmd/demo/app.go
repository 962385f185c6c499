package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/google/uuid"
	"github.com/julienschmidt/httprouter"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/idemstore"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// app is the whole without its HTTP side.
type app struct {
	reg      *registry.Registry
	db       *sqldb.DB
	engine   *perm.Engine
	teams    *teams.Managers
	projects *crud.Manager[Project, CreateProject, UpdateProject]
	notes    *crud.Manager[Note, CreateNote, UpdateNote]
	comments *crud.Manager[Comment, CreateComment, UpdateComment]
	keys     *idemstore.Store // answers of writes sent with Idempotency-Key

	migrations *migrate.Migrator
}

// newApp wires the layers: one registry, one database, the permission engine,
// and a manager for each entity.
func newApp(db *sqldb.DB) (*app, error) {
	reg := registry.New(nil)
	engine, err := perm.New(reg, db, nil)
	if err != nil {
		return nil, err
	}
	a := &app{reg: reg, db: db, engine: engine}
	var errs [6]error
	a.teams, errs[0] = teams.New(reg, db, engine, nil)
	a.projects, errs[1] = crud.New[Project, CreateProject, UpdateProject](reg, db, engine, nil)
	a.notes, errs[2] = crud.New[Note, CreateNote, UpdateNote](reg, db, engine, nil)
	a.comments, errs[3] = crud.New[Comment, CreateComment, UpdateComment](reg, db, engine, nil)
	a.keys, errs[4] = idemstore.New(reg, db, nil)
	a.migrations, errs[5] = newMigrator(db)
	return a, errors.Join(errs[:]...)
}

// api serves the managers under /v1, and the start page.
func (a *app) api(log *slog.Logger, t tokens) (*rest.API, error) {
	router := httprouter.New()
	router.RedirectTrailingSlash, router.RedirectFixedPath = false, false // another spelling is another path
	router.GET("/", startPage)
	router.HEAD("/", startPage)
	api := rest.New(router, &rest.Options{
		Title:       "Joinery demo",
		Description: "Teams, projects, notes and comments. Authorize with a token that the demo printed at its start.",
		Auth:        t.middleware,
		Schemes:     []rest.Scheme{{Name: "bearer", HTTP: "bearer", Description: "A token that the demo printed at its start."}},
		Registry:    a.reg,
		Log:         log,
		Idempotency: a.keys,
	})
	api.Health().Add("database", a.db.Ping)
	api.Health().Add("migrations", a.migrations.Check)
	return api, errors.Join(a.mount(api), api.Validate())
}

func (a *app) mount(api *rest.API) error {
	readable := &rest.MountOptions{AuthOf: map[rest.Operation]rest.AuthMode{
		rest.List: rest.Optional, rest.Search: rest.Optional, rest.Get: rest.Optional,
	}}
	ofProject := &rest.MountOptions{Parent: "project_id", ParentOf: a.projects}
	return errors.Join(
		rest.Mount(api, "/v1/projects", a.projects, readable),
		rest.Mount(api, "/v1/projects/:project_id/notes", a.notes, ofProject),
		rest.Mount(api, "/v1/notes", a.notes, nil),
		rest.Mount(api, "/v1/comments", a.comments, nil),
		rest.Mount(api, "/v1/teams", a.teams.Teams, nil),
		rest.Mount(api, "/v1/roles", a.teams.Roles, nil),
		rest.Mount(api, "/v1/memberships", a.teams.Memberships, nil),
		rest.Mount(api, "/v1/grants", a.teams.Grants, nil),
		rest.Handle(api, "POST", "/v1/notes/:id/done", a.finish,
			rest.WithSummary("Mark a note as done"), rest.WithDescription("Whatever its version is."), rest.WithIdempotency(a.db)),
	)
}

// finishNote is the input of the route that marks a note as done.
type finishNote struct {
	ID uuid.UUID `path:"id" json:"-" doc:"The note."`
}

// finish marks a note as done.
func (a *app) finish(ctx context.Context, in finishNote) (Note, error) {
	return a.notes.Update(ctx, in.ID, crud.AnyVersion, UpdateNote{Status: crud.Set(Done)})
}
