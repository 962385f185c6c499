package mariadb

import (
	"context"
	"errors"

	"github.com/go-sql-driver/mysql"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Replica implements sqldb.Replicated.
func (d *driver) Replica() sqldb.Executor {
	if d.replica == nil {
		return nil
	}
	return replica{d.replica.executor}
}

// replica fails when the first row cannot be had, so that the primary can be
// asked instead.
type replica struct{ executor }

// Query implements sqldb.Executor.
func (r replica) Query(ctx context.Context, text string, args []any) (sqldb.Rows, error) {
	rows, err := r.executor.Query(ctx, text, args)
	if err != nil {
		return nil, err
	}
	begun := &begunRows{Rows: rows, first: true, found: rows.Next()}
	if err := rows.Err(); err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	return begun, nil
}

// begunRows are at their first row already.
type begunRows struct {
	sqldb.Rows
	first, found bool
}

// Next implements sqldb.Rows.
func (r *begunRows) Next() bool {
	if r.first {
		r.first = false
		return r.found
	}
	return r.Rows.Next()
}

// ReplicaPool implements sqldb.Replicated.
func (d *driver) ReplicaPool() sqldb.PoolStats { return d.replica.Pool() }

// DropReplica implements sqldb.Replicated.
func (d *driver) DropReplica() {
	d.replica.connector.generation.Add(1)
	conns := d.replica.pool.DB.Stats().MaxOpenConnections
	d.replica.pool.DB.SetMaxIdleConns(-1) // closes those that nobody uses
	d.replica.pool.DB.SetMaxIdleConns(conns)
}

// Answered implements sqldb.Replicated. A server that shuts down or takes no
// more connections answers too, but does not work; one that stopped a statement
// when it was told to does.
func (d *driver) Answered(err error) bool {
	switch classify(err).Class {
	case sqldb.LostConnection, sqldb.Exhausted:
		return false
	case sqldb.Timeout:
		_, ok := errors.AsType[*mysql.MySQLError](err)
		return ok
	}
	return true
}
