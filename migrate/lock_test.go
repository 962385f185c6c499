package migrate_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
)

// second is another pool on the same database.
func (on target) second(t testing.TB, opts *sqldb.Options) *sqldb.DB {
	t.Helper()
	db, err := on.open(t.Context(), on.url, opts)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// TestWaitsForAnotherRun, and not for longer than it may.
func TestWaitsForAnotherRun(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		begun, end := make(chan struct{}), make(chan struct{})
		var once sync.Once
		source := abcWithStep(func(context.Context, *sqldb.DB) error {
			once.Do(func() { close(begun) })
			<-end
			return nil
		})
		first := make(chan error, 1)
		go func() { first <- newMigrator(t, on.db, nil, source).Up(t.Context()) }()
		<-begun

		other := on.second(t, &sqldb.Options{LockTimeout: 20 * time.Millisecond})
		waits := make(chan struct{})
		impatient := newMigrator(t, other, &migrate.Options{LockWait: time.Nanosecond}, source)
		err := impatient.Up(t.Context())
		is.Equal(joinery.KindOf(err), joinery.Unavailable)
		patient := newMigrator(t, other, &migrate.Options{Progress: func(e migrate.Event) {
			if e.Kind == migrate.Waiting {
				close(waits)
			}
		}}, source)
		last := make(chan error, 1)
		go func() { last <- patient.Up(t.Context()) }()
		<-waits
		close(end)
		is.NoErr(<-first)
		is.NoErr(<-last)
		is.Equal(line(t, patient), "x/1 applied, x/2 applied")
	})
}

// TestWaitsForATable: a migration that has no lock on a table in time lets
// others pass, and is tried again.
func TestWaitsForATable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		must(t, newMigrator(t, on.db, nil, abc("x", "a")).Up(t.Context()))
		source := abc("x", "a")
		source.FS = files(map[string]string{
			"0001_a.up.sql":    "CREATE TABLE x_a (id INTEGER PRIMARY KEY)",
			"0002_more.up.sql": "ALTER TABLE x_a ADD COLUMN more INTEGER",
		})
		other := on.second(t, &sqldb.Options{LockTimeout: 20 * time.Millisecond})
		waits := make(chan struct{}, 1)
		m := newMigrator(t, other, &migrate.Options{Progress: func(e migrate.Event) {
			if e.Kind == migrate.Waiting {
				waits <- struct{}{}
			}
		}}, source)
		done := make(chan error, 1)
		must(t, sqldb.InTx(t.Context(), on.db, func(ctx context.Context) error {
			_, err := on.db.Exec(ctx, sqldb.Raw("INSERT INTO x_a (id) VALUES (1)"))
			go func() { done <- m.Up(t.Context()) }()
			<-waits
			return err
		}))
		is.NoErr(<-done)
		is.Equal(column[*int](t, on.db, "SELECT more FROM x_a"), []*int{nil})
	})
}

// TestPoolOfOne: a run needs one connection, and gives it back as it was.
func TestPoolOfOne(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		db := on.second(t, &sqldb.Options{MaxConns: 1, StatementTimeout: 500 * time.Millisecond})
		settings := map[string]string{
			"postgres": "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings WHERE name LIKE '%timeout' OR name LIKE 'client_conn%'",
			"sqlite":   "SELECT foreign_keys FROM pragma_foreign_keys",
			"mariadb":  "SELECT CONCAT_WS(' ', @@max_statement_time, @@lock_wait_timeout, @@innodb_lock_wait_timeout)",
		}[on.name]
		before := column[string](t, db, settings)
		source := migrate.Source{Name: "x", FS: files(map[string]string{
			"0001_long.up.sql": map[string]string{
				"postgres": "SELECT pg_sleep(0.7)",
				"mariadb":  "DO SLEEP(0.7)",
				"sqlite":   "CREATE TABLE long AS WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT max(i) AS i FROM n; DROP TABLE long",
			}[on.name],
			"0002_bad.up.sql": failing,
		})}
		is.True(newMigrator(t, db, nil, source).Up(t.Context()) != nil)
		is.True(strings.HasPrefix(line(t, newMigrator(t, on.db, nil, source)), "x/1 applied")) // the pool's limit did not count
		is.Equal(column[string](t, db, settings), before)
	})
}
