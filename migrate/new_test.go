package migrate_test

import (
	"context"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/migrate"
)

// TestNewRefuses files and names that are none, each by name.
func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for want, texts := range map[string]map[string]string{
		`the file create.sql: want a name like 0001_create_notes.up.sql`:      {"create.sql": ""},
		`the file 1_a.up.sql: want a name like`:                               {"1_a.up.sql": ""},
		`the file sqlite/0001_a.sql: want a name like`:                        {"sqlite/0001_a.sql": ""},
		`0000_a.up.sql: versions are counted from 1`:                          {"0000_a.up.sql": ""},
		`version 2 is missing before 0003_c.up.sql`:                           {"0001_a.up.sql": "", "0003_c.up.sql": ""},
		`version 1 is missing before 0002_c.up.sql`:                           {"0002_c.up.sql": ""},
		`0001_b.up.sql: version 1 has the name "a" already`:                   {"0001_a.up.sql": "", "0001_b.up.sql": ""},
		`sqlite/0001_b.up.sql: version 1 has the name "a" already`:            {"0001_a.up.sql": "", "sqlite/0001_b.up.sql": ""},
		`00001_a.up.sql and 0001_a.up.sql are of one version`:                 {"0001_a.up.sql": "", "00001_a.up.sql": ""},
		`0001_a.down.sql has no file for the way up beside it`:                {"0001_a.down.sql": ""},
		`postgres/0001_a.up.sql has no counterpart for sqlite`:                {"postgres/0001_a.up.sql": ""},
		`mariadb/0002_b.up.sql has no counterpart for sqlite: write one in`:   {"0001_a.up.sql": "", "mariadb/0002_b.up.sql": "", "0003_c.up.sql": ""},
		`the folder postgress is for no database`:                             {"postgress/0001_a.up.sql": ""},
		`the folder sqlite/more is for no database`:                           {"sqlite/more/0001_a.up.sql": ""},
		`0001_a.up.sql:2: COMMIT: the runner begins and ends transactions`:    {"0001_a.up.sql": "SELECT 1;\nCOMMIT"},
		`0001_a.up.sql: joinery:no-transaction has no lock to hold on SQLite`: {"0001_a.up.sql": "-- joinery:no-transaction\nVACUUM"},
	} {
		_, err := migrate.New(lite(t), nil, migrate.Source{Name: "x", FS: files(texts)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want %s", texts, err, want)
		}
	}
}

func lite(t testing.TB) *sqldb.DB {
	t.Helper()
	db, err := sqlitedb.Open(t.Context(), sqlitedb.Memory, nil)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestNewRefusesSources(t *testing.T) {
	t.Parallel()
	withStep := func(version int, name string, up func(context.Context, *sqldb.DB) error) []migrate.Source {
		s := abc("x", "a")
		s.Steps = []migrate.Step{{Version: version, Name: name, Up: up}}
		return []migrate.Source{s}
	}
	nothing := func(context.Context, *sqldb.DB) error { return nil }
	for want, sources := range map[string][]migrate.Source{
		`sources require each other in a circle: a → b → c → a`: {abc("d", "a"), abc("e", "a", "a"), abc("a", "a", "d", "b"), abc("b", "a", "c"), abc("c", "a", "a")},
		`in a circle: a → a`:                          {abc("a", "a", "a")},
		`source "a" requires "b", which is not among`: {abc("a", "a", "b")},
		`two sources have the name "a"`:               {abc("a", "a"), abc("a", "b")},
		`source name "A b": want small letters`:       {abc("A b", "a")},
		`the step 0002_b has no Up`:                   withStep(2, "b", nil),
		`the step 0002_B: want a name of small`:       withStep(2, "B", nothing),
		`the step 0001_b: version 1 is there already`: withStep(1, "b", nothing),
	} {
		_, err := migrate.New(lite(t), nil, sources...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestEveryProblemAtOnce, so that a start names them all.
func TestEveryProblemAtOnce(t *testing.T) {
	t.Parallel()
	_, err := migrate.New(lite(t), nil,
		migrate.Source{Name: "x", FS: files(map[string]string{"a.sql": "", "b.sql": ""})},
		migrate.Source{Name: "y", FS: files(map[string]string{"c.sql": ""})})
	for _, name := range []string{"a.sql", "b.sql", "c.sql"} {
		is.New(t).True(strings.Contains(err.Error(), name))
	}
}

// TestFilesForOneDatabase win over those for all, each way by itself.
func TestFilesForOneDatabase(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		texts := map[string]string{
			"README.md": "no migration", "postgres/notes.txt": "nor this",
			"0001_a.up.sql":   "CREATE TABLE shared (id INTEGER PRIMARY KEY)",
			"0001_a.down.sql": "not used",
			"0002_b.up.sql":   "CREATE TABLE both (id INTEGER PRIMARY KEY)",
		}
		for _, s := range servers {
			texts[s.name+"/0001_a.down.sql"] = "DROP TABLE shared"
			texts[s.name+"/0002_b.up.sql"] = "CREATE TABLE only_" + s.name + " (id INTEGER PRIMARY KEY)"
			texts[s.name+"/0002_b.down.sql"] = "DROP TABLE only_" + s.name
			texts[s.name+"/0003_c.up.sql"] = "-- nothing to do"
			texts[s.name+"/0003_c.down.sql"] = ""
		}
		m := newMigrator(t, on.db, nil, migrate.Source{Name: "x", FS: files(texts)})
		must(t, m.Up(t.Context()))
		tables, err := sqldb.Catalog(t.Context(), on.db, "shared", "both", "only_"+on.name)
		is.NoErr(err)
		is.Equal(len(tables), 2)
		must(t, m.Down(t.Context(), "x", 3))
		is.Equal(line(t, m), "x/1 pending, x/2 pending, x/3 pending")
	})
}

func TestOtherDatabases(t *testing.T) {
	t.Parallel()
	db := sqldb.New(nil, otherDialect{sqlitedb.Dialect()}, nil)
	_, err := migrate.New(db, nil)
	is.New(t).Equal(joinery.KindOf(err), joinery.Unsupported)
}

type otherDialect struct{ sqldb.Dialect }

// Name implements sqldb.Dialect.
func (otherDialect) Name() string { return "oracle" }
