package testdb

import (
	"os"
	"sync"
	"testing"
)

// PostgresURL returns the URL of a fresh, empty database that belongs to this
// test alone. It is dropped when the test ends. Connections that are left then
// fail the test: close its pools by a t.Cleanup registered after this call.
//
// Without a PostgreSQL the test is skipped, or fails where one is required;
// see the package comment.
func PostgresURL(t testing.TB) string {
	t.Helper()
	c := sharedCluster(t)
	return freshDatabase(t, c, "template0")
}

// PostgresFromTemplate is PostgresURL with a database that starts as a copy of
// a template: build fills the template, once per process and key, and each
// call clones it in about 20 ms. Use it when many tests need the same tables.
//
// build must close its connections before it returns, and must not depend on
// the test that happens to call it. Its error fails every test that uses the
// key.
func PostgresFromTemplate(t testing.TB, key string, build func(url string) error) string {
	t.Helper()
	c := sharedCluster(t)
	name, err := c.template(key, build)
	if err != nil {
		t.Fatalf("testdb: template %q: %v", key, err)
	}
	return freshDatabase(t, c, name)
}

// sharedCluster connects this process to the shared server on first use.
func sharedCluster(t testing.TB) *cluster {
	t.Helper()
	process.postgresOnce.Do(func() {
		process.postgres, process.postgresErr = joinCluster()
	})
	if process.postgresErr != nil {
		giveUp(t, "postgres", process.postgresErr)
	}
	return process.postgres
}

func joinCluster() (*cluster, error) {
	switch named := os.Getenv("JOINERY_TEST_POSTGRES"); named {
	case "":
	case "off":
		return nil, &missingError{"JOINERY_TEST_POSTGRES=off asks to leave it out"}
	default:
		return newCluster(named, "named by JOINERY_TEST_POSTGRES", nil)
	}
	e, err := findPostgres()
	if err != nil {
		return nil, err
	}
	shared, err := e.joinShared()
	if err != nil {
		return nil, err
	}
	return newCluster(shared.url(), "throwaway, from "+e.bin, shared)
}

// template is a database built once in this process and cloned often.
type template struct {
	once sync.Once
	name string
	err  error
}
