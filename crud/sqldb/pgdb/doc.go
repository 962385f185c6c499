// Package pgdb is sqldb's backend for PostgreSQL, over pgx without
// database/sql in between.
//
// [Open] makes a pool of its own with sqldb's limits; [Wrap] uses the app's.
// Statements are always prepared (extended protocol), so no value ever becomes
// text of a statement, and one call never runs two statements. Do not wrap a
// pool that goes through a pooler which cannot keep prepared statements, and
// set jit=off on a pool of your own, as Open does on its.
//
// With Options.Replica (or [WrapReplicated]) reads outside transactions go to a
// read replica, and to the primary whenever it fails or joinery.TrackWrites
// says that the request has written. What a standby refuses or does not know
// yet is asked of the primary, too; a read that it stops to go on replaying
// after the first row has been read fails as Unavailable.
//
// A transaction that the app began itself is joined with [WithTx]. [Pool] is
// the way to all else that pgx can do.
package pgdb
