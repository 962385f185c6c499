package pgdb

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/internal/stdsql"
)

// mode is how values travel, or 0 for as the connection does by itself. It is
// set where that would be pgx's simple protocol, which writes values into the
// text of the statement.
type mode pgx.QueryExecMode

// modeFor is the mode for connections made by the config. One that asks for
// the simple protocol does so because of a pooler, for which there must be no
// prepared statements.
func modeFor(c *pgx.ConnConfig) mode {
	switch {
	case c.DefaultQueryExecMode != pgx.QueryExecModeSimpleProtocol:
		return 0
	case c.DescriptionCacheCapacity > 0:
		return mode(pgx.QueryExecModeCacheDescribe)
	}
	return mode(pgx.QueryExecModeDescribeExec)
}

// with is the values as pgx is given them.
func (m mode) with(args []any) []any {
	if m == 0 {
		return args
	}
	return append([]any{pgx.QueryExecMode(m)}, args...)
}

// sqlTx runs statements in a transaction of database/sql. How its connection
// was configured cannot be seen, so each statement says how its values travel.
type sqlTx struct{ tx *sql.Tx }

const describe = mode(pgx.QueryExecModeDescribeExec)

// Query implements sqldb.Executor.
func (x sqlTx) Query(ctx context.Context, text string, args []any) (sqldb.Rows, error) {
	return stdsql.Executor{Handle: x.tx}.Query(ctx, text, describe.with(args))
}

// Exec implements sqldb.Executor. Without values pgx would use the simple
// protocol whatever it is told, except for what is prepared.
func (x sqlTx) Exec(ctx context.Context, text string, args []any) (int64, error) {
	if len(args) > 0 {
		return stdsql.Executor{Handle: x.tx}.Exec(ctx, text, describe.with(args))
	}
	stmt, err := x.tx.PrepareContext(ctx, text)
	if err != nil {
		return 0, err
	}
	defer stmt.Close()
	result, err := stmt.ExecContext(ctx)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
