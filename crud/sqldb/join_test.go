package sqldb_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

// appTx is a transaction that an app began itself on the DB's writer.
func appTx(t *testing.T, db *sqldb.DB) *sql.Tx {
	t.Helper()
	writer, _, _ := sqlitedb.Pools(db)
	tx, err := writer.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tx
}

func rowCount(t *testing.T, db *sqldb.DB) int64 {
	t.Helper()
	n, err := sqldb.Scalar[int64](t.Context(), db, sqldb.Raw("SELECT count(*) FROM v"))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWithTx(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil, "CREATE TABLE v (n INTEGER PRIMARY KEY)")
	for _, result := range []error{nil, errors.New("rolled back")} {
		tx := appTx(t, db)
		var log []string
		ctx, done := sqldb.WithTx(t.Context(), db, tx)
		is.True(sqldb.InTransaction(ctx, db))
		_, err := db.Exec(ctx, sqldb.Raw("INSERT INTO v VALUES (?)", 1))
		is.NoErr(err)
		sqldb.AfterCommit(ctx, db, func(ctx context.Context) {
			is.True(!sqldb.InTransaction(ctx, db))
			log = append(log, "committed")
		})
		is.True(sqldb.InTx(ctx, db, func(ctx context.Context) error { // a savepoint
			_, err := db.Exec(ctx, sqldb.Raw("INSERT INTO v VALUES (?)", 2))
			return errors.Join(err, errors.New("undo"))
		}) != nil)
		if result == nil {
			is.NoErr(tx.Commit())
		} else {
			is.NoErr(tx.Rollback())
		}
		is.Equal(len(log), 0)
		done(result)
		done(nil) // only the first one counts
		if result == nil {
			is.Equal(log, []string{"committed"})
			is.Equal(rowCount(t, db), int64(1))
			_, err = db.Exec(t.Context(), sqldb.Raw("DELETE FROM v"))
			is.NoErr(err)
		} else {
			is.Equal(len(log), 0)
			is.Equal(rowCount(t, db), int64(0))
		}
		_, err = db.Exec(ctx, sqldb.Raw("INSERT INTO v VALUES (?)", 3))
		is.True(err != nil) // the ctx is done with
	}
}

func TestDoneNeverCalled(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var log syncBuffer
	db := open(t, &sqldb.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}, "CREATE TABLE v (n INTEGER PRIMARY KEY)")
	for _, queue := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		tx := appTx(t, db)
		joined, _ := sqldb.WithTx(ctx, db, tx)
		if queue {
			sqldb.AfterCommit(joined, db, func(context.Context) { t.Error("ran") })
		}
		is.NoErr(tx.Rollback())
		cancel()
		if !queue {
			time.Sleep(20 * time.Millisecond)
			is.Equal(log.String(), "")
		}
	}
	for deadline := time.Now().Add(time.Minute); !strings.Contains(log.String(), "done never called"); time.Sleep(time.Millisecond) {
		is.True(time.Now().Before(deadline))
	}
	is.True(strings.Contains(log.String(), "queued=1"))
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func TestWithTxOfAnotherBackend(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil, "CREATE TABLE v (n INTEGER PRIMARY KEY)")
	ctx, done := pgdb.WithTx(t.Context(), db, nil)
	defer done(nil)
	_, err := db.Exec(ctx, sqldb.Raw("INSERT INTO v VALUES (1)"))
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), "no PostgreSQL"))
	is.Equal(rowCount(t, db), int64(0))
}
