package rest_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// A book stands on a shelf; an estimate is attached to the one, a label to the
// other.
type (
	shelf struct {
		registry.Entity
		Name  string `json:"name"`
		Books []book `json:"books,omitzero" rel:"books.shelf_id"`
	}
	book struct {
		registry.Entity
		ShelfID registry.Ref[shelf] `json:"shelf_id" ref:"shelves,cascade"`
		Shelf   *shelf              `json:"shelf,omitzero" rel:"shelf_id"`
	}
	estimate struct {
		registry.Side[book]
		Worth int `json:"worth"`
	}
	label struct {
		registry.Side[shelf]
		Text string `json:"text"`
	}

	createShelf struct {
		Name string `json:"name"`
	}
	createBook struct {
		ShelfID registry.Ref[shelf] `json:"shelf_id"`
	}
	createEstimate struct {
		ID    registry.Ref[book] `json:"id"`
		Worth int                `json:"worth"`
	}
	createLabel struct {
		ID   registry.Ref[shelf] `json:"id"`
		Text string              `json:"text"`
	}
	noChange struct{}
)

func (shelf) Table() registry.Table { return registry.Table{Name: "shelves"} }

// library is a registry with the models, and what is attached.
func library(t *testing.T) *registry.Registry {
	t.Helper()
	reg := registry.New(nil)
	registry.MustAdd[shelf](reg)
	registry.MustAdd[book](reg)
	must(t, registry.Attach[book, estimate](reg, nil))
	must(t, registry.Attach[shelf, label](reg, nil))
	return reg
}

// libraryServer has two books on one shelf, the first of them estimated.
func libraryServer(t *testing.T) (url string, first book) {
	t.Helper()
	db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	reg := library(t)
	shelves, err1 := crud.New[shelf, createShelf, noChange](reg, db, crud.Unrestricted, nil)
	books, err2 := crud.New[book, createBook, noChange](reg, db, crud.Unrestricted, nil)
	estimates, err3 := crud.New[estimate, createEstimate, noChange](reg, db, crud.Unrestricted, nil)
	labels, err4 := crud.New[label, createLabel, noChange](reg, db, crud.Unrestricted, nil)
	must(t, errors.Join(err1, err2, err3, err4, crud.CreateTables(t.Context(), reg, db)))
	ctx := crud.CreatedFor(joinery.WithActor(t.Context(), joinery.SystemActor()), noteID(1))
	s, err := shelves.Create(ctx, createShelf{Name: "poems"})
	must(t, err)
	_, err = labels.Create(ctx, createLabel{ID: registry.To[shelf](s.ID), Text: "top"})
	must(t, err)
	first, err = books.Create(ctx, createBook{registry.To[shelf](s.ID)})
	must(t, err)
	_, err = books.Create(ctx, createBook{registry.To[shelf](s.ID)})
	must(t, err)
	_, err = estimates.Create(ctx, createEstimate{ID: registry.To[book](first.ID), Worth: 12})
	must(t, err)
	api := rest.New(nil, &rest.Options{NoAccessLog: true, Auth: as(joinery.SystemActor())})
	must(t, errors.Join(rest.Mount(api, "/books", books, nil), rest.Mount(api, "/shelves", shelves, nil)))
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	return server.URL, first
}

// What is attached to rows, and to what they include, is read as with a
// manager.
func TestClientReadsAttachedRows(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	url, first := libraryServer(t)
	reg := library(t)
	books, err := rest.NewClient[book, createBook, noChange](url+"/books", &rest.ClientOptions{Registry: reg})
	is.NoErr(err)
	shelves, err := rest.NewClient[shelf, createShelf, noChange](url+"/shelves", &rest.ClientOptions{Registry: reg})
	is.NoErr(err)

	one, err := books.Get(t.Context(), first.ID, query.Include("estimate", "shelf.label"))
	is.NoErr(err)
	e, ok := registry.Attached[estimate](&one)
	is.True(ok)
	is.Equal(e.Worth, 12)
	l, ok := registry.Attached[label](one.Shelf)
	is.True(ok)
	is.Equal(l.Text, "top")

	page, err := books.List(t.Context(), query.Query{Include: []string{"estimate"}, Sort: []string{"id"}})
	is.NoErr(err)
	is.Equal(len(page.Items), 2)
	e, ok = registry.Attached[estimate](&page.Items[0])
	is.True(ok)
	is.Equal(e.Worth, 12)
	_, ok = registry.Attached[estimate](&page.Items[1])
	is.True(!ok) // there is none

	for s, err := range shelves.All(t.Context(), query.Query{Include: []string{"books.estimate", "label"}}) {
		is.NoErr(err)
		is.Equal(len(s.Books), 2)
		_, ok = registry.Attached[label](&s)
		is.True(ok)
		_, ok1 := registry.Attached[estimate](&s.Books[0])
		_, ok2 := registry.Attached[estimate](&s.Books[1])
		is.True(ok1 != ok2)
	}
}

// Without a registry that attaches it there is no place for what was included:
// that is an error, and not a row that lacks it.
func TestClientWithoutPlaceForWhatIsIncluded(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	url, first := libraryServer(t)
	books, err := rest.NewClient[book, createBook, noChange](url+"/books", nil)
	is.NoErr(err)
	_, err = books.Get(t.Context(), first.ID, query.Include("shelf"))
	is.NoErr(err)
	for _, include := range []string{"estimate", "shelf.label"} {
		_, err := books.Get(t.Context(), first.ID, query.Include(include))
		_, errList := books.List(t.Context(), query.Query{Include: []string{include}})
		for _, err := range []error{err, errList} {
			is.True(joinery.IsKind(err, joinery.Malformed))
			is.True(strings.Contains(err.Error(), "ClientOptions.Registry"))
		}
	}
	half := registry.New(nil)
	must(t, registry.Attach[book, estimate](half, nil))
	_, err = rest.NewClient[book, createBook, noChange](url+"/books", &rest.ClientOptions{Registry: half})
	is.True(err != nil) // the shelf is missing
}
