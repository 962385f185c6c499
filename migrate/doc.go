// Package migrate brings the schema of a database from version to version, for
// an app and for each of its modules.
//
// A [Source] is a module's migrations: files in a file system, steps written in
// Go, and the names of the sources that come before it. A [Migrator] makes what
// a database lacks.
//
//	//go:embed migrations
//	var files embed.FS
//
//	root, err := fs.Sub(files, "migrations")
//	m, err := migrate.New(db, nil, migrate.Source{Name: "app", FS: root, Requires: []string{"perm"}}, …)
//	err = m.Up(ctx)
//	api.Health().Add("migrations", m.Check)
//
// An app may call [Migrator.Up] at each start, in any number of instances at
// once: one makes the migrations, the others wait and find nothing to do.
// [Command] is the same by hand, as a command line for the app to embed.
//
// # Files
//
// A file is named by its version, counted from 1 without gaps, and its
// direction: 0001_create_notes.up.sql, 0001_create_notes.down.sql. One that
// serves every database lies at the root; what differs lies in folders postgres,
// sqlite, mariadb and mssql, whose files win over those at the root. A migration
// with nothing to do on some database is an empty file there; one without a
// down.sql cannot be reverted.
//
// Statements end with a semicolon, also behind bodies of triggers and
// procedures (which stand in BEGIN … END on MariaDB); there is no DELIMITER, and
// no BEGIN or COMMIT. Two comments speak to the runner:
//
//	-- joinery:repeatable
//	before a statement that may safely be run twice
//
//	-- joinery:no-transaction
//	at the head of a file whose statements are each run on their own, such as
//	CREATE INDEX CONCURRENTLY (PostgreSQL, MariaDB)
//
// # History
//
// The table joinery_migrations has a row for each migration of each source,
// with the checksum of its file. A file that was changed after it had been
// applied, a version that came later than a higher one, and one that this
// program does not know are errors of kind Conflict that name the file, and
// nothing is run. A version missing among the files, or a name that is none, is
// an error of [New]. Sources that are no longer given keep their rows and are
// left alone.
//
// # What fails
//
// On PostgreSQL and SQLite each migration is one transaction, together with its
// row in the history: it is made or it is not, also when the process is
// killed. The error has an [*Error] with file, line and statement.
//
// MariaDB commits at each change of the schema, and so does a file without a
// transaction. There the history notes, before each statement, that the
// migration stands at it. After a failure the statements before it are never
// run again; the next Up goes on at that statement if it is marked repeatable,
// and otherwise asks a person to look and to say by [Migrator.Resolve] whether
// it happened. The file may be corrected from that statement on.
//
// # Locks
//
// A run takes one connection and a lock in the database: an advisory lock on
// PostgreSQL, GET_LOCK on MariaDB, on SQLite the transaction of each migration.
// Who finds it taken waits, up to [Options].LockWait; the lock of a process that
// died is free within seconds, on MariaDB when the statement that it left behind
// has ended, which the server does not stop. A migration
// waits two seconds at most for locks on tables, since it keeps everybody
// behind it waiting, and is then tried again from its beginning. The limits of
// statements that the app's pool has do not count for migrations.
//
// On SQLite a migration that drops a table, as each rebuild of one does, runs
// with foreign keys unchecked: dropping would otherwise delete the rows that
// refer to the table. They are checked as a whole before it is committed.
//
// # Writing migrations
//
// [Diff] compares the tables of a database with the models of a registry and
// writes the next migration and its way back, once for each database that an
// app runs on. It is written to be read: what is there may be changed before it
// is applied. Renames are told by tags, and what would lose data is an error
// that names it. [Auto] makes the difference at once, for demos and tests.
//
// # Beginning with a database that has tables
//
// Where the tables of a migration are there before its history is,
// [Migrator.Resolve] with [AsApplied] counts it as applied without running it.
//
// # Sharing
//
// A [Migrator] is safe for concurrent use. Calls run their migrations in the
// caller's goroutine; nothing is left running.
package migrate
