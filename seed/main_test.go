package seed_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/seed"
)

// TestMain makes the process one that seeds when a test starts it as one.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	if job := os.Getenv(childEnv); job != "" {
		if err := child(context.Background(), job); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	testdb.Main(m)
}

// server is a database that the tests run on.
type server struct {
	name  string
	fresh func(t testing.TB) string // the URL of an empty database
	open  func(ctx context.Context, url string, opts *sqldb.Options) (*sqldb.DB, error)
}

// servers are all databases.
var servers = []server{
	{"sqlite", testdb.SQLitePath, sqlitedb.Open},
	{"postgres", testdb.PostgresURL, pgdb.Open},
	{"mariadb", testdb.MariaDBURL, mariadb.Open},
}

type Team struct {
	crud.Entity
	crud.Updated
	crud.SoftDelete
	Name     string                `json:"name" unique:"true,global" validate:"required,max=50"`
	Motto    string                `json:"motto"`
	ParentID *registry.Ref[Team]   `json:"parent_id" ref:"self"`
	LeadID   *registry.Ref[Person] `json:"lead_id"`
}

type Person struct {
	crud.Entity
	crud.Owned
	Email  string             `json:"email" unique:"true,global" validate:"required,max=100"`
	Status string             `json:"status" validate:"oneof=active gone" default:"active"`
	Admin  bool               `json:"admin" default:"true"`
	Pay    string             `json:"pay" type:"decimal(12,2)" default:"0"`
	Age    int                `json:"age"`
	Height float64            `json:"height"`
	Born   *time.Time         `json:"born"`
	Tags   []string           `json:"tags"`
	Prefs  map[string]any     `json:"prefs"`
	Secret string             `json:"-" api:"hidden"`
	TeamID registry.Ref[Team] `json:"team_id"`
}

type TeamInput struct {
	Name  string `json:"name"`
	Motto string `json:"motto"`
}

type TeamChange struct {
	Name  crud.Opt[string] `json:"name,omitzero"`
	Motto crud.Opt[string] `json:"motto,omitzero"`
}

type PersonInput struct {
	Email string `json:"email"`
	Admin bool   `json:"admin"`
}

// app is a database with tables and managers.
type app struct {
	db     *sqldb.DB
	url    string
	server server
	reg    *registry.Registry
	teams  *crud.Manager[Team, TeamInput, TeamChange]
	people *crud.Manager[Person, PersonInput, struct{}]
}

// onEach runs a test on each database.
func onEach(t *testing.T, test func(t *testing.T, a *app)) {
	t.Helper()
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			url := s.fresh(t)
			a, err := open(t.Context(), s, url)
			must(t, err)
			t.Cleanup(func() { _ = a.db.Close() })
			test(t, a)
		})
	}
}

// onSQLite is for what no database has a part in.
func onSQLite(t testing.TB) *app {
	t.Helper()
	a, err := open(t.Context(), servers[0], sqlitedb.Memory)
	must(t, err)
	t.Cleanup(func() { _ = a.db.Close() })
	return a
}

func open(ctx context.Context, s server, url string) (*app, error) {
	db, err := s.open(ctx, url, nil)
	if err != nil {
		return nil, err
	}
	a := &app{db: db, url: url, server: s, reg: registry.New(nil)}
	if a.people, err = crud.New[Person, PersonInput, struct{}](a.reg, db, crud.Unrestricted, nil); err != nil {
		return nil, err
	}
	if a.teams, err = crud.New[Team, TeamInput, TeamChange](a.reg, db, crud.Unrestricted, nil); err != nil {
		return nil, err
	}
	return a, crud.CreateTables(ctx, a.reg, db)
}

// ours owns the rows of the tests.
var ours = seed.Owner(uuid.MustParse("0199d8f0-0000-7000-8000-00000000000a"))

func teams(list ...Team) *seed.Seed {
	return seed.For(func(context.Context) ([]Team, error) { return list, nil }, seed.Key("name"), ours)
}

// teamsOf is a seed whose rows need the ctx.
func teamsOf(rows func(ctx context.Context) []Team) *seed.Seed {
	return seed.For(func(ctx context.Context) ([]Team, error) { return rows(ctx), nil }, seed.Key("name"), ours)
}

func peopleOf(rows func(ctx context.Context) []Person) *seed.Seed {
	return seed.For(func(ctx context.Context) ([]Person, error) { return rows(ctx), nil }, seed.Key("email"), ours)
}

func (a *app) run(t testing.TB, seeds ...*seed.Seed) *seed.Report {
	t.Helper()
	report, err := seed.Run(t.Context(), a.db, a.reg, seeds...)
	must(t, err)
	return report
}

// fails runs seeds that fail, with all the texts in the error, and sees that
// nothing was written.
func (a *app) fails(t testing.TB, seeds []*seed.Seed, texts ...string) error {
	t.Helper()
	before := a.dump(t)
	_, err := seed.Run(t.Context(), a.db, a.reg, seeds...)
	contains(t, err, texts...)
	if after := a.dump(t); after != before {
		t.Errorf("rows were written:\n%s\nwere\n%s", after, before)
	}
	return err
}

func contains(t testing.TB, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, and there should be one with %q", texts)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the error says\n%v\nwithout %q", err, text)
		}
	}
}

// dump is the rows of both tables.
func (a *app) dump(t testing.TB) string {
	t.Helper()
	ctx := joinery.WithActor(t.Context(), joinery.RootActor())
	var b strings.Builder
	for _, query := range []string{"SELECT id, name, motto, parent_id, lead_id, version FROM teams ORDER BY id", "SELECT id, email, status, pay, age, team_id, version FROM people ORDER BY id"} {
		rows, err := a.db.Query(ctx, sqldb.Raw(query))
		must(t, err)
		for rows.Next() {
			var id uuid.UUID
			var one, two string
			var three, four *string
			var five, six *string
			dest := []any{&id, &one, &two, &three, &four, &five}
			if strings.Contains(query, "email") {
				dest = append(dest, &six)
			}
			must(t, rows.Scan(dest...))
			fmt.Fprintln(&b, id, one, two, str(three), str(four), str(five), str(six))
		}
		must(t, rows.Close())
		must(t, rows.Err())
	}
	return b.String()
}

func str(s *string) string {
	if s == nil {
		return "null"
	}
	return *s
}

func (a *app) exec(t testing.TB, query string, args ...any) {
	t.Helper()
	n, err := a.db.Exec(t.Context(), sqldb.Raw(query, args...))
	must(t, err)
	if n != 1 {
		t.Fatalf("%s changed %d rows", query, n)
	}
}

// of is the only value of a query.
func of[X any](t testing.TB, a *app, query string, args ...any) X {
	t.Helper()
	all, err := sqldb.Column[X](t.Context(), a.db, sqldb.Raw(query, args...))
	must(t, err)
	if len(all) != 1 {
		t.Fatalf("%s: %d rows", query, len(all))
	}
	return all[0]
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
