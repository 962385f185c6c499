package sqlitedb_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqldbtest"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// own is a pool as an app opens it: with its own form of times, and deferred
// transactions.
func own(t testing.TB, path string) *sql.DB {
	t.Helper()
	pool, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(3000)&_time_format=sqlite&_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}

// TestContractWrapped runs the suite on a pool of the app's.
func TestContractWrapped(t *testing.T) {
	sqldbtest.Run(t, func(t testing.TB, opts *sqldb.Options) *sqldb.DB {
		pool := own(t, testdb.SQLitePath(t))
		conns := 20
		if opts != nil && opts.MaxConns > 0 {
			conns = opts.MaxConns
		}
		pool.SetMaxOpenConns(conns)
		if strings.HasSuffix(t.Name(), "/closed") {
			_ = pool.Close() // as the app would
		}
		return sqlitedb.Wrap(pool, opts)
	})
}

func TestWrapReadsWhatOpenWrote(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	path := testdb.SQLitePath(t)
	db, err := sqlitedb.Open(t.Context(), path, nil)
	is.NoErr(err)
	defer db.Close()
	id, at := uuid.New(), time.Now().UTC().Truncate(time.Microsecond)
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (id TEXT, at INTEGER, d DATETIME)"}))
	_, err = db.Exec(t.Context(), sqldb.Raw("INSERT INTO v VALUES (?, ?, ?)", id, at, at))
	is.NoErr(err)
	pool := own(t, path)
	wrapped := sqlitedb.Wrap(pool, nil)
	var gotID uuid.UUID
	var gotAt, d time.Time
	found, err := sqldb.Row(t.Context(), wrapped, sqldb.Raw("SELECT id, at, d FROM v WHERE at = ?", at), &gotID, &gotAt, &d)
	is.NoErr(err)
	is.True(found)
	is.Equal(gotID, id)
	is.Equal(gotAt, at)
	is.NoErr(wrapped.Close())
	is.NoErr(pool.PingContext(t.Context())) // the pool is the app's
}

func TestTimesOfOtherPrograms(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil)
	defer db.Close()
	for _, text := range []string{
		"'2026-01-02 03:04:05'", "'2026-01-02T03:04:05Z'", "'2026-01-02 05:04:05+02:00'", "'2026-01-02T05:04:05.000+02:00'", "1767323045000000",
	} {
		at, err := sqldb.Scalar[time.Time](t.Context(), db, sqldb.Raw("SELECT "+text))
		is.NoErr(err)
		is.Equal(at, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	}
	for _, text := range []string{"'yesterday'", "1.5", "NULL"} {
		_, err := sqldb.Scalar[time.Time](t.Context(), db, sqldb.Raw("SELECT "+text))
		is.True(err != nil)
	}
}

func TestMemoryIsRemoved(t *testing.T) {
	is := is.New(t)
	t.Setenv("TMPDIR", t.TempDir())
	db, err := sqlitedb.Open(t.Context(), sqlitedb.Memory, nil)
	is.NoErr(err)
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (n INTEGER)"}))
	files, err := os.ReadDir(os.TempDir())
	is.NoErr(err)
	is.Equal(len(files), 1)
	is.NoErr(db.Close())
	files, err = os.ReadDir(os.TempDir())
	is.NoErr(err)
	is.Equal(len(files), 0)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "?x=y", ":memory:", filepath.Join(t.TempDir(), "no", "such", "folder.db"), t.TempDir(), filepath.Join(t.TempDir(), "x.db") + "?_txlock=nonsense"} {
		is := is.New(t)
		_, err := sqlitedb.Open(t.Context(), path, nil)
		is.True(err != nil)
		is.True(strings.HasPrefix(err.Error(), "sqlitedb: "))
		is.True(!strings.Contains(err.Error(), "\n"))
	}
}

func TestStrangePaths(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	for _, name := range []string{"a b.db", "100%.db", "%41.db", "#1.db", "ü&x=y.db"} {
		path := filepath.Join(t.TempDir(), name)
		db, err := sqlitedb.Open(t.Context(), path+"?_pragma=synchronous(FULL)", nil)
		is.NoErr(err)
		_, err = os.Stat(path)
		is.NoErr(err)
		sync, err := sqldb.Column[int](t.Context(), db, sqldb.Write(sqldb.Raw("PRAGMA synchronous")))
		is.NoErr(err)
		is.Equal(sync, []int{2}) // the path's settings win
		is.NoErr(db.Close())
	}
}

// TestWriterAndReaders: what writes goes to the writer, all else to a reader,
// which could not write if it wanted.
func TestWriterAndReaders(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil)
	defer db.Close()
	ctx := t.Context()
	is.NoErr(sqldb.ExecAll(ctx, db, []string{"CREATE TABLE v (n INTEGER)"}))
	writer, reader, ok := sqlitedb.Pools(db)
	is.True(ok)
	_, err := reader.ExecContext(ctx, "INSERT INTO v VALUES (1)")
	is.True(err != nil)

	hold, err := writer.Conn(ctx) // nobody can write now
	is.NoErr(err)
	short := func() context.Context {
		ctx, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		t.Cleanup(cancel)
		return ctx
	}
	for _, text := range []string{
		"INSERT INTO v VALUES (1) RETURNING n", "  SELECT 1", "WITH x AS (SELECT 'DELETE') SELECT * FROM x", "select n from v",
		"WITH x AS (SELECT 1) INSERT INTO v SELECT 1 RETURNING n", "with x as (select 1) update v set n = 2 returning n", "VALUES (1)", "EXPLAIN SELECT 1",
	} {
		want := strings.Contains(text, "RETURNING") || strings.Contains(text, "returning")
		_, err := sqldb.Column[any](short(), db, sqldb.Stmt{SQL: text})
		if text == "EXPLAIN SELECT 1" {
			is.True(sqldb.ClassOf(err) == sqldb.Other) // it ran, and has more than one column
			continue
		}
		if (err != nil) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	_, err = sqldb.Column[any](short(), db, sqldb.Write(sqldb.Raw("SELECT 1")))
	is.True(err != nil)
	is.NoErr(sqldb.InTx(ctx, db, func(ctx context.Context) error {
		_, err := sqldb.Column[any](ctx, db, sqldb.Raw("SELECT n FROM v"))
		return err
	}, sqldb.ReadOnly))
	is.NoErr(hold.Close())
	ns, err := sqldb.Column[int](ctx, db, sqldb.Raw("INSERT INTO v VALUES (7) RETURNING n"))
	is.NoErr(err)
	is.Equal(ns, []int{7})
}

func TestNoReplica(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	opts := &sqldb.Options{Replica: "other.db"}
	_, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), opts)
	is.True(strings.Contains(err.Error(), "Options.Replica"))
	wrapped := sqlitedb.Wrap(own(t, testdb.SQLitePath(t)), opts)
	_, err = sqldb.Scalar[int](t.Context(), wrapped, sqldb.Raw("SELECT 1"))
	is.True(strings.Contains(err.Error(), "Options.Replica"))
}

// TestBar40_LockWait: another process, played by another pool, holds the file.
func TestBar40_LockWait(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	path := testdb.SQLitePath(t)
	opts := &sqldb.Options{LockTimeout: 100 * time.Millisecond}
	a, err := sqlitedb.Open(t.Context(), path, opts)
	is.NoErr(err)
	defer a.Close()
	b, err := sqlitedb.Open(t.Context(), path, opts)
	is.NoErr(err)
	defer b.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), a, []string{"CREATE TABLE v (n INTEGER)"}))
	tries := 0
	is.NoErr(sqldb.InTx(t.Context(), a, func(ctx context.Context) error {
		_, err := b.Exec(t.Context(), sqldb.Raw("INSERT INTO v VALUES (1)"))
		is.Equal(sqldb.ClassOf(err), sqldb.Busy)
		err = sqldb.InTx(t.Context(), b, func(context.Context) error { tries++; return nil })
		is.Equal(sqldb.ClassOf(err), sqldb.Busy)
		return nil
	}))
	is.Equal(tries, 0)
	_, err = b.Exec(t.Context(), sqldb.Raw("INSERT INTO v VALUES (1)"))
	is.NoErr(err)
}

func TestUniqueWithoutColumns(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil)
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (x TEXT)", "CREATE UNIQUE INDEX vx ON v (lower(x))", "INSERT INTO v VALUES ('a')"}))
	_, err := db.Exec(t.Context(), sqldb.Raw("INSERT INTO v VALUES ('A')"))
	var e *sqldb.Error
	is.True(errors.As(err, &e))
	is.Equal(e.Class, sqldb.Unique)
	is.Equal(len(e.Columns), 0) // it names the index only
}
