package sqldb_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

func TestCompile(t *testing.T) {
	t.Parallel()
	slot := func(i int) any { return sqldb.Slot(i) }
	for name, c := range map[string]struct {
		stmt             sqldb.Sqlizer
		postgres, sqlite string
		args             []any // with the values "a", "b", "c"
		sqliteArgs       []any
	}{
		"one number per slot": {
			sqldb.Raw("x = ? OR y = ? OR z = ?", slot(0), slot(1), slot(0)),
			"x = $1 OR y = $2 OR z = $1", "x = +? OR y = +? OR z = +?", []any{"a", "b"}, []any{"a", "b", "a"},
		},
		"constants": {
			sqldb.Raw("x = ? AND y = ? AND z = ?", "k", slot(2), "k"),
			"x = $1 AND y = $2 AND z = $3", "x = +? AND y = +? AND z = +?", []any{"k", "c", "k"}, []any{"k", "c", "k"},
		},
		"order of numbers follows the text": {
			sqldb.Raw("? ?", slot(1), slot(0)), "$1 $2", "+? +?", []any{"b", "a"}, []any{"b", "a"},
		},
		"quoted text": {
			sqldb.Raw(`'?' '''?' "?" ? -- ?`+"\n"+`/* ? */ ?`, slot(0), slot(1)),
			`'?' '''?' "?" $1 -- ?` + "\n" + `/* ? */ $2`, `'?' '''?' "?" +? -- ?` + "\n" + `/* ? */ +?`, []any{"a", "b"}, []any{"a", "b"},
		},
		"operators": {sqldb.Raw("x ?? ? AND y ??| z", slot(0)), "x ? $1 AND y ?| z", "x ? +? AND y ?| z", []any{"a"}, []any{"a"}},
		"no values": {sqldb.Raw("SELECT 1"), "SELECT 1", "SELECT 1", nil, nil},
		"a builder": {
			squirrel.Select("x").From("v").Where(squirrel.Eq{"y": slot(1)}).Where(squirrel.Expr("z IN (?)", squirrel.Select("q").From("w").Where(squirrel.Lt{"r": slot(0)}))).Suffix("LIMIT ?", slot(1)),
			"SELECT x FROM v WHERE y = $1 AND z IN (SELECT q FROM w WHERE r < $2) LIMIT $1",
			"SELECT x FROM v WHERE y = +? AND z IN (SELECT q FROM w WHERE r < +?) LIMIT +?", []any{"b", "a"}, []any{"b", "a", "b"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			for _, d := range []struct {
				dialect sqldb.Dialect
				text    string
				args    []any
			}{{pgdb.Dialect(), c.postgres, c.args}, {sqlitedb.Dialect(), c.sqlite, c.sqliteArgs}} {
				tmpl, err := sqldb.Compile(d.dialect, c.stmt)
				is.NoErr(err)
				is.Equal(tmpl.SQL(), d.text)
				stmt := tmpl.Bind([]any{"a", "b", "c"})
				is.Equal(stmt.SQL, d.text)
				is.Equal(len(stmt.Args), len(d.args))
				for i := range d.args {
					is.Equal(stmt.Args[i], d.args[i])
				}
			}
		})
	}
}

func TestCompileOnPostgresOnly(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	for text, want := range map[string]string{
		`E'\'?' ? e'?\\' ?`:          `E'\'?' $1 e'?\\' $2`,
		`name'?' ? '\' ?`:            `name'?' $1 '\' $2`, // no E string: the backslash is itself
		`$$ ? $$ ? $a$ ? $$ ? $a$ ?`: `$$ ? $$ $1 $a$ ? $$ ? $a$ $2`,
		`/* /* ? */ ? */ ? /**/ ?`:   `/* /* ? */ ? */ $1 /**/ $2`,
		`a$b$ ? $b ?`:                `a$b$ $1 $b $2`,
		`x[?] ? '`:                   `x[$1] $2 '`,
		`ARRAY[?]::text[] || ?`:      `ARRAY[$1]::text[] || $2`,
	} {
		tmpl, err := sqldb.Compile(pgdb.Dialect(), sqldb.Raw(text, 1, 2))
		is.NoErr(err)
		is.Equal(tmpl.SQL(), want)
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	dollar := squirrel.Select("x").From("v").Where("y = ?", 1).PlaceholderFormat(squirrel.Dollar)
	for want, stmt := range map[string]sqldb.Sqlizer{
		"nil":                   nil,
		"mixes ? and $1":        squirrel.Select("x").From("v").Where("a = ?", 1).Where(squirrel.Expr("b IN (?)", dollar)),
		"numbered to $1":        squirrel.Expr("(?) UNION (?)", dollar, dollar),
		"squirrel.Expr":         squirrel.Select("x").From("v").Where("z IN (?)", squirrel.Select("q").From("w")),
		"2 placeholders":        sqldb.Raw("? ?", 1),
		"0 placeholders":        sqldb.Raw("x", 1),
		"build the statement":   squirrel.Select(),
		"without a Fragment":    &sqldb.Cond{},
		"the condition needs v": &sqldb.Cond{Fragment: &sqldb.Fragment{SQL: "x = ?", Slots: []int{0}}},
	} {
		_, err := sqldb.Compile(pgdb.Dialect(), stmt)
		is.True(err != nil)
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %q", want, err)
		}
	}
	numbered, err := sqldb.Compile(pgdb.Dialect(), dollar) // as a whole it is fine
	is.NoErr(err)
	is.Equal(numbered.SQL(), "SELECT x FROM v WHERE y = $1")
}

// shape is the statement of a list with three filters and a permission
// condition, compiled once.
func shape(t testing.TB, d sqldb.Dialect) (*sqldb.Template, *sqldb.Cond) {
	t.Helper()
	may := &sqldb.Fragment{SQL: "(t.user_id = ? OR t.team_id IN (SELECT m.team_id FROM memberships m WHERE m.member_id = ?))", Slots: []int{0, 0}}
	tmpl, err := sqldb.Compile(d, squirrel.Select("t.id", "t.title").From("notes t").
		Where(squirrel.Eq{"t.status": sqldb.Slot(0)}).Where(squirrel.GtOrEq{"t.priority": sqldb.Slot(1)}).Where(squirrel.Lt{"t.created_at": sqldb.Slot(2)}).
		Where(may.At(4)).OrderBy("t.id DESC").Suffix("LIMIT ?", sqldb.Slot(3)))
	if err != nil {
		t.Fatal(err)
	}
	return tmpl, &sqldb.Cond{Fragment: may, Values: []any{uuid.New()}}
}

// TestBindAllocates is the gate for the cost of building a statement.
func TestBindAllocates(t *testing.T) {
	for _, d := range []sqldb.Dialect{pgdb.Dialect(), sqlitedb.Dialect()} {
		tmpl, cond := shape(t, d)
		values := []any{"open", int64(3), time.Now().UTC().Truncate(time.Microsecond), int64(51)}
		got := testing.AllocsPerRun(100, func() {
			_ = tmpl.Bind(append(values, cond.Values...))
		})
		t.Logf("%s: %v allocations", d.Name(), got)
		limit := 5.0
		if d.Name() == "sqlite" {
			limit = 7 // no numbers: the uuid's text is made twice
		}
		if got > limit {
			t.Errorf("%s: %v allocations to bind a statement, want at most %v", d.Name(), got, limit)
		}
	}
}

func BenchmarkBind(b *testing.B) {
	tmpl, cond := shape(b, pgdb.Dialect())
	values := []any{"open", int64(3), time.Now().UTC().Truncate(time.Microsecond), int64(51)}
	b.ReportAllocs()
	for b.Loop() {
		_ = tmpl.Bind(append(values, cond.Values...))
	}
}

// A template that writes inside WITH goes where writes go, and is one in a
// transaction that only reads.
func TestTemplatesKnowWhetherTheyWrite(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil, "CREATE TABLE v (n INTEGER)")
	compile := func(text string) sqldb.Stmt {
		tmpl, err := sqldb.Compile(db.Dialect(), sqldb.Raw(text, sqldb.Slot(0)))
		is.NoErr(err)
		return tmpl.Bind([]any{7})
	}
	write := compile("WITH x (i) AS (SELECT ? + 0) INSERT INTO v (n) SELECT i FROM x RETURNING n")
	read := compile("WITH x (i) AS (SELECT ? + 0) SELECT n FROM v JOIN x ON x.i = v.n")
	n, err := sqldb.Column[int64](t.Context(), db, write)
	is.NoErr(err)
	is.Equal(n, []int64{7})
	n, err = sqldb.Column[int64](t.Context(), db, read)
	is.NoErr(err)
	is.Equal(n, []int64{7})
	err = sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		if _, err := sqldb.Column[int64](ctx, db, read); err != nil {
			return err
		}
		_, err := sqldb.Column[int64](ctx, db, write)
		is.True(sqldb.ClassOf(err) == sqldb.WriteRefused)
		return err
	}, sqldb.ReadOnly)
	is.True(err != nil)
}
