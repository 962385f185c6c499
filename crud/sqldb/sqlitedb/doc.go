// Package sqlitedb is sqldb's backend for SQLite, in pure Go.
//
// [Open] keeps one connection that writes and a pool of read-only ones: in WAL
// mode readers and the writer do not wait for each other, and transactions
// that write begin as writers, because one that began as a reader fails at
// once when somebody else has written meanwhile. Outside a transaction a query
// goes to a reader and anything that writes, also INSERT … RETURNING run as a
// query, to the writer; see [sqldb.Write] for what does not look like it.
// Inside InTx all statements run on the transaction's connection.
//
// Each connection keeps the statements it has compiled, so that one which is
// run again is not parsed and planned again; [NewConnector] says which ones,
// and gives the same to a pool of the app's own.
//
// Times are integers, microseconds since 1970; uuids and JSON are text. Both
// do not depend on how the connection was configured, so [Wrap] reads what
// Open wrote. Times that other programs left as text are read too, but do not
// compare or sort with integers: before a table of yours is written to, its
// time columns must be INTEGER and their values microseconds.
package sqlitedb
