package testdb

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// missingError says that a database is not there and what would help. Any
// other error means that it is there but does not work, which never skips.
type missingError struct{ reason string }

func (e *missingError) Error() string { return e.reason }

// giveUp ends the test: it skips when the database named kind is absent and
// not required, and fails otherwise.
func giveUp(t testing.TB, kind string, err error) {
	t.Helper()
	var missing *missingError
	if !errors.As(err, &missing) {
		t.Fatalf("testdb: %s: %v", kind, err)
	}
	report(kind + " skipped: " + missing.reason)
	if required(kind) {
		t.Fatalf("testdb: %s is required here (CI or JOINERY_TEST_REQUIRE), but %s", kind, missing.reason)
	}
	t.Skipf("testdb: SKIPPED, no %s: %s", kind, missing.reason)
}

// required tells whether an absent database is a failure: always in CI, where
// nobody reads the list of skipped tests, and for the kinds named in
// JOINERY_TEST_REQUIRE (comma separated).
func required(kind string) bool {
	if ci, err := strconv.ParseBool(os.Getenv("CI")); err == nil && ci {
		return true
	}
	return slices.Contains(strings.Split(os.Getenv("JOINERY_TEST_REQUIRE"), ","), kind)
}

// report appends one line to the file JOINERY_TEST_REPORT, from which
// "make test" prints at its end what was used and what was skipped. Lines
// repeat; whoever prints them removes duplicates.
func report(line string) {
	name := os.Getenv("JOINERY_TEST_REPORT")
	if name == "" {
		return
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		fmt.Fprintf(os.Stderr, "testdb: cannot write JOINERY_TEST_REPORT: %v\n", err)
		return
	}
	defer file.Close()
	// One short write to a file opened for appending is not interleaved with
	// those of the other test processes.
	fmt.Fprintln(file, line)
}
