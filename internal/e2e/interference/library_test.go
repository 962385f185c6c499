package interference_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// Shelf has one column of each kind that can be filtered, sorted and summed.
type Shelf struct {
	crud.Entity
	crud.Updated
	crud.SoftDelete
	crud.Owned
	crud.InTeam
	Title    string     `json:"title" validate:"required,max=100" sortable:"true"`
	Slug     string     `json:"slug" validate:"max=100"`
	Kind     string     `json:"kind" validate:"oneof=open closed" default:"open" sortable:"true"`
	Priority *int64     `json:"priority" sortable:"true;kind,-priority"`
	Budget   *string    `json:"budget" type:"decimal(12,2)"`
	DueAt    *time.Time `json:"due_at" sortable:"true"`
	Books    []Book     `json:"books,omitzero" rel:"books.shelf_id"`
}

// Table gives a shelf's slug to each owner once.
func (Shelf) Table() registry.Table {
	return registry.Table{Unique: []registry.Unique{{Columns: []string{"user_id", "slug"}}}}
}

// Book inherits from its shelf, and knows other books.
type Book struct {
	crud.Entity
	crud.SoftDelete
	crud.Owned
	crud.InTeam
	Title    string               `json:"title" validate:"required,max=100" sortable:"true"`
	Pages    int64                `json:"pages" sortable:"true"`
	ShelfID  *registry.Ref[Shelf] `json:"shelf_id" ref:"shelves,cascade,inherit"`
	Shelf    *Shelf               `json:"shelf,omitzero" rel:"shelf_id"`
	SequelID *uuid.UUID           `json:"sequel_id" ref:"books,setnull"`
	Sequel   *Book                `json:"sequel,omitzero" rel:"sequel_id"`
	Reviews  []Review             `json:"reviews,omitzero" rel:"reviews.book_id"`
}

// Review inherits nothing: a stranger's review of a book that all see is seen
// by the stranger alone.
type Review struct {
	crud.Entity
	crud.Owned
	Text   string             `json:"text" validate:"required,max=100" sortable:"true"`
	Stars  int64              `json:"stars" sortable:"true"`
	BookID registry.Ref[Book] `json:"book_id" ref:"books,cascade"`
	Book   *Book              `json:"book,omitzero" rel:"book_id"`
}

type (
	CreateShelf struct {
		Title    string     `json:"title"`
		Slug     string     `json:"slug"`
		Kind     string     `json:"kind"`
		Priority *int64     `json:"priority"`
		Budget   *string    `json:"budget"`
		DueAt    *time.Time `json:"due_at"`
		TeamID   *uuid.UUID `json:"team_id"`
	}
	UpdateShelf struct {
		Title    crud.Opt[string]    `json:"title,omitzero"`
		Slug     crud.Opt[string]    `json:"slug,omitzero"`
		Kind     crud.Opt[string]    `json:"kind,omitzero"`
		Priority crud.Opt[int64]     `json:"priority,omitzero"`
		Budget   crud.Opt[string]    `json:"budget,omitzero"`
		DueAt    crud.Opt[time.Time] `json:"due_at,omitzero"`
		UserID   crud.Opt[uuid.UUID] `json:"user_id,omitzero"`
		TeamID   crud.Opt[uuid.UUID] `json:"team_id,omitzero"`
	}
	CreateBook struct {
		Title    string     `json:"title"`
		Pages    int64      `json:"pages"`
		ShelfID  *uuid.UUID `json:"shelf_id"`
		SequelID *uuid.UUID `json:"sequel_id"`
		TeamID   *uuid.UUID `json:"team_id"`
	}
	UpdateBook struct {
		Title    crud.Opt[string]    `json:"title,omitzero"`
		Pages    crud.Opt[int64]     `json:"pages,omitzero"`
		ShelfID  crud.Opt[uuid.UUID] `json:"shelf_id,omitzero"`
		SequelID crud.Opt[uuid.UUID] `json:"sequel_id,omitzero"`
		TeamID   crud.Opt[uuid.UUID] `json:"team_id,omitzero"`
	}
	CreateReview struct {
		Text   string    `json:"text"`
		Stars  int64     `json:"stars"`
		BookID uuid.UUID `json:"book_id"`
	}
	UpdateReview struct {
		Text   crud.Opt[string]    `json:"text,omitzero"`
		Stars  crud.Opt[int64]     `json:"stars,omitzero"`
		BookID crud.Opt[uuid.UUID] `json:"book_id,omitzero"`
	}
)

// library is the service of one of the twins.
type library struct {
	db      *sqldb.DB
	engine  *perm.Engine
	reg     *registry.Registry
	teams   *teams.Managers
	shelves *crud.Manager[Shelf, CreateShelf, UpdateShelf]
	books   *crud.Manager[Book, CreateBook, UpdateBook]
	reviews *crud.Manager[Review, CreateReview, UpdateReview]
	api     *rest.API
	ids     *ids
}

// noon is the time, which stands still.
func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// newLibrary is a library over an empty database.
func newLibrary(t testing.TB, db *sqldb.DB) *library {
	t.Helper()
	l := &library{db: db, reg: registry.New(nil), ids: &ids{}}
	var err error
	l.engine, err = perm.New(l.reg, db, &perm.Options{Now: noon})
	must(t, err)
	l.teams, err = teams.New(l.reg, db, l.engine, &teams.Options{Now: noon, NewID: l.ids.next})
	must(t, err)
	opts := &crud.Options{Now: noon, NewID: l.ids.next}
	l.shelves, err = crud.New[Shelf, CreateShelf, UpdateShelf](l.reg, db, l.engine, opts)
	must(t, err)
	l.books, err = crud.New[Book, CreateBook, UpdateBook](l.reg, db, l.engine, opts)
	must(t, err)
	l.reviews, err = crud.New[Review, CreateReview, UpdateReview](l.reg, db, l.engine, opts)
	must(t, err)
	l.mount(t)
	must(t, crud.CreateTables(t.Context(), l.reg, db))
	must(t, l.teams.EnsureRoles(t.Context()))
	return l
}

func (l *library) mount(t testing.TB) {
	t.Helper()
	errors := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	l.api = rest.New(nil, &rest.Options{Auth: signIn, Registry: l.reg, NoAccessLog: true, Log: errors})
	open := &rest.MountOptions{Auth: rest.Optional}
	must(t, rest.Mount(l.api, "/teams", l.teams.Teams, open))
	must(t, rest.Mount(l.api, "/roles", l.teams.Roles, open))
	must(t, rest.Mount(l.api, "/memberships", l.teams.Memberships, open))
	must(t, rest.Mount(l.api, "/grants", l.teams.Grants, open))
	must(t, rest.Mount(l.api, "/shelves", l.shelves, open))
	must(t, rest.Mount(l.api, "/books", l.books, open))
	must(t, rest.Mount(l.api, "/reviews", l.reviews, open))
	must(t, rest.Mount(l.api, "/shelves/:shelf_id/books", l.books, &rest.MountOptions{Auth: rest.Optional, Parent: "shelf_id", ParentOf: l.shelves}))
	must(t, rest.Mount(l.api, "/books/:book_id/reviews", l.reviews, &rest.MountOptions{Auth: rest.Optional, Parent: "book_id", ParentOf: l.books}))
	must(t, l.api.Validate())
}

// actorHeader says who acts, in place of credentials.
const actorHeader = "X-Actor"

func signIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var actor joinery.Actor
		if json.Unmarshal([]byte(r.Header.Get(actorHeader)), &actor) == nil {
			r = r.WithContext(joinery.WithActor(r.Context(), actor))
		}
		next.ServeHTTP(w, r)
	})
}

// ids makes keys in order. Those of seen rows and those of hidden ones lie
// between one another, and the seen ones are the same with and without them.
type ids struct {
	seen, hidden uint32
	hiding       bool
}

func (i *ids) next() (uuid.UUID, error) {
	n, mark := &i.seen, byte(0)
	if i.hiding {
		n, mark = &i.hidden, 1
	}
	*n++
	return uuid.UUID{0, byte(*n >> 24), byte(*n >> 16), byte(*n >> 8), byte(*n), mark, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1}, nil
}
