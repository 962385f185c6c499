// Package testdb gives every test a real database of its own.
//
// Tests of this module use no fakes for a database: each one asks for a fresh
// PostgreSQL or MariaDB database or a fresh SQLite file, runs in parallel with all the
// others, and leaves nothing behind.
//
//	func TestMain(m *testing.M) { testdb.Main(m) }
//
//	func TestSomething(t *testing.T) {
//		t.Parallel()
//		pool, err := pgxpool.New(t.Context(), testdb.PostgresURL(t))
//		...
//	}
//
// When the test ends nothing may use its database any more. Rows, transactions
// and connections that were not given back fail the test by name: late
// goroutines have some seconds.
//
// # Where the PostgreSQL server comes from
//
// JOINERY_TEST_POSTGRES names an existing server by URL; its role must be
// allowed to create databases. JOINERY_TEST_POSTGRES=off skips every test that
// needs one. When the variable is empty, a throwaway server is started from
// the binaries found in PATH and in the usual places of package managers. No
// container runtime is involved, and root may run the tests too: the server
// then runs as nobody, because PostgreSQL refuses to run as root.
//
// All test processes of one "go test ./..." share that server. A process that
// uses it holds a named pipe open for as long as it lives; a small shell
// process, the keeper, reads the pipe, sees its end when the last process is
// gone in whatever way, waits a few seconds for a next one, and then stops the
// server and removes its folder. A killed test run therefore leaves no server
// running, and no process can lose the server while it uses it. Processes that
// start at the same moment take turns by a file lock.
//
// A test that is to kill, stop or restart a server gets one for itself from
// [StartPostgres], with the durability settings of production.
//
// # MariaDB
//
// All this holds for MariaDB too, with JOINERY_TEST_MARIADB, whose URL has the
// form mysql://user:password@host:port/database, and [StartMariaDB]. Its data
// lie in /dev/shm where there is room: it makes a file for every table, which
// takes twenty times longer on a disk.
//
// # When there is no server
//
// The test is skipped and says what is missing, except where a skip would hide
// a hole: with CI=true, or with JOINERY_TEST_REQUIRE=postgres,mariadb, it fails.
//
// Only tests import this package. It uses the drivers directly, so that it can
// serve the tests of this module's own database packages.
package testdb
