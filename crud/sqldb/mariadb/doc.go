// Package mariadb is sqldb's backend for MariaDB 10.11 and later, over
// go-sql-driver/mysql. MySQL is another database by now (no uuid type, no
// RETURNING) and is refused.
//
// [Open] sets on each of its connections what makes MariaDB mean the same as
// the other databases: texts are utf8mb4 and compared by code point
// (utf8mb4_nopad_bin), times are UTC, double quotes name identifiers and ||
// joins texts, a value that does not fit is an error, recursion has no silent
// end after 1,000 steps, and a transaction is READ COMMITTED. An update counts
// the rows that it found, also where it changed nothing in them.
//
// Uuids and times travel as text, JSON is text with a check. A list ([sqldb.In])
// is written as so many parameters as it has elements, rounded up to a power
// of two so that there are few texts, and beyond 1,024 as one JSON_TABLE.
//
// A ctx that ends closes the connection, which alone would leave the server at
// work; a second connection tells it to stop.
//
// What MariaDB cannot do as the others do (schema changes end a transaction,
// UPDATE returns no rows, …) is told by the features of its [Dialect] and by
// crud/sqldb/DIFFERENCES.md.
package mariadb
