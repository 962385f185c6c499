package sqldbtest

import (
	"fmt"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// columnTypes are the types in which each database keeps the kinds of values.
var columnTypes = map[string]map[string]string{
	"postgres": {
		"text": `text COLLATE "C"`, "bool": "boolean", "int": "bigint", "float": "double precision", "decimal": "numeric(30,4)",
		"time": "timestamptz", "uuid": "uuid", "json": "jsonb", "bytes": "bytea", "small": "smallint",
	},
	"sqlite": {
		"text": "TEXT", "bool": "INTEGER", "int": "INTEGER", "float": "REAL", "decimal": "TEXT",
		"time": "INTEGER", "uuid": "TEXT", "json": "TEXT", "bytes": "BLOB", "small": "INTEGER",
	},
	"mariadb": {
		"text": "varchar(700) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin", "bool": "boolean", "int": "bigint", "float": "double",
		"decimal": "decimal(30,4)", "time": "datetime(6)", "uuid": "uuid", "json": "json", "bytes": "longblob", "small": "smallint",
	},
}

// columnType is the type for a kind of value.
func columnType(t *T, db *sqldb.DB, kind string) string {
	t.Helper()
	name, ok := columnTypes[db.Dialect().Name()][kind]
	if !ok {
		t.Fatalf("the suite knows no type for %s on %s: add it to columnTypes", kind, db.Dialect().Name())
	}
	return name
}

// castType is the type for a kind of value in a CAST.
func castType(t *T, db *sqldb.DB, kind string) string {
	t.Helper()
	if db.Dialect().Name() == "mariadb" && kind == "text" {
		return "char"
	}
	return columnType(t, db, kind)
}

// kept opens a database with a table v of the columns n (a number that orders
// the rows) and x, of the given kind.
func (t *T) kept(kind string) *sqldb.DB {
	t.Helper()
	db := t.db(nil)
	t.table(db, "v", kind)
	return db
}

func (t *T) table(db *sqldb.DB, name, kind string) {
	t.Helper()
	t.exec(db, sqldb.Raw("CREATE TABLE "+name+" (n "+columnType(t, db, "int")+" PRIMARY KEY, x "+columnType(t, db, kind)+")"))
}

// put stores the values as rows 1, 2, … of v.
func put[X any](t *T, db *sqldb.DB, values ...X) {
	t.Helper()
	putInto(t, db, "v", values...)
}

func putInto[X any](t *T, db *sqldb.DB, table string, values ...X) {
	t.Helper()
	for i, v := range values {
		t.exec(db, sqldb.Raw("INSERT INTO "+table+" (n, x) VALUES (?, ?)", i+1, v))
	}
}

// another is a new table in the database that the test keeps for such tables.
func (t *T) another(kind string) (db *sqldb.DB, table string) {
	t.Helper()
	if t.kinds == nil {
		t.kinds = t.db(nil)
	}
	t.tables++
	table = fmt.Sprintf("v%d", t.tables)
	t.table(t.kinds, table, kind)
	return t.kinds, table
}

// roundTrip stores the values and reads them back.
func roundTrip[X any](t *T, kind string, values ...X) []X {
	t.Helper()
	db, table := t.another(kind)
	putInto(t, db, table, values...)
	return read[X](t, db, sqldb.Raw("SELECT x FROM "+table+" ORDER BY n"))
}
