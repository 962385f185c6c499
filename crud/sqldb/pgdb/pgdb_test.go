package pgdb_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqldbtest"
	"github.com/joinery-go/joinery/internal/testdb"
)

// own is a pool as an app opens it.
func own(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// TestContractWrapped runs the suite on a pool of the app's.
func TestContractWrapped(t *testing.T) {
	sqldbtest.Run(t, func(t testing.TB, opts *sqldb.Options) *sqldb.DB {
		config, err := pgxpool.ParseConfig(testdb.PostgresURL(t))
		if err != nil {
			t.Fatal(err)
		}
		config.MaxConns = 20
		if opts != nil && opts.MaxConns > 0 {
			config.MaxConns = int32(opts.MaxConns)
		}
		pool, err := pgxpool.NewWithConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pool.Close)
		if strings.HasSuffix(t.Name(), "/closed") {
			pool.Close() // as the app would
		}
		return pgdb.Wrap(pool, opts)
	})
}

func TestWrappedPoolStaysOpen(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	pool := own(t, testdb.PostgresURL(t))
	db := pgdb.Wrap(pool, nil)
	got, ok := pgdb.Pool(db)
	is.True(ok)
	is.Equal(got, pool)
	is.NoErr(db.Close())
	is.NoErr(pool.Ping(t.Context()))
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"", "canary", "http://app:canary@host/db", "postgres://app:canary@host:port/db", "postgres://app:can/canary@host/db",
		"postgres://app:canary%@host/db", "postgres://app:canary@host/db?sslmode=canary", "postgres://app:canary@host/db?sslmode=nonsense",
		"postgres://app:canary@127.0.0.1:1/db?connect_timeout=1", "postgres://app:canary@host.invalid/db?connect_timeout=1",
		"postgres://app@host/db?password=canary&sslrootcert=/no/such/file&sslmode=verify-full", "host=localhost password=canary",
		"postgres://app:canary@127.0.0.1:1,127.0.0.1:2/db", "postgres://app:canary@host:99999/db", "postgres://app:canary@[::1/db",
	} {
		is := is.New(t)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		_, err := pgdb.Open(ctx, url, nil)
		cancel()
		is.True(err != nil)
		t.Log(err)
		if s := err.Error(); strings.Contains(s, "canary") || strings.Contains(s, "\n") || !strings.HasPrefix(s, "pgdb: ") {
			t.Errorf("%s: %q", url, s)
		}
	}
}

func TestOpenWithoutDatabase(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	url := strings.Replace(testdb.PostgresURL(t), "?", "nonsense?", 1)
	_, err := pgdb.Open(t.Context(), url, nil)
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), "does not exist (3D000)"))
}

func TestBar40_LimitsOnTheServer(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	url := testdb.PostgresURL(t)
	show := func(url string, opts *sqldb.Options) (limits [4]string) {
		db, err := pgdb.Open(t.Context(), url, opts)
		is.NoErr(err)
		defer db.Close()
		for i, name := range []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "jit"} {
			limits[i], err = sqldb.Scalar[string](t.Context(), db, sqldb.Raw("SHOW "+name))
			is.NoErr(err)
		}
		return limits
	}
	is.Equal(show(url, nil), [4]string{"10s", "3s", "10s", "off"})
	is.Equal(show(url, &sqldb.Options{StatementTimeout: time.Second, LockTimeout: 1500 * time.Millisecond, IdleInTxTimeout: -1}), [4]string{"1s", "1500ms", "0", "off"})
	is.Equal(show(url+"&lock_timeout=7&jit=on", nil), [4]string{"10s", "7ms", "10s", "on"})
}

func TestBar40_IdleInTransaction(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{IdleInTxTimeout: 50 * time.Millisecond})
	defer db.Close()
	err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		time.Sleep(500 * time.Millisecond)
		_, err := db.Exec(ctx, sqldb.Raw("SELECT 1"))
		return err
	})
	is.Equal(sqldb.ClassOf(err), sqldb.LostConnection)
	is.NoErr(db.Ping(t.Context()))
}

// TestCancelReachesServer: a statement nobody waits for does not go on, and
// the connection is as good as before.
func TestCancelReachesServer(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{MaxConns: 1})
	defer db.Close()
	backend := sqldb.Raw("SELECT pg_backend_pid()")
	before, err := sqldb.Scalar[int](t.Context(), db, backend)
	is.NoErr(err)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err = db.Exec(ctx, sqldb.Raw("SELECT pg_sleep(60)"))
	is.Equal(sqldb.ClassOf(err), sqldb.Timeout)
	after, err := sqldb.Scalar[int](t.Context(), db, backend)
	is.NoErr(err)
	is.Equal(before, after)
	running := sqldb.Raw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(60)' AND state = 'active'")
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		n, err := sqldb.Scalar[int](t.Context(), db, running)
		is.NoErr(err)
		if n == 0 {
			return
		}
		is.True(time.Now().Before(deadline))
	}
}

func TestStalePlans(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{MaxConns: 1})
	defer db.Close()
	other := own(t, mustURL(t, db))
	ctx := t.Context()
	all := sqldb.Raw("SELECT * FROM v")
	touch := sqldb.Raw("UPDATE v SET n = n RETURNING *")
	is.NoErr(sqldb.ExecAll(ctx, db, []string{"CREATE TABLE v (n integer)", "INSERT INTO v VALUES (1)"}))
	for _, alter := range []string{"ALTER TABLE v ALTER n TYPE bigint", "ALTER TABLE v ALTER n TYPE numeric"} {
		for _, stmt := range []sqldb.Sqlizer{all, touch} {
			_, err := sqldb.Column[int](ctx, db, stmt)
			is.NoErr(err)
		}
		_, err := other.Exec(ctx, alter)
		is.NoErr(err)
		ns, err := sqldb.Column[int](ctx, db, all)
		is.NoErr(err)
		is.Equal(ns, []int{1})
		_, err = db.Exec(ctx, touch)
		is.NoErr(err)
	}
	_, err := db.Exec(ctx, sqldb.Raw("DEALLOCATE ALL")) // as poolers do behind one's back
	is.NoErr(err)
	ns, err := sqldb.Column[int](ctx, db, all)
	is.NoErr(err)
	is.Equal(ns, []int{1})

	tries := 0
	is.NoErr(sqldb.InTx(ctx, db, func(ctx context.Context) error { // here the whole must be run again
		if tries++; tries == 1 {
			_, err := other.Exec(ctx, "ALTER TABLE v ALTER n TYPE integer")
			is.NoErr(err)
		}
		_, err := sqldb.Column[int](ctx, db, all)
		return err
	}, sqldb.Repeatable))
	is.Equal(tries, 2)
}

// mustURL is the URL of the database that db uses.
func mustURL(t testing.TB, db *sqldb.DB) string {
	t.Helper()
	pool, _ := pgdb.Pool(db)
	return pool.Config().ConnString()
}

func TestWithTx(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil)
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (n integer)"}))
	pool, _ := pgdb.Pool(db)
	for _, keep := range []bool{true, false} {
		tx, err := pool.Begin(t.Context())
		is.NoErr(err)
		committed := false
		ctx, done := pgdb.WithTx(t.Context(), db, tx)
		_, err = db.Exec(ctx, sqldb.Raw("INSERT INTO v VALUES (?)", 1))
		is.NoErr(err)
		is.NoErr(sqldb.InTx(ctx, db, func(ctx context.Context) error {
			sqldb.AfterCommit(ctx, db, func(context.Context) { committed = true })
			return nil
		}))
		if keep {
			done(tx.Commit(t.Context()))
		} else {
			is.NoErr(tx.Rollback(t.Context()))
			done(errors.New("rolled back"))
		}
		is.Equal(committed, keep)
		n, err := sqldb.Scalar[int](t.Context(), db, sqldb.Raw("SELECT count(*) FROM v"))
		is.NoErr(err)
		is.Equal(n, 1)
	}
}

// TestWithSQLTx: an app on database/sql, with pgx as its driver.
func TestWithSQLTx(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil)
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (id uuid PRIMARY KEY, at timestamptz, tags jsonb, dec numeric(9,2), b bytea)"}))
	std, err := sql.Open("pgx", mustURL(t, db))
	is.NoErr(err)
	defer std.Close()
	tx, err := std.BeginTx(t.Context(), nil)
	is.NoErr(err)
	ctx, done := sqldb.WithTx(t.Context(), db, tx)
	id, now := uuid.New(), time.Now().UTC().Truncate(time.Microsecond)
	_, err = db.Exec(ctx, sqldb.Raw("INSERT INTO v VALUES (?, ?, ?, ?, ?)", id, now, sqldb.JSON{V: []string{"a"}}, "1.50", []byte{0}))
	is.NoErr(err)
	var (
		gotID *uuid.UUID
		at    time.Time
		tags  []string
		raw   json.RawMessage
		dec   string
		b     []byte
	)
	found, err := sqldb.Row(ctx, db, sqldb.Raw("SELECT id, at, tags, tags, dec, b FROM v WHERE id = ANY(?)", []uuid.UUID{id}), &gotID, &at, &tags, &raw, &dec, &b)
	is.NoErr(err)
	is.True(found)
	is.Equal(*gotID, id)
	is.Equal(at, now)
	is.Equal(tags, []string{"a"})
	is.Equal(string(raw), `["a"]`)
	is.Equal(dec, "1.50")
	is.Equal(b, []byte{0})
	err = sqldb.InTx(ctx, db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, sqldb.Raw("INSERT INTO v (id) VALUES (?)", id))
		return err
	})
	is.Equal(sqldb.ClassOf(err), sqldb.Unique)
	done(tx.Commit())
	n, err := sqldb.Scalar[int](t.Context(), db, sqldb.Raw("SELECT count(*) FROM v"))
	is.NoErr(err)
	is.Equal(n, 1)
}

func TestDeadlock(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil)
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (n integer PRIMARY KEY, x integer)", "INSERT INTO v VALUES (1, 0), (2, 0)"}))
	touch := func(ctx context.Context, n int) error {
		_, err := db.Exec(ctx, sqldb.Raw("UPDATE v SET x = x + 1 WHERE n = ?", n))
		return err
	}
	met := [2]chan struct{}{make(chan struct{}), make(chan struct{})}
	failed := make(chan error, 2)
	for i := range 2 {
		go func() {
			first := true
			failed <- sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
				if err := touch(ctx, 1+i); err != nil {
					return err
				}
				if first {
					first = false
					close(met[i])
					<-met[1-i]
				}
				return touch(ctx, 2-i)
			}, sqldb.Repeatable)
		}()
	}
	is.NoErr(<-failed)
	is.NoErr(<-failed)
	sum, err := sqldb.Scalar[int](t.Context(), db, sqldb.Raw("SELECT sum(x) FROM v"))
	is.NoErr(err)
	is.Equal(sum, 4)
	// The one that lost began again, once more where it did so before the
	// other's commit.
	is.True(db.Stats().Transactions >= 3)
}

func TestInfinity(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil)
	defer db.Close()
	_, err := sqldb.Scalar[time.Time](t.Context(), db, sqldb.Raw("SELECT 'infinity'::timestamptz"))
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), "infinite"))
	for _, text := range []string{"'2026-01-02'::date", "'2026-01-02 00:00:00'::timestamp"} {
		at, err := sqldb.Scalar[*time.Time](t.Context(), db, sqldb.Raw("SELECT "+text))
		is.NoErr(err)
		is.Equal(*at, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))
	}
}
