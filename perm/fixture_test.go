package perm_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// Project is a row in a team.
type Project struct {
	registry.Entity
	registry.SoftDelete
	registry.Owned
	registry.InTeam
	Title string `json:"title"`
}

// Note inherits from a project and has a rule of its own.
type Note struct {
	registry.Entity
	registry.Owned
	ProjectID *registry.Ref[Project] `json:"project_id" ref:"projects,inherit"`
	SeeID     *registry.Ref[Project] `json:"see_id" ref:"projects"`
	Pinned    bool                   `json:"pinned"`
}

// Folder is a tree that hands permissions down.
type Folder struct {
	registry.Entity
	registry.Owned
	ParentID *uuid.UUID `json:"parent_id" ref:"self,inherit"`
}

// world is an empty database with the tables, and an engine over it.
type world struct {
	t   testing.TB
	db  *sqldb.DB
	reg *registry.Registry
	e   *perm.Engine
	now time.Time
}

func newWorld(t testing.TB, db *sqldb.DB) *world {
	t.Helper()
	return newWorldWith(t, db, &perm.Options{})
}

// newWorldWith is newWorld with options of the test's own, but for the clock.
func newWorldWith(t testing.TB, db *sqldb.DB, opts *perm.Options) *world {
	t.Helper()
	w := &world{t: t, db: db, reg: registry.New(nil), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	registry.MustAdd[Project](w.reg)
	registry.MustAdd[Note](w.reg)
	registry.MustAdd[Folder](w.reg)
	registry.MustAdd[Drawer](w.reg)
	registry.MustAdd[Sheet](w.reg)
	opts.Now = func() time.Time { return w.now }
	e, err := perm.New(w.reg, db, opts)
	w.must(err)
	w.e = e
	w.must(w.reg.Validate())
	ddl, err := w.reg.DDL(db.Dialect())
	w.must(err)
	w.must(sqldb.ExecAll(t.Context(), db, ddl))
	return w
}

// onEach runs a test in an empty world on each database.
func onEach(t *testing.T, test func(t *testing.T, w *world)) {
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newWorld(t, open(t)))
		})
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// as is a context in which the user acts.
func (w *world) as(id uuid.UUID) context.Context {
	return joinery.WithActor(w.t.Context(), joinery.Actor{ID: id, Kind: joinery.User})
}

// insert writes a row, in the order of its model's columns.
func insert[T any](w *world, row *T) {
	w.t.Helper()
	w.must(insertIn(w.t.Context(), w, row))
}

func insertIn[T any](ctx context.Context, w *world, row *T) error {
	m, _ := registry.ModelOf[T](w.reg)
	columns, marks, values := "", "", []any{}
	for i, c := range m.Columns {
		if i > 0 {
			columns, marks = columns+", ", marks+", "
		}
		columns, marks = columns+w.db.Dialect().Quote(c.Name), marks+"?"
		values = append(values, m.RowOf(row).Value(c.Name))
	}
	_, err := w.db.Exec(ctx, sqldb.Raw("INSERT INTO "+w.db.Dialect().Quote(m.Table)+" ("+columns+") VALUES ("+marks+")", values...))
	return err
}

// row makes a model's Row of a struct.
func row[T any](w *world, v T) registry.Row {
	m, _ := registry.ModelOf[T](w.reg)
	return m.RowOf(&v)
}

func (w *world) model(table string) *registry.Model { return w.reg.Model(table) }

func entity(by uuid.UUID) registry.Entity {
	return registry.Entity{ID: newID(), CreatedByID: &by, Version: 1, CreatedAt: time.Unix(0, 0)}
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// team, role and member write what the rules read.
func (w *world) team(parent *uuid.UUID) uuid.UUID {
	t := perm.Team{Entity: entity(newID()), Name: "team", ParentID: parent}
	insert(w, &t)
	return t.ID
}

func (w *world) role(a joinery.Actions) uuid.UUID {
	r := perm.Role{Entity: entity(newID()), Name: "role", Actions: a}
	insert(w, &r)
	return r.ID
}

func (w *world) member(team, user, role uuid.UUID) uuid.UUID {
	m := perm.Membership{Entity: entity(newID()), TeamID: team, MemberID: user, RoleID: role}
	insert(w, &m)
	return m.ID
}

// project writes one of a stranger's in a team.
func (w *world) project(team *uuid.UUID) uuid.UUID {
	p := Project{Entity: entity(newID()), Title: "project"}
	p.TeamID = team
	insert(w, &p)
	return p.ID
}
