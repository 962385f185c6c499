package migratetest_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/migrate/migratetest"
	"github.com/joinery-go/joinery/registry"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func onEach(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	run := func(t *testing.T, db *sqldb.DB, err error) {
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		test(t, db)
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
		run(t, db, err)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		db, err := pgdb.Open(t.Context(), testdb.PostgresURL(t), nil)
		run(t, db, err)
	})
	t.Run("mariadb", func(t *testing.T) {
		t.Parallel()
		db, err := mariadb.Open(t.Context(), testdb.MariaDBURL(t), nil)
		run(t, db, err)
	})
}

func source(statements ...string) migrate.Source {
	files := fstest.MapFS{}
	for i := 0; i < len(statements); i += 2 {
		name := fmt.Sprintf("%04d_m.", i/2+1)
		files[name+"up.sql"] = &fstest.MapFile{Data: []byte(statements[i])}
		files[name+"down.sql"] = &fstest.MapFile{Data: []byte(statements[i+1])}
	}
	return migrate.Source{Name: "app", FS: files}
}

func TestUpDownUpPasses(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		migratetest.UpDownUp(t, db, source(
			"CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT)", "DROP TABLE a",
			"ALTER TABLE a ADD COLUMN more VARCHAR(9)", "ALTER TABLE a DROP COLUMN more",
			"ALTER TABLE a RENAME TO b; CREATE VIEW c AS SELECT name FROM b", "DROP VIEW c; ALTER TABLE b RENAME TO a",
		))
	})
}

// recorder is a test that may fail.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

// TestUpDownUpFails: what a way down forgets is seen.
func TestUpDownUpFails(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]migrate.Source{
		"an index": source("CREATE TABLE a (id INTEGER PRIMARY KEY, name VARCHAR(9))", "DROP TABLE a",
			"CREATE INDEX IF NOT EXISTS a_name ON a (name)", "SELECT 1"),
		"a table": source("CREATE TABLE IF NOT EXISTS a (id INTEGER PRIMARY KEY)", ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, db *sqldb.DB) {
				r := &recorder{TB: t}
				migratetest.UpDownUp(r, db, s)
				is.New(t).True(len(r.failures) > 0)
				is.New(t).True(strings.Contains(r.failures[0], "is not what it was"))
			})
		})
	}
}

// TestSchemaTells: each of these is a schema of its own.
func TestSchemaTells(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		seen := map[string]string{}
		changes := []string{
			"CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER NOT NULL DEFAULT 1, CHECK (n > 0))",
			"CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a (id))",
			"CREATE INDEX a_n ON a (n)",
			"DROP INDEX a_n",
			"CREATE UNIQUE INDEX a_n ON a (n DESC)",
			"ALTER TABLE a ADD COLUMN t TEXT",
			"ALTER TABLE a RENAME COLUMN t TO u",
			"CREATE VIEW v AS SELECT n FROM a",
		}
		switch db.Dialect().Name() {
		case "postgres":
			changes = append(changes, "ALTER TABLE a ALTER n SET DEFAULT 2", "ALTER TABLE a ALTER n DROP NOT NULL", "ALTER TABLE a ALTER u TYPE varchar(9)",
				"CREATE TYPE e AS ENUM ('x')", "ALTER TYPE e ADD VALUE 'y'", "CREATE SEQUENCE s",
				"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$", "CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()",
				"COMMENT ON TABLE a IS 'all'")
		case "sqlite":
			changes = append(changes, "CREATE TRIGGER g AFTER INSERT ON a BEGIN DELETE FROM b; END")
		case "mariadb":
			changes = append(changes, "ALTER TABLE a MODIFY n BIGINT NOT NULL DEFAULT 1", "ALTER TABLE a COMMENT 'all'",
				"CREATE TRIGGER g AFTER INSERT ON a FOR EACH ROW DELETE FROM b", "CREATE PROCEDURE p() SELECT 1", "CREATE FUNCTION f() RETURNS INT RETURN 1")
		}
		for _, change := range changes {
			if db.Dialect().Name() == "mariadb" && change == "DROP INDEX a_n" {
				change += " ON a"
			}
			if err := sqldb.ExecAll(t.Context(), db, []string{change}); err != nil {
				t.Fatal(err)
			}
			text, err := migratetest.Schema(t.Context(), db)
			is.New(t).NoErr(err)
			if !strings.HasPrefix(change, "DROP INDEX") && seen[text] != "" {
				t.Errorf("%s: the schema is as after %s:\n%s", change, seen[text], text)
			}
			seen[text] = change
		}
	})
}

type thing struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name" validate:"max=9"`
}

// Table names the table.
func (thing) Table() registry.Table { return registry.Table{Name: "things"} }

// TestMakeModels: what the files forget of a model is seen, and nothing else.
func TestMakeModels(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	open := func() *sqldb.DB {
		db, err := sqlitedb.Open(t.Context(), sqlitedb.Memory, nil)
		is.NoErr(err)
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	reg := registry.New(nil)
	registry.MustAdd[thing](reg)
	db := open()
	statements, err := reg.DDL(db.Dialect())
	is.NoErr(err)
	migratetest.MakeModels(t, db, open(), reg, source(strings.Join(statements, ";"), ""))
	r := &recorder{TB: t}
	migratetest.MakeModels(r, open(), open(), reg, source("CREATE TABLE things (id TEXT NOT NULL)", ""))
	is.Equal(len(r.failures), 1)
}

type newThing struct {
	ID    uuid.UUID `json:"id"`
	Name  string    `json:"name" validate:"max=9"`
	Extra *string   `json:"extra"`
}

// TestMatchModels: what the files lack, and what they have too much, is seen.
func TestMatchModels(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is := is.New(t)
		reg, more := registry.New(nil), registry.New(nil)
		registry.MustAdd[thing](reg)
		registry.MustAdd[newThing](more, registry.WithTable(registry.Table{Name: "things"}))
		statements, err := more.DDL(db.Dialect())
		is.NoErr(err)
		files := source(strings.Join(statements, ";"), "DROP TABLE things")
		migratetest.MatchModels(t, db, more, files)
		r := &recorder{TB: t}
		migratetest.MatchModels(r, db, reg, files)
		is.Equal(len(r.failures), 1)
		is.True(strings.Contains(r.failures[0], "column things.extra is dropped"))
		is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"ALTER TABLE things DROP COLUMN extra"}))
		migratetest.MatchModels(r, db, more, files)
		is.Equal(len(r.failures), 2)
		is.True(strings.Contains(r.failures[1], "ADD COLUMN"))
	})
}
