package sqlitedb_test

import (
	"path/filepath"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/internal/crashtest"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

func TestKilledWriters(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "crash.db")
	db, err := sqlitedb.Open(t.Context(), path, nil)
	is.NoErr(err)
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, crashtest.Schema("TEXT")))
	crashtest.KillProcesses(t, db, path, 5)
	ok, err := sqldb.Scalar[string](t.Context(), db, sqldb.Raw("PRAGMA integrity_check"))
	is.NoErr(err)
	is.Equal(ok, "ok")
}
