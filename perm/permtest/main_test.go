package permtest_test

import (
	"flag"
	"net/url"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// TestMain lets garbage lie, of which thousands of worlds make much and keep
// little, and runs twice as many tests at a time as there are processors, unless
// the command line says how many: those on PostgreSQL mostly wait for it.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	if !said {
		_ = flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0)))
	}
	testdb.Main(m)
}

func openSQLite(t testing.TB) *sqldb.DB { return openSQLiteWith(t, nil) }

func openSQLiteWith(t testing.TB, opts *sqldb.Options) *sqldb.DB {
	t.Helper()
	db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), opts)
	return closed(t, db, err)
}

func openPostgres(t testing.TB) *sqldb.DB { return openPostgresWith(t, nil) }

// openPostgresWith plans each statement once: the worlds ask the same thousand
// statements over and over, and planning takes most of their time. So they are
// all kept. To compile them takes longer still, for tables so small.
func openPostgresWith(t testing.TB, opts *sqldb.Options) *sqldb.DB {
	t.Helper()
	url, err := url.Parse(testdb.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	query := url.Query()
	query.Set("plan_cache_mode", "force_generic_plan")
	query.Set("jit", "off")
	query.Set("statement_cache_capacity", "4096")
	url.RawQuery = query.Encode()
	db, err := pgdb.Open(t.Context(), url.String(), opts)
	return closed(t, db, err)
}

// closed is the database, which is closed when the test ends.
func closed(t testing.TB, db *sqldb.DB, err error) *sqldb.DB {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func openMariaDB(t testing.TB) *sqldb.DB { return openMariaDBWith(t, nil) }

func openMariaDBWith(t testing.TB, opts *sqldb.Options) *sqldb.DB {
	t.Helper()
	db, err := mariadb.Open(t.Context(), testdb.MariaDBURL(t), opts)
	return closed(t, db, err)
}
