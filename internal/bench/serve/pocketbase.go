package serve

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // the tables of PocketBase itself

	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/internal/bench/store"
)

// The rules of the notes. PocketBase cannot follow a tree of teams, nor tell
// the kinds of grants apart: the teams that each user reaches, and the grants as
// they are for each user, are tables that were made beforehand.
const (
	pocketView = `deleted = false && (user = @request.auth.id || team.reaches_via_team.member ?= @request.auth.id || shares_via_note.member ?= @request.auth.id)`
	pocketEdit = `deleted = false && (user = @request.auth.id || (team.reaches_via_team.member ?= @request.auth.id && team.reaches_via_team.edit ?= true)` +
		` || (shares_via_note.member ?= @request.auth.id && shares_via_note.edit ?= true))`
	pocketCreate = `user = @request.auth.id && (team = "" || (team.reaches_via_team.member ?= @request.auth.id && team.reaches_via_team.edit ?= true))`
)

func pocketServer(_ context.Context, c Config) (*Running, error) {
	app, err := pocketApp(c.File)
	if err != nil {
		return nil, err
	}
	router, err := apis.NewRouter(app)
	if err != nil {
		return nil, err
	}
	router.Unbind(apis.DefaultLoadAuthTokenMiddlewareId)
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return nil, err
	}
	router.BindFunc(func(e *core.RequestEvent) error {
		if id, ok := bearer(e.Request); ok {
			e.Auth = core.NewRecord(users)
			e.Auth.Id = id.String()
		}
		return e.Next()
	})
	mux, err := router.BuildMux()
	return &Running{Handler: mux, Close: func() { _ = app.ResetBootstrapState() }}, err
}

// pocketApp opens the folder.
func pocketApp(dir string) (core.App, error) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := app.Bootstrap(); err != nil {
		return nil, err
	}
	if err := app.RunAllMigrations(); err != nil {
		return nil, err
	}
	app.Settings().Logs.MaxDays = 0 // no log of requests
	return app, app.Save(app.Settings())
}

// Fill makes the collections in a new folder and writes the notes there.
func Fill(ctx context.Context, dir string, d *dataset.Data) error {
	app, err := pocketApp(dir)
	if err != nil {
		return err
	}
	if err := pocketCollections(app); err != nil {
		return err
	}
	// Its goroutine that writes logs ends with the app.
	if err := app.OnTerminate().Trigger(&core.TerminateEvent{App: app}); err != nil {
		return err
	}
	if err := app.ResetBootstrapState(); err != nil {
		return err
	}
	pool, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "data.db")+"?_pragma=synchronous(OFF)&_pragma=cache_size(-200000)")
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := pocketRows(ctx, pool, d); err != nil {
		return err
	}
	_, err = pool.ExecContext(ctx, "ANALYZE")
	return err
}

func pocketCollections(app core.App) error {
	teams := core.NewBaseCollection("teams")
	teams.Fields.Add(&core.TextField{Name: "name"})
	if err := app.Save(collection(teams)); err != nil {
		return err
	}
	notes := core.NewBaseCollection("notes")
	notes.Fields.Add(
		&core.TextField{Name: "user"},
		&core.RelationField{Name: "team", CollectionId: teams.Id, MaxSelect: 1},
		&core.TextField{Name: "title", Required: true, Max: 200},
		&core.TextField{Name: "body", Max: 10000},
		&core.SelectField{Name: "status", Values: []string{"open", "done", "draft", "archived"}, MaxSelect: 1},
		&core.NumberField{Name: "priority", OnlyInt: true},
		&core.BoolField{Name: "deleted", Hidden: true},
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
	for name, columns := range map[string]string{"user": "user, id", "team": "team, id", "updated": "updated, id", "status": "status, updated, id"} {
		notes.AddIndex("notes_"+name, false, columns, "")
	}
	if err := app.Save(collection(notes)); err != nil {
		return err
	}
	reaches := core.NewBaseCollection("reaches")
	reaches.Fields.Add(&core.RelationField{Name: "team", CollectionId: teams.Id, MaxSelect: 1}, &core.TextField{Name: "member"}, &core.BoolField{Name: "edit"})
	reaches.AddIndex("reaches_team", false, "team, member", "")
	reaches.AddIndex("reaches_member", false, "member, team", "")
	if err := app.Save(collection(reaches)); err != nil {
		return err
	}
	shares := core.NewBaseCollection("shares")
	shares.Fields.Add(&core.RelationField{Name: "note", CollectionId: notes.Id, MaxSelect: 1}, &core.TextField{Name: "member"}, &core.BoolField{Name: "edit"})
	shares.AddIndex("shares_note", false, "note, member", "")
	shares.AddIndex("shares_member", false, "member, note", "")
	if err := app.Save(collection(shares)); err != nil {
		return err
	}
	view, edit, create := pocketView, pocketEdit, pocketCreate
	notes.ListRule, notes.ViewRule, notes.CreateRule, notes.UpdateRule = &view, &view, &create, &edit
	return app.Save(notes)
}

// collection has ids that may be UUIDs.
func collection(c *core.Collection) *core.Collection {
	id := c.Fields.GetByName("id").(*core.TextField)
	id.Min, id.Max, id.Pattern = 15, 36, `^[a-z0-9-]+$`
	return c
}

func pocketRows(ctx context.Context, pool *sql.DB, d *dataset.Data) error {
	if err := store.Insert(ctx, pool, "teams", []string{"id", "name"}, func(yield func([]any) bool) {
		for _, t := range d.Teams {
			if !yield([]any{dataset.TeamID(t.Number).String(), "Team"}) {
				return
			}
		}
	}); err != nil {
		return err
	}
	if err := store.Insert(ctx, pool, "notes", []string{"id", "user", "team", "title", "body", "status", "priority", "deleted", "created", "updated"}, func(yield func([]any) bool) {
		for i := range d.Notes {
			n, team := &d.Notes[i], ""
			if n.Team != 0 {
				team = dataset.TeamID(n.Team).String()
			}
			if !yield([]any{n.ID.String(), dataset.UserID(n.User).String(), team, store.Title(n), store.Body(n), n.Status, n.Priority, n.Deleted, pocketTime(n.Created), pocketTime(n.Updated)}) {
				return
			}
		}
	}); err != nil {
		return err
	}
	if err := store.Insert(ctx, pool, "reaches", []string{"id", "team", "member", "edit"}, func(yield func([]any) bool) {
		for i, r := range d.Reaches() {
			if !yield([]any{pocketID(i), dataset.TeamID(r.Team).String(), dataset.UserID(r.User).String(), r.Edit}) {
				return
			}
		}
	}); err != nil {
		return err
	}
	return store.Insert(ctx, pool, "shares", []string{"id", "note", "member", "edit"}, func(yield func([]any) bool) {
		for i, s := range d.Shares() {
			if !yield([]any{pocketID(i), d.Notes[s.Note-1].ID.String(), dataset.UserID(s.User).String(), s.Edit}) {
				return
			}
		}
	})
}

// pocketID is an id as PocketBase makes them.
func pocketID(i int) string { return fmt.Sprintf("r%014d", i) }

func pocketTime(t time.Time) string { return t.Format("2006-01-02 15:04:05.000Z") }
