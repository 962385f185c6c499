package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/anydb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/migrate/migratetest"
)

// TestMigrations: the files of the packages and the demo's own make what its
// models describe, and can be taken back.
func TestMigrations(t *testing.T) {
	t.Parallel()
	type opener = func(context.Context, string, *sqldb.Options) (*sqldb.DB, error)
	for name, on := range map[string]struct {
		fresh func(testing.TB) string
		open  opener
	}{
		"sqlite":   {testdb.SQLitePath, sqlitedb.Open},
		"postgres": {testdb.PostgresURL, pgdb.Open},
		"mariadb":  {testdb.MariaDBURL, mariadb.Open},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			db, err := on.open(t.Context(), on.fresh(t), nil)
			is.NoErr(err)
			defer db.Close()
			all, err := sources()
			is.NoErr(err)
			migratetest.UpDownUp(t, db, all...)
			a, err := newApp(db)
			is.NoErr(err)
			migratetest.MatchModels(t, db, a.reg, all...)
			draft, err := migrate.Diff(t.Context(), db, a.reg, "nothing", &migrate.DiffOptions{Dir: "migrations", Others: all[:2], DryRun: true})
			is.NoErr(err)
			is.Equal(len(draft.Up), 0) // demo migrate diff has nothing to write
		})
	}
}

// TestMigrateCommand: the tables can be brought up and down by hand.
func TestMigrateCommand(t *testing.T) {
	t.Parallel()
	file := "sqlite:" + filepath.Join(t.TempDir(), "demo.db")
	run := func(want string, args ...string) {
		t.Helper()
		out, err := program(t, nil, append([]string{"--db", file, "migrate"}, args...)...).CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%v: %v\n%s\nwant %q", args, err, out, want)
		}
	}
	run("demo       0001_create_tables  pending", "status")
	run(`CREATE TABLE "notes"`, "plan")
	run("[3/3] up demo 0001_create_tables done", "up")
	run("nothing to write", "diff", "--print")
	run("down demo 0001_create_tables done", "down")
	run("1 of 3 are missing", "status")
	run("demo migrate diff", "--help")
	refused, _ := program(t, nil, "--db", file, "migrate", "upp").CombinedOutput()
	is.New(t).True(strings.Contains(string(refused), `demo migrate: there is no command "upp"`))
}

// TestReadyTellsPending: a demo whose tables are behind is not ready, and says
// what is missing.
func TestReadyTellsPending(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	url := "sqlite:" + filepath.Join(t.TempDir(), "demo.db")
	d := startDemo(t, url)
	db, err := anydb.Open(t.Context(), url, nil)
	is.NoErr(err)
	is.NoErr(errors.Join(sqldb.ExecAll(t.Context(), db, []string{"DELETE FROM joinery_migrations WHERE source = 'demo'"}), db.Close()))
	ready := d.call("", "GET", "/readyz", "")
	is.Equal(ready.status, 503)
	is.True(strings.Contains(string(ready.body), "1 migration is pending: 0001_create_tables of demo"))
}
