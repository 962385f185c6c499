package testdb_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// inner is a test inside a test: it may fail, and the one around looks on.
type inner struct {
	testing.TB
	mu       sync.Mutex
	cleanups []func()
	failures []string
}

// Name implements testing.TB.
func (i *inner) Name() string { return "TestThatLeaks" }

// Cleanup implements testing.TB.
func (i *inner) Cleanup(f func()) { i.cleanups = append(i.cleanups, f) }

// Errorf implements testing.TB.
func (i *inner) Errorf(format string, args ...any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.failures = append(i.failures, fmt.Sprintf(format, args...))
}

func (i *inner) end() {
	for n := len(i.cleanups) - 1; n >= 0; n-- {
		i.cleanups[n]()
	}
}

// TestBar62_LeaksFailTheTest: what is not given back fails the test by name,
// also when its pool is closed.
func TestBar62_LeaksFailTheTest(t *testing.T) {
	t.Parallel()
	query := sqldb.Raw("SELECT 1 UNION ALL SELECT 2")
	openSQLite := func(t testing.TB) *sqldb.DB {
		db, err := sqlitedb.Open(context.Background(), testdb.SQLitePath(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	openPostgres := func(t testing.TB) *sqldb.DB {
		pool, err := pgxpool.New(context.Background(), testdb.PostgresURL(t))
		if err != nil {
			t.Fatal(err)
		}
		return pgdb.Wrap(pool, nil) // not closed, which would hang
	}
	for name, leak := range map[string]func(t testing.TB) (undo func()){
		"nothing": func(t testing.TB) func() {
			_, err := sqldb.Column[int](context.Background(), openSQLite(t), query)
			return func() { is.New(t).NoErr(err) }
		},
		"sqlite rows": func(t testing.TB) func() {
			rows, err := openSQLite(t).Query(context.Background(), query)
			return func() { is.New(t).NoErr(err); _ = rows.Close() }
		},
		"sqlite transaction": func(t testing.TB) func() {
			_, reader, _ := sqlitedb.Pools(openSQLite(t))
			tx, err := reader.Begin()
			return func() { is.New(t).NoErr(err); _ = tx.Rollback() }
		},
		"postgres rows": func(t testing.TB) func() {
			db := openPostgres(t)
			rows, err := db.Query(context.Background(), query)
			pool, _ := pgdb.Pool(db)
			return func() { is.New(t).NoErr(err); _ = rows.Close(); pool.Close() }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.HasPrefix(name, "sqlite") {
				if _, err := os.Stat("/proc/self/fd"); err != nil {
					t.Skip("which files of SQLite are open is told by Linux alone, in /proc")
				}
			}
			is := is.New(t)
			i := &inner{TB: t}
			undo := leak(i)
			i.end()
			undo()
			if name == "nothing" {
				is.Equal(i.failures, nil)
				return
			}
			is.Equal(len(i.failures), 1)
			is.True(strings.Contains(i.failures[0], "TestThatLeaks"))
		})
	}
}
