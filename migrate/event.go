package migrate

import "time"

// EventKind is what an [Event] tells.
type EventKind uint8

// The kinds of events.
const (
	Waiting  EventKind = iota + 1 // another process migrates, or holds a lock that is needed; told once each time
	Started                       // a migration begins; also when it begins anew after it had to wait for a lock
	Running                       // one of its statements begins
	Finished                      // it is done and recorded
	Failed                        // it failed, and the run ends
)

// Event is one moment of a run; which fields are set depends on its Kind.
type Event struct {
	Kind    EventKind
	Source  string
	Version int
	Name    string
	Down    bool // it is being reverted

	Number, Total int // which of the run's migrations it is, counted from 1, and how many there are

	Statement, Statements int    // Running: which of the statements, counted from 1, and how many there are
	SQL                   string // Running: the statement; empty for a step in Go

	Elapsed time.Duration // Finished, Failed: what the migration took
	Err     error         // Failed
}
