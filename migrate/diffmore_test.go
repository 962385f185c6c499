package migrate_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/migrate/migratetest"
	"github.com/joinery-go/joinery/registry"
)

// TestAuto: tables are made, changed with their rows kept, and not changed where
// rows would be lost.
func TestAuto(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		auto := func(reg *registry.Registry) error { return migrate.Auto(t.Context(), on.db, reg) }
		is.NoErr(auto(with(noteOf[note]())))
		is.NoErr(auto(with(noteOf[note]()))) // nothing to do
		is.NoErr(sqldb.ExecAll(t.Context(), on.db, diffRows))
		is.NoErr(auto(with(noteOf[noteText]())))
		is.Equal(column[string](t, on.db, "SELECT priority FROM notes ORDER BY id"), []string{"3", "9"})
		is.Equal(column[int](t, on.db, "SELECT count(*) FROM comments"), []int{2}) // SQLite made notes anew
		before, err := migratetest.Schema(t.Context(), on.db)
		is.NoErr(err)
		var lost *migrate.DestructiveError
		is.True(errors.As(auto(with(noteOf[noteUntitled]())), &lost))
		is.True(len(lost.Lost) == 2) // the title, and numbers for the priority
		after, err := migratetest.Schema(t.Context(), on.db)
		is.NoErr(err)
		is.Equal(after, before)
	})
}

// TestAutoIsWhole: what fails leaves nothing, where the database can.
func TestAutoIsWhole(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		if !on.steady {
			t.Skip("MariaDB commits at every change of the schema")
		}
		is.NoErr(migrate.Auto(t.Context(), on.db, with(noteOf[noteSorted]())))
		is.NoErr(sqldb.ExecAll(t.Context(), on.db, append(diffRows, "UPDATE notes SET title = 'same'")))
		before, err := migratetest.Schema(t.Context(), on.db)
		is.NoErr(err)
		err = migrate.Auto(t.Context(), on.db, with(as[noteUnique](registry.Table{Name: "notes", Indexes: []registry.Index{{Columns: []string{"status"}}}})))
		is.True(err != nil) // two rows have one title
		after, err := migratetest.Schema(t.Context(), on.db)
		is.NoErr(err)
		is.Equal(after, before)
	})
}

// TestDiffLeavesAlone: tables, indexes, checks, triggers and foreign keys that no
// registry made stay, also where SQLite makes their table anew.
func TestDiffLeavesAlone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		is.NoErr(migrate.Auto(t.Context(), on.db, with(noteOf[note]())))
		own := []string{"CREATE TABLE orders (id INTEGER PRIMARY KEY)", "CREATE INDEX own_index ON notes (status)"}
		switch on.name {
		case "sqlite":
			own = append(own, "CREATE TRIGGER own_trigger AFTER INSERT ON notes BEGIN DELETE FROM orders; END")
		default:
			own = append(own, "ALTER TABLE notes ADD CONSTRAINT own_check CHECK (priority < 1000)",
				"ALTER TABLE notes ADD CONSTRAINT own_key FOREIGN KEY (project_id) REFERENCES projects (id)")
		}
		is.NoErr(sqldb.ExecAll(t.Context(), on.db, own))
		d, err := migrate.Diff(t.Context(), on.db, with(noteOf[note]()), "nothing", nil)
		is.NoErr(err)
		is.Equal(len(d.Up), 0)
		is.NoErr(migrate.Auto(t.Context(), on.db, with(noteOf[noteLate]())))
		schema, err := migratetest.Schema(t.Context(), on.db)
		is.NoErr(err)
		for _, statement := range own {
			for _, word := range []string{"orders", "own_index", "own_trigger", "own_check", "own_key"} {
				if strings.Contains(statement, word) && !strings.Contains(schema, word) {
					t.Errorf("%s is gone", word)
				}
			}
		}
	})
}

// TestDiffTellsAnUnknownCheck: SQLite would lose it without a word.
func TestDiffTellsAnUnknownCheck(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := lite(t)
	statements, err := with(noteOf[note]()).DDL(db.Dialect())
	is.NoErr(err)
	for i := range statements {
		statements[i] = strings.Replace(statements[i], `CONSTRAINT "notes_pkey"`, `CONSTRAINT own_check CHECK (priority < 1000), CONSTRAINT "notes_pkey"`, 1)
	}
	is.NoErr(sqldb.ExecAll(t.Context(), db, statements))
	_, err = migrate.Diff(t.Context(), db, with(noteOf[note]()), "nothing", nil)
	is.NoErr(err) // it is not ours
	_, err = migrate.Diff(t.Context(), db, with(noteOf[noteLate]()), "change", nil)
	is.True(strings.Contains(err.Error(), "check own_check of table notes"))
}

// TestDiffOfOthers: models on tables of other sources are theirs.
func TestDiffOfOthers(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		dir := t.TempDir()
		others := []migrate.Source{
			{Name: "theirs", FS: files(map[string]string{
				"0001_a.up.sql": "create table if not exists projects (id INTEGER); CREATE TABLE gone (id INTEGER); CREATE TABLE olds (id INTEGER)",
				"0002_b.up.sql": "DROP TABLE gone; ALTER TABLE olds RENAME TO comments",
			})},
		}
		opts := &migrate.DiffOptions{Dir: dir, Others: others}
		d, err := migrate.Diff(t.Context(), on.db, models(projects, noteOf[note](), comments, as[plainComment](registry.Table{Name: "gone"})), "begin", opts)
		is.NoErr(err)
		text := strings.Join(d.Up, "\n")
		is.True(strings.Contains(text, "notes"))
		is.True(strings.Contains(text, "gone")) // theirs no longer
		is.True(!strings.Contains(text, "projects"))
		is.True(!strings.Contains(text, "comments"))
	})
}

// TestDiffFiles: each database has its own file for a version, all under one
// name, and one where nothing is to be done.
func TestDiffFiles(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	dir := t.TempDir()
	lite, pg := serverOf("sqlite").target(t), serverOf("postgres").target(t)

	reg := func(comment string) *registry.Registry {
		return models(as[project](registry.Table{Name: "projects", Comment: comment}))
	}
	diff := func(on target, name, comment string) ([]string, error) {
		d, err := migrate.Diff(t.Context(), on.db, reg(comment), name, &migrate.DiffOptions{Dir: dir})
		if err != nil {
			return nil, err
		}
		is.NoErr(migrate.Auto(t.Context(), on.db, reg(comment)))
		return d.Files, nil
	}
	paths := func(database, title string) []string {
		return []string{filepath.Join(dir, database, title+".up.sql"), filepath.Join(dir, database, title+".down.sql")}
	}
	got, err := diff(pg, "begin", "")
	is.NoErr(err)
	is.Equal(got, paths("postgres", "0001_begin"))
	_, err = diff(lite, "start", "")
	is.Equal(joinery.KindOf(err), joinery.Conflict) // another name for the same version
	got, err = diff(lite, "begin", "")
	is.NoErr(err)
	is.Equal(got, paths("sqlite", "0001_begin"))
	got, err = diff(lite, "nothing", "")
	is.NoErr(err)
	is.Equal(len(got), 0)
	got, err = diff(pg, "comment", "New.")
	is.NoErr(err)
	is.Equal(got, paths("postgres", "0002_comment"))
	got, err = diff(lite, "comment", "New.")
	is.NoErr(err)
	is.Equal(got, paths("sqlite", "0002_comment")) // without a statement
	newMigrator(t, lite.db, nil, migrate.Source{Name: "app", FS: os.DirFS(dir)})
	newMigrator(t, pg.db, nil, migrate.Source{Name: "app", FS: os.DirFS(dir)})

	_, err = migrate.Diff(t.Context(), pg.db, reg(""), "Not a name", nil)
	is.Equal(joinery.KindOf(err), joinery.Invalid)
}

// TestDiffRepeatable: on MariaDB, which commits each statement, every one of them
// may be said twice, so that a migration that was killed anywhere goes on.
func TestDiffRepeatable(t *testing.T) {
	t.Parallel()
	for _, c := range diffCases() {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			on := serverOf("mariadb").target(t)
			before := c.before
			if before == nil {
				before = with(noteOf[note]())
			}
			is.NoErr(migrate.Auto(t.Context(), on.db, before))
			if !c.empty {
				is.NoErr(sqldb.ExecAll(t.Context(), on.db, diffRows))
			}
			draft, err := migrate.Diff(t.Context(), on.db, c.after, "change", &migrate.DiffOptions{AllowDestructive: true})
			is.NoErr(err)
			is.NoErr(sqldb.ExecAll(t.Context(), on.db, twice(draft.Up)))
			again, err := migrate.Diff(t.Context(), on.db, c.after, "change", nil)
			is.NoErr(err)
			is.Equal(len(again.Up), 0)
			c.rows(t, on)
			is.NoErr(sqldb.ExecAll(t.Context(), on.db, twice(draft.Down)))
			again, err = migrate.Diff(t.Context(), on.db, before, "change", nil)
			is.NoErr(err)
			is.Equal(len(again.Up), 0)
		})
	}
}

func twice(statements []string) (all []string) {
	for _, s := range statements {
		all = append(all, s, s)
	}
	return all
}
