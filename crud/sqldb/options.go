package sqldb

import (
	"log/slog"
	"math"
	"time"
)

// Options are a DB's limits and its log. Nil and the zero value mean the
// defaults. A negative duration switches the limit off. Where the pool is the
// app's own (Wrap), MaxConns, MaxLifetime, LockTimeout and IdleInTxTimeout are
// the app's as well, and those here have no effect.
type Options struct {
	// Logger gets each statement at level logx.LevelSQL, with its duration and the number
	// of rows. Nil: slog.Default().
	Logger *slog.Logger

	// LogValues adds the statements' values, which are users' data, to the log.
	LogValues bool

	// MaxConns is the largest number of connections. 0: 20. On SQLite it is
	// the number of readers, beside one writer.
	MaxConns int

	// MaxLifetime is the age at which a connection is replaced. 0: 30 minutes.
	MaxLifetime time.Duration

	// AcquireTimeout is how long a statement or transaction waits for a free
	// connection before it fails as Unavailable. 0: 2 seconds.
	AcquireTimeout time.Duration

	// StatementTimeout is how long a statement may run, its rows read
	// included. 0: 10 seconds.
	StatementTimeout time.Duration

	// LockTimeout is how long a statement waits for a lock that another
	// connection holds. 0: 3 seconds.
	LockTimeout time.Duration

	// IdleInTxTimeout is how long a transaction may do nothing before the
	// server ends it. 0: 10 seconds. SQLite has no such limit.
	IdleInTxTimeout time.Duration

	// Replica is the URL of a read replica, which gets a second pool with the
	// same limits, for reads outside transactions. Empty: none. What it answers
	// may be a moment old, the permissions it judges by too; in a ctx made by
	// joinery.TrackWrites that has written, reads go to the primary. Whenever
	// the replica fails, from the start on, the primary is read instead.
	// SQLite has no replicas and refuses it, and so does Wrap, which takes
	// open pools.
	Replica string

	// ReplicaTimeout is how long the replica has to begin its answer, the wait
	// for a connection included; then the read is given up there and run on
	// the primary. 0: 2 seconds; never more than StatementTimeout.
	ReplicaTimeout time.Duration

	// ReplicaPause is how long a replica that did not answer is left alone
	// until a read tries it again. 0: 5 seconds.
	ReplicaPause time.Duration

	// Now is the clock of ReplicaPause. Nil: time.Now.
	Now func() time.Time
}

// OrDefaults is o with every zero field replaced by its default and every
// negative one by zero, which then means no limit. It is for backends; a nil o
// is the zero value.
func (o *Options) OrDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.Logger == nil {
		d.Logger = slog.Default()
	}
	if d.MaxConns <= 0 {
		d.MaxConns = 20
	}
	d.MaxLifetime = orDefault(d.MaxLifetime, 30*time.Minute)
	d.AcquireTimeout = orDefault(d.AcquireTimeout, 2*time.Second)
	d.StatementTimeout = orDefault(d.StatementTimeout, 10*time.Second)
	d.LockTimeout = orDefault(d.LockTimeout, 3*time.Second)
	d.ReplicaTimeout = orDefault(d.ReplicaTimeout, 2*time.Second)
	d.ReplicaPause = orDefault(d.ReplicaPause, 5*time.Second)
	if d.Now == nil {
		d.Now = time.Now
	}
	d.IdleInTxTimeout = orDefault(d.IdleInTxTimeout, 10*time.Second)
	return d
}

// replicaTimeout is the smaller of the limits that are set.
func (o *Options) replicaTimeout() time.Duration {
	d := time.Duration(math.MaxInt64)
	for _, limit := range []time.Duration{o.ReplicaTimeout, o.StatementTimeout} {
		if limit > 0 {
			d = min(d, limit)
		}
	}
	return d
}

func orDefault(d, fallback time.Duration) time.Duration {
	switch {
	case d == 0:
		return fallback
	case d < 0:
		return 0
	}
	return d
}
