package migrate_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"testing"
	"testing/fstest"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/migrate"
)

// TestMain makes the process a runner of migrations when a test starts it as
// one.
func TestMain(m *testing.M) {
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

	// steady: what fails leaves nothing.
	steady bool
}

// servers are all databases.
var servers = []server{
	{"sqlite", testdb.SQLitePath, sqlitedb.Open, true},
	{"postgres", testdb.PostgresURL, pgdb.Open, true},
	{"mariadb", testdb.MariaDBURL, mariadb.Open, false},
}

func serverOf(name string) server {
	for _, s := range servers {
		if s.name == name {
			return s
		}
	}
	panic("no server " + name)
}

// target is an empty database of one test.
type target struct {
	server
	url string
	db  *sqldb.DB
}

// onEach runs a test on each database.
func onEach(t *testing.T, test func(t *testing.T, on target)) {
	t.Helper()
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			test(t, s.target(t))
		})
	}
}

func (s server) target(t testing.TB) target {
	t.Helper()
	url := s.fresh(t)
	db, err := s.open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return target{s, url, db}
}

// files are a file system of the texts.
func files(texts map[string]string) fstest.MapFS {
	fs := fstest.MapFS{}
	for name, text := range texts {
		fs[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fs
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newMigrator(t testing.TB, db *sqldb.DB, opts *migrate.Options, sources ...migrate.Source) *migrate.Migrator {
	t.Helper()
	if opts == nil {
		opts = &migrate.Options{}
	}
	opts.Logger = slog.New(slog.DiscardHandler)
	m, err := migrate.New(db, opts, sources...)
	must(t, err)
	return m
}

// column is the first column of a query.
func column[X any](t testing.TB, db *sqldb.DB, query string) []X {
	t.Helper()
	all, err := sqldb.Column[X](t.Context(), db, sqldb.Raw(query))
	must(t, err)
	return all
}

// starts is n, or what JOINERY_STARTS says.
func starts(t testing.TB, n int) int {
	t.Helper()
	text := os.Getenv("JOINERY_STARTS")
	if text == "" {
		return n
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("JOINERY_STARTS=%q: use a whole number of at least 1", text)
	}
	return n
}
