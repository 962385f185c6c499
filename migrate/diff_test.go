package migrate_test

import (
	"errors"
	"flag"
	"fmt"
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

var update = flag.Bool("update", false, "write the migrations that Diff is expected to write anew")

// diffCase is a registry that changes.
type diffCase struct {
	name          string
	before, after *registry.Registry // nil before: projects, notes, comments

	lost  string // what is refused; empty: nothing
	empty bool   // there are no rows, since none fit
	alike string // the database on which nothing changes
	query string // what is looked at afterwards, one text for each note
	want  string // and what there is, one word for each
}

func with(note func(*registry.Registry)) *registry.Registry { return models(projects, note, comments) }

// diffCases are the ways in which a registry changes. They are functions of the
// test, since a registry is of one database only.
func diffCases() []diffCase {
	notes := func(t registry.Table) *registry.Registry { t.Name = "notes"; return with(as[note](t)) }
	return []diffCase{
		{name: "column added", after: with(noteOf[noteDue]()), query: "SELECT coalesce(due, 'none') FROM notes ORDER BY id", want: "none none"},
		{name: "columns with defaults added", after: with(noteOf[noteVotes]()), query: "SELECT votes FROM notes ORDER BY id", want: "7 7"},
		{name: "column without default added", after: with(noteOf[noteRequired]()), lost: "notes.author is not null and has no default", empty: true},
		{name: "column renamed", after: with(noteOf[noteHeading]()), query: "SELECT heading FROM notes ORDER BY id", want: "one two"},
		{name: "column dropped", after: with(noteOf[noteUntitled]()), lost: "column notes.title is dropped with its values", empty: true},
		{name: "column retyped", after: with(noteOf[noteText]()), query: "SELECT priority FROM notes ORDER BY id", want: "3 9"},
		{name: "column widened", after: with(noteOf[noteDear]()), query: "SELECT CASE WHEN price = 12.5 THEN 'kept' ELSE 'lost' END FROM notes ORDER BY id", want: "kept kept"},
		{name: "column narrowed", after: with(noteOf[noteNumber]()), lost: "column notes.title becomes", empty: true},
		{name: "column made not null", after: with(noteOf[noteFilled]()), query: "SELECT body FROM notes ORDER BY id", want: "none text"},
		{name: "column made not null without default", after: with(noteOf[noteFull]()), lost: "column notes.body becomes not null and has no default", empty: true},
		{name: "column made nullable", after: with(noteOf[noteOptional]()), query: "SELECT priority FROM notes ORDER BY id", want: "3 9"},
		{name: "defaults changed", after: with(noteOf[noteFive]()), query: "SELECT priority FROM notes ORDER BY id", want: "3 9"},
		{name: "unique key added", after: with(noteOf[noteUnique]())},
		{name: "unique key dropped", before: with(noteOf[noteUnique]()), after: with(noteOf[note]())},
		{name: "index added", after: notes(registry.Table{Indexes: []registry.Index{{Columns: []string{"status", "-priority"}}, {Columns: []string{"body"}, Name: "by_body"}}})},
		{name: "index changed", before: notes(registry.Table{Indexes: []registry.Index{{Columns: []string{"status"}, Name: "by_name"}}}),
			after: notes(registry.Table{Indexes: []registry.Index{{Columns: []string{"-priority", "status"}, Name: "by_name"}}})},
		{name: "sort order dropped", before: with(noteOf[noteSorted]()), after: with(noteOf[note]())},
		{name: "foreign key added", after: with(noteOf[noteOfProject]())},
		{name: "foreign key changed", before: with(noteOf[noteOfProject]()), after: with(noteOf[noteKept]())},
		{name: "foreign key dropped", after: models(projects, noteOf[note](), as[plainComment](registry.Table{Name: "comments"}))},
		{name: "enum value added", after: with(noteOf[noteLate]()), query: "SELECT status FROM notes ORDER BY id", want: "open done"},
		{name: "enum value removed", after: with(noteOf[noteOpen]()), lost: "column notes.status no longer takes 'done'", empty: true},
		{name: "table added", after: models(projects, noteOf[note](), comments, as[label](registry.Table{Name: "labels", Comment: "It's \\ one."}))},
		{name: "table dropped", after: models(projects, noteOf[note]()), lost: "table comments is dropped with its rows", empty: true},
		{name: "table renamed", after: models(projects, as[note](registry.Table{Name: "pages", Was: "notes", Comment: "Pages."}), as[remark](registry.Table{Name: "comments"})),
			query: "SELECT title FROM pages ORDER BY id", want: "one two"},
		{name: "comment changed", before: notes(registry.Table{Comment: "Old."}), after: notes(registry.Table{Comment: "It's \\ new."}), alike: "sqlite"},
		{name: "soft delete added", after: with(noteOf[noteDeletable]())},
		{name: "everything at once", before: with(noteOf[noteRich]()), after: models(projects, as[pageAll](registry.Table{Name: "pages", Was: "notes", Comment: "Pages."}), as[remark](registry.Table{Name: "comments"})),
			query: "SELECT heading FROM pages ORDER BY id", want: "one two"},
	}
}

var diffRows = []string{
	"INSERT INTO projects (id, name) VALUES ('00000000-0000-7000-8000-0000000000a1', 'p')",
	"INSERT INTO notes (id, title, status, price, project_id) VALUES ('00000000-0000-7000-8000-000000000001', 'one', 'open', 12.5, '00000000-0000-7000-8000-0000000000a1')",
	"INSERT INTO notes (id, title, status, price, priority, body) VALUES ('00000000-0000-7000-8000-000000000002', 'two', 'done', 12.5, 9, 'text')",
	"INSERT INTO comments (id, note_id) VALUES ('00000000-0000-7000-8000-0000000000c1', '00000000-0000-7000-8000-000000000001')",
	"INSERT INTO comments (id, note_id) VALUES ('00000000-0000-7000-8000-0000000000c2', '00000000-0000-7000-8000-000000000002')",
}

// TestDiffWrites: the migration that a changed registry is answered by does that
// and nothing else, keeps the rows, and is refused where it would lose some. It
// can be taken back and made again. What is written is in testdata.
func TestDiffWrites(t *testing.T) {
	t.Parallel()
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			var golden strings.Builder
			for _, c := range diffCases() {
				t.Run(c.name, func(t *testing.T) {
					golden.WriteString(c.run(t, s.target(t)))
				})
			}
			path := filepath.Join("testdata", "diff", s.name+".sql")
			if *update {
				must(t, os.WriteFile(path, []byte(golden.String()), 0o644))
			}
			want, err := os.ReadFile(path)
			must(t, err)
			if golden.String() != string(want) && !t.Failed() {
				t.Errorf("the migrations written are not those of %s; look at what go test -update makes of it", path)
			}
		})
	}
}

// run changes a database by the case, and is the files that were written.
func (c diffCase) run(t *testing.T, on target) string {
	is := is.New(t)
	dir := t.TempDir()
	before := c.before
	if before == nil {
		before = with(noteOf[note]())
	}
	diff := func(reg *registry.Registry, name string, destructive bool) (*migrate.Draft, error) {
		return migrate.Diff(t.Context(), on.db, reg, name, &migrate.DiffOptions{Dir: dir, AllowDestructive: destructive})
	}
	source := func() *migrate.Migrator {
		return newMigrator(t, on.db, nil, migrate.Source{Name: "app", FS: os.DirFS(dir)})
	}
	same := func(reg *registry.Registry, when string) {
		t.Helper()
		d, err := migrate.Diff(t.Context(), on.db, reg, "nothing", nil)
		must(t, err)
		if len(d.Up) > 0 {
			t.Errorf("%s the difference is %q", when, d.Up)
		}
	}
	_, err := diff(before, "begin", false)
	is.NoErr(err)
	is.NoErr(source().Up(t.Context()))
	same(before, "at the beginning")
	if !c.empty {
		is.NoErr(sqldb.ExecAll(t.Context(), on.db, diffRows))
	}
	if c.lost != "" {
		_, err := diff(c.after, "change", false)
		var lost *migrate.DestructiveError
		is.True(errors.As(err, &lost))
		is.Equal(joinery.KindOf(err), joinery.Conflict)
		if len(lost.Lost) != 1 || !strings.Contains(lost.Lost[0], c.lost) {
			t.Fatalf("refused for %q, want %q", lost.Lost, c.lost)
		}
	}
	draft, err := diff(c.after, "change", c.lost != "")
	is.NoErr(err)
	if on.name == c.alike {
		is.Equal(len(draft.Files), 0)
		return ""
	}
	is.Equal(len(draft.Lost) > 0, c.lost != "")
	is.Equal(len(draft.Files), 2)
	is.NoErr(source().Up(t.Context()))
	same(c.after, "after the migration")
	c.rows(t, on)
	schema, err := migratetest.Schema(t.Context(), on.db)
	is.NoErr(err)
	is.NoErr(source().Down(t.Context(), "app", 1))
	same(before, "after the way back")
	is.NoErr(source().Up(t.Context()))
	c.rows(t, on)
	again, err := migratetest.Schema(t.Context(), on.db)
	is.NoErr(err)
	is.Equal(again, schema)
	return "-- " + strings.ToUpper(c.name) + "\n\n" + read(t, draft.Files[0]) + "\n-- and back\n\n" + read(t, draft.Files[1]) + "\n"
}

// rows checks that nothing was lost.
func (c diffCase) rows(t *testing.T, on target) {
	t.Helper()
	if c.empty {
		return
	}
	table := "notes"
	if strings.Contains(c.query, "pages") {
		table = "pages"
	}
	counts := column[int](t, on.db, "SELECT count(*) FROM "+table+" UNION ALL SELECT count(*) FROM comments UNION ALL SELECT count(*) FROM projects")
	if fmt.Sprint(counts) != "[2 2 1]" {
		t.Errorf("the tables have %v rows, want 2 notes, 2 comments and 1 project", counts)
	}
	if c.query == "" {
		return
	}
	texts := "SELECT " + map[string]string{"mariadb": "CAST(x AS CHAR)"}[on.name] + map[string]string{"sqlite": "CAST(x AS TEXT)", "postgres": "x::text"}[on.name]
	query := strings.Replace(c.query, " FROM", " AS x FROM", 1)
	if on.name == "postgres" {
		query = strings.Replace(query, "coalesce(due, 'none')", "coalesce(due::text, 'none')", 1)
	}
	got := column[string](t, on.db, texts+" FROM ("+query+" LIMIT 9) AS q")
	is.New(t).Equal(strings.Join(got, " "), c.want)
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	return string(data)
}
