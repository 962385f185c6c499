// Package sqldb is one small contract for SQL databases: run squirrel
// statements, keep a transaction in the context, and get errors by class.
//
// A [DB] is made by a backend: pgdb for PostgreSQL, sqlitedb for SQLite, mariadb
// for MariaDB, or anydb, which chooses by URL. Each opens a pool of its own (Open) or uses the
// app's (Wrap), and only the backends that are imported are linked.
//
//	db, err := pgdb.Open(ctx, "postgres://app@localhost/app", nil)
//	rows, err := db.Query(ctx, squirrel.Select("id", "title").From("notes").Where(squirrel.Eq{"done": false}))
//	n, err := db.Exec(ctx, sqldb.Raw("DELETE FROM notes WHERE id = ?", id))
//
// # Statements
//
// Statements are anything with squirrel's ToSql, with ? for parameters; the DB
// writes the placeholders of its database and converts the values ([Dialect]).
// Text that quotes a question mark is left alone; an operator with a question
// mark is written with two ("tags ?? 'a'").
//
// Building a statement costs far more than running a short one, so text that
// returns with other values is compiled once: write [Slot](i) for the i-th
// value, [Compile] to a [Template], keep it in a [Cache] and [Template.Bind]
// the values of each request.
//
// [Select] and [Get] read an app's own statements into its own structs, entities
// included; [Row], [Column] and [Scalar] into plain variables.
//
// # Transactions
//
// [InTx] puts a transaction into the ctx given to its function; every
// statement run with that ctx on the same DB joins it, through however many
// calls. A nested InTx is a savepoint. [AfterCommit] queues what must happen
// only when all of it has been committed. An app that begins its own
// transactions joins them with [WithTx] or pgdb.WithTx. [OnConn] keeps one
// connection for statements and transactions that must share a session.
//
// # Read replica
//
// With [Options].Replica reads outside transactions go to a replica, which may
// be a moment behind. A request whose ctx was made by joinery.TrackWrites reads
// from the primary once it has written. A replica that fails is left alone for
// a while, and the primary answers in its place.
//
// # Errors
//
// Every error of a database is in the chain as an [*Error] with a [Class]
// taken from the database's code. What another try may cure (busy, timed out,
// connection lost, pool exhausted, disk full) is besides of kind joinery.Unavailable.
//
// # Same meaning everywhere
//
// Times come back in UTC with microseconds, uuids travel as text or natively
// whatever the Go type, JSON columns scan into any Go type, and the [Dialect]
// writes what differs: null order, case folding, list parameters.
//
// # Sharing
//
// A [DB] is made by a backend, its zero value is of no use, and it is safe for
// concurrent use; so are a [Template] and a [Cache], which is ready as a zero
// value. [Rows], and the ctx of a transaction, are for one goroutine at a time.
package sqldb
