//go:build unix

package pgdb_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/internal/faultproxy"
	"github.com/joinery-go/joinery/internal/testdb"
)

var (
	onReplica = sqldb.Raw("SELECT pg_is_in_recovery()")
	countRows = sqldb.Raw("SELECT count(*) FROM v")
)

// replicated is a primary with a replica that follows it, a DB over both, and
// what the DB logs.
type replicated struct {
	t *testing.T
	*is.I
	primary, replica *testdb.Server
	db               *sqldb.DB
	log              *journal
	clock            atomic.Int64 // seconds
}

func newReplicated(t *testing.T, settings map[string]string) *replicated {
	t.Helper()
	r := &replicated{t: t, I: is.New(t), primary: testdb.StartPostgres(t, nil), log: &journal{}}
	r.replica = r.primary.StartReplica(&testdb.ServerOptions{Settings: settings})
	return r
}

// TestReplica runs what leaves the servers as they were one after the other on
// the same two: starting servers is what takes the time here.
func TestReplica(t *testing.T) {
	t.Parallel()
	servers := newReplicated(t, nil)
	for _, one := range []struct {
		name string
		run  func(r *replicated)
	}{
		{"where reads go", testWhereReadsGo},
		{"transactions", testTransactions},
		{"limits", testReplicaLimits},
		{"what it cannot do", testReplicaCannot},
		{"canceled", testReplicaCanceled},
		{"rows take too long", testReplicaRowsTakeTooLong},
		{"hangs", testReplicaHangs},
		{"one connection at a time", testOneConnectionAtATime},
		{"wrapped", testReplicaWrapped},
		{"absent at the start", testReplicaAbsent},
	} {
		t.Run(one.name, func(t *testing.T) {
			one.run(&replicated{t: t, I: is.New(t), primary: servers.primary, replica: servers.replica, log: &journal{}})
		})
	}
}

// open opens the DB, its schema made and followed.
func (r *replicated) open(replicaURL string, opts sqldb.Options) {
	r.t.Helper()
	opts.Replica, opts.Logger, opts.Now = replicaURL, slog.New(slog.NewTextHandler(r.log, nil)), r.now
	var err error
	r.db, err = pgdb.Open(r.t.Context(), r.primary.URL(), &opts)
	r.NoErr(err)
	r.t.Cleanup(func() { r.idle(); r.NoErr(r.db.Close()) })
	for _, text := range []string{"DROP TABLE IF EXISTS v, young", "DROP SEQUENCE IF EXISTS s", "CREATE TABLE v (n integer)", "CREATE SEQUENCE s"} {
		r.exec(text)
	}
	r.follow()
}

func (r *replicated) now() time.Time { return time.Unix(r.clock.Load(), 0) }

// idle waits until every connection is given back.
func (r *replicated) idle() {
	for s := r.db.Stats(); s.InUse+s.Replica.InUse > 0; s = r.db.Stats() {
		time.Sleep(time.Millisecond)
	}
}

func (r *replicated) exec(text string) {
	r.t.Helper()
	_, err := r.db.Exec(r.t.Context(), sqldb.Raw(text))
	r.NoErr(err)
}

func (r *replicated) rows(ctx context.Context) int {
	r.t.Helper()
	n, err := sqldb.Scalar[int](ctx, r.db, countRows)
	r.NoErr(err)
	return n
}

// reads sees where a read goes.
func (r *replicated) reads(ctx context.Context, replica bool) {
	r.t.Helper()
	got, err := sqldb.Scalar[bool](ctx, r.db, onReplica)
	r.NoErr(err)
	r.Equal(got, replica)
}

// on runs a query on one of the servers itself.
func on[X any](r *replicated, server *testdb.Server, text string) X {
	r.t.Helper()
	pool := own(r.t, server.URL())
	defer pool.Close()
	var x X
	r.NoErr(pool.QueryRow(r.t.Context(), text).Scan(&x))
	return x
}

// follow waits until the replica has replayed what the primary wrote.
func (r *replicated) follow() {
	r.t.Helper()
	at := on[string](r, r.primary, "SELECT pg_current_wal_lsn()::text")
	for !on[bool](r, r.replica, "SELECT pg_last_wal_replay_lsn() >= '"+at+"'") {
		time.Sleep(time.Millisecond)
	}
}

func (r *replicated) pauseReplay() {
	_ = on[string](r, r.replica, "SELECT pg_wal_replay_pause()::text")
	for on[string](r, r.replica, "SELECT pg_get_wal_replay_pause_state()") != "paused" {
		time.Sleep(time.Millisecond)
	}
}

func (r *replicated) resumeReplay() {
	_ = on[string](r, r.replica, "SELECT pg_wal_replay_resume()::text")
	r.follow()
}

// journal is a log that may be read while it is written.
type journal struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buffer.Write(b)
}

func (j *journal) has(text string) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Count(j.buffer.String(), text)
}

const (
	fails = "the read replica fails"
	back  = "the read replica answers again"
)

// testWhereReadsGo: what goes where, on a replica that lags.
func testWhereReadsGo(r *replicated) {
	r.open(r.replica.URL(), sqldb.Options{})
	plain, request := r.t.Context(), joinery.TrackWrites(r.t.Context())
	r.reads(plain, true)
	r.reads(request, true)

	r.pauseReplay()
	_, err := r.db.Exec(request, sqldb.Raw("INSERT INTO v VALUES (1)"))
	r.NoErr(err)
	r.Equal(r.rows(request), 1) // its own write
	r.reads(request, false)
	r.Equal(r.rows(plain), 0) // others see it later
	r.Equal(r.rows(joinery.TrackWrites(plain)), 0)

	r.NoErr(sqldb.InTx(plain, r.db, func(ctx context.Context) error {
		r.Equal(r.rows(ctx), 1)
		r.reads(ctx, false)
		r.reads(plain, true)
		return nil
	}, sqldb.ReadOnly))

	for _, text := range []string{
		"INSERT INTO v VALUES (2) RETURNING n", "WITH x AS (SELECT 3 AS n) INSERT INTO v SELECT n FROM x RETURNING n",
		"UPDATE v SET n = n RETURNING n", "DELETE FROM v WHERE n = 3 RETURNING n",
	} {
		ctx := joinery.TrackWrites(plain)
		_, err := sqldb.Column[int](ctx, r.db, sqldb.Raw(text))
		r.NoErr(err)
		r.reads(ctx, false)
	}
	ctx := joinery.TrackWrites(plain)
	_, err = sqldb.Scalar[int](ctx, r.db, sqldb.Write(sqldb.Raw("SELECT 1")))
	r.NoErr(err)
	r.reads(ctx, false)

	r.resumeReplay()
	r.Equal(r.rows(plain), 2)
	r.reads(request, false) // it stays where it is
	stats := r.db.Stats()
	r.True(stats.Replica.Reads > 0 && stats.Replica.Open > 0)
	r.Equal(stats.Replica.Fallbacks, int64(0))
	r.Equal(r.log.has(fails), 0)
}

// testTransactions: a transaction that may write counts as a write
// once it has begun, an app's own as well.
func testTransactions(r *replicated) {
	r.open(r.replica.URL(), sqldb.Options{})
	request := joinery.TrackWrites(r.t.Context())
	r.NoErr(sqldb.InTx(request, r.db, func(context.Context) error { return nil }, sqldb.ReadOnly))
	r.reads(request, true)
	r.NoErr(sqldb.InTx(request, r.db, func(context.Context) error { return nil }))
	r.reads(request, false)

	request = joinery.TrackWrites(r.t.Context())
	pool, _ := pgdb.Pool(r.db)
	tx, err := pool.Begin(r.t.Context())
	r.NoErr(err)
	joined, done := pgdb.WithTx(request, r.db, tx)
	_, err = tx.Exec(r.t.Context(), "INSERT INTO v VALUES (1)")
	r.NoErr(err)
	r.Equal(r.rows(joined), 1)
	done(tx.Commit(r.t.Context()))
	r.reads(request, false)
	r.Equal(r.rows(request), 1)
}

// testReplicaLimits: the replica's connections are as limited as the primary's.
func testReplicaLimits(r *replicated) {
	r.open(r.replica.URL(), sqldb.Options{MaxConns: 3, StatementTimeout: time.Second, LockTimeout: -1})
	for name, want := range map[string]string{
		"statement_timeout": "1s", "lock_timeout": "0", "idle_in_transaction_session_timeout": "10s", "jit": "off",
		"default_transaction_read_only": "on",
	} {
		r.reads(r.t.Context(), true)
		got, err := sqldb.Scalar[string](r.t.Context(), r.db, sqldb.Raw("SELECT current_setting(?)", name))
		r.NoErr(err)
		r.Equal(got, want)
	}
	pool, ok := pgdb.ReplicaPool(r.db)
	r.True(ok)
	r.Equal(pool.Config().MaxConns, int32(3))
	r.Equal(r.db.Stats().Replica.Max, 3)
	r.Equal(r.db.Stats().Replica.Fallbacks, int64(0))
	r.NoErr(r.db.Close())
	r.True(pool.Ping(r.t.Context()) != nil) // closed too
}

// testReplicaCannot: what a standby cannot do, and what it does not know yet,
// is asked of the primary, and is not held against the replica.
func testReplicaCannot(r *replicated) {
	r.open(r.replica.URL(), sqldb.Options{ReplicaTimeout: 500 * time.Millisecond})
	r.pauseReplay()
	defer r.resumeReplay()
	r.exec("CREATE TABLE young (n integer)")
	for _, text := range []string{
		"SELECT nextval('s')", "SELECT n FROM v FOR UPDATE", "SELECT count(*) FROM young",
		"SELECT 1 WHERE pg_sleep(1) IS NOT NULL", // slow, but it answers
	} {
		_, err := sqldb.Column[int](r.t.Context(), r.db, sqldb.Raw(text))
		r.NoErr(err)
		r.reads(r.t.Context(), true)
	}
	r.Equal(r.db.Stats().Replica.Fallbacks, int64(4))
	_, err := sqldb.Column[int](r.t.Context(), r.db, sqldb.Raw("NONSENSE"))
	r.True(err != nil)
	_, err = sqldb.Column[int](r.t.Context(), r.db, sqldb.Raw("SELECT ?::int", "no number"))
	r.True(err != nil)
	r.reads(r.t.Context(), true)
	r.Equal(r.log.has(fails), 0)
}

// TestReplicaConflict: replay that must go on stops a read of rows that it
// removes (40001); the primary answers it.
func TestReplicaConflict(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, map[string]string{"max_standby_streaming_delay": "0"})
	r.open(r.replica.URL(), sqldb.Options{ReplicaTimeout: time.Minute, StatementTimeout: time.Minute})
	r.exec("INSERT INTO v SELECT generate_series(1, 3)")
	r.follow()
	got := make(chan error, 1)
	go func() { // a second for each row, and a snapshot all the while
		_, err := sqldb.Column[int](t.Context(), r.db, sqldb.Raw("SELECT n FROM v WHERE pg_sleep(1) IS NOT NULL ORDER BY n"))
		got <- err
	}()
	for on[int](r, r.replica, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(1)%' AND pid <> pg_backend_pid() AND state = 'active'") == 0 {
		time.Sleep(time.Millisecond)
	}
	r.exec("DELETE FROM v WHERE n = 3")
	r.exec("VACUUM v")
	r.NoErr(<-got)
	log, err := os.ReadFile(r.replica.Log())
	r.NoErr(err)
	r.True(bytes.Contains(log, []byte("conflict with recovery")))
	r.Equal(r.db.Stats().Replica.Fallbacks, int64(1))
	r.reads(t.Context(), true)
	r.Equal(r.log.has(fails), 0)
}

// testReplicaCanceled: a caller who is gone says nothing about the replica.
func testReplicaCanceled(r *replicated) {
	r.open(r.replica.URL(), sqldb.Options{})
	ctx, cancel := context.WithCancel(r.t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := sqldb.Column[string](ctx, r.db, sqldb.Raw("SELECT pg_sleep(60)::text"))
	r.Equal(sqldb.ClassOf(err), sqldb.Canceled)
	_, err = sqldb.Column[string](ctx, r.db, sqldb.Raw("SELECT 'a'"))
	r.Equal(sqldb.ClassOf(err), sqldb.Canceled)
	r.reads(r.t.Context(), true)
	r.Equal(r.db.Stats().Replica.Fallbacks, int64(0))
	r.Equal(r.log.has(fails), 0)
}

// testReplicaRowsTakeTooLong: the statement's time limits the reading of rows
// from the replica too.
func testReplicaRowsTakeTooLong(r *replicated) {
	r.open(r.replica.URL(), sqldb.Options{StatementTimeout: 2 * time.Second})
	rows, err := r.db.Query(r.t.Context(), sqldb.Raw("SELECT n, repeat('x', 100000) FROM generate_series(1, 10000) n"))
	r.NoErr(err)
	for rows.Next() {
		time.Sleep(10 * time.Millisecond)
	}
	r.Equal(sqldb.ClassOf(rows.Err()), sqldb.Timeout)
	r.Equal(r.db.Stats().Replica.Reads, int64(1))
	r.idle()
}

// TestReplicaDead: a replica that is killed under load, and comes back, costs
// no read.
func TestReplicaDead(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, nil)
	r.open(r.replica.URL(), sqldb.Options{ReplicaPause: 10 * time.Second})
	r.exec("INSERT INTO v VALUES (1)")
	r.follow()
	stop := make(chan struct{})
	var load sync.WaitGroup
	for range 8 {
		load.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if n, err := sqldb.Scalar[int](t.Context(), r.db, countRows); n != 1 || err != nil {
					t.Errorf("%d rows: %v", n, err)
					return
				}
			}
		})
	}
	r.busy()
	r.replica.Kill(syscall.SIGKILL)
	for r.db.Stats().Replica.Fallbacks == 0 {
		time.Sleep(time.Millisecond)
	}
	r.True(r.db.Stats().Replica.Paused)
	r.reads(t.Context(), false)
	r.NoErr(r.db.Ping(t.Context()))
	r.replica.Restart()
	r.follow()
	r.reads(t.Context(), false) // it is left alone
	r.Equal(r.log.has(fails), 1)
	r.clock.Add(10)
	for r.db.Stats().Replica.Paused {
		time.Sleep(time.Millisecond)
	}
	r.busy()
	close(stop)
	load.Wait()
	r.reads(t.Context(), true)
	r.Equal(r.log.has(fails), 1) // once, however many reads it was
	r.Equal(r.log.has(back), 1)
}

// busy waits until the replica has answered some more reads.
func (r *replicated) busy() {
	for before := r.db.Stats().Replica.Reads; r.db.Stats().Replica.Reads < before+100; {
		time.Sleep(time.Millisecond)
	}
}

// testReplicaAbsent: a replica that is not there when the app starts.
func testReplicaAbsent(r *replicated) {
	url := r.replica.URL()
	r.replica.Stop()
	opts := sqldb.Options{Replica: url, Now: r.now, Logger: slog.New(slog.NewTextHandler(r.log, nil))}
	var err error
	r.db, err = pgdb.Open(r.t.Context(), r.primary.URL(), &opts)
	r.NoErr(err)
	defer r.db.Close()
	for range 3 {
		r.reads(r.t.Context(), false)
	}
	r.clock.Add(4) // not yet
	r.reads(r.t.Context(), false)
	r.Equal(r.db.Stats().Replica.Fallbacks, int64(1)) // the others did not try
	r.clock.Add(1)
	r.reads(r.t.Context(), false)
	r.Equal(r.db.Stats().Replica.Fallbacks, int64(2))
	r.replica.Restart()
	r.reads(r.t.Context(), false)
	r.clock.Add(5)
	r.reads(r.t.Context(), true)
	r.Equal(r.log.has(fails), 1)
	r.Equal(r.log.has(back), 1)
}

// testReplicaHangs: one that neither answers nor hangs up, met by connections
// in use and by new ones. While it hangs, only the first reads and one read
// after each pause wait for it.
func testReplicaHangs(r *replicated) {
	proxy := faultproxy.Start(r.t, r.replica.URL())
	r.open(proxy.URL(), sqldb.Options{ReplicaTimeout: 300 * time.Millisecond, MaxConns: 2})
	r.reads(r.t.Context(), true)
	proxy.Set(faultproxy.Fault{Hang: faultproxy.Both})
	for range 2 {
		r.reads(r.t.Context(), false)
		fallbacks := r.db.Stats().Replica.Fallbacks
		r.True(r.db.Stats().Replica.Paused)
		for range 50 {
			r.reads(r.t.Context(), false)
		}
		r.Equal(r.db.Stats().Replica.Fallbacks, fallbacks)
		r.clock.Add(5)
	}
	r.Equal(r.db.Stats().Replica.Fallbacks, int64(2))
	proxy.Set(faultproxy.Fault{})
	proxy.Reset() // what hung is of no use
	for r.db.Stats().Replica.Paused {
		r.clock.Add(5)
		_, err := sqldb.Scalar[bool](r.t.Context(), r.db, onReplica)
		r.NoErr(err)
	}
	r.reads(r.t.Context(), true)
	r.Equal(r.log.has(fails), 1)
}

// testOneConnectionAtATime: a read that goes over to the primary has
// given the replica's connection back, so pools of one are enough for it.
func testOneConnectionAtATime(r *replicated) {
	r.open(r.replica.URL(), sqldb.Options{MaxConns: 1, ReplicaTimeout: time.Minute})
	inUse := func() [2]int {
		s := r.db.Stats()
		return [2]int{s.InUse, s.Replica.InUse}
	}
	r.follow()
	for text, want := range map[string][2]int{
		"SELECT generate_series(1, 2)":               {0, 1},
		"SELECT nextval('s'), generate_series(1, 2)": {1, 0},
	} {
		rows, err := r.db.Query(r.t.Context(), sqldb.Raw(text))
		r.NoErr(err)
		r.Equal(inUse(), want)
		r.NoErr(rows.Close())
		r.Equal(inUse(), [2]int{0, 0})
	}
	_, err := r.db.Query(r.t.Context(), sqldb.Raw("NONSENSE"))
	r.True(err != nil)
	r.Equal(inUse(), [2]int{0, 0})
}

// testReplicaWrapped: pools of the app's.
func testReplicaWrapped(r *replicated) {
	pools := [2]*pgxpool.Pool{own(r.t, r.primary.URL()), own(r.t, r.replica.URL())}
	r.db = pgdb.WrapReplicated(pools[0], pools[1], nil)
	got, ok := pgdb.ReplicaPool(r.db)
	r.True(ok && got == pools[1])
	r.reads(r.t.Context(), true)
	r.NoErr(r.db.Close())
	r.NoErr(pools[1].Ping(r.t.Context())) // it is the app's
	_, ok = pgdb.ReplicaPool(pgdb.Wrap(pools[0], nil))
	r.True(!ok)

	misused := pgdb.Wrap(pools[0], &sqldb.Options{Replica: r.replica.URL()})
	_, err := sqldb.Scalar[int](r.t.Context(), misused, sqldb.Raw("SELECT 1"))
	r.True(strings.Contains(err.Error(), "WrapReplicated"))
	err = sqldb.InTx(r.t.Context(), misused, func(context.Context) error { return nil })
	r.True(strings.Contains(err.Error(), "WrapReplicated"))
}

func TestReplicaRefuses(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	_, err := pgdb.Open(t.Context(), testdb.PostgresURL(t), &sqldb.Options{Replica: "http://app:canary@host"})
	is.True(strings.HasPrefix(err.Error(), "pgdb: Options.Replica: "))
	is.True(!strings.Contains(err.Error(), "canary"))
}
