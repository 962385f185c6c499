package resttest_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
	"github.com/joinery-go/joinery/rest/resttest"
)

// open is the app of the examples: notes in memory, whose users sign in by
// name.
func open() (app http.Handler, done func()) {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	reg := registry.New(nil)
	notes, err := crud.New[Note, CreateNote, UpdateNote](reg, db, crud.Unrestricted, nil)
	check(err)
	check(crud.CreateTables(ctx, reg, db))
	api := rest.New(nil, &rest.Options{Auth: byName, NoAccessLog: true, Log: slog.New(slog.DiscardHandler)})
	check(rest.Mount(api, "/v1/notes", notes, nil))
	return api, func() { _ = db.Close() }
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// One row from its creation to its end.
func ExampleAPI() {
	app, done := open()
	defer done()
	t := T{} // the *testing.T of a test
	api := resttest.New(t, app, nil).As(resttest.Bearer("ada"))

	var note Note
	in := CreateNote{Title: "Ship it", Labels: []string{}}
	api.Post("/v1/notes", in).Status(201).Header("ETag", `"1"`).JSON(&note)
	api.Post("/v1/notes", `{"title": "", "labels": []}`).Problem("invalid", "/title")
	path := "/v1/notes/" + note.ID.String()
	api.With("If-Match", `"1"`).Patch(path, UpdateNote{Title: query.Set("Shipped")}).Status(200)
	api.With("If-Match", `"1"`).Put(path, UpdateNote{Title: query.Set("Rest")}).Status(412).Problem("stale")
	api.Head(path).Status(200).Header("ETag", `"2"`)
	api.As(resttest.Header("Authorization", "")).Get(path).Status(401)
	api.With("If-Match", "*").Delete(path, nil).Status(204)
	api.Do("SEARCH", "/v1/notes", nil).Status(405)

	subtest := api.In(t) // of t.Run
	subtest.Get(path).Status(404)
	fmt.Println(note.Title)
	// Output: Ship it
}

// What no expectation has a word for is looked at: it is a plain answer.
func ExampleAnswer() {
	app, done := open()
	defer done()
	t := T{} // the *testing.T of a test
	api := resttest.New(t, app, nil).As(resttest.Bearer("ada"))

	answer := api.Get("/v1/notes?limit=0")
	if answer.Code() >= 400 {
		fmt.Println(answer.Headers().Get("Content-Type"))
		fmt.Println(bytes.Contains(answer.Body(), []byte(`"parameter":"limit"`)))
	}
	// Output:
	// application/problem+json; charset=utf-8
	// true
}

// A test that has its own way to send requests has them compared with the
// document: in front of the handler, or in the client.
func ExampleWatch() {
	app, done := open()
	defer done()
	t := T{} // the *testing.T of a test
	document := resttest.DocumentOf(t, app)
	server := httptest.NewServer(resttest.Watch(t, document, app))
	defer server.Close()

	client := &http.Client{Transport: resttest.Transport(t, document, nil)}
	answer, err := client.Get(server.URL + "/v1/notes")
	check(err)
	defer answer.Body.Close()
	fmt.Println(answer.StatusCode)
	// Output: 401
}

// A document that is kept in a file, or served elsewhere, judges any exchange.
func ExampleParseDocument() {
	document, err := resttest.ParseDocument([]byte(`{
		"openapi": "3.1.0", "info": {"title": "Clock", "version": "1"},
		"paths": {"/now": {"get": {"responses": {"200": {"description": "The time.", "content": {
			"application/json": {"schema": {"type": "object", "required": ["now"]}}}}}}}}
	}`), "/assets/*")
	check(err)
	r := httptest.NewRequest("GET", "/now", nil)
	breaches := document.Check(resttest.Exchange{
		Method: r.Method, URL: r.URL, RequestHeader: r.Header,
		Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{}`),
	})
	fmt.Println(len(breaches))
	// Output: 1
}

// The whole battery for a resource. (It needs a *testing.T: this example is
// only compiled.)
func ExampleRun() {
	var t *testing.T // of func TestNotes(t *testing.T)
	resttest.Run(t, resttest.Case[Note, CreateNote, UpdateNote]{
		New: func(t testing.TB) resttest.Resource[CreateNote, UpdateNote] {
			app, done := open()
			t.Cleanup(done)
			ada := joinery.Actor{ID: uuid.New(), Kind: joinery.User}
			return resttest.Resource[CreateNote, UpdateNote]{
				API:      resttest.New(t, app, nil).As(resttest.Actor(ada)),
				Path:     "/v1/notes",
				Create:   func(n int) CreateNote { return CreateNote{Title: fmt.Sprint("note ", n)} },
				Update:   func(n int) UpdateNote { return UpdateNote{Title: query.Set(fmt.Sprint("new ", n))} },
				Stranger: resttest.Bearer("bob"),
			}
		},
	})
}
