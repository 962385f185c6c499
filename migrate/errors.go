package migrate

import (
	"fmt"
	"strings"
)

// Error is a migration that failed at one of its statements. It is immutable.
type Error struct {
	Source  string
	Version int
	Name    string
	Down    bool // it was being reverted

	File      string // as in the source's FS; empty for a step in Go
	Line      int    // of the statement in the file, counted from 1
	Statement int    // that failed, counted from 1; 0: none of them, but what surrounds them
	SQL       string // of the statement

	// Partial means that the statements before this one remain: the database
	// cannot take them back. See [Migrator.Resolve].
	Partial bool

	Err error // what the database or the step said
}

// Error names the file, the line and what remains of the migration.
func (e *Error) Error() string {
	var b strings.Builder
	verb := "applying"
	if e.Down {
		verb = "reverting"
	}
	fmt.Fprintf(&b, "migrate: %s %s of %s", verb, title(e.Version, e.Name), e.Source)
	if e.Statement > 0 && e.File != "" {
		fmt.Fprintf(&b, ": %s:%d (statement %d)", e.File, e.Line, e.Statement)
	}
	fmt.Fprintf(&b, ": %v; ", e.Err)
	if e.Partial {
		b.WriteString("what comes before it remains")
	} else {
		b.WriteString("nothing of it remains")
	}
	return b.String()
}

// Unwrap is what the database or the step said.
func (e *Error) Unwrap() error { return e.Err }
