package sqldb_test

import (
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// open is a temporary database with the schema.
func open(t testing.TB, opts *sqldb.Options, schema ...string) *sqldb.DB {
	t.Helper()
	db, err := sqlitedb.Open(t.Context(), sqlitedb.Memory, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := sqldb.ExecAll(t.Context(), db, schema); err != nil {
		t.Fatal(err)
	}
	return db
}
