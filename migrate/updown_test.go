package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/migrate/migratetest"
)

// line is the history of a migrator's sources as one line.
func line(t testing.TB, m *migrate.Migrator) string {
	t.Helper()
	all, err := m.Status(t.Context())
	must(t, err)
	var parts []string
	for _, s := range all {
		part := fmt.Sprintf("%s/%d %s", s.Source, s.Version, s.State)
		if s.Statement > 0 {
			part += fmt.Sprintf(" at %d", s.Statement)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func schema(t testing.TB, db *sqldb.DB) string {
	t.Helper()
	text, err := migratetest.Schema(t.Context(), db)
	must(t, err)
	return text
}

// abc is a source with one table for each of the letters.
func abc(name string, letters string, requires ...string) migrate.Source {
	texts := map[string]string{}
	for i, c := range letters {
		texts[fmt.Sprintf("%04d_%c.up.sql", i+1, c)] = fmt.Sprintf("CREATE TABLE %s_%c (id INTEGER PRIMARY KEY)", name, c)
		texts[fmt.Sprintf("%04d_%c.down.sql", i+1, c)] = fmt.Sprintf("DROP TABLE %s_%c", name, c)
	}
	return migrate.Source{Name: name, FS: files(texts), Requires: requires}
}

func TestUpDownUp(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) { migratetest.UpDownUp(t, on.db, shopSources("", "")...) })
}

func TestUpToAndDown(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		ctx := t.Context()
		m := newMigrator(t, on.db, nil, abc("x", "abc", "y"), abc("y", "ab"), abc("z", "a"))
		is.Equal(line(t, m), "y/1 pending, y/2 pending, x/1 pending, x/2 pending, x/3 pending, z/1 pending")
		must(t, m.UpTo(ctx, "x", 2))
		is.Equal(line(t, m), "y/1 applied, y/2 applied, x/1 applied, x/2 applied, x/3 pending, z/1 pending") // what x requires, and not z
		must(t, m.UpTo(ctx, "x", 1))                                                                         // takes nothing back
		is.Equal(joinery.KindOf(m.Down(ctx, "y", 2)), joinery.Conflict)                                      // x needs it
		is.Equal(line(t, m), "y/1 applied, y/2 applied, x/1 applied, x/2 applied, x/3 pending, z/1 pending")
		must(t, m.Down(ctx, "x", 1))
		must(t, m.Up(ctx))
		must(t, m.Up(ctx)) // nothing to do
		is.Equal(line(t, m), "y/1 applied, y/2 applied, x/1 applied, x/2 applied, x/3 applied, z/1 applied")
		full := schema(t, on.db)
		must(t, m.Redo(ctx, "x"))
		is.Equal(schema(t, on.db), full)
		must(t, m.Down(ctx, "x", 9)) // as many as there are
		must(t, m.Down(ctx, "y", 2))
		must(t, m.Down(ctx, "y", 2)) // nothing to do
		is.Equal(line(t, m), "y/1 pending, y/2 pending, x/1 pending, x/2 pending, x/3 pending, z/1 applied")
		is.Equal(joinery.KindOf(m.Redo(ctx, "y")), joinery.Conflict)
		for _, err := range []error{m.UpTo(ctx, "x", 4), m.UpTo(ctx, "w", 1), m.Down(ctx, "w", 1), m.Down(ctx, "x", 0), m.Redo(ctx, "w")} {
			is.Equal(joinery.KindOf(err), joinery.Invalid)
		}
	})
}

// TestLookingChangesNothing: also on a database without a history.
func TestLookingChangesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		m := newMigrator(t, on.db, nil, abc("x", "ab"))
		pending, err := m.Pending(t.Context())
		is.NoErr(err)
		is.Equal(len(pending), 2)
		plan, err := m.Plan(t.Context())
		is.NoErr(err)
		is.Equal(len(plan), 2)
		is.Equal(plan[1].SQL(), "-- apply 0002_b of x\nCREATE TABLE x_b (id INTEGER PRIMARY KEY);\n")
		down, err := m.PlanDown(t.Context(), "x", 1)
		is.NoErr(err)
		is.Equal(len(down), 0)
		err = m.Check(t.Context())
		is.Equal(joinery.KindOf(err), joinery.Unavailable)
		is.True(strings.Contains(err.Error(), "2 migrations are pending: 0001_a of x, "))
		tables, err := sqldb.Catalog(t.Context(), on.db, "joinery_migrations", "x_a")
		is.NoErr(err)
		is.Equal(len(tables), 0)

		must(t, m.Up(t.Context()))
		is.NoErr(m.Check(t.Context()))
		down, err = m.PlanDown(t.Context(), "x", 1)
		is.NoErr(err)
		is.Equal(down[0].SQL(), "-- revert 0002_b of x\nDROP TABLE x_b;\n")
		is.Equal(line(t, m), "x/1 applied, x/2 applied")
	})
}

func TestHistoryTellsWhoAndWhen(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		at := time.Date(2030, 1, 2, 3, 4, 5, 6000, time.UTC)
		m := newMigrator(t, on.db, &migrate.Options{AppVersion: "v1.2.3", Now: func() time.Time { return at }}, abc("x", "a"))
		must(t, m.Up(t.Context()))
		all, err := m.Status(t.Context())
		is.NoErr(err)
		is.True(all[0].Took > 0)
		all[0].Took = 0
		is.Equal(all, []migrate.Status{{Source: "x", Version: 1, Name: "a", State: migrate.Applied, Reversible: true, AppliedAt: at, AppVersion: "v1.2.3"}})
	})
}

// TestHistoryThatDoesNotFit: nothing is run then, and the error names the file.
func TestHistoryThatDoesNotFit(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		ctx := t.Context()
		must(t, newMigrator(t, on.db, nil, abc("x", "ab")).Up(ctx))
		before := schema(t, on.db)

		edited := newMigrator(t, on.db, nil, migrate.Source{Name: "x", FS: files(map[string]string{
			"0001_a.up.sql": "CREATE TABLE x_a (id INTEGER PRIMARY KEY)", "0002_b.up.sql": "CREATE TABLE x_other (id INTEGER PRIMARY KEY)", "0003_c.up.sql": "CREATE TABLE x_c (id INTEGER PRIMARY KEY)",
		})})
		older := newMigrator(t, on.db, nil, abc("x", "a"))
		is.Equal(line(t, edited), "x/1 applied, x/2 changed, x/3 pending")
		is.Equal(line(t, older), "x/1 applied, x/2 unknown")
		for want, err := range map[string]error{
			"0002_b.up.sql of x was changed after":  edited.Up(ctx),
			"0002_b.up.sql of x was changed":        edited.Down(ctx, "x", 1),
			"0002_b of x was applied to this":       older.Up(ctx),
			"0002_b of x was applied to":            older.Down(ctx, "x", 1),
			"0002_b.up.sql of x was changed after ": edited.Check(ctx),
		} {
			is.Equal(joinery.KindOf(err), joinery.Conflict)
			is.True(strings.Contains(err.Error(), want))
		}
		is.NoErr(older.Check(ctx)) // an old instance stays ready
		is.NoErr(newMigrator(t, on.db, &migrate.Options{AllowNewer: true}, abc("x", "a")).Up(ctx))
		is.Equal(schema(t, on.db), before)
	})
}

// TestLineEnds: version control that writes them anew changes no checksum.
func TestLineEnds(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		with := func(end string) *migrate.Migrator {
			return newMigrator(t, on.db, nil, migrate.Source{Name: "x", FS: files(map[string]string{
				"0001_a.up.sql": "CREATE TABLE x_a" + end + "(id INTEGER PRIMARY KEY);" + end,
			})})
		}
		must(t, with("\n").Up(t.Context()))
		must(t, with("\r\n").Up(t.Context()))
	})
}

// TestLateVersion: a file that came after a later one had been applied.
func TestLateVersion(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		m := newMigrator(t, on.db, nil, abc("x", "abc"))
		must(t, m.Up(t.Context()))
		_, err := on.db.Exec(t.Context(), sqldb.Raw("DELETE FROM joinery_migrations WHERE version = 2"))
		must(t, err)
		is.Equal(line(t, m), "x/1 applied, x/2 late, x/3 applied")
		err = m.Up(t.Context())
		is.Equal(joinery.KindOf(err), joinery.Conflict)
		is.True(strings.Contains(err.Error(), "0002_b.up.sql of x came after 0003_c was applied"))
		is.True(m.Check(t.Context()) != nil)
	})
}

func TestNoWayDown(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		m := newMigrator(t, on.db, nil, migrate.Source{Name: "x", FS: files(map[string]string{
			"0001_a.up.sql": "CREATE TABLE x_a (id INTEGER PRIMARY KEY)",
			"0002_b.up.sql": "CREATE TABLE x_b (id INTEGER PRIMARY KEY)", "0002_b.down.sql": "DROP TABLE x_b",
		})})
		must(t, m.Up(t.Context()))
		err := m.Down(t.Context(), "x", 2)
		is.Equal(joinery.KindOf(err), joinery.Unsupported)
		is.Equal(line(t, m), "x/1 applied, x/2 applied") // not even the second
	})
}

// TestSteps: a step in Go joins the transaction with its managers' handle, and
// leaves nothing when it fails or panics.
func TestSteps(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		fail := errors.New("no")
		how := "fail"
		m := newMigrator(t, on.db, nil, abcWithStep(func(ctx context.Context, db *sqldb.DB) error {
			is.True(db == on.db && sqldb.InTransaction(ctx, on.db))
			_, err := db.Exec(ctx, sqldb.Raw("INSERT INTO x_a (id) VALUES (?)", 7))
			switch how {
			case "fail":
				return fail
			case "panic":
				panic(fail)
			}
			return err
		}))
		rows := func() []int { return column[int](t, on.db, "SELECT id FROM x_a") }
		is.True(errors.Is(m.Up(t.Context()), fail))
		is.Equal(rows(), nil)
		how = "panic"
		func() {
			defer func() { is.Equal(recover(), fail) }()
			_ = m.Up(t.Context())
		}()
		is.Equal(rows(), nil)
		how = ""
		must(t, m.Up(t.Context()))
		is.Equal(rows(), []int{7})
		is.Equal(line(t, m), "x/1 applied, x/2 applied")
	})
}

func abcWithStep(up func(context.Context, *sqldb.DB) error) migrate.Source {
	s := abc("x", "a")
	s.Steps = []migrate.Step{{Version: 2, Name: "fill", Up: up, Repeatable: true}}
	return s
}

func TestNotInsideATransaction(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		m := newMigrator(t, on.db, nil, abc("x", "a"))
		must(t, sqldb.InTx(t.Context(), on.db, func(ctx context.Context) error {
			is.New(t).True(m.Up(ctx) != nil)
			return nil
		}))
	})
}
