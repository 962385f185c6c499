package pgdb

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Replica implements sqldb.Replicated.
func (d *driver) Replica() sqldb.Executor {
	if d.replica == nil {
		return nil
	}
	return d.replica
}

// ReplicaPool implements sqldb.Replicated.
func (d *driver) ReplicaPool() sqldb.PoolStats { return d.replica.Pool() }

// DropReplica implements sqldb.Replicated.
func (d *driver) DropReplica() { d.replica.pool.Reset() }

// Answered implements sqldb.Replicated. A server that recovers, shuts down or
// takes no more connections answers too, but does not work; one that stopped a
// statement when it was told to does.
func (d *driver) Answered(err error) bool {
	switch classify(err).Class {
	case sqldb.LostConnection, sqldb.Exhausted:
		return false
	case sqldb.Timeout:
		_, ok := errors.AsType[*pgconn.PgError](err)
		return ok
	}
	return true
}
