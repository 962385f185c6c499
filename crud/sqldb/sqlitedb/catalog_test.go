package sqlitedb_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// The rows of an index are known from the text of its statement alone.
func TestPredicateOfAnIndex(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
	is.NoErr(err)
	t.Cleanup(func() { _ = db.Close() })
	for _, text := range []string{
		`CREATE TABLE "a where b" ("where x" TEXT, [where] TEXT, wherever TEXT)`,
		`CREATE INDEX "i where 1" ON "a where b" ("where x") -- where
			WhErE "where x" IS NULL`,
		`CREATE INDEX i2 ON "a where b"([where] , wherever)/* where (1) */where"where x" = ' where '`,
		`CREATE INDEX i3 ON "a where b"(wherever)`,
	} {
		_, err := db.Exec(t.Context(), sqldb.Raw(text))
		is.NoErr(err)
	}
	tables, err := sqldb.Catalog(t.Context(), db, "a where b")
	is.NoErr(err)
	is.Equal(len(tables[0].Indexes), 3)
	for i, want := range []string{`"where x" IS NULL`, `"where x" = ' where '`, ""} {
		is.Equal(tables[0].Indexes[i].Where, want)
	}
}
