package testdb

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// A database that nobody uses any more has no connection. What a test has not
// given back (rows, a transaction, a connection) keeps one open even when the
// test closes its pool, and so does a pool that it has not closed.

const (
	// idleGrace is what connections of goroutines that end a moment after the
	// test have to go away.
	idleGrace = 5 * time.Second
	// hungGrace is what a test's cleanups have. pgxpool's Close waits without
	// end for a connection that was not given back.
	hungGrace = time.Minute
)

// idle fails the test when connections that list finds do not go away.
func idle(t testing.TB, list func() ([]string, error)) {
	t.Helper()
	for deadline := time.Now().Add(idleGrace); ; time.Sleep(2 * time.Millisecond) {
		left, err := list()
		switch {
		case err != nil:
			t.Errorf("testdb: look for open connections: %v", err)
			return
		case len(left) == 0:
			return
		case time.Now().After(deadline):
			t.Errorf("testdb: %s", leakOf(t.Name(), left))
			return
		}
	}
}

func leakOf(test string, left []string) string {
	return fmt.Sprintf("%s ended and its database is still in use: rows, a transaction or a connection were not given back, or a pool was not closed:\n\t%s",
		test, strings.Join(left, "\n\t"))
}

// watch ends the process, with the test's name and every goroutine's stack,
// when the test's cleanups hang on a connection. It is over when ended is
// called.
func watch(t testing.TB, list func() ([]string, error)) (ended func()) {
	over, done := context.WithCancel(context.Background())
	stop := context.AfterFunc(t.Context(), func() { // the test's function has returned
		select {
		case <-over.Done():
			return
		case <-time.After(hungGrace):
		}
		if left, err := list(); err == nil && len(left) > 0 && over.Err() == nil {
			debug.SetTraceback("all")
			panic("testdb: " + leakOf(t.Name(), left))
		}
	})
	return func() {
		stop()
		done()
	}
}

// openFiles lists what this process has open in a folder, where the system
// tells (Linux).
func openFiles(dir string) ([]string, error) {
	const fds = "/proc/self/fd"
	entries, err := os.ReadDir(fds)
	if err != nil {
		return nil, nil //nolint:nilerr // another system, which does not tell
	}
	var open []string
	for _, e := range entries {
		name, err := os.Readlink(filepath.Join(fds, e.Name()))
		if err == nil && strings.HasPrefix(name, dir+string(filepath.Separator)) {
			open = append(open, name)
		}
	}
	return open, nil
}
