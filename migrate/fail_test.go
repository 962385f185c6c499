package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
)

// five are statements none of which could be run twice.
var five = []string{
	"CREATE TABLE f1 (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)",
	"INSERT INTO f1 (id, n) VALUES (1, 1)",
	"CREATE TABLE f2 (id INTEGER PRIMARY KEY)",
	"UPDATE f1 SET n = n + 1",
	"CREATE INDEX f1_n ON f1 (n)",
}

// fiveDown takes the five back.
var fiveDown = []string{
	"DROP TABLE f2", "UPDATE f1 SET n = n - 1", "DELETE FROM f1 WHERE n = 1", "CREATE TABLE f3 (id INTEGER PRIMARY KEY)", "DROP TABLE f3", "DROP TABLE f1",
}

const failing = "INSERT INTO not_there (id) VALUES (1)"

// failingAt is the statements with one that fails before the k-th.
func failingAt(statements []string, k int, head, note string) string {
	var b strings.Builder
	b.WriteString(head)
	for i, s := range statements {
		if i+1 == k {
			b.WriteString(note + failing + ";\n")
		}
		b.WriteString(s + ";\n")
	}
	return b.String()
}

func fiveSource(up, down string) migrate.Source {
	s := abc("x", "a")
	fs := files(map[string]string{"0002_five.up.sql": up, "0002_five.down.sql": down})
	for name, f := range files(map[string]string{"0001_a.up.sql": "CREATE TABLE x_a (id INTEGER PRIMARY KEY)", "0001_a.down.sql": "DROP TABLE x_a"}) {
		fs[name] = f
	}
	s.FS = fs
	return s
}

// TestBar56_FailingStatement: in a transaction, whichever statement fails, the
// schema, the rows and the history are as they were, and the next run makes all.
func TestBar56_FailingStatement(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		if !on.steady {
			t.Skip("changes of the schema are not rolled back here: see TestBar56_FailingStatementAlone")
		}
		is := is.New(t)
		good := newMigrator(t, on.db, nil, fiveSource(failingAt(five, 0, "", ""), failingAt(fiveDown, 0, "", "")))
		must(t, good.UpTo(t.Context(), "x", 1))
		before := schema(t, on.db)
		for k := 1; k <= len(five); k++ {
			bad := newMigrator(t, on.db, nil, fiveSource(failingAt(five, k, "\n", ""), ""))
			err := bad.Up(t.Context())
			e, ok := errors.AsType[*migrate.Error](err)
			is.True(ok)
			is.Equal(fmt.Sprint(e.File, e.Line, e.Statement, e.SQL, e.Partial), fmt.Sprint("0002_five.up.sql", k+1, k, failing, false))
			is.Equal(schema(t, on.db), before)
			is.Equal(line(t, bad), "x/1 applied, x/2 pending")
		}
		must(t, good.Up(t.Context()))
		full := schema(t, on.db)
		for k := 1; k <= len(fiveDown); k++ {
			bad := newMigrator(t, on.db, nil, fiveSource(failingAt(five, 0, "", ""), failingAt(fiveDown, k, "", "")))
			is.True(bad.Down(t.Context(), "x", 1) != nil)
			is.Equal(schema(t, on.db), full)
			is.Equal(column[int](t, on.db, "SELECT n FROM f1"), []int{2})
			is.Equal(line(t, bad), "x/1 applied, x/2 applied")
		}
		must(t, good.Down(t.Context(), "x", 1))
		is.Equal(schema(t, on.db), before)
	})
}

// onEachAlone runs a test where statements are each on their own: by nature, or
// by the note that is to be put at the head of files.
func onEachAlone(t *testing.T, test func(t *testing.T, on target, head string)) {
	t.Helper()
	onEach(t, func(t *testing.T, on target) {
		switch {
		case on.name == "sqlite":
			t.Skip("files without a transaction are refused here")
		case on.steady:
			test(t, on, "-- joinery:no-transaction\n")
		default:
			test(t, on, "")
		}
	})
}

// TestBar56_FailingStatementAlone: without a transaction, whichever statement
// fails, the migration is marked there; no run goes on by itself, and after
// somebody said where, no statement is run twice.
func TestBar56_FailingStatementAlone(t *testing.T) {
	t.Parallel()
	onEachAlone(t, func(t *testing.T, on target, head string) {
		is := is.New(t)
		ctx := t.Context()
		good := newMigrator(t, on.db, nil, fiveSource(failingAt(five, 0, head, ""), failingAt(fiveDown, 0, head, "")))
		must(t, good.UpTo(ctx, "x", 1))
		before := schema(t, on.db)
		for k := 1; k <= len(five); k++ {
			bad := newMigrator(t, on.db, nil, fiveSource(failingAt(five, k, head, ""), ""))
			e, ok := errors.AsType[*migrate.Error](bad.Up(ctx))
			is.True(ok)
			is.Equal(fmt.Sprint(e.Statement, e.Partial), fmt.Sprint(k, true))
			is.Equal(line(t, bad), fmt.Sprintf("x/1 applied, x/2 partial at %d", k))
			for _, err := range []error{bad.Up(ctx), good.Up(ctx), good.Down(ctx, "x", 1), good.Check(ctx)} {
				is.Equal(joinery.KindOf(err), joinery.Conflict)
				is.True(strings.Contains(err.Error(), fmt.Sprintf("statement %d of", k)))
			}
			must(t, good.Resolve(ctx, "x", 2, migrate.Retry)) // of the file as it was corrected
			must(t, good.Up(ctx))
			is.Equal(column[int](t, on.db, "SELECT n FROM f1"), []int{2})
			must(t, good.Down(ctx, "x", 1))
			is.Equal(schema(t, on.db), before)
		}
	})
}

// TestRepeatableGoesOn: a run goes on by itself at a statement that may be
// repeated, both ways, and behind one that a person has made.
func TestRepeatableGoesOn(t *testing.T) {
	t.Parallel()
	onEachAlone(t, func(t *testing.T, on target, head string) {
		is := is.New(t)
		ctx := t.Context()
		m := newMigrator(t, on.db, nil, fiveSource(failingAt(five, 3, head, repeatable), failingAt(fiveDown, 2, head, repeatable)))
		for range 2 {
			e, ok := errors.AsType[*migrate.Error](m.Up(ctx))
			is.True(ok)
			is.Equal(e.Statement, 3) // again
		}
		is.Equal(joinery.KindOf(m.Check(ctx)), joinery.Unavailable)
		plan, err := m.Plan(ctx)
		must(t, err)
		is.Equal(plan[0].Statements, append([]string{failing}, five[2:]...))
		_, err = on.db.Exec(ctx, sqldb.Raw("CREATE TABLE not_there (id INTEGER)"))
		must(t, err)
		must(t, m.Up(ctx))
		is.Equal(column[int](t, on.db, "SELECT n FROM f1"), []int{2})

		_, err = on.db.Exec(ctx, sqldb.Raw("DROP TABLE not_there"))
		must(t, err)
		is.True(m.Down(ctx, "x", 1) != nil)
		is.Equal(line(t, m), "x/1 applied, x/2 partial at 2")
		must(t, m.Resolve(ctx, "x", 2, migrate.Skip))
		must(t, m.Down(ctx, "x", 1))
		is.Equal(line(t, m), "x/1 applied, x/2 pending")
	})
}

// TestStatementsBeforeAreKept: what has been run may not be another one now.
func TestStatementsBeforeAreKept(t *testing.T) {
	t.Parallel()
	onEachAlone(t, func(t *testing.T, on target, head string) {
		m := newMigrator(t, on.db, nil, fiveSource(failingAt(five, 3, head, repeatable), ""))
		is.New(t).True(m.Up(t.Context()) != nil)
		other := append([]string{"SELECT 1"}, five[1:]...)
		err := newMigrator(t, on.db, nil, fiveSource(failingAt(other, 3, head, repeatable), "")).Up(t.Context())
		is.New(t).Equal(joinery.KindOf(err), joinery.Conflict)
		is.New(t).True(strings.Contains(err.Error(), "statements before number 3, where it stands, were changed"))
	})
}

func TestResolve(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		ctx := t.Context()
		_, err := on.db.Exec(ctx, sqldb.Raw("CREATE TABLE x_a (id INTEGER PRIMARY KEY)")) // before there was a history
		must(t, err)
		m := newMigrator(t, on.db, nil, abc("x", "abc"))
		is.Equal(joinery.KindOf(m.Resolve(ctx, "x", 2, migrate.AsApplied)), joinery.Conflict) // not before the first
		must(t, m.Resolve(ctx, "x", 1, migrate.AsApplied))
		must(t, m.Up(ctx))
		is.Equal(line(t, m), "x/1 applied, x/2 applied, x/3 applied")

		edited := newMigrator(t, on.db, nil, migrate.Source{Name: "x", FS: files(map[string]string{
			"0001_a.up.sql": "CREATE TABLE x_a (id INTEGER PRIMARY KEY)", "0002_b.up.sql": "-- by hand\nCREATE TABLE x_b (id INTEGER PRIMARY KEY)", "0003_c.up.sql": "CREATE TABLE x_c (id INTEGER PRIMARY KEY)",
		})})
		must(t, edited.Resolve(ctx, "x", 2, migrate.AsApplied)) // accepts the change
		is.NoErr(edited.Check(ctx))

		is.Equal(joinery.KindOf(m.Resolve(ctx, "x", 2, migrate.AsReverted)), joinery.Conflict) // not the last
		must(t, m.Resolve(ctx, "x", 3, migrate.AsReverted))
		is.Equal(line(t, edited), "x/1 applied, x/2 applied, x/3 pending")
		is.Equal(joinery.KindOf(m.Resolve(ctx, "x", 2, migrate.Retry)), joinery.Conflict)
		is.Equal(joinery.KindOf(m.Resolve(ctx, "x", 2, "gone")), joinery.Invalid)
		is.Equal(joinery.KindOf(m.Resolve(ctx, "x", 4, migrate.AsApplied)), joinery.Invalid)
	})
}

// TestKilledHalfway: killed between statements that are each on their own, the
// migration is marked at the one that nobody can tell about.
func TestKilledHalfway(t *testing.T) {
	t.Parallel()
	onEachAlone(t, func(t *testing.T, on target, head string) {
		is := is.New(t)
		ctx := t.Context()
		p := start(t, job{Server: on.name, URL: on.url, HangIn: "core/t3", Head: head})
		<-p.hung
		must(t, p.cmd.Process.Kill())
		<-p.done
		m := newMigrator(t, on.db, nil, shopSources(head, "")...)
		err := m.Up(ctx)
		is.Equal(joinery.KindOf(err), joinery.Conflict)
		is.True(strings.Contains(err.Error(), "0003_t3.up.sql of core is half done: it ended at statement 2 of 3"))
		must(t, m.Resolve(ctx, "core", 3, migrate.Retry))
		must(t, m.Up(ctx))
		is.Equal(column[int](t, on.db, "SELECT count(*) FROM core3"), []int{1})
	})
}

// TestCanceledRun: a run ends with its ctx, and the next one finds all in order.
func TestCanceledRun(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		m := newMigrator(t, on.db, nil, abcWithStep(func(ctx context.Context, db *sqldb.DB) error {
			cancel()
			_, err := db.Exec(ctx, sqldb.Raw("INSERT INTO x_a (id) VALUES (1)"))
			return err
		}))
		is.Equal(joinery.KindOf(m.Up(ctx)), joinery.Unavailable)
		is.Equal(column[int](t, on.db, "SELECT id FROM x_a"), nil)
		is.Equal(on.db.Stats().InUse, 0)
		must(t, newMigrator(t, on.db, nil, abcWithStep(func(context.Context, *sqldb.DB) error { return nil })).Up(t.Context()))
	})
}
