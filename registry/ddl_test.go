package registry_test

import (
	"context"
	"database/sql"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/registry"
	"github.com/matryer/is"
	_ "modernc.org/sqlite"
)

var update = flag.Bool("update", false, "write the golden files anew")

// dialect has the names and quotes of the databases.
type dialect string

func (d dialect) Name() string { return string(d) }

func (d dialect) Quote(ident string) string {
	if d == "mariadb" {
		return "`" + strings.ReplaceAll(ident, "`", "``") + "`"
	}
	return `"` + strings.ReplaceAll(ident, `"`, `""`) + `"`
}

// Two tables that need each other's foreign key.
type Author struct {
	registry.Entity
	BestID *registry.Ref[Book] `json:"best_id" ref:"books,setnull"`
	Pen    string              `json:"pen" unique:"true,global" validate:"required,max=60"`
}

type Book struct {
	registry.Entity
	registry.SoftDelete
	AuthorID registry.Ref[Author] `json:"author_id" ref:"authors,restrict"`
	Grade    int                  `json:"grade" validate:"oneof=1 2 3" default:"2"`
	Mood     string               `json:"mood" validate:"omitempty,oneof='so good' bad\\" index:"true"`
}

func ddlCases() map[string]*registry.Registry {
	cycle := registry.New(nil)
	registry.MustAdd[Author](cycle)
	registry.MustAdd[Book](cycle)
	existing := registry.New(nil)
	registry.MustAdd[Legacy](existing, registry.WithTable(registry.Table{
		Name: `The "old" one's things`, Comment: "It's old.",
		Indexes: []registry.Index{{Columns: []string{"rev", "-plain"}, Name: "by rev"}},
		Unique:  []registry.Unique{{Columns: []string{"team_id", "holder"}}},
	}))
	return map[string]*registry.Registry{"app": newRegistry(), "cycle": cycle, "existing": existing}
}

func TestDDLIsGolden(t *testing.T) {
	t.Parallel()
	for name, reg := range ddlCases() {
		for _, d := range []dialect{"postgres", "sqlite", "mariadb"} {
			t.Run(name+"/"+string(d), func(t *testing.T) {
				t.Parallel()
				is := is.New(t)
				statements, err := reg.DDL(d)
				is.NoErr(err)
				golden(t, filepath.Join("testdata", "ddl", name, string(d)+".sql"), strings.Join(statements, ";\n")+";\n")
			})
		}
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and read the diff. Got:\n%s", path, got)
	}
}

func TestDDLIsAcceptedByPostgres(t *testing.T) {
	t.Parallel()
	for name, reg := range ddlCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			pool, err := pgxpool.New(t.Context(), testdb.PostgresURL(t))
			is.NoErr(err)
			defer pool.Close()
			run(t, reg, "postgres", func(ctx context.Context, sql string) error {
				_, err := pool.Exec(ctx, sql)
				return err
			})
		})
	}
}

func TestDDLIsAcceptedBySQLite(t *testing.T) {
	t.Parallel()
	for name, reg := range ddlCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := openSQLite(t)
			run(t, reg, "sqlite", func(ctx context.Context, sql string) error {
				_, err := db.ExecContext(ctx, sql)
				return err
			})
		})
	}
}

func openSQLite(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "test.db")+"?_pragma=foreign_keys(1)&_time_integer_format=unix_micro&_inttotime=1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func run(t *testing.T, reg *registry.Registry, d dialect, exec func(context.Context, string) error) {
	t.Helper()
	statements, err := reg.DDL(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if err := exec(t.Context(), s); err != nil {
			t.Fatalf("%v\n%s", err, s)
		}
	}
}

func TestSQLiteKeepsWhatTheSchemaPromises(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := openSQLite(t)
	run(t, ddlCases()["app"], "sqlite", func(ctx context.Context, sql string) error {
		_, err := db.ExecContext(ctx, sql)
		return err
	})
	project, team := uuid.NewString(), uuid.NewString()
	exec := func(q string, args ...any) error {
		_, err := db.ExecContext(t.Context(), q, args...)
		return err
	}
	is.NoErr(exec(`INSERT INTO projects (id, created_at, name) VALUES (?, 0, 'p')`, project))
	insert := func(title, status, price string, deleted any) error {
		return exec(`INSERT INTO notes (id, created_at, updated_at, team_id, title, body, status, price, can, data, project_id, deleted_at)
			VALUES (?, 0, 0, ?, ?, '', ?, ?, 1, x'00', ?, ?)`, uuid.NewString(), team, title, status, price, project, deleted)
	}
	is.NoErr(insert("a", "open", "9.50", nil))
	is.True(insert("a", "open", "9.50", nil) != nil)   // unique over live rows
	is.NoErr(insert("a", "open", "10.50", 1))          // not over deleted ones
	is.True(insert("b", "halted", "1.00", nil) != nil) // no such status
	var prices string
	is.NoErr(db.QueryRowContext(t.Context(), `SELECT group_concat(price) FROM (SELECT price FROM notes ORDER BY price)`).Scan(&prices))
	is.Equal(prices, "9.5,10.5") // in the order of numbers
}

func TestIndexesFollowFromTheModel(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := newRegistry()
	is.NoErr(reg.Validate())
	var got []string
	names := map[string]bool{}
	for _, i := range reg.Indexes(reg.Model("comments")) {
		got = append(got, describeIndex(i))
	}
	is.Equal(got, []string{
		"created_by_id, id", // the creator owns it
		"note_id, id",       // also for deleted notes, comments being kept out of none
		"reply_to_id, id",
	})
	got = nil
	for _, i := range reg.Indexes(reg.Model("projects")) {
		got = append(got, describeIndex(i))
		is.True(len(i.Name) <= 63)
		is.True(!names[i.Name])
		names[i.Name] = true
	}
	is.Equal(got, []string{
		"created_by_id, id | live",
		"created_by_id, name, id | live",
		"team_id, id | live",
		"team_id, name, id | live",
		"parent_id, id",
		"name, id | live",
	})
}

func TestIndexNamesFollowTheirRows(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := newRegistry()
	is.NoErr(reg.Validate())
	for _, i := range reg.Indexes(reg.Model("notes")) {
		if len(i.Columns) == 2 && i.Columns[0].Column.Name == "created_by_id" {
			is.Equal(i.Null.Name, "user_id") // the creator owns what has no owner
			return
		}
	}
	is.Fail() // no index by creator
}

func describeIndex(i registry.IndexSpec) string {
	var names []string
	for _, k := range i.Columns {
		name := k.Column.Name
		if k.Desc {
			name += " desc"
		}
		names = append(names, name)
	}
	s := strings.Join(names, ", ")
	if i.Unique {
		s += " | unique"
	}
	if i.Live {
		s += " | live"
	}
	return s
}

func TestDDLRefusesWhatADatabaseCannotHold(t *testing.T) {
	t.Parallel()
	type Wide struct {
		registry.Entity
		Amount string `json:"amount" type:"decimal(20,2)" default:"0"`
	}
	reg := registry.New(nil)
	registry.MustAdd[Wide](reg)
	for d, want := range map[dialect]string{"postgres": "", "sqlite": "Wide.Amount is a decimal of 20 digits", "oracle": `no DDL for database "oracle"`} {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			_, err := reg.DDL(d)
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}
