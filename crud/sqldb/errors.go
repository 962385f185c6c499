package sqldb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/joinery-go/joinery"
)

// Class is what a database error means, whichever database it is from. The
// zero Class is an error of no class below: a mistake in the SQL, mostly.
type Class uint8

// The classes of errors.
const (
	Other          Class = iota
	Unique               // a unique key holds the value already
	ForeignKey           // the row referred to is missing, or the row is still referred to
	NotNull              // null in a column that takes none
	Check                // a CHECK constraint
	Serialization        // transactions that ran at once cannot both have happened; try the whole again
	Deadlock             // chosen as the victim of a deadlock; try the whole again
	Busy                 // a lock was not to be had in time
	Timeout              // the statement took longer than it may
	Canceled             // the caller's ctx ended
	LostConnection       // the server is gone or does not answer
	Exhausted            // no connection was free in time, or the server takes no more
	Full                 // the database's disk has no space left, or the database is as large as it may be
	WriteRefused         // a write in a read-only transaction or database
	Aborted              // an earlier error in this transaction
)

var classNames = [...]string{
	Other: "other", Unique: "unique", ForeignKey: "foreign key", NotNull: "not null", Check: "check",
	Serialization: "serialization", Deadlock: "deadlock", Busy: "busy", Timeout: "timeout", Canceled: "canceled",
	LostConnection: "lost connection", Exhausted: "exhausted", Full: "full", WriteRefused: "read-only", Aborted: "aborted",
}

// String is the class's name.
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return classNames[Other]
}

// Error is an error of a database, to be found with errors.As. It is immutable.
type Error struct {
	Class      Class
	Constraint string   // name of the constraint, where the database tells it (PostgreSQL, MariaDB)
	Table      string   // where the database tells it
	Columns    []string // where the database tells them (SQLite: Unique and NotNull; PostgreSQL: NotNull; MariaDB: NotNull and ForeignKey)

	// Fatal means that a transaction in which it happened is lost as a whole,
	// savepoints included.
	Fatal bool

	Err error // the driver's error
}

// Error is the class and what the driver says. It is meant for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("sqldb: ")
	if e.Class != Other {
		b.WriteString(e.Class.String())
	}
	if e.Err != nil {
		if e.Class != Other {
			b.WriteString(": ")
		}
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap is the driver's error.
func (e *Error) Unwrap() error { return e.Err }

// ScanError is a value that does not fit the destination it was to be scanned
// into. It is immutable.
type ScanError struct {
	Column int // counted from 0
	Err    error
	Null   bool // the value is NULL
}

// Error says which column it is, and why the value does not fit.
func (e *ScanError) Error() string { return fmt.Sprintf("sqldb: column %d: %v", e.Column, e.Err) }

// Unwrap is what the driver or the destination says.
func (e *ScanError) Unwrap() error { return e.Err }

// ClassOf is the class of the first [*Error] in err's chain, or Other.
func ClassOf(err error) Class {
	var e *Error
	if errors.As(err, &e) {
		return e.Class
	}
	return Other
}

// unavailable says how each class that another try may cure is told to a
// client. The texts name no statement, table or host.
func unavailable(c Class) (code, message string, ok bool) {
	switch c {
	case Busy:
		return "database_busy", "the database is busy: try again", true
	case Serialization, Deadlock:
		return "database_conflict", "another change got in the way: try again", true
	case Timeout:
		return "database_timeout", "the database took too long: try again later", true
	case Canceled:
		return "canceled", "the request was canceled", true
	case LostConnection:
		return "database_unreachable", "the database does not answer: try again later", true
	case Exhausted:
		return "database_exhausted", "the database has no connection free: try again later", true
	case Full:
		return "database_full", "the database has no space left: try again later", true
	}
	return "", "", false
}

// public is the error as a DB returns it: of kind Unavailable where another
// try may help, the bare *Error otherwise.
func public(e *Error) error {
	code, message, ok := unavailable(e.Class)
	if !ok {
		return e
	}
	return &joinery.Error{Kind: joinery.Unavailable, Code: code, Message: message, RetryAfter: time.Second, Err: e}
}

// classify is the *Error for what a driver returned under ctx. Which of two
// contexts ended decides between Canceled and Timeout: parent is the
// caller's, and a deadline of ours is reported only when parent still lives.
func (db *DB) classify(parent context.Context, err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	e := db.driver.Classify(err)
	if e.Class != Timeout && e.Class != Canceled {
		return e
	}
	class := Timeout
	if errors.Is(parent.Err(), context.Canceled) {
		class = Canceled
	}
	return &Error{Class: class, Fatal: true, Err: errors.Join(parent.Err(), e.Err)}
}
