// Package pgdb is sqldb's backend for PostgreSQL, over pgx without
// database/sql in between.
//
// [Open] makes a pool of its own with sqldb's limits; [Wrap] uses the app's.
// Statements are always prepared (extended protocol), so no value ever becomes
// text of a statement, and one call never runs two statements. Do not wrap a
// pool that goes through a pooler which cannot keep prepared statements, and
// set jit=off on a pool of your own, as Open does on its.
//
// A transaction that the app began itself is joined with [WithTx]. [Pool] is
// the way to all else that pgx can do.
package pgdb
