package main

import (
	"os"
	"slices"
	"testing"

	"github.com/joinery-go/joinery/internal/bench/serve"
	"github.com/joinery-go/joinery/internal/testdb"
)

// The servers are processes of this very program, which therefore can be one.
func TestMain(m *testing.M) {
	if os.Getenv("BENCH_SERVE") != "" {
		main()
		return
	}
	testdb.Main(m)
}

// tiny is the world of the tests: a thousand notes, in every database there is.
func tiny(t *testing.T, servers ...string) *world {
	t.Helper()
	o := options{servers: servers}
	pg := &postgres{}
	if slices.ContainsFunc(servers, onPostgres) {
		pg.url, pg.given = testdb.PostgresURL(t), true
	}
	w, err := newWorld(t.Context(), o, pg, t.TempDir(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.stop)
	return w
}

// What each server shows each caller, page by page, is what the data set says,
// so all of them do the same work.
func TestServersAnswerAlike(t *testing.T) {
	t.Parallel()
	if err := tiny(t, serve.Names()...).check(100); err != nil {
		t.Fatal(err)
	}
}
