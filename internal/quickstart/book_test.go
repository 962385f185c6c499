package main

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/crudtest"
	"github.com/joinery-go/joinery/perm/permtest"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest/resttest"
)

const (
	ada = "0199d8f0-0000-7000-8000-00000000000a"
	ben = "0199d8f0-0000-7000-8000-00000000000b"
)

// The n-th book, and the n-th change of one.
func newBook(n int) CreateBook    { return CreateBook{Title: fmt.Sprint("Volume ", n)} }
func changeBook(n int) UpdateBook { return UpdateBook{Title: crud.Set(fmt.Sprint("Edition ", n))} }

// The manager does what crud and perm promise.
func TestBooks(t *testing.T) {
	crudtest.Run(t, crudtest.Case[Book, CreateBook, UpdateBook]{
		New: func(app *crudtest.App) crudtest.Entity[Book, CreateBook, UpdateBook] {
			books, err := crud.New[Book, CreateBook, UpdateBook](app.Registry, app.DB, app.Access, nil)
			app.Must(err)
			return crudtest.Entity[Book, CreateBook, UpdateBook]{
				Manager: books,
				Create:  func(_ context.Context, n int) CreateBook { return newBook(n) },
				Update:  func(_ context.Context, n int) UpdateBook { return changeBook(n) },
			}
		},
	})
}

// The resource does what rest and the OpenAPI document promise.
func TestBooksOverHTTP(t *testing.T) {
	resttest.Run(t, resttest.Case[Book, CreateBook, UpdateBook]{
		New: func(t testing.TB) resttest.Resource[CreateBook, UpdateBook] {
			return resttest.Resource[CreateBook, UpdateBook]{
				API:      resttest.New(t, open(t), nil).As(resttest.Header("X-User", ada)),
				Path:     "/v1/books",
				Create:   newBook,
				Update:   changeBook,
				Stranger: resttest.Header("X-User", ben),
				Invalid:  map[string]CreateBook{"/title": {}},
			}
		},
	})
}

// The permissions of books mean in SQL what the rules say, in random worlds.
func TestBookPermissions(t *testing.T) {
	permtest.Entities(t, 20, func(reg *registry.Registry) error {
		_, err := registry.Add[Book](reg)
		return err
	})
}

// What no suite can know is a test of your own, with the same requests.
func TestBooksAreSortedByTitle(t *testing.T) {
	api := resttest.New(t, open(t), nil).As(resttest.Header("X-User", ada))
	for _, title := range []string{"Persuasion", "Emma"} {
		api.Post("/v1/books", CreateBook{Title: title}).Status(201)
	}
	var page struct{ Items []Book }
	api.Get("/v1/books?sort=title").Status(200).JSON(&page)
	if page.Items[0].Title != "Emma" {
		t.Fatal(page.Items)
	}
}

// open is the app on a database of its own.
func open(t testing.TB) http.Handler {
	api, err := newAPI(t.Context(), crudtest.SQLite().Open(t))
	if err != nil {
		t.Fatal(err)
	}
	return api
}
