package interference_test

import (
	"context"
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// backend is one kind of database.
type backend struct {
	name string
	url  func(testing.TB) string // of a new database
	open func(ctx context.Context, url string, opts *sqldb.Options) (*sqldb.DB, error)
}

func backends() []backend {
	return []backend{{"sqlite", testdb.SQLitePath, sqlitedb.Open}, {"postgres", testdb.PostgresURL, pgdb.Open}, {"mariadb", testdb.MariaDBURL, mariadb.Open}}
}

// fresh opens a new database that is closed when the test ends.
func (b backend) fresh(t testing.TB) *sqldb.DB {
	t.Helper()
	db, err := b.open(t.Context(), b.url(t), nil)
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
