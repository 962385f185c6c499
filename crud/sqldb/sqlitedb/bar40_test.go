package sqlitedb_test

import (
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// TestBar40_StatementTimeout: a statement that loops is interrupted,
// whether it reads or writes.
func TestBar40_StatementTimeout(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{StatementTimeout: 50 * time.Millisecond})
	defer db.Close()
	const loop = "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 50000000) "
	for _, stmt := range []sqldb.Sqlizer{sqldb.Raw(loop + "SELECT count(*) FROM r"), sqldb.Write(sqldb.Raw(loop + "SELECT count(*) FROM r"))} {
		_, err := sqldb.Scalar[int64](t.Context(), db, stmt)
		is.Equal(sqldb.ClassOf(err), sqldb.Timeout)
		is.Equal(joinery.KindOf(err), joinery.Unavailable)
	}
	is.NoErr(db.Ping(t.Context()))
}

// TestBar40_LockWaitDefault: both the writer and the readers wait three
// seconds for another process.
func TestBar40_LockWaitDefault(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil)
	defer db.Close()
	ask := sqldb.Raw("PRAGMA busy_timeout")
	for _, stmt := range []sqldb.Sqlizer{ask, sqldb.Write(ask)} {
		ms, err := sqldb.Scalar[int](t.Context(), db, stmt)
		is.NoErr(err)
		is.Equal(ms, 3000)
	}
}
