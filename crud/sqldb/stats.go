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
	Statements   int64 // queries and executions, savepoints not counted, nor what [Catalog] reads
	Transactions int64 // begun, savepoints and the app's own not counted
	Errors       int64 // statements that failed
	Replica      ReplicaStats
}

// ReplicaStats are the figures of a DB's read replica; zero when it has none.
type ReplicaStats struct {
	PoolStats
	Reads     int64 // statements it answered
	Fallbacks int64 // statements it was asked and the primary answered
	Paused    bool  // it is left alone, because it failed
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
		Replica:      db.replica.stats(),
	}
	if db.pooled != nil {
		s.PoolStats = db.pooled.Pool()
	}
	return s
}
