package sqldbtest

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/logx"
)

var limits = []test{
	{"statement timeout", statementTimeout},
	{"statement timeout while reading rows", slowRows},
	{"cancellation", cancellation},
	{"canceled before it began", canceledBefore},
	{"canceled transaction is lost", canceledTransaction},
	{"timeout in a savepoint loses the whole", timeoutInSavepoint},
	{"lock wait", lockWait},
	{"pool exhausted", poolExhausted},
	{"200 goroutines on a pool of 20", manyGoroutines},
	{"pool of one", poolOfOne},
	{"waiting is not running", waitingIsNotRunning},
	{"lost connection", lostConnection},
	{"closed", closed},
	{"log", logs},
	{"statistics", statistics},
}

// forever is a query that runs until it is stopped.
func forever(db *sqldb.DB) sqldb.Sqlizer {
	switch db.Dialect().Name() {
	case "postgres":
		return sqldb.Raw("SELECT pg_sleep(3600)")
	case "mariadb":
		return sqldb.Raw("SELECT sleep(3600)")
	}
	return sqldb.Raw("WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r")
}

func statementTimeout(t *T) {
	db := t.db(&sqldb.Options{StatementTimeout: 200 * time.Millisecond})
	_, err := sqldb.Column[any](t.Context(), db, forever(db))
	unavailable(t, err, sqldb.Timeout)
	_, err = db.Exec(t.Context(), forever(db))
	unavailable(t, err, sqldb.Timeout)
	t.NoErr(db.Ping(t.Context()))
}

// unavailable sees that err is of the class and tells a client to come back.
func unavailable(t *T, err error, class sqldb.Class) {
	t.Helper()
	if got := sqldb.ClassOf(err); err == nil || got != class {
		t.Fatalf("class %v, want %v: %v", got, class, err)
	}
	var e *joinery.Error
	t.True(errors.As(err, &e))
	t.Equal(e.Kind, joinery.Unavailable)
	t.True(e.RetryAfter > 0)
	t.True(e.Code != "" && e.Message != "")
}

func slowRows(t *T) {
	db := t.db(&sqldb.Options{StatementTimeout: 300 * time.Millisecond})
	rows, err := db.Query(t.Context(), sqldb.Raw("WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 10000000) SELECT i FROM r"))
	if err == nil { // PostgreSQL makes all rows first
		for rows.Next() {
			time.Sleep(time.Millisecond)
		}
		t.NoErr(rows.Close())
		err = rows.Err()
	}
	unavailable(t, err, sqldb.Timeout)
}

func cancellation(t *T) {
	db := t.db(nil)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	_, err := sqldb.Column[any](ctx, db, forever(db))
	unavailable(t, err, sqldb.Canceled)
	t.True(errors.Is(err, context.Canceled))
	ctx, cancel = context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = db.Exec(ctx, forever(db))
	unavailable(t, err, sqldb.Timeout)
	t.True(errors.Is(err, context.DeadlineExceeded))
}

func canceledBefore(t *T) {
	db := t.kept("text")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := db.Exec(ctx, insert(1))
	unavailable(t, err, sqldb.Canceled)
	_, err = db.Query(ctx, sqldb.Raw("SELECT 1"))
	unavailable(t, err, sqldb.Canceled)
	err = sqldb.InTx(ctx, db, func(context.Context) error { t.Error("ran"); return nil })
	unavailable(t, err, sqldb.Canceled)
	unavailable(t, db.Ping(ctx), sqldb.Canceled)
	ctx, cancel = context.WithCancel(t.Context())
	err = sqldb.InTx(ctx, db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, insert(2))
		cancel()
		return err
	})
	unavailable(t, err, sqldb.Canceled)
	t.Equal(len(numbers(t, db)), 0)
}

// endless writes rows until it is stopped: on SQLite an interrupted write ends
// the transaction, and the next statement would be one of its own.
func endless(db *sqldb.DB) sqldb.Sqlizer {
	switch db.Dialect().Name() {
	case "postgres":
		return sqldb.Raw("UPDATE v SET x = 'b' WHERE pg_sleep(60) IS NULL")
	case "mariadb":
		return sqldb.Raw("UPDATE v SET x = 'b' WHERE sleep(60) IS NULL")
	}
	return sqldb.Raw("INSERT INTO v (n) WITH RECURSIVE r(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM r) SELECT i FROM r")
}

func canceledTransaction(t *T) {
	db := t.kept("text")
	put(t, db, "a")
	ran := false
	err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		sqldb.AfterCommit(ctx, db, func(context.Context) { ran = true })
		_, err := db.Exec(ctx, insert(2))
		t.NoErr(err)
		short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		_, err = db.Exec(short, endless(db))
		unavailable(t, err, sqldb.Timeout)
		_, err = db.Exec(ctx, insert(3))
		t.True(strings.Contains(err.Error(), "the transaction is lost"))
		_, err = db.Query(ctx, sqldb.Raw("SELECT 1"))
		t.True(strings.Contains(err.Error(), "the transaction is lost"))
		return nil // the errors are swallowed
	})
	unavailable(t, err, sqldb.Timeout)
	t.True(!ran)
	t.Equal(numbers(t, db), []int64{1})
	t.exec(db, insert(4))
}

func timeoutInSavepoint(t *T) {
	db := t.kept("text")
	put(t, db, "a")
	err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, insert(2))
		t.NoErr(err)
		err = sqldb.InTx(ctx, db, func(ctx context.Context) error {
			short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
			defer cancel()
			_, err := db.Exec(short, endless(db))
			return err
		})
		unavailable(t, err, sqldb.Timeout)
		_, err = db.Exec(ctx, insert(3))
		t.True(err != nil)
		return nil
	})
	unavailable(t, err, sqldb.Timeout)
	t.Equal(numbers(t, db), []int64{1})
}

// lockWait: somebody holds what another one wants for longer than it waits.
func lockWait(t *T) {
	db := t.kept("text")
	var texts []string
	switch db.Dialect().Name() {
	case "postgres":
		texts = []string{"SET LOCAL lock_timeout = 50", "UPDATE v SET x = 'c'"}
	case "mariadb":
		texts = []string{"SET STATEMENT innodb_lock_wait_timeout = 0 FOR UPDATE v SET x = 'c'"}
	default:
		t.Skip("SQLite's writers wait for the one connection; its lock wait is tested with two processes' connections")
	}
	put(t, db, "a")
	t.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, sqldb.Raw("UPDATE v SET x = 'b'"))
		t.NoErr(err)
		err = sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
			return sqldb.ExecAll(ctx, db, texts)
		})
		unavailable(t, err, sqldb.Busy)
		return nil
	}))
}

func poolExhausted(t *T) {
	db := t.db(&sqldb.Options{MaxConns: 1, AcquireTimeout: 100 * time.Millisecond})
	rows, err := db.Query(t.Context(), sqldb.Raw("SELECT 1 UNION ALL SELECT 2"))
	t.NoErr(err)
	t.True(rows.Next())
	_, err = db.Query(t.Context(), sqldb.Raw("SELECT 1"))
	unavailable(t, err, sqldb.Exhausted)
	t.NoErr(rows.Close())
	t.NoErr(db.Ping(t.Context()))
}

func manyGoroutines(t *T) {
	db := t.db(&sqldb.Options{AcquireTimeout: time.Minute}, "CREATE TABLE v (n integer PRIMARY KEY)")
	const goroutines, rounds = 200, 5
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range rounds {
				if err := readAndWrite(t.Context(), db, g*rounds+i); err != nil {
					t.Errorf("%v", err)
				}
			}
		})
	}
	wg.Wait()
	t.Equal(len(numbers(t, db)), goroutines*rounds)
	t.True(db.Stats().Open <= 21)
}

// readAndWrite is what a request does: it reads, and writes in a transaction
// with a part that is nested.
func readAndWrite(ctx context.Context, db *sqldb.DB, n int) error {
	if _, err := sqldb.Column[int64](ctx, db, sqldb.Raw("SELECT n FROM v WHERE n < ? LIMIT 5", n)); err != nil {
		return err
	}
	return sqldb.InTx(ctx, db, func(ctx context.Context) error {
		if _, err := sqldb.Scalar[int64](ctx, db, sqldb.Raw("SELECT count(*) FROM v")); err != nil {
			return err
		}
		return sqldb.InTx(ctx, db, func(ctx context.Context) error {
			_, err := db.Exec(ctx, insert(n))
			return err
		})
	})
}

func poolOfOne(t *T) {
	db := t.db(&sqldb.Options{MaxConns: 1, AcquireTimeout: time.Minute}, "CREATE TABLE v (n integer PRIMARY KEY)")
	var wg sync.WaitGroup
	for g := range 50 {
		wg.Go(func() {
			if err := readAndWrite(t.Context(), db, g); err != nil {
				t.Errorf("%v", err)
			}
		})
	}
	wg.Wait()
	t.Equal(len(numbers(t, db)), 50)
}

// waitingIsNotRunning holds the only connection for longer than a statement may
// run: those that wait for it still get their whole time.
func waitingIsNotRunning(t *T) {
	db := t.db(&sqldb.Options{MaxConns: 1, StatementTimeout: 300 * time.Millisecond, AcquireTimeout: time.Minute},
		"CREATE TABLE v (n integer PRIMARY KEY)")
	held, free := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		err := sqldb.InTx(t.Context(), db, func(context.Context) error {
			close(held)
			<-free
			return nil
		})
		if err != nil {
			t.Errorf("%v", err)
		}
	})
	<-held
	for g := range 6 {
		wg.Go(func() {
			if err := readAndWrite(t.Context(), db, g); err != nil {
				t.Errorf("%v", err)
			}
		})
	}
	time.Sleep(900 * time.Millisecond)
	close(free)
	wg.Wait()
	t.Equal(len(numbers(t, db)), 6)
}

func lostConnection(t *T) {
	db := t.kept("text")
	var kill sqldb.Sqlizer
	switch db.Dialect().Name() {
	case "postgres":
		kill = sqldb.Raw("SELECT pg_terminate_backend(pg_backend_pid())")
	case "mariadb":
		kill = sqldb.Raw("KILL CONNECTION_ID()")
	default:
		t.Skip("there is no connection to lose")
	}
	_, err := sqldb.Column[bool](t.Context(), db, kill)
	unavailable(t, err, sqldb.LostConnection)
	t.NoErr(db.Ping(t.Context()))
	err = sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, insert(1))
		t.NoErr(err)
		_, err = db.Exec(ctx, kill)
		unavailable(t, err, sqldb.LostConnection)
		_, err = db.Exec(ctx, insert(2))
		t.True(strings.Contains(err.Error(), "the transaction is lost"))
		return nil
	})
	unavailable(t, err, sqldb.LostConnection)
	t.Equal(len(numbers(t, db)), 0)
}

func closed(t *T) {
	db := t.db(nil)
	t.NoErr(db.Close())
	_, err := db.Query(t.Context(), sqldb.Raw("SELECT 1"))
	t.True(err != nil)
	t.NoErr(db.Close()) // again
}

func logs(t *T) {
	for _, values := range []bool{false, true} {
		var buffer bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&buffer, &slog.HandlerOptions{Level: logx.LevelSQL}))
		db := t.db(&sqldb.Options{Logger: logger, LogValues: values}, "CREATE TABLE v (n integer PRIMARY KEY, x "+columnTypes["sqlite"]["text"]+")")
		buffer.Reset()
		t.exec(db, sqldb.Raw("INSERT INTO v (n, x) VALUES (?, ?)", 1, "canary"))
		read[string](t, db, sqldb.Raw("SELECT x FROM v WHERE x = ?", "canary"))
		_, err := db.Exec(t.Context(), sqldb.Raw("NONSENSE"))
		t.True(err != nil)
		lines := strings.Split(strings.TrimSpace(buffer.String()), "\n")
		t.Equal(len(lines), 3)
		for i, want := range []string{"INSERT INTO v", "SELECT x FROM v", "NONSENSE"} {
			t.True(strings.Contains(lines[i], want) && strings.Contains(lines[i], "duration="))
		}
		t.True(strings.Contains(lines[0], "rows=1") && strings.Contains(lines[1], "rows=1"))
		t.True(strings.Contains(lines[2], "error="))
		t.Equal(strings.Count(buffer.String(), "canary"), map[bool]int{true: 2}[values])
	}
}

func statistics(t *T) {
	db := t.kept("text")
	before := db.Stats()
	put(t, db, "a")
	read[string](t, db, sqldb.Raw("SELECT x FROM v"))
	t.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		t.True(db.Stats().InUse == 1)
		_, err := db.Exec(ctx, insert(2))
		return err
	}))
	_, err := db.Exec(t.Context(), insert(2))
	t.True(err != nil)
	after := db.Stats()
	t.Equal(after.Statements-before.Statements, int64(4))
	t.Equal(after.Transactions-before.Transactions, int64(1))
	t.Equal(after.Errors-before.Errors, int64(1))
	t.True(after.Open >= 1 && after.Max >= 20)
}
