package idemstore_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/idemstore"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/registry"
)

func TestMain(m *testing.M) { testdb.Run(m) }

// onEach runs the test on a database of each kind.
func onEach(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
		must(t, err)
		t.Cleanup(func() { must(t, db.Close()) })
		test(t, db)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, openPostgres(t))
	})
	t.Run("mariadb", func(t *testing.T) {
		t.Parallel()
		db, err := mariadb.Open(t.Context(), testdb.MariaDBURL(t), nil)
		must(t, err)
		t.Cleanup(func() { must(t, db.Close()) })
		test(t, db)
	})
}

// openPostgres is for tests in which a call is made while another has its
// transaction open: SQLite has one writer, for which the second would wait.
func openPostgres(t *testing.T) *sqldb.DB {
	t.Helper()
	db, err := pgdb.Open(t.Context(), testdb.PostgresURL(t), nil)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fixture is a store with a table to write to and a clock that stands still.
type fixture struct {
	*idemstore.Store
	db    *sqldb.DB
	now   atomic.Int64           // in ns since 1970
	asked atomic.Pointer[func()] // called when the store asks for the time
}

func (f *fixture) clock() time.Time {
	if asked := f.asked.Load(); asked != nil {
		(*asked)()
	}
	return time.Unix(0, f.now.Load()).UTC()
}

func newFixture(t *testing.T, db *sqldb.DB) *fixture {
	t.Helper()
	f := &fixture{db: db}
	f.now.Store(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC).UnixNano())
	reg := registry.New(nil)
	var err error
	f.Store, err = idemstore.New(reg, db, &idemstore.Options{Now: f.clock})
	must(t, err)
	ddl, err := reg.DDL(db.Dialect())
	must(t, err)
	must(t, sqldb.ExecAll(t.Context(), db, append(ddl, "CREATE TABLE written (what varchar(100) NOT NULL)")))
	return f
}

func (f *fixture) wait(d time.Duration) { f.now.Add(int64(d)) }

// writes is a function for Do that writes a row and answers with its text.
func (f *fixture) writes(what string) func(context.Context) ([]byte, error) {
	return func(ctx context.Context) ([]byte, error) {
		_, err := f.db.Exec(ctx, sqldb.Raw("INSERT INTO written (what) VALUES (?)", what))
		return []byte(what), err
	}
}

func (f *fixture) rows(t *testing.T, table string) int64 {
	t.Helper()
	n, err := sqldb.Scalar[int64](t.Context(), f.db, sqldb.Raw("SELECT count(*) FROM "+table))
	must(t, err)
	return n
}

func TestDoWritesOnce(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is, f, ctx := is.New(t), newFixture(t, db), t.Context()
		answer, replayed, err := f.Do(ctx, "key", "request", f.writes("first"))
		is.NoErr(err)
		is.Equal(string(answer), "first")
		is.True(!replayed)

		f.wait(24*time.Hour - time.Microsecond)
		answer, replayed, err = f.Do(ctx, "key", "request", f.writes("second"))
		is.NoErr(err)
		is.Equal(string(answer), "first")
		is.True(replayed)
		is.Equal(f.rows(t, "written"), int64(1))

		_, _, err = f.Do(ctx, "key", "another request", f.writes("third"))
		is.True(joinery.IsKind(err, joinery.Invalid))
		is.Equal(f.rows(t, "written"), int64(1))

		f.wait(time.Microsecond) // forgotten now, whatever the request
		answer, replayed, err = f.Do(ctx, "key", "another request", f.writes("fourth"))
		is.NoErr(err)
		is.Equal(string(answer), "fourth")
		is.True(!replayed)
		is.Equal(f.rows(t, "written"), int64(2))
		is.Equal(f.rows(t, "idempotency_keys"), int64(1))
	})
}

func TestAnEmptyAnswerIsAnAnswer(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is, f := is.New(t), newFixture(t, db)
		for _, empty := range [][]byte{nil, {}} {
			key := "key" + string(rune('a'+len(empty)+cap(empty)))
			_, _, err := f.Do(t.Context(), key, "r", func(context.Context) ([]byte, error) { return empty, nil })
			is.NoErr(err)
			answer, replayed, err := f.Do(t.Context(), key, "r", f.writes("again"))
			is.NoErr(err)
			is.True(replayed)
			is.Equal(len(answer), 0)
		}
		is.Equal(f.rows(t, "written"), int64(0))
	})
}

func TestParallelCallsWriteOnce(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is, f := is.New(t), newFixture(t, db)
		var ran, replays, conflicts atomic.Int64
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				answer, replayed, err := f.Do(t.Context(), "key", "r", f.writes("once"))
				switch {
				case joinery.IsKind(err, joinery.Conflict):
					conflicts.Add(1)
				case err != nil:
					t.Error(err)
				case string(answer) != "once":
					t.Errorf("answered %q", answer)
				case replayed:
					replays.Add(1)
				default:
					ran.Add(1)
				}
			})
		}
		wg.Wait()
		is.Equal(f.rows(t, "written"), int64(1))
		is.Equal(ran.Load(), int64(1))
		is.Equal(ran.Load()+replays.Load()+conflicts.Load(), int64(50))
	})
}

func TestAKeyInUseIsRefused(t *testing.T) {
	t.Parallel()
	is, f := is.New(t), newFixture(t, openPostgres(t))
	_, _, err := f.Do(t.Context(), "key", "r", func(context.Context) ([]byte, error) {
		f.wait(60*time.Second - time.Microsecond)
		_, _, err := f.Do(t.Context(), "key", "r", func(context.Context) ([]byte, error) { t.Error("ran"); return nil, nil })
		return []byte("x"), err
	})
	is.True(joinery.IsKind(err, joinery.Conflict))
	var e *joinery.Error
	is.True(errors.As(err, &e))
	is.Equal(e.Code, "idempotency_key_in_use")
}

// TestAnOvertakenCallWritesNothing lets the lease of a call run out while it
// works: another takes the key over, and only the other's work stays.
func TestAnOvertakenCallWritesNothing(t *testing.T) {
	t.Parallel()
	is, f := is.New(t), newFixture(t, openPostgres(t))
	_, _, err := f.Do(t.Context(), "key", "r", func(ctx context.Context) ([]byte, error) {
		answer, err := f.writes("slow")(ctx)
		f.wait(60 * time.Second)
		quick, replayed, other := f.Do(t.Context(), "key", "r", f.writes("quick"))
		is.NoErr(other)
		is.True(!replayed)
		is.Equal(string(quick), "quick")
		return answer, err
	})
	is.True(joinery.IsKind(err, joinery.Conflict))
	is.Equal(f.rows(t, "written"), int64(1))
	answer, replayed, err := f.Do(t.Context(), "key", "r", f.writes("third"))
	is.NoErr(err)
	is.True(replayed)
	is.Equal(string(answer), "quick")
}

// TestAnAnswerThatComesLateIsNotOvertaken commits a slow call just when another
// has found its lease to be over.
func TestAnAnswerThatComesLateIsNotOvertaken(t *testing.T) {
	t.Parallel()
	is, f := is.New(t), newFixture(t, openPostgres(t))
	written, commit, committed := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		_, _, err := f.Do(t.Context(), "key", "r", func(ctx context.Context) ([]byte, error) {
			answer, err := f.writes("slow")(ctx)
			close(written)
			<-commit
			return answer, err
		})
		committed <- err
	}()
	<-written
	f.wait(60 * time.Second)
	times := 0
	late := func() {
		if times++; times == 3 { // to claim, to judge, and to take over
			close(commit)
			is.NoErr(<-committed)
		}
	}
	f.asked.Store(&late)
	answer, replayed, err := f.Do(t.Context(), "key", "r", f.writes("quick"))
	is.NoErr(err)
	is.True(times >= 3)
	is.True(replayed)
	is.Equal(string(answer), "slow")
	is.Equal(f.rows(t, "written"), int64(1))
}

// TestADeadClaimIsTakenOver finds the claim of a process that died.
func TestADeadClaimIsTakenOver(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is, f := is.New(t), newFixture(t, db)
		_, err := db.Exec(t.Context(), sqldb.Raw("INSERT INTO idempotency_keys (id, key_text, request, holder, held_until, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
			uuid.New(), "key", "r", uuid.New(), time.Unix(0, f.now.Load()).Add(time.Minute), time.Unix(0, f.now.Load()).Add(24*time.Hour)))
		must(t, err)
		_, _, err = f.Do(t.Context(), "key", "r", f.writes("early"))
		is.True(joinery.IsKind(err, joinery.Conflict))
		_, _, err = f.Do(t.Context(), "key", "other", f.writes("other"))
		is.True(joinery.IsKind(err, joinery.Invalid))
		f.wait(time.Minute)
		_, _, err = f.Do(t.Context(), "key", "other", f.writes("other"))
		is.True(joinery.IsKind(err, joinery.Invalid))
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() { _, _, _ = f.Do(t.Context(), "key", "r", f.writes("late")) })
		}
		wg.Wait()
		is.Equal(f.rows(t, "written"), int64(1))
	})
}

func TestAnErrorGivesTheKeyUp(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is, f := is.New(t), newFixture(t, db)
		refused := joinery.Errorf(joinery.Invalid, "", "no")
		fails := func(ctx context.Context) ([]byte, error) {
			if _, err := f.writes("half")(ctx); err != nil {
				return nil, err
			}
			return []byte("ignored"), refused
		}
		answer, _, err := f.Do(t.Context(), "key", "r", fails)
		is.Equal(err, error(refused))
		is.Equal(answer, nil)
		is.Equal(f.rows(t, "written"), int64(0))
		is.Equal(f.rows(t, "idempotency_keys"), int64(0))

		func() {
			defer func() { is.Equal(recover(), "boom") }()
			_, _, _ = f.Do(t.Context(), "key", "r", func(context.Context) ([]byte, error) { panic("boom") })
		}()
		is.Equal(f.rows(t, "idempotency_keys"), int64(0))

		ctx, cancel := context.WithCancel(t.Context())
		_, _, err = f.Do(ctx, "key", "r", func(ctx context.Context) ([]byte, error) {
			cancel()
			return f.writes("late")(ctx)
		})
		is.True(err != nil)
		is.Equal(f.rows(t, "idempotency_keys"), int64(0))

		_, replayed, err := f.Do(t.Context(), "key", "another", f.writes("done"))
		is.NoErr(err)
		is.True(!replayed)
	})
}

func TestCommittedHooksRunAfterTheAnswerIsStored(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is, f := is.New(t), newFixture(t, db)
		var seen int64
		_, _, err := f.Do(t.Context(), "key", "r", func(ctx context.Context) ([]byte, error) {
			sqldb.AfterCommit(ctx, db, func(ctx context.Context) {
				is.True(!sqldb.InTransaction(ctx, db))
				_, replayed, err := f.Do(ctx, "key", "r", f.writes("again"))
				is.NoErr(err)
				is.True(replayed)
				seen++
			})
			return f.writes("once")(ctx)
		})
		is.NoErr(err)
		is.Equal(seen, int64(1))
	})
}

// TestInATransactionOfTheCaller is all or nothing with the rest of it.
func TestInATransactionOfTheCaller(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is, f := is.New(t), newFixture(t, db)
		undone := errors.New("undone")
		err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
			_, _, err := f.Do(ctx, "key", "r", f.writes("x"))
			is.NoErr(err)
			_, replayed, err := f.Do(ctx, "key", "r", f.writes("y"))
			is.NoErr(err)
			is.True(replayed)
			return undone
		})
		is.True(errors.Is(err, undone))
		is.Equal(f.rows(t, "written"), int64(0))
		is.Equal(f.rows(t, "idempotency_keys"), int64(0))
	})
}

func TestExpiredKeysAreRemoved(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is, f := is.New(t), newFixture(t, db)
		fill := func(n int) {
			must(t, sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
				for range n {
					if _, _, err := f.Do(ctx, uuid.NewString(), "r", f.writes("x")); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		fill(300)
		f.wait(24 * time.Hour)
		fill(20)
		removed, err := f.Clean(t.Context())
		is.NoErr(err)
		is.Equal(removed, int64(300))
		is.Equal(f.rows(t, "idempotency_keys"), int64(20))

		f.wait(24 * time.Hour)
		for range 64 {
			_, _, err := f.Do(t.Context(), uuid.NewString(), "r", f.writes("x"))
			is.NoErr(err)
		}
		is.Equal(f.rows(t, "idempotency_keys"), int64(64)) // the writes cleaned up by themselves
	})
}

func TestWhatDoTakes(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	f := newFixture(t, db)
	for _, c := range [][2]string{{"", "r"}, {"k", ""}, {strings.Repeat("k", 101), "r"}, {"k", strings.Repeat("r", 101)}} {
		_, _, err := f.Do(t.Context(), c[0], c[1], f.writes("x"))
		is.True(err != nil)
	}
	_, _, err = f.Do(t.Context(), strings.Repeat("k", 100), strings.Repeat("r", 100), f.writes("x"))
	is.NoErr(err)
	is.Equal(f.Database(), any(db))
	is.Equal(f.DB(), db)
}

func TestNewRefusesBadOptions(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	_, err = idemstore.New(nil, db, nil)
	is.True(err != nil)
	_, err = idemstore.New(registry.New(nil), nil, nil)
	is.True(err != nil)
	for _, o := range []idemstore.Options{{Lease: -1}, {Keep: -1}, {Lease: time.Hour, Keep: time.Minute}, {Keep: time.Second}} {
		_, err = idemstore.New(registry.New(nil), db, &o)
		is.True(err != nil)
	}
	reg := registry.New(nil)
	must(t, reg.Validate())
	_, err = idemstore.New(reg, db, nil)
	is.True(err != nil) // too late for the table
}
