package rest_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

type Book struct {
	registry.Entity
	Title string `json:"title" validate:"required,max=200"`
}

type CreateBook struct {
	Title string `json:"title"`
}

type UpdateBook struct {
	Title query.Opt[string] `json:"title,omitzero"`
}

// Shelf is a service without a database: what rest needs, and nothing else. A
// *crud.Manager is mounted the same way.
type Shelf struct{ books map[uuid.UUID]*Book }

func (s *Shelf) Get(_ context.Context, id uuid.UUID, _ ...query.GetOption) (Book, error) {
	if b := s.books[id]; b != nil {
		return *b, nil
	}
	return Book{}, joinery.Errorf(joinery.NotFound, "", "There is no such book.")
}

func (s *Shelf) List(context.Context, query.Query) (query.Page[Book], error) {
	page := query.Page[Book]{Items: []Book{}}
	for _, b := range s.books {
		page.Items = append(page.Items, *b)
	}
	return page, nil
}

func (s *Shelf) Create(_ context.Context, in CreateBook) (Book, error) {
	b := Book{Entity: registry.Entity{ID: uuid.UUID{15: byte(len(s.books) + 1)}, Version: 1}, Title: in.Title}
	s.books[b.ID] = &b
	return b, nil
}

func (s *Shelf) Update(ctx context.Context, id uuid.UUID, version int64, in UpdateBook) (Book, error) {
	b, err := s.Get(ctx, id)
	if err != nil {
		return b, err
	}
	if version != query.AnyVersion && version != b.Version {
		return b, &joinery.Error{Kind: joinery.Stale, Version: b.Version}
	}
	if title, ok := in.Title.Get(); ok {
		b.Title = title
	}
	b.Version++
	s.books[id] = &b
	return b, nil
}

func (s *Shelf) Delete(ctx context.Context, id uuid.UUID, _ int64) error {
	delete(s.books, id)
	return nil
}

// signIn stands for real authentication.
func signIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			actor := joinery.Actor{ID: uuid.UUID{15: 7}, Kind: joinery.User}
			r = r.WithContext(joinery.WithActor(r.Context(), actor))
		}
		next.ServeHTTP(w, r)
	})
}

func Example() {
	api := rest.New(nil, &rest.Options{Title: "Books", Auth: signIn, Log: slog.New(slog.DiscardHandler)})
	if err := rest.Mount(api, "/v1/books", &Shelf{books: map[uuid.UUID]*Book{}}, nil); err != nil {
		fmt.Println(err)
		return
	}
	call := func(method, path, body string, headers ...string) {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Request-Id", "r1")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		answer, _ := io.ReadAll(w.Body)
		fmt.Println(w.Code, w.Header().Get("ETag"), string(answer))
	}
	const book = "/v1/books/00000000-0000-0000-0000-000000000001"
	call("POST", "/v1/books", `{"title":"Dune"}`)
	call("POST", "/v1/books", `{"title":"Dune"}`, "Authorization", "Bearer token")
	call("PATCH", book, `{"title":"Emma"}`, "Authorization", "Bearer token", "If-Match", `"1"`)
	call("PATCH", book, `{"title":"Faust"}`, "Authorization", "Bearer token", "If-Match", `"1"`)
	call("GET", book, "", "Authorization", "Bearer token", "If-None-Match", `"2"`)

	// Output:
	// 401  {"type":"about:blank","title":"Unauthorized","status":401,"detail":"Sign in to do this: the request names nobody who acts.","code":"unauthenticated","request_id":"r1"}
	// 201 "1" {"id":"00000000-0000-0000-0000-000000000001","created_at":"0001-01-01T00:00:00Z","created_by_id":null,"version":1,"title":"Dune"}
	// 200 "2" {"id":"00000000-0000-0000-0000-000000000001","created_at":"0001-01-01T00:00:00Z","created_by_id":null,"version":2,"title":"Emma"}
	// 412  {"type":"about:blank","title":"Precondition Failed","status":412,"detail":"Somebody changed it meanwhile. Read it again and repeat the change on what you find.","code":"stale","request_id":"r1","version":2}
	// 304 "2"
}

func ExampleHandle() {
	type input struct {
		ID     uuid.UUID `path:"id" json:"-"`
		Notify bool      `query:"notify" json:"-"`
		Reason string    `json:"reason" validate:"required"`
	}
	type output struct {
		Lent   uuid.UUID `json:"lent"`
		Reason string    `json:"reason"`
	}
	api := rest.New(nil, &rest.Options{Log: slog.New(slog.DiscardHandler)})
	err := rest.Handle(api, "POST", "/v1/books/:id/lend", func(_ context.Context, in input) (output, error) {
		return output{in.ID, in.Reason}, nil
	}, rest.WithAuth(rest.None))
	if err != nil {
		fmt.Println(err)
	}
	for _, body := range []string{`{"reason":"holidays"}`, `{"reason":""}`} {
		r := httptest.NewRequest("POST", "/v1/books/00000000-0000-0000-0000-000000000001/lend?notify=true", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		fmt.Println(w.Code, w.Header().Get("Content-Type"))
	}

	// Output:
	// 200 application/json; charset=utf-8
	// 422 application/problem+json; charset=utf-8
}

func ExampleServer() {
	api := rest.New(nil, &rest.Options{Log: slog.New(slog.DiscardHandler)})
	api.Health().Add("database", func(context.Context) error { return nil })

	ctx, stop := context.WithCancel(context.Background())
	stop() // in a program: signal.NotifyContext(ctx, syscall.SIGTERM)
	fmt.Println(rest.Server(api, &rest.ServerOptions{Addr: "127.0.0.1:0"}).Run(ctx))

	// Output:
	// <nil>
}
