package migrate

import (
	"context"
	"io/fs"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Source is the migrations of one module of an app, or of the app itself, with
// a history of their own.
type Source struct {
	// Name tells the source apart from others, in the history too: small
	// letters, digits, hyphens and underscores.
	Name string

	// FS has the files at its root, named 0001_create_notes.up.sql and
	// 0001_create_notes.down.sql, and folders postgres, sqlite, mariadb and
	// mssql with those for one database, which win over files of the same
	// version at the root. Other files than *.sql are left alone, any other
	// folder is an error. An embedded folder is given by fs.Sub. Nil: Steps
	// alone.
	FS fs.FS

	// Requires names the sources whose migrations come before these.
	Requires []string

	// Steps are migrations written in Go; their versions stand in one row with
	// those of the files.
	Steps []Step
}

// Step is a migration written in Go.
type Step struct {
	Version int    // counted from 1, as those of the files
	Name    string // as in a file's name: small letters, digits and underscores

	// Up makes the change, Down takes it back; without Down it cannot be
	// reverted. They run in a transaction with the ctx given, which managers
	// and statements on db join, with no limit on the time of a statement.
	// While a lock is not to be had, and when a deadlock ended the
	// transaction, they are run again from their beginning.
	Up, Down func(ctx context.Context, db *sqldb.DB) error

	// Repeatable says that Up and Down may be run again when a process was
	// killed in them. It matters on databases that cannot roll a change of
	// the schema back (MariaDB).
	Repeatable bool
}

// migration is one version of a source, as the database at hand runs it.
type migration struct {
	source   string
	version  int
	name     string
	up, down script
	checksum string
}

// script is one direction of a migration.
type script struct {
	file       string // empty: a step in Go, or none
	statements []statement
	run        func(ctx context.Context, db *sqldb.DB) error
	alone      bool // statements are run without a transaction
	repeatable bool // of run
}

// missing reports whether there is no way in this direction.
func (s *script) missing() bool { return s.file == "" && s.run == nil }

// length is how many statements it has; a step in Go counts as one.
func (s *script) length() int {
	if s.run != nil {
		return 1
	}
	return len(s.statements)
}

// mayRepeat reports whether the n-th statement, counted from 1, may be run
// again though nobody knows what became of it the first time. There is nothing
// to repeat behind the last.
func (s *script) mayRepeat(n int) bool {
	if s.run != nil {
		return s.repeatable
	}
	return n > len(s.statements) || s.statements[n-1].repeatable
}

// where is the script as errors name it.
func (m *migration) where(s *script) string {
	if s.file != "" {
		return s.file
	}
	return "the step " + title(m.version, m.name)
}
