package sqldbtest

import "github.com/joinery-go/joinery/crud/sqldb"

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

// kept opens a database with a table v of the columns n (a number that orders the rows)
// and x, of the given kind.
func (t *T) kept(kind string) *sqldb.DB {
	t.Helper()
	db := t.db(nil)
	t.exec(db, sqldb.Raw("CREATE TABLE v (n "+columnType(t, db, "int")+" PRIMARY KEY, x "+columnType(t, db, kind)+")"))
	return db
}

// put stores the values as rows 1, 2, …
func put[X any](t *T, db *sqldb.DB, values ...X) {
	t.Helper()
	for i, v := range values {
		t.exec(db, sqldb.Raw("INSERT INTO v (n, x) VALUES (?, ?)", i+1, v))
	}
}

// roundTrip stores the values and reads them back.
func roundTrip[X any](t *T, kind string, values ...X) []X {
	t.Helper()
	db := t.kept(kind)
	put(t, db, values...)
	return read[X](t, db, sqldb.Raw("SELECT x FROM v ORDER BY n"))
}
