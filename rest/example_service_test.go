package rest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// ask sends a request and says what the answer was.
func ask(h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Functions are a resource too, as far as there are some.
func ExampleMountOps() {
	shelf := &Shelf{books: map[uuid.UUID]*Book{}}
	ops := rest.Ops[Book, CreateBook, UpdateBook]{List: shelf.List, Create: shelf.Create}
	api := rest.New(nil, &rest.Options{NoAccessLog: true, Log: slog.New(slog.DiscardHandler)})
	if err := rest.MountOps(api, "/v1/books", ops, &rest.MountOptions{Auth: rest.None}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ask(api, "POST", "/v1/books", `{"title":"Dune"}`).Code)
	fmt.Println(ask(api, "GET", "/v1/books", "").Code)
	fmt.Println(ask(api, "DELETE", "/v1/books/00000000-0000-0000-0000-000000000001", "").Code) // there is no function
	// Output:
	// 201
	// 200
	// 404
}

// Page is a page of a book.
type Page struct {
	registry.Entity
	Number int       `json:"number"`
	BookID uuid.UUID `json:"book_id" ref:"books"`
}

// Pages is a service that only reads.
type Pages struct{}

func (Pages) Get(context.Context, uuid.UUID, ...query.GetOption) (Page, error) {
	return Page{Number: 7}, nil
}

func (Pages) List(context.Context, query.Query) (query.Page[Page], error) {
	return query.Page[Page]{Items: []Page{{Number: 7}}}, nil
}

// A collection that is only read, below another one: the parent is asked for
// first, so that the pages of a book that is not there are not found.
func ExampleMountReader() {
	shelf := &Shelf{books: map[uuid.UUID]*Book{}}
	_, _ = shelf.Create(context.Background(), CreateBook{Title: "Dune"})
	reg := registry.New(&registry.Options{ExternalTables: []string{"books"}})
	api := rest.New(nil, &rest.Options{Registry: reg, NoAccessLog: true, Log: slog.New(slog.DiscardHandler)})
	err := rest.MountReader(api, "/v1/books/:book_id/pages", Pages{}, &rest.MountOptions{
		Auth: rest.None, Parent: "book_id", ParentOf: rest.ExistsBy(shelf),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ask(api, "GET", "/v1/books/00000000-0000-0000-0000-000000000001/pages", "").Code)
	fmt.Println(ask(api, "GET", "/v1/books/00000000-0000-0000-0000-000000000002/pages", "").Code)
	fmt.Println(ask(api, "POST", "/v1/books/00000000-0000-0000-0000-000000000001/pages", "{}").Code)
	// Output:
	// 200
	// 404
	// 405
}

// A download writes its own answer; in the document it stands beside the others.
func ExampleHandleFunc() {
	api := rest.New(nil, &rest.Options{Title: "Books", NoAccessLog: true, Log: slog.New(slog.DiscardHandler)})
	cover := func(w http.ResponseWriter, r *http.Request) {
		if rest.PathParam(r, "name") != "dune.svg" {
			rest.WriteProblem(w, r, joinery.Errorf(joinery.NotFound, "", "There is no such cover."))
			return
		}
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = w.Write([]byte("<svg/>"))
	}
	err := rest.HandleFunc(api, "GET", "/covers/:name", cover,
		rest.WithAuth(rest.None), rest.WithTimeout(time.Minute),
		rest.WithTag("covers"), rest.WithOperationID("getCover"), rest.WithSummary("Cover"), rest.WithDescription("A picture."))
	if err != nil {
		fmt.Println(err)
		return
	}
	err = rest.Handle(api, "POST", "/covers", func(context.Context, CreateBook) (struct{}, error) { return struct{}{}, nil },
		rest.WithStatus(http.StatusAccepted))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ask(api, "GET", "/covers/dune.svg", "").Body)
	missing := ask(api, "GET", "/covers/emma.svg", "")
	fmt.Println(missing.Code, missing.Header().Get("Content-Type"))

	fmt.Println(api.Validate()) // mistakes in routes and types, told at start-up instead of at the first request
	data, err := api.Document()
	if err != nil {
		fmt.Println(err)
		return
	}
	var document struct {
		Paths map[string]map[string]struct{ Summary, OperationID string }
	}
	fmt.Println(json.Unmarshal(data, &document), document.Paths["/covers/{name}"]["get"].OperationID)
	text, err := api.DocumentYAML()
	fmt.Println(strings.Contains(string(text), "title: Books"), err)
	// Output:
	// <svg/>
	// 404 application/problem+json; charset=utf-8
	// <nil>
	// <nil> getCover
	// true <nil>
}

// What a client is told of an error; what it is not told.
func ExampleProblemOf() {
	taken := joinery.Errorf(joinery.Conflict, "seat_taken", "Somebody sits there.")
	for _, err := range []error{fmt.Errorf("book: %w", taken), fmt.Errorf("dial db1:5432: refused")} {
		p := rest.ProblemOf(err)
		fmt.Println(p.Status, p.Code, p.Detail)
	}
	// Output:
	// 409 seat_taken Somebody sits there.
	// 500 internal Something went wrong on our side. The request id names it in the log.
}

// Ways to sign in, as the document tells them. The middleware decides; it may
// look at what the route asks for.
func ExampleAuthModeFrom() {
	auth := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mode, _ := rest.AuthModeFrom(r.Context())
			name, password, ok := r.BasicAuth()
			if ok && (mode != rest.Basic || name != "ada" || password != "secret") {
				rest.WriteProblem(w, r, joinery.Errorf(joinery.Unauthenticated, "", "Sign in at /login."))
				return
			}
			if ok {
				r = r.WithContext(joinery.WithActor(r.Context(), joinery.Actor{ID: uuid.UUID{15: 7}, Kind: joinery.User}))
			}
			next.ServeHTTP(w, r)
		})
	}
	schemes := []rest.Scheme{rest.BearerScheme(), rest.APIKeyScheme(), rest.CookieScheme("session"), rest.BasicScheme()}
	api := rest.New(nil, &rest.Options{Auth: auth, Schemes: schemes, NoAccessLog: true, Log: slog.New(slog.DiscardHandler)})
	login := func(context.Context, struct{}) (struct{}, error) { return struct{}{}, nil }
	if err := rest.Handle(api, "POST", "/login", login, rest.WithAuth(rest.Basic)); err != nil {
		fmt.Println(err)
		return
	}
	if err := rest.Handle(api, "POST", "/logout", login); err != nil {
		fmt.Println(err)
		return
	}
	const ada = "Basic YWRhOnNlY3JldA=="
	fmt.Println(ask(api, "POST", "/login", "", "Authorization", ada).Code)
	fmt.Println(ask(api, "POST", "/logout", "", "Authorization", ada).Code)
	fmt.Println(ask(api, "POST", "/logout", "").Code)
	// Output:
	// 204
	// 401
	// 401
}
