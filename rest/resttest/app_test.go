package resttest_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
	"github.com/joinery-go/joinery/rest/resttest"
)

func TestMain(m *testing.M) { testdb.Main(m) }

type Note struct {
	registry.Entity
	registry.Updated
	registry.SoftDelete
	registry.Owned
	Title  string   `json:"title" validate:"required,max=50" doc:"Headline." example:"Ship it"`
	Labels []string `json:"labels"`
	Secret string   `json:"-" api:"hidden"`
	Pin    string   `json:"pin" api:"writeonly"`
	State  string   `json:"state" api:"readonly" default:"new"`
}

type CreateNote struct {
	Title  string   `json:"title"`
	Labels []string `json:"labels"`
	Pin    string   `json:"pin"`
}

type UpdateNote struct {
	Title query.Opt[string] `json:"title,omitzero"`
	Pin   query.Opt[string] `json:"pin,omitzero"`
}

// newNotes is an app with notes, whose users sign in by their names.
func newNotes(t testing.TB) *rest.API {
	t.Helper()
	return newApp[Note, CreateNote, UpdateNote](t, "/v1/notes")
}

// newApp is an app with the rows of one model.
func newApp[T, C, U any](t testing.TB, path string) *rest.API {
	t.Helper()
	db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	reg := registry.New(nil)
	engine, err := perm.New(reg, db, nil)
	must(t, err)
	rows, err := crud.New[T, C, U](reg, db, engine, nil)
	must(t, err)
	api := rest.New(nil, &rest.Options{Auth: byName, NoAccessLog: true, Log: slog.New(slog.DiscardHandler)})
	must(t, rest.Mount(api, path, rows, nil))
	ddl, err := reg.DDL(db.Dialect())
	must(t, err)
	must(t, sqldb.ExecAll(t.Context(), db, ddl))
	return api
}

// byName believes "Bearer <name>", which no real middleware may do.
func byName(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			actor := joinery.Actor{ID: uuid.NewSHA1(uuid.Nil, []byte(name)), Kind: joinery.User}
			r = r.WithContext(joinery.WithActor(r.Context(), actor))
		}
		next.ServeHTTP(w, r)
	})
}

// notesCase is the case of the notes, behind whatever stands in front.
func notesCase(front func(http.Handler) http.Handler) resttest.Case[Note, CreateNote, UpdateNote] {
	return resttest.Case[Note, CreateNote, UpdateNote]{
		New: func(t testing.TB) resttest.Resource[CreateNote, UpdateNote] {
			return resttest.Resource[CreateNote, UpdateNote]{
				API:    resttest.New(t, front(newNotes(t)), nil).As(resttest.Bearer("ada")),
				Path:   "/v1/notes",
				Create: func(n int) CreateNote { return CreateNote{Title: fmt.Sprint("note ", n)} },
				Update: func(n int) UpdateNote {
					return UpdateNote{Title: query.Set(fmt.Sprint("changed ", n)), Pin: query.Set("1")}
				},
				Stranger: resttest.Bearer("bob"),
				Invalid: map[string]CreateNote{
					"/title": {},
				},
			}
		},
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
