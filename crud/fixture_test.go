package crud_test

import (
	"context"
	"os"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/registry"
)

func TestMain(m *testing.M) { testdb.Run(m) }

// status is an enum.
type status string

type Project struct {
	crud.Entity
	crud.Owned
	Name  string `json:"name" validate:"required,max=100" sortable:"true"`
	Notes []Note `json:"notes,omitzero" rel:"notes.project_id"`
}

type CreateProject struct {
	Name string `json:"name"`
}

type UpdateProject struct {
	Name crud.Opt[string] `json:"name,omitzero"`
}

type Note struct {
	crud.Entity
	crud.Updated
	crud.SoftDelete
	crud.Owned
	Title     string                 `json:"title" validate:"required,max=50" sortable:"true"`
	Body      *string                `json:"body" sortable:"true"`
	Status    status                 `json:"status" validate:"oneof=open done" default:"open" sortable:"status,-priority"`
	Priority  int                    `json:"priority" validate:"gte=0,lte=9" sortable:"true"`
	Slug      *string                `json:"slug" unique:"true,global" validate:"omitempty,max=100"`
	From      int                    `json:"from"`
	Until     int                    `json:"until" validate:"gtefield=From"`
	ProjectID *registry.Ref[Project] `json:"project_id" ref:"projects,cascade"`
	Project   *Project               `json:"project,omitzero" rel:"project_id"`
	Comments  []Comment              `json:"comments,omitzero" rel:"comments.note_id"`
}

type CreateNote struct {
	Title     string                 `json:"title"`
	Body      *string                `json:"body"`
	Status    status                 `json:"status"`
	Priority  int                    `json:"priority"`
	Slug      *string                `json:"slug"`
	From      int                    `json:"from"`
	Until     int                    `json:"until"`
	ProjectID *registry.Ref[Project] `json:"project_id"`
}

type UpdateNote struct {
	Title     crud.Opt[string]                `json:"title,omitzero"`
	Body      crud.Opt[string]                `json:"body,omitzero"`
	Status    crud.Opt[status]                `json:"status,omitzero"`
	Priority  crud.Opt[int]                   `json:"priority,omitzero"`
	Slug      crud.Opt[string]                `json:"slug,omitzero"`
	From      crud.Opt[int]                   `json:"from,omitzero"`
	Until     crud.Opt[int]                   `json:"until,omitzero"`
	ProjectID crud.Opt[registry.Ref[Project]] `json:"project_id,omitzero"`
}

type Comment struct {
	crud.Entity
	crud.SoftDelete
	NoteID registry.Ref[Note]  `json:"note_id" ref:"notes,cascade"`
	SeenIn *registry.Ref[Note] `json:"seen_in" ref:"notes,setnull"`
	Text   string              `json:"text" validate:"required"`
	Note   *Note               `json:"note,omitzero" rel:"note_id"`
}

type CreateComment struct {
	NoteID registry.Ref[Note]  `json:"note_id"`
	SeenIn *registry.Ref[Note] `json:"seen_in"`
	Text   string              `json:"text"`
}

type UpdateComment struct {
	Text crud.Opt[string] `json:"text,omitzero"`
}

// app is an app of three models on a database of its own.
type app struct {
	*is.I
	reg      *registry.Registry
	db       *sqldb.DB
	projects *crud.Manager[Project, CreateProject, UpdateProject]
	notes    *crud.Manager[Note, CreateNote, UpdateNote]
	comments *crud.Manager[Comment, CreateComment, UpdateComment]
	badges   *crud.Manager[Badge, CreateBadge, UpdateBadge] // where a test wants them
	ann, bob context.Context
}

// newApp makes the app with everything allowed, unless access says otherwise.
func newApp(t *testing.T, db *sqldb.DB, access crud.Access, opts *crud.Options) *app {
	t.Helper()
	a := newManagers(t, db, access, opts)
	a.createTables(t)
	return a
}

// newAppWith makes the app with more managers.
func newAppWith(t *testing.T, db *sqldb.DB, access crud.Access, more func(*app)) *app {
	t.Helper()
	a := newManagers(t, db, access, nil)
	more(a)
	a.createTables(t)
	return a
}

func newManagers(t *testing.T, db *sqldb.DB, access crud.Access, opts *crud.Options) *app {
	t.Helper()
	a := &app{I: is.New(t), reg: registry.New(nil), db: db, ann: user(t), bob: user(t)}
	if access == nil {
		access = crud.Unrestricted
	}
	var err error
	a.projects, err = crud.New[Project, CreateProject, UpdateProject](a.reg, db, access, nil)
	a.NoErr(err)
	a.notes, err = crud.New[Note, CreateNote, UpdateNote](a.reg, db, access, opts)
	a.NoErr(err)
	a.comments, err = crud.New[Comment, CreateComment, UpdateComment](a.reg, db, access, nil)
	a.NoErr(err)
	return a
}

func (a *app) createTables(t *testing.T) {
	t.Helper()
	ddl, err := a.reg.DDL(a.db.Dialect())
	a.NoErr(err)
	a.NoErr(sqldb.ExecAll(t.Context(), a.db, ddl))
}

// user is a ctx in which a new user acts.
func user(t *testing.T) context.Context {
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	return joinery.WithActor(t.Context(), joinery.Actor{ID: id, Kind: joinery.User})
}

func actorID(ctx context.Context) uuid.UUID {
	a, _ := joinery.ActorFrom(ctx)
	return a.ID
}

// onEach runs a test on every database, each time on one of its own.
func onEach(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	onEachWith(t, nil, test)
}

func onEachWith(t *testing.T, opts *sqldb.Options, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	run := func(t *testing.T, db *sqldb.DB, err error) {
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		test(t, db)
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), opts)
		run(t, db, err)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		db, err := pgdb.Open(t.Context(), testdb.PostgresURL(t), opts)
		run(t, db, err)
	})
	t.Run("mariadb", func(t *testing.T) {
		t.Parallel()
		db, err := mariadb.Open(t.Context(), testdb.MariaDBURL(t), opts)
		run(t, db, err)
	})
}

func ptr[X any](v X) *X { return &v }

// scale is how large a test is: n, or what the environment variable says.
func scale(t *testing.T, name string, n int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return n
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q: use a whole number of at least 1", name, text)
	}
	return n
}
