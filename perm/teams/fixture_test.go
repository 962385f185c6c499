package teams_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
)

func TestMain(m *testing.M) { testdb.Run(m) }

// Doc is something to share.
type Doc struct {
	crud.Entity
	crud.SoftDelete
	crud.InTeam
	Title string `json:"title" validate:"required"`
}

type CreateDoc struct {
	Title  string     `json:"title"`
	TeamID *uuid.UUID `json:"team_id"`
}

type UpdateDoc struct {
	Title crud.Opt[string] `json:"title,omitzero"`
}

// Folder is a tree that hands permissions down.
type Folder struct {
	crud.Entity
	Name     string     `json:"name" validate:"required"`
	ParentID *uuid.UUID `json:"parent_id" ref:"self,inherit"`
}

type CreateFolder struct {
	Name     string     `json:"name"`
	ParentID *uuid.UUID `json:"parent_id"`
}

type UpdateFolder struct {
	ParentID crud.Opt[uuid.UUID] `json:"parent_id,omitzero"`
}

// Vault is a Private model.
type Vault struct {
	crud.Entity
	Title string `json:"title"`
}

func (Vault) Table() registry.Table {
	return registry.Table{Name: "vaults", Policy: registry.Policy{Private: true}}
}

// world is the four managers on a database of their own, with the three roles
// and one model to share.
type world struct {
	*is.I
	*teams.Managers
	t       *testing.T
	db      *sqldb.DB
	engine  *perm.Engine
	docs    *crud.Manager[Doc, CreateDoc, UpdateDoc]
	folders *crud.Manager[Folder, CreateFolder, UpdateFolder]
	roles   teams.RoleIDs

	root, system context.Context
	ann, bob     context.Context // users without a team
}

func newWorld(t *testing.T, db *sqldb.DB, opts *teams.Options) *world {
	t.Helper()
	return newWorldWith(t, db, nil, opts)
}

func newWorldWith(t *testing.T, db *sqldb.DB, engine *perm.Options, opts *teams.Options) *world {
	t.Helper()
	w := &world{I: is.New(t), t: t, db: db, roles: teams.WellKnownRoles()}
	reg := registry.New(nil)
	var err error
	w.engine, err = perm.New(reg, db, engine)
	w.NoErr(err)
	w.Managers, err = teams.New(reg, db, w.engine, opts)
	w.NoErr(err)
	w.docs, err = crud.New[Doc, CreateDoc, UpdateDoc](reg, db, w.engine, nil)
	w.NoErr(err)
	w.folders, err = crud.New[Folder, CreateFolder, UpdateFolder](reg, db, w.engine, nil)
	w.NoErr(err)
	_, err = registry.Add[Vault](reg)
	w.NoErr(err)
	ddl, err := reg.DDL(db.Dialect())
	w.NoErr(err)
	w.NoErr(sqldb.ExecAll(t.Context(), db, ddl))
	w.root = joinery.WithActor(t.Context(), joinery.RootActor())
	w.system = joinery.WithActor(t.Context(), joinery.SystemActor())
	w.ann, w.bob = newUser(t), newUser(t)
	w.NoErr(w.EnsureRoles(t.Context()))
	return w
}

// onEach runs a test on every database, each time on one of its own.
func onEach(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		test(t, db)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		db, err := pgdb.Open(t.Context(), testdb.PostgresURL(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		test(t, db)
	})
	t.Run("mariadb", func(t *testing.T) {
		t.Parallel()
		db, err := mariadb.Open(t.Context(), testdb.MariaDBURL(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		test(t, db)
	})
}

// inEach is onEach with a world.
func inEach(t *testing.T, test func(w *world)) {
	t.Helper()
	onEach(t, func(t *testing.T, db *sqldb.DB) { test(newWorld(t, db, nil)) })
}

// newUser is a ctx in which a new user acts.
func newUser(t *testing.T) context.Context {
	return joinery.WithActor(t.Context(), joinery.Actor{ID: uuid.Must(uuid.NewV7()), Kind: joinery.User})
}

func idOf(ctx context.Context) uuid.UUID {
	a, _ := joinery.ActorFrom(ctx)
	return a.ID
}

// team makes a team of which ann is superadmin.
func (w *world) team(name string, parent *uuid.UUID) perm.Team {
	w.t.Helper()
	t, err := w.Teams.Create(w.ann, teams.CreateTeam{Name: name, ParentID: parent})
	w.NoErr(err)
	return t
}

// enrol makes somebody a member.
func (w *world) enrol(team uuid.UUID, member context.Context, role uuid.UUID) perm.Membership {
	w.t.Helper()
	m, err := w.Memberships.Create(w.ann, teams.CreateMembership{TeamID: team, MemberID: idOf(member), RoleID: role})
	w.NoErr(err)
	return m
}

// membershipOf is somebody's membership in a team.
func (w *world) membershipOf(team uuid.UUID, member context.Context) perm.Membership {
	w.t.Helper()
	for m, err := range w.Memberships.All(w.root, byTeam(team)) {
		w.NoErr(err)
		if m.MemberID == idOf(member) {
			return m
		}
	}
	w.t.Fatalf("no membership in %s", team)
	return perm.Membership{}
}

// is reports a refusal's kind and code.
func (w *world) refused(err error, kind joinery.Kind, code string) {
	w.t.Helper()
	if !joinery.IsKind(err, kind) {
		w.t.Fatalf("got %v, want the kind %s", err, kind)
	}
	if e, ok := asError(err); code != "" && ok && e.CodeOrKind() != code && !hasField(e, code) {
		w.t.Fatalf("got %v, want the code %s", err, code)
	}
}

func in(d time.Duration) *time.Time {
	at := time.Now().Add(d)
	return &at
}

func ptr[X any](v X) *X { return &v }
