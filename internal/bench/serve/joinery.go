package serve

import (
	"context"
	"errors"
	"net/http"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/bench/notes"
	"github.com/joinery-go/joinery/rest"
)

func joineryPostgres(ctx context.Context, c Config) (*Running, error) {
	db, err := pgdb.Open(ctx, c.Postgres, nil)
	if err != nil {
		return nil, err
	}
	return joineryOver(db)
}

func joinerySQLite(ctx context.Context, c Config) (*Running, error) {
	db, err := sqlitedb.Open(ctx, c.File, nil)
	if err != nil {
		return nil, err
	}
	return joineryOver(db)
}

// joineryOver is the resource as an app would mount it, with every default but
// the log of requests, which no other server writes.
func joineryOver(db *sqldb.DB) (*Running, error) {
	app, err := notes.New(db)
	if err != nil {
		return nil, err
	}
	api := rest.New(nil, &rest.Options{Title: "Bench", Auth: authenticate, NoAccessLog: true})
	err = errors.Join(
		rest.Mount(api, "/v1/notes", app.Notes, nil),
		rest.Mount(api, "/v1/projects", app.Projects, nil),
		rest.Mount(api, "/v1/tasks", app.Tasks, nil),
		api.Validate(),
	)
	return &Running{Handler: api, Statements: func() int64 { return db.Stats().Statements }, Close: func() { _ = db.Close() }}, err
}

// authenticate believes whoever says who it is.
func authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id, ok := bearer(r); ok {
			r = r.WithContext(joinery.WithActor(r.Context(), joinery.Actor{ID: id, Kind: joinery.User}))
		}
		next.ServeHTTP(w, r)
	})
}
