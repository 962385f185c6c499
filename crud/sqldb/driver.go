package sqldb

import (
	"context"
	"database/sql"
)

// Driver is what a backend implements to be used through a [DB]; apps use the
// DB. It must be safe for concurrent use. Its methods return the driver's own
// errors, which the DB passes to Classify. A Driver may implement
// [Pinger], [Closer], [Pooled], [Holder], [Replicated] and [SQLTxJoiner] besides, which are
// looked for once, by [New].
type Driver interface {
	// Executor runs single statements outside transactions, each on whatever
	// connection is free. With write false the statement is known to only
	// read. The Executor must be cheap to get and safe for concurrent use.
	Executor(write bool) Executor

	// Begin starts a transaction on a connection of its own. The ctx covers
	// the beginning only. Begin, Ping and the Executor's methods must pass
	// their ctx through [Running] once they have a connection, or nothing
	// limits the statement's time.
	Begin(ctx context.Context, o TxOptions) (Tx, error)

	// Classify says what err, which one of this driver's methods or of their
	// results returned, means. It never returns nil.
	Classify(err error) *Error
}

// Executor runs statements whose text is in the database's own form and whose
// values have been through Dialect.Bind. The ctx covers a query until its rows
// are closed.
type Executor interface {
	Query(ctx context.Context, sql string, args []any) (Rows, error)
	Exec(ctx context.Context, sql string, args []any) (affected int64, err error)
}

// GenericExecutor is implemented by Executors, those of transactions too, of
// databases that have to be told to plan a statement once for all values.
type GenericExecutor interface {
	// QueryGeneric is Query for a statement that [GenericPlan] has marked.
	QueryGeneric(ctx context.Context, sql string, args []any) (Rows, error)
}

// Tx is a transaction on one connection. After Commit or Rollback, whatever
// they return, the connection is back in its pool or closed.
type Tx interface {
	Executor
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
}

// Pinger is implemented by drivers that can tell whether the database answers.
// Without it a DB's Ping runs SELECT 1.
type Pinger interface {
	Ping(ctx context.Context) error
}

// Closer is implemented by drivers that opened something that they must close.
type Closer interface {
	Close() error
}

// Pooled is implemented by drivers that know their connections.
type Pooled interface {
	Pool() PoolStats
}

// SQLTxJoiner is implemented by drivers that can run statements in an app's
// transaction of database/sql; see [WithTx].
type SQLTxJoiner interface {
	JoinSQLTx(tx *sql.Tx) Executor
}

// Rows is the result of a query, read as *sql.Rows is: Next before each row,
// Close when done (harmless when repeated; Next closes at the end), Err
// afterwards. Destinations of Scan are pointers to Go values: string, bool,
// integer and float types and types made of them, uuid.UUID and types made of
// it, time.Time, []byte, any type for a JSON column, pointers to all these for
// columns that may be null, and sql.Scanner. A value that does not fit its
// destination is a [*ScanError]. Rows is for one goroutine.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
	Columns() ([]string, error)
}
