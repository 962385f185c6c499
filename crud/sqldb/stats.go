package sqldb

import "sync/atomic"

// PoolStats are a pool's connections at one moment.
type PoolStats struct {
	Max   int // how many there may be; 0: no limit
	Open  int
	InUse int
	Idle  int
}

// Stats are a DB's figures since it was made.
type Stats struct {
	PoolStats
	Statements   int64 // queries and executions, savepoints not counted
	Transactions int64 // begun, savepoints and the app's own not counted
	Errors       int64 // statements that failed
}

type counters struct {
	statements, transactions, errors atomic.Int64
}

// Stats are the DB's figures now. Counting costs nothing measurable, so it is
// always on.
func (db *DB) Stats() Stats {
	s := Stats{
		Statements:   db.counters.statements.Load(),
		Transactions: db.counters.transactions.Load(),
		Errors:       db.counters.errors.Load(),
	}
	if db.pooled != nil {
		s.PoolStats = db.pooled.Pool()
	}
	return s
}
