// Package sqldbtest tests a backend of sqldb: that a database behind a DB
// behaves as all the others do, surprise by surprise. A backend calls [Run]
// from its own test.
//
//	func TestContract(t *testing.T) {
//		sqldbtest.Run(t, func(t testing.TB, opts *sqldb.Options) *sqldb.DB {
//			db, err := pgdb.Open(t.Context(), testdb.PostgresURL(t), opts)
//			…
//		})
//	}
package sqldbtest

import (
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Open opens a new, empty database for one test, with the options as they are.
// The suite closes the DB.
type Open func(t testing.TB, opts *sqldb.Options) *sqldb.DB

// Run runs the suite, each test in parallel with the others on a database of
// its own. A test that a database cannot be put to is skipped and says why.
func Run(t *testing.T, open Open) {
	for _, group := range [][]test{statements, texts, values, selects, lists, transactions, failures, limits, catalogs, holds} {
		for _, one := range group {
			t.Run(one.name, func(t *testing.T) {
				t.Parallel()
				one.run(&T{T: t, I: is.New(t), open: open})
			})
		}
	}
}

type test struct {
	name string
	run  func(t *T)
}

// T is a test of the suite with its assertions.
type T struct {
	*testing.T
	*is.I
	open Open

	kinds  *sqldb.DB // for many small tables
	tables int       // how many it has
}

// Fail is testing's, not is's.
func (t *T) Fail() { t.T.Fail() }

// Helper is testing's, not is's.
func (t *T) Helper() { t.T.Helper() }

// db opens the test's database, runs the statements, and at the end of the
// test sees that every connection was given back.
func (t *T) db(opts *sqldb.Options, schema ...string) *sqldb.DB {
	t.Helper()
	db := t.open(t.T, opts)
	t.Cleanup(func() {
		t.idle(db)
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := sqldb.ExecAll(t.Context(), db, schema); err != nil {
		t.Fatal(err)
	}
	return db
}

// idle fails the test when a connection is still in use. Some come back a
// moment after the call that used them.
func (t *T) idle(db *sqldb.DB) {
	deadline := time.Now().Add(3 * time.Second)
	for db.Stats().InUse > 0 {
		if time.Now().After(deadline) {
			t.Errorf("connections in use at the end of the test: %+v", db.Stats())
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// exec runs a statement that must succeed.
func (t *T) exec(db *sqldb.DB, stmt sqldb.Sqlizer) int64 {
	t.Helper()
	n, err := db.Exec(t.Context(), stmt)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// read is the first column of all rows of a query that must succeed.
func read[X any](t *T, db *sqldb.DB, stmt sqldb.Sqlizer) []X {
	t.Helper()
	all, err := sqldb.Column[X](t.Context(), db, stmt)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// one is the value that a query must find.
func one[X any](t *T, db *sqldb.DB, stmt sqldb.Sqlizer) X {
	t.Helper()
	var x X
	found, err := sqldb.Row(t.Context(), db, stmt, &x)
	if err != nil {
		t.Fatal(err)
	}
	if !found {
		t.Fatal("no row")
	}
	return x
}
