package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest/resttest"
)

// asked is the demo's API as Cleo asks it, and Ben, who sees nothing of hers.
func asked(t testing.TB) (api *resttest.API, stranger resttest.Identity) {
	t.Helper()
	is := is.New(t)
	db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
	is.NoErr(err)
	t.Cleanup(func() { is.NoErr(db.Close()) })
	tokens := newTokens()
	h, _, err := start(t.Context(), db, "memory", slog.New(slog.DiscardHandler), tokens)
	is.NoErr(err)
	return resttest.New(t, h, &resttest.Options{Undocumented: []string{"/"}}).As(resttest.Bearer(tokens.of(cleo))), resttest.Bearer(tokens.of(ben))
}

// What the demo serves, beside its sample rows, is what its document says.
func TestBar47_DemoKeepsToItsDocument(t *testing.T) {
	t.Parallel()
	t.Run("projects", func(t *testing.T) {
		t.Parallel()
		resttest.Run(t, resttest.Case[Project, CreateProject, UpdateProject]{New: func(t testing.TB) resttest.Resource[CreateProject, UpdateProject] {
			api, _ := asked(t)
			return resttest.Resource[CreateProject, UpdateProject]{ // no stranger: they are public
				API: api, Path: "/v1/projects", Invalid: map[string]CreateProject{"/name": {Description: "nameless"}},
				Create: func(n int) CreateProject { return CreateProject{Name: fmt.Sprint("project ", n)} },
				Update: func(n int) UpdateProject { return UpdateProject{Name: crud.Set(fmt.Sprint("changed ", n))} },
			}
		}})
	})
	t.Run("notes", func(t *testing.T) {
		t.Parallel()
		resttest.Run(t, resttest.Case[Note, CreateNote, UpdateNote]{New: func(t testing.TB) resttest.Resource[CreateNote, UpdateNote] {
			api, ben := asked(t)
			return resttest.Resource[CreateNote, UpdateNote]{
				API: api, Path: "/v1/notes", Stranger: ben,
				Invalid: map[string]CreateNote{"/title": {Status: Open}, "/priority": {Title: "x", Status: Open, Priority: 6}, "/status": {Title: "x", Status: "lost"}},
				Create:  func(n int) CreateNote { return CreateNote{Title: fmt.Sprint("note ", n), Status: Open} },
				Update:  func(n int) UpdateNote { return UpdateNote{Title: crud.Set(fmt.Sprint("changed ", n))} },
			}
		}})
	})
	t.Run("comments", func(t *testing.T) {
		t.Parallel()
		resttest.Run(t, resttest.Case[Comment, CreateComment, UpdateComment]{New: func(t testing.TB) resttest.Resource[CreateComment, UpdateComment] {
			api, ben := asked(t)
			var note Note
			api.Post("/v1/notes", CreateNote{Title: "to talk about", Status: Open}).Status(http.StatusCreated).JSON(&note)
			on := registry.To[Note](note.ID)
			return resttest.Resource[CreateComment, UpdateComment]{
				API: api, Path: "/v1/comments", Stranger: ben, Invalid: map[string]CreateComment{"/text": {NoteID: on}},
				Create: func(n int) CreateComment { return CreateComment{NoteID: on, Text: fmt.Sprint("comment ", n)} },
				Update: func(n int) UpdateComment { return UpdateComment{Text: crud.Set(fmt.Sprint("changed ", n))} },
			}
		}})
	})
}
