package e2e_test

import (
	"context"
	"os"
	"strconv"
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// TestMain runs the tests, or serves when it is the process of a server that a
// test started.
func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		serveAsChild(url)
		return
	}
	testdb.Main(m)
}

// backend is one kind of database.
type backend struct {
	name string
	url  func(testing.TB) string // of a new database
	open func(ctx context.Context, url string, opts *sqldb.Options) (*sqldb.DB, error)
}

func backends() []backend {
	return []backend{{"sqlite", testdb.SQLitePath, sqlitedb.Open}, {"postgres", testdb.PostgresURL, pgdb.Open}, {"mariadb", testdb.MariaDBURL, mariadb.Open}}
}

// onEach runs a test on every database, each time on one of its own.
func onEach(t *testing.T, test func(t *testing.T, b backend)) {
	on(t, backends(), test)
}

// onServers runs a test on every database that is a server.
func onServers(t *testing.T, test func(t *testing.T, b backend)) {
	t.Parallel()
	on(t, backends()[1:], test)
}

func on(t *testing.T, backends []backend, test func(t *testing.T, b backend)) {
	for _, b := range backends {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			test(t, b)
		})
	}
}

// part is how many of n rounds a database makes that takes several times as
// long for a statement as the others do: one in four, at least one.
func (b backend) part(n int) int {
	if b.name == "mariadb" {
		return (n + 3) / 4
	}
	return n
}

// fresh opens a new database that is closed when the test ends.
func (b backend) fresh(t testing.TB, opts *sqldb.Options) *sqldb.DB {
	t.Helper()
	return b.opened(t, b.url(t), opts)
}

func (b backend) opened(t testing.TB, url string, opts *sqldb.Options) *sqldb.DB {
	t.Helper()
	db, err := b.open(t.Context(), url, opts)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// scale is the number that the variable of the environment gives, or the one
// of an ordinary run.
func scale(t testing.TB, name string, ordinary int) int {
	text := os.Getenv(name)
	if text == "" {
		return ordinary
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q: want a positive number", name, text)
	}
	return n
}
