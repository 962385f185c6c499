package mariadb_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// What MariaDB does otherwise than the others and the package does not hide.
// DIFFERENCES.md names these tests.

// refuses sees that the statement is a mistake here.
func refuses(t *testing.T, db *sqldb.DB, text string, args ...any) {
	t.Helper()
	_, err := db.Exec(t.Context(), sqldb.Raw(text, args...))
	if err == nil || sqldb.ClassOf(err) != sqldb.Other {
		t.Errorf("%s: %v", text, err)
	}
}

func withTables(t *testing.T, opts *sqldb.Options, statements ...string) *sqldb.DB {
	t.Helper()
	db := open(t, opts)
	t.Cleanup(func() { _ = db.Close() })
	if err := sqldb.ExecAll(t.Context(), db, statements); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestSchemaChangesCommit(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := withTables(t, nil, "CREATE TABLE v (n integer)")
	is.True(!db.Dialect().Has(sqldb.TxDDL))
	back := errors.New("back")
	is.Equal(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		is.NoErr(sqldb.ExecAll(ctx, db, []string{"INSERT INTO v VALUES (1)", "CREATE TABLE made (n integer)", "INSERT INTO v VALUES (2)"}))
		return back
	}), back)
	ns, err := sqldb.Column[int](t.Context(), db, sqldb.Raw("SELECT n FROM v ORDER BY n"))
	is.NoErr(err)
	is.Equal(ns, []int{1, 2}) // the first was committed with the table, the second on its own
}

func TestNoOnConflict(t *testing.T) {
	t.Parallel()
	db := withTables(t, nil, "CREATE TABLE v (n integer PRIMARY KEY)")
	refuses(t, db, "INSERT INTO v VALUES (1) ON CONFLICT DO NOTHING")
}

func TestConstraintsAreNotDeferred(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := withTables(t, nil, "CREATE TABLE v (n integer PRIMARY KEY, up integer REFERENCES v (n))")
	refuses(t, db, "CREATE TABLE late (n integer REFERENCES v (n) DEFERRABLE INITIALLY DEFERRED)")
	// Row by row, too: a row that refers to itself is in its own way.
	_, err := db.Exec(t.Context(), sqldb.Raw("INSERT INTO v VALUES (1, 1)"))
	is.NoErr(err)
	_, err = db.Exec(t.Context(), sqldb.Raw("DELETE FROM v"))
	is.Equal(sqldb.ClassOf(err), sqldb.ForeignKey)
}

func TestADeadlockLosesTheTransaction(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := withTables(t, nil, "CREATE TABLE v (n integer PRIMARY KEY, x integer)", "INSERT INTO v VALUES (1, 0), (2, 0)", "CREATE TABLE w (n integer)")
	first, second, other := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		other <- sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
			// More changes than the other one has, which makes that the victim.
			if err := sqldb.ExecAll(ctx, db, []string{"INSERT INTO w VALUES (1), (2), (3), (4), (5), (6), (7), (8)", "UPDATE v SET x = 1 WHERE n = 2"}); err != nil {
				return err
			}
			close(first)
			<-second
			_, err := db.Exec(ctx, sqldb.Raw("UPDATE v SET x = 1 WHERE n = 1"))
			return err
		})
	}()
	err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, sqldb.Raw("UPDATE v SET x = 2 WHERE n = 1"))
		is.NoErr(err)
		close(second)
		<-first
		err = sqldb.InTx(ctx, db, func(ctx context.Context) error {
			_, err := db.Exec(ctx, sqldb.Raw("UPDATE v SET x = 2 WHERE n = 2"))
			return err
		})
		is.Equal(sqldb.ClassOf(err), sqldb.Deadlock)
		_, err = db.Exec(ctx, sqldb.Raw("SELECT 1")) // the savepoint saves nothing
		is.Equal(sqldb.ClassOf(err), sqldb.Deadlock)
		return nil
	})
	is.Equal(sqldb.ClassOf(err), sqldb.Deadlock)
	is.NoErr(<-other)
}

// TestReferencesLockTheRow: who refers to a row keeps others from changing any
// of it until the transaction ends.
func TestReferencesLockTheRow(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := withTables(t, &sqldb.Options{LockTimeout: time.Second}, "CREATE TABLE v (n integer PRIMARY KEY, x integer)",
		"INSERT INTO v VALUES (1, 0)", "CREATE TABLE child (v_n integer REFERENCES v (n))")
	refuses(t, db, "SELECT n FROM v FOR NO KEY UPDATE")
	is.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, sqldb.Raw("INSERT INTO child VALUES (1)"))
		is.NoErr(err)
		_, err = db.Exec(t.Context(), sqldb.Raw("UPDATE v SET x = 1"))
		is.Equal(sqldb.ClassOf(err), sqldb.Busy)
		return nil
	}))
}

// TestNoOuterReferences: a subquery in FROM or WITH sees nothing of the query
// around it.
func TestNoOuterReferences(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := withTables(t, nil, "CREATE TABLE v (n integer, x integer)")
	refuses(t, db, "SELECT n FROM v WHERE EXISTS (SELECT 1 FROM (SELECT v.x AS y) d WHERE d.y = 1)")
	refuses(t, db, "SELECT n FROM v WHERE EXISTS (WITH RECURSIVE r (i) AS (SELECT v.x UNION SELECT i + 1 FROM r WHERE i < 3) SELECT 1 FROM r)")
	_, err := db.Exec(t.Context(), sqldb.Raw("SELECT n FROM v WHERE x IN (WITH RECURSIVE r (i) AS (SELECT 1 UNION SELECT i + 1 FROM r WHERE i < 3) SELECT i FROM r)"))
	is.NoErr(err)
}

func TestLimitTakesNoExpression(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := withTables(t, nil, "CREATE TABLE v (n integer)")
	refuses(t, db, "SELECT n FROM v LIMIT ? + 0", 1)
	_, err := db.Exec(t.Context(), sqldb.Raw("SELECT n FROM v LIMIT ?", 1))
	is.NoErr(err)
	// Nor may a subquery of IN have one.
	refuses(t, db, "SELECT n FROM v WHERE n IN (SELECT n FROM v LIMIT 1)")
}

func TestIndexesAreOfWholeColumnsAndAllRows(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := withTables(t, nil, "CREATE TABLE v (n integer, x longtext)")
	is.True(!db.Dialect().Has(sqldb.PartialIndex))
	refuses(t, db, "CREATE INDEX a ON v (n) WHERE n > 0")
	refuses(t, db, "CREATE INDEX b ON v (lower(x))")
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE INDEX c ON v (x)"}))
	tables, err := sqldb.Catalog(t.Context(), db, "v")
	is.NoErr(err)
	x := tables[0].Indexes[0].Columns[0] // of a text without limit only the beginning, which orders nothing
	is.Equal(x.Name, "")
	is.Equal(x.Beginning, "x")
}

func TestFloatSumsBeyondTheRangeAreZero(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := withTables(t, nil, "CREATE TABLE v (x double)", "INSERT INTO v VALUES (1.7e308), (1.7e308)")
	sum, err := sqldb.Scalar[float64](t.Context(), db, sqldb.Raw("SELECT sum(x) FROM v"))
	is.NoErr(err)
	is.Equal(sum, 0.0)
	refuses(t, db, "SELECT sum(x) + 0 FROM v")
}
