package main

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"

	"github.com/google/uuid"
	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

type Book struct {
	crud.Entity        // id, created_at, created_by_id, version
	crud.Owned         // user_id
	crud.InTeam        // team_id
	Title       string `json:"title" validate:"required,max=200" sortable:"true"`
}

type CreateBook struct {
	Title  string     `json:"title"`
	TeamID *uuid.UUID `json:"team_id"`
}

type UpdateBook struct {
	Title crud.Opt[string] `json:"title,omitzero"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	db, err := sqlitedb.Open(ctx, "books.db", nil) // or anydb.Open(ctx, os.Getenv("DATABASE_URL"), nil)
	if err != nil {
		return err
	}
	defer db.Close()
	api, err := newAPI(ctx, db)
	if err != nil {
		return err
	}
	return rest.Server(api, &rest.ServerOptions{Addr: os.Getenv("ADDR")}).Run(ctx)
}

// newAPI is the whole app over a database, in which it makes the tables that
// are not there yet.
func newAPI(ctx context.Context, db *sqldb.DB) (*rest.API, error) {
	reg := registry.New(nil)
	engine, err := perm.New(reg, db, nil)
	if err != nil {
		return nil, err
	}
	managers, errTeams := teams.New(reg, db, engine, nil)
	books, errBooks := crud.New[Book, CreateBook, UpdateBook](reg, db, engine, nil)
	if err := errors.Join(errTeams, errBooks, reg.Validate()); err != nil {
		return nil, err
	}
	if err := errors.Join(crud.CreateTables(ctx, reg, db), managers.EnsureRoles(ctx)); err != nil {
		return nil, err
	}
	api := rest.New(nil, &rest.Options{
		Title:   "Books",
		Auth:    authenticate,
		Schemes: []rest.Scheme{{Name: "user", Header: "X-User"}}, // how the document says to sign in
	})
	return api, errors.Join(
		rest.Mount(api, "/v1/books", books, nil),
		rest.Mount(api, "/v1/teams", managers.Teams, nil),
		rest.Mount(api, "/v1/memberships", managers.Memberships, nil),
	)
}

// authenticate believes whoever says who it is: put your login here.
func authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id, err := uuid.Parse(r.Header.Get("X-User")); err == nil {
			r = r.WithContext(joinery.WithActor(r.Context(), joinery.Actor{ID: id, Kind: joinery.User}))
		}
		next.ServeHTTP(w, r)
	})
}
