package perm_test

import (
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// databases are the databases on which every test runs.
var databases = map[string]func(testing.TB) *sqldb.DB{"sqlite": openSQLite, "postgres": openPostgres, "mariadb": openMariaDB}

func openSQLite(t testing.TB) *sqldb.DB {
	return opened(t)(sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil))
}

func openPostgres(t testing.TB) *sqldb.DB {
	return opened(t)(pgdb.Open(t.Context(), testdb.PostgresURL(t), nil))
}

func openMariaDB(t testing.TB) *sqldb.DB {
	return opened(t)(mariadb.Open(t.Context(), testdb.MariaDBURL(t), nil))
}

func opened(t testing.TB) func(*sqldb.DB, error) *sqldb.DB {
	return func(db *sqldb.DB, err error) *sqldb.DB {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
}
