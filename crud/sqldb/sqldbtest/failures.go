package sqldbtest

import (
	"context"
	"errors"
	"fmt"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

var failures = []test{
	{"errors by class", classes},
	{"errors in queries", queryErrors},
	{"errors at commit", deferredErrors},
	{"a wrong statement is no database outage", wrongStatement},
}

const related = `CREATE TABLE child (
	id integer PRIMARY KEY, v_n %s REFERENCES v (n) ON DELETE RESTRICT, small integer, a integer, b integer, must integer NOT NULL,
	CONSTRAINT small_is_small CHECK (small < 10), CONSTRAINT child_a_b UNIQUE (a, b))`

func classes(t *T) {
	db := t.kept("text")
	t.exec(db, sqldb.Raw(fmt.Sprintf(related, columnType(t, db, "int"))))
	put(t, db, "a")
	t.exec(db, sqldb.Raw("INSERT INTO child (id, v_n, a, b, must) VALUES (1, 1, 1, 1, 1)"))
	for text, want := range map[string]sqldb.Error{
		"INSERT INTO v (n) VALUES (1)":                           {Class: sqldb.Unique, Table: "v", Columns: []string{"n"}},
		"INSERT INTO child (id, a, b, must) VALUES (2, 1, 1, 1)": {Class: sqldb.Unique, Constraint: "child_a_b", Table: "child", Columns: []string{"a", "b"}},
		"INSERT INTO child (id, v_n, must) VALUES (2, 7, 1)":     {Class: sqldb.ForeignKey},
		"DELETE FROM v":                                              {Class: sqldb.ForeignKey},
		"INSERT INTO child (id) VALUES (2)":                          {Class: sqldb.NotNull, Table: "child", Columns: []string{"must"}},
		"UPDATE child SET must = NULL":                               {Class: sqldb.NotNull, Table: "child", Columns: []string{"must"}},
		"INSERT INTO child (id, small, must) VALUES (2, 10, 1)":      {Class: sqldb.Check},
		"INSERT INTO child (id, nonsense, must) VALUES (2, 10, 1)":   {Class: sqldb.Other},
		"INSERT INTO child (id, must) VALUES (2, (SELECT n FROM x))": {Class: sqldb.Other},
	} {
		_, err := db.Exec(t.Context(), sqldb.Stmt{SQL: text})
		var e *sqldb.Error
		if !errors.As(err, &e) || e.Class != want.Class {
			t.Errorf("%s: %v (want class %v)", text, err, want.Class)
			continue
		}
		told(t, text, e, want)
		t.Equal(joinery.KindOf(err), joinery.Internal) // what it means for a caller is not sqldb's to say
	}
}

// told compares what the database may tell or keep to itself.
func told(t *T, text string, got *sqldb.Error, want sqldb.Error) {
	if got.Table != "" && want.Table != "" && got.Table != want.Table {
		t.Errorf("%s: table %q", text, got.Table)
	}
	if got.Constraint != "" && want.Constraint != "" && got.Constraint != want.Constraint {
		t.Errorf("%s: constraint %q", text, got.Constraint)
	}
	if got.Columns != nil && want.Columns != nil && !equal(got.Columns, want.Columns) {
		t.Errorf("%s: columns %q", text, got.Columns)
	}
	if want.Columns != nil && got.Columns == nil && got.Constraint == "" {
		t.Errorf("%s: neither constraint nor columns are told", text)
	}
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func queryErrors(t *T) {
	db := t.kept("text")
	put(t, db, "a")
	_, err := sqldb.Column[int64](t.Context(), db, sqldb.Raw("INSERT INTO v (n) VALUES (2), (1) RETURNING n"))
	t.Equal(sqldb.ClassOf(err), sqldb.Unique)
	_, err = db.Query(t.Context(), sqldb.Raw("SELECT nonsense"))
	t.True(err != nil)
	t.Equal(numbers(t, db), []int64{1})
	t.Equal(db.Stats().Errors, int64(2))
}

func deferredErrors(t *T) {
	db := t.kept("text")
	if db.Dialect().Name() == "mariadb" {
		t.Skip("MariaDB has no deferred constraints: nothing can be wrong at the commit")
	}
	t.exec(db, sqldb.Raw("CREATE TABLE late (n integer REFERENCES v (n) DEFERRABLE INITIALLY DEFERRED)"))
	ran := false
	err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		sqldb.AfterCommit(ctx, db, func(context.Context) { ran = true })
		_, err := db.Exec(ctx, sqldb.Raw("INSERT INTO late VALUES (1)"))
		t.NoErr(err)
		return nil
	})
	t.Equal(sqldb.ClassOf(err), sqldb.ForeignKey)
	t.True(!ran)
	t.Equal(one[int64](t, db, sqldb.Raw("SELECT count(*) FROM late")), int64(0))
	t.exec(db, insert(1)) // the connection is usable
}

func wrongStatement(t *T) {
	db := t.db(nil)
	_, err := db.Exec(t.Context(), sqldb.Raw("NONSENSE"))
	t.True(!joinery.IsKind(err, joinery.Unavailable))
	t.Equal(sqldb.ClassOf(err), sqldb.Other)
}
