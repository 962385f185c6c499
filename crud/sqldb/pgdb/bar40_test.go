package pgdb_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
)

// TestBar40_StatementTimeout: a statement that sleeps is ended, by the client
// and, should that one be gone, by the server.
func TestBar40_StatementTimeout(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{StatementTimeout: 50 * time.Millisecond})
	defer db.Close()
	_, err := db.Exec(t.Context(), sqldb.Raw("SELECT pg_sleep(20)"))
	is.Equal(sqldb.ClassOf(err), sqldb.Timeout)
	is.Equal(joinery.KindOf(err), joinery.Unavailable)

	pool, _ := pgdb.Pool(db)
	_, err = pool.Exec(t.Context(), "SELECT pg_sleep(20)") // no client looks at a clock here
	pg, ok := errors.AsType[*pgconn.PgError](err)
	is.True(ok)
	is.Equal(pg.Code, "57014")
}

// TestBar40_LockWait: a lock that somebody holds for long is not waited for
// for long.
func TestBar40_LockWait(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{LockTimeout: 50 * time.Millisecond})
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (n integer)", "INSERT INTO v VALUES (1)"}))
	touch := sqldb.Raw("UPDATE v SET n = n + 1")
	is.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, touch)
		is.NoErr(err)
		_, err = db.Exec(t.Context(), touch) // on another connection
		is.Equal(sqldb.ClassOf(err), sqldb.Busy)
		is.Equal(joinery.KindOf(err), joinery.Unavailable)
		return nil
	}))
	_, err := db.Exec(t.Context(), touch)
	is.NoErr(err)
}
