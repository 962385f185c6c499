package testdb

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// process is what this test process holds: one connection to each shared
// server with its databases, and one folder for SQLite files. It is the only
// state of the package. It has to be package-level, because tests that know
// nothing of each other share it, and a TestMain is optional.
var process state

type state struct {
	postgresOnce sync.Once
	postgres     *cluster
	postgresErr  error

	mariadbOnce sync.Once
	mariadb     *mariadbCluster
	mariadbErr  error

	sqliteOnce sync.Once
	sqlite     *sqliteDir
	sqliteErr  error
}

// Run runs the tests of m and returns the exit code. Afterwards it drops what
// the process still holds (template databases, the SQLite folder) and fails
// the run when goroutines are left over. Options are passed on to goleak.
//
// A package whose tests never call this still leaves nothing running; its
// template databases then live until the shared server stops.
func Run(m *testing.M, options ...goleak.Option) int {
	code := m.Run()
	process.close()
	if code != 0 {
		return code // goroutines left by failed tests would only bury the reason
	}
	if err := goleak.Find(options...); err != nil {
		fmt.Fprintf(os.Stderr, "testdb: goroutines left running after the tests: %v\n", err)
		return 1
	}
	return 0
}

// Main is Run followed by os.Exit: the whole body of a TestMain.
func Main(m *testing.M, options ...goleak.Option) {
	os.Exit(Run(m, options...))
}

func (s *state) close() {
	if s.postgres != nil {
		s.postgres.close()
	}
	if s.mariadb != nil {
		s.mariadb.close()
	}
	if s.sqlite != nil {
		s.sqlite.close()
	}
}
