package testdb

import "testing"

// databases are those of one server.
type databases interface {
	create(from string) (name string, err error)
	drop(name string) error
	connections(name string) ([]string, error)
	url(name string) string
}

// freshDatabase is the URL of a database that is made as a copy of another one
// and dropped when the test ends.
func freshDatabase(t testing.TB, all databases, from string) string {
	t.Helper()
	name, err := all.create(from)
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	list := func() ([]string, error) { return all.connections(name) }
	ended := watch(t, list)
	t.Cleanup(func() {
		ended()
		idle(t, list)
		if err := all.drop(name); err != nil {
			t.Errorf("testdb: %v", err)
		}
	})
	return all.url(name)
}
