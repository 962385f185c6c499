package sqlitedb_test

import (
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqldbtest"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func open(t testing.TB, opts *sqldb.Options) *sqldb.DB {
	t.Helper()
	db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestContract(t *testing.T) { sqldbtest.Run(t, open) }
