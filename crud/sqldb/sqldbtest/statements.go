package sqldbtest

import (
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
)

var statements = []test{
	{"placeholders", placeholders},
	{"placeholders in builders inside builders", nestedPlaceholders},
	{"placeholders wrong in number", wrongPlaceholders},
	{"hostile identifiers", hostileIdentifiers},
	{"templates", templates},
	{"conditions", conditions},
	{"upsert", upsert},
	{"returning", returning},
	{"paging", paging},
	{"recursive CTE of 5,000 levels", recursion},
	{"affected rows", affectedRows},
	{"one statement per call", oneStatement},
	{"row helpers", rowHelpers},
}

func placeholders(t *T) {
	db := t.db(nil)
	var a, b, c, d string
	_, err := sqldb.Row(t.Context(), db, sqldb.Raw(
		`SELECT 'it''s ?', "q?"."x?", '??', y /* why? /* */ -- and?`+"\n"+` FROM (SELECT CAST(? AS `+castType(t, db, "text")+`) AS "x?", CAST(? AS `+castType(t, db, "text")+`) AS y) AS "q?"`,
		"first?", "second"), &a, &b, &c, &d)
	if db.Dialect().Name() == "postgres" { // whose comments nest: the one above does not end
		t.True(err != nil)
		_, err = sqldb.Row(t.Context(), db, sqldb.Raw(
			`SELECT 'it''s ?', "q?"."x?", '??', y /* why? /* */ ? */ -- and?`+"\n"+` FROM (SELECT ?::text AS "x?", ?::text AS y, $$ ? $$ AS z, E'\'?' AS e) AS "q?"`,
			"first?", "second"), &a, &b, &c, &d)
	}
	t.NoErr(err)
	t.Equal([]string{a, b, c, d}, []string{"it's ?", "first?", "??", "second"})
}

func nestedPlaceholders(t *T) {
	db := t.kept("text")
	put(t, db, "a", "b", "c", "d")
	inner := squirrel.Select("n").From("v").Where(squirrel.Eq{"x": "b"})
	got := read[string](t, db, squirrel.Select("x").From("v").
		Where(squirrel.Or{squirrel.Expr("n IN (?)", inner), squirrel.Gt{"n": 3}}).
		Where(squirrel.NotEq{"x": "z"}).OrderBy("n").Suffix("LIMIT ?", 5))
	t.Equal(got, []string{"b", "d"})
}

func wrongPlaceholders(t *T) {
	db := t.db(nil)
	for _, stmt := range []sqldb.Sqlizer{
		sqldb.Raw("SELECT ?"), sqldb.Raw("SELECT 1", 2), sqldb.Raw("SELECT ?, ?", 1), sqldb.Raw("SELECT ?", sqldb.Slot(0)), nil,
		sqldb.Stmt{SQL: "SELECT " + db.Dialect().Placeholder(1), Args: []any{sqldb.Slot(0)}},
	} {
		_, err := db.Query(t.Context(), stmt)
		t.True(err != nil)
		t.True(strings.Contains(err.Error(), "sqldb: "))
		_, err = db.Exec(t.Context(), stmt)
		t.True(err != nil)
	}
}

var hostile = []string{
	`select`, `a"b`, `a""b`, `"`, `a'b`, `a;DROP TABLE v`, `a--b`, `a/*b`, `a b`, ` `, `$1`, `?`, `a\b`, "a`b", `[a]`, `é`, `日本`, `😀`, "a\nb",
	`UPPER`, `upper`, `1`, `%s`,
}

func hostileIdentifiers(t *T) {
	db := t.db(nil)
	q := db.Dialect().Quote
	for i, name := range hostile {
		table, column := q("t "+name), q(name)
		if name == "UPPER" || name == "upper" {
			table = q(name + "s of test") // SQLite tells no table names by case
			if name == "upper" {
				table = q("other")
			}
		}
		create := sqldb.Stmt{SQL: "CREATE TABLE " + table + " (" + column + " " + columnType(t, db, "int") + ")"}
		if db.Dialect().Name() == "mariadb" && (name == " " || name == "😀") {
			_, err := db.Exec(t.Context(), create) // its identifiers end with no space and are of the first 65,536 characters
			t.Equal(sqldb.ClassOf(err), sqldb.Other)
			t.True(err != nil)
			continue
		}
		t.exec(db, create)
		t.exec(db, squirrel.Insert(table).Columns(column).Values(i))
		t.Equal(one[int64](t, db, squirrel.Select(column).From(table).Where(squirrel.Eq{column: i})), int64(i))
		rows, err := db.Query(t.Context(), squirrel.Select(column).From(table))
		t.NoErr(err)
		names, err := rows.Columns()
		t.NoErr(err)
		t.NoErr(rows.Close())
		t.Equal(names, []string{name})
	}
	t.Equal(q("a\x00b"), q("ab"))
}

func templates(t *T) {
	db := t.kept("text")
	put(t, db, "a", "b", "?")
	tmpl, err := sqldb.Compile(db.Dialect(), squirrel.Select("x").From("v").
		Where(squirrel.Or{squirrel.Eq{"x": sqldb.Slot(0)}, squirrel.Expr("x <> '?' AND x > ?", sqldb.Slot(0))}).
		Where("n > ?", 0).OrderBy("n").Suffix("LIMIT ?", sqldb.Slot(1)))
	t.NoErr(err)
	t.Equal(tmpl.Slots(), 2)
	t.Equal(read[string](t, db, tmpl.Bind([]any{"a", 5})), []string{"a", "b"})
	t.Equal(read[string](t, db, tmpl.Bind([]any{"a", 1})), []string{"a"})
	t.Equal(read[string](t, db, tmpl.Bind([]any{"b", 9})), []string{"b"})
	t.Equal(read[string](t, db, tmpl.Bind([]any{"?", 9})), []string{"a", "b", "?"})
}

func conditions(t *T) {
	db := t.kept("text")
	put(t, db, "a", "b", "c")
	fragment := &sqldb.Fragment{SQL: "(x = ? OR x = ? OR x = ?)", Slots: []int{1, 0, 1}}
	cond := &sqldb.Cond{Fragment: fragment, Values: []any{"a", "c"}}
	t.Equal(read[string](t, db, squirrel.Select("x").From("v").Where(cond).Where(squirrel.Lt{"n": 3}).OrderBy("n")), []string{"a"})

	tmpl, err := sqldb.Compile(db.Dialect(), squirrel.Select("x").From("v").Where(squirrel.Lt{"n": sqldb.Slot(0)}).Where(fragment.At(1)).OrderBy("n"))
	t.NoErr(err)
	t.Equal(read[string](t, db, tmpl.Bind(append([]any{4}, cond.Values...))), []string{"a", "c"})

	_, _, err = (&sqldb.Cond{Fragment: fragment, Values: []any{"a"}}).ToSql()
	t.True(err != nil)
	_, _, err = (&sqldb.Cond{}).ToSql()
	t.True(err != nil)
}

func upsert(t *T) {
	db := t.kept("text")
	if !db.Dialect().Has(sqldb.OnConflict) {
		t.Skip("the database has no ON CONFLICT")
	}
	set := func(x string) sqldb.Sqlizer {
		return squirrel.Insert("v").Columns("n", "x").Values(1, x).Suffix("ON CONFLICT (n) DO UPDATE SET x = excluded.x")
	}
	t.Equal(t.exec(db, set("a")), int64(1))
	t.Equal(t.exec(db, set("b")), int64(1))
	t.Equal(t.exec(db, squirrel.Insert("v").Columns("n", "x").Values(1, "c").Suffix("ON CONFLICT DO NOTHING")), int64(0))
	t.Equal(read[string](t, db, sqldb.Raw("SELECT x FROM v")), []string{"b"})
}

func returning(t *T) {
	db := t.kept("text")
	d := db.Dialect()
	if !d.Has(sqldb.ReturningInsert) || !d.Has(sqldb.ReturningDelete) {
		t.Skip("the database returns no rows from inserts and deletes")
	}
	t.Equal(read[int64](t, db, squirrel.Insert("v").Columns("n", "x").Values(1, "a").Values(2, "b").Suffix("RETURNING n")), []int64{1, 2})
	update := squirrel.Update("v").Set("x", "c").Where(squirrel.Eq{"n": 1})
	if d.Has(sqldb.ReturningUpdate) {
		t.Equal(read[string](t, db, update.Suffix("RETURNING x")), []string{"c"})
	} else {
		_, err := sqldb.Column[string](t.Context(), db, update.Suffix("RETURNING x"))
		t.Equal(sqldb.ClassOf(err), sqldb.Other)
		t.True(err != nil) // so it is told, and not run as a plain update
		t.Equal(t.exec(db, update), int64(1))
	}
	t.Equal(read[string](t, db, squirrel.Delete("v").Where(squirrel.Eq{"n": 3}).Suffix("RETURNING x")), nil)
	t.Equal(read[string](t, db, squirrel.Delete("v").Where(squirrel.Eq{"n": 1}).Suffix("RETURNING x")), []string{"c"})
	t.Equal(read[string](t, db, sqldb.Raw("SELECT x FROM v")), []string{"b"})
	if found, err := sqldb.Row(t.Context(), db, squirrel.Insert("v").Columns("n", "x").Values(9, "z").Suffix("RETURNING x"), new(string)); err != nil || !found {
		t.Fatal(found, err) // the rest of the rows is not read, and the insert happens all the same
	}
	t.Equal(one[int64](t, db, sqldb.Raw("SELECT count(*) FROM v WHERE n = 9")), int64(1))
}

func paging(t *T) {
	db := t.kept("text")
	for i := range 25 {
		t.exec(db, sqldb.Raw("INSERT INTO v (n, x) VALUES (?, ?)", i, string(rune('a'+i/5))))
	}
	page, err := sqldb.Compile(db.Dialect(), squirrel.Select("n").From("v").
		Where(squirrel.Expr("(x, n) < (?, ?)", sqldb.Slot(0), sqldb.Slot(1))).OrderBy("x DESC", "n DESC").Suffix("LIMIT ?", sqldb.Slot(2)))
	t.NoErr(err)
	var seen []int64
	for x, n := "z", int64(100); ; {
		got := read[int64](t, db, page.Bind([]any{x, n, 10}))
		if len(got) == 0 {
			break
		}
		seen = append(seen, got...)
		n = got[len(got)-1]
		x = string(rune('a' + n/5))
	}
	t.Equal(len(seen), 25)
	for i, n := range seen {
		t.Equal(n, int64(24-i))
	}
}

func recursion(t *T) {
	db := t.db(nil)
	n := one[int64](t, db, sqldb.Raw("WITH RECURSIVE r(i) AS (SELECT 1 UNION SELECT i + 1 FROM r WHERE i < ?) SELECT count(*) FROM r", 5000))
	t.Equal(n, int64(5000))
}

func affectedRows(t *T) {
	db := t.kept("text")
	put(t, db, "a", "b", "c")
	t.Equal(t.exec(db, squirrel.Update("v").Set("x", "a").Where("n <= 2")), int64(2)) // the unchanged row counts
	t.Equal(t.exec(db, squirrel.Update("v").Set("x", "z").Where("n > 5")), int64(0))
	t.Equal(t.exec(db, squirrel.Delete("v")), int64(3))
}

func oneStatement(t *T) {
	db := t.kept("text")
	if db.Dialect().Name() == "sqlite" {
		t.Skip("the driver for SQLite runs several statements in one text")
	}
	_, err := db.Exec(t.Context(), sqldb.Stmt{SQL: "INSERT INTO v (n) VALUES (1); INSERT INTO v (n) VALUES (2)"})
	t.True(err != nil)
	t.Equal(one[int64](t, db, sqldb.Raw("SELECT count(*) FROM v")), int64(0))
}

func rowHelpers(t *T) {
	db := t.kept("text")
	put(t, db, "a", "b")
	x := "untouched"
	found, err := sqldb.Row(t.Context(), db, sqldb.Raw("SELECT x FROM v WHERE n = 7"), &x)
	t.NoErr(err)
	t.True(!found)
	t.Equal(x, "untouched")
	x, err = sqldb.Scalar[string](t.Context(), db, sqldb.Raw("SELECT x FROM v WHERE n = 7"))
	t.NoErr(err)
	t.Equal(x, "")
	_, err = sqldb.Row(t.Context(), db, sqldb.Raw("SELECT x FROM v"), new(string), new(string))
	t.True(err != nil) // more destinations than columns
	t.NoErr(sqldb.ExecAll(t.Context(), db, []string{"DELETE FROM v", "INSERT INTO v (n, x) VALUES (1, '?')"}))
	err = sqldb.ExecAll(t.Context(), db, []string{"DELETE FROM v", "DELETE FROM nowhere"})
	t.True(strings.Contains(err.Error(), "statement 2 of 2 (DELETE FROM nowhere)"))
}
