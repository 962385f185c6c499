package testdb

import (
	"os"
	"testing"
)

// MariaDBURL returns the URL of a fresh, empty database that belongs to this
// test alone, as mysql://user:password@host:port/database, or with ?socket=
// for the path of the server's socket. Texts in it are compared by code point.
// It is dropped when the test ends. Connections that are left then fail the
// test: close its pools by a t.Cleanup registered after this call.
//
// Without a MariaDB the test is skipped, or fails where one is required; see
// the package comment.
func MariaDBURL(t testing.TB) string {
	t.Helper()
	process.mariadbOnce.Do(func() {
		process.mariadb, process.mariadbErr = joinMariaDB()
	})
	if process.mariadbErr != nil {
		giveUp(t, mariadbKind.name, process.mariadbErr)
	}
	return freshDatabase(t, process.mariadb, "")
}

func joinMariaDB() (*mariadbCluster, error) {
	switch named := os.Getenv(mariadbKind.variable); named {
	case "":
	case "off":
		return nil, &missingError{mariadbKind.variable + "=off asks to leave it out"}
	default:
		return newMariaDBCluster(named, "named by "+mariadbKind.variable, nil)
	}
	e, err := findMariaDB()
	if err != nil {
		return nil, err
	}
	shared, err := e.joinShared()
	if err != nil {
		return nil, err
	}
	return newMariaDBCluster(shared.url(), "throwaway, from "+e.bin, shared)
}
