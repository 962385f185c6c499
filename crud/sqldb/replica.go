package sqldb

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/joinery-go/joinery"
)

// Replicated is implemented by drivers that have a read replica: a second
// server that follows the first at some distance. Reads outside transactions
// go to it, unless the ctx has written (joinery.TrackWrites).
type Replicated interface {
	// Replica runs reads on the replica; nil when there is none. Its Query
	// must fail, rather than its rows, when the first row cannot be had.
	Replica() Executor

	// ReplicaPool are the replica's connections.
	ReplicaPool() PoolStats

	// Answered reports whether err, which the replica's executor or its rows
	// returned, is the answer of a server that works: such an error concerns
	// the statement alone. Any other one is held against the replica.
	Answered(err error) bool

	// DropReplica closes the connections to the replica, those in use when
	// they are given back. It is called when the replica failed, so that a
	// later try does not meet another connection that died with it.
	DropReplica()
}

// replica sends reads to the replica while it is well. What it does not begin
// to answer is asked of the primary instead; a read has no effect, so it can
// be run again whatever the reason was.
type replica struct {
	driver   Replicated
	executor Executor
	options  *Options
	timeout  time.Duration

	// paused is 0 while the replica is well, else the time in nanoseconds
	// until which it is left alone.
	paused           atomic.Int64
	reads, fallbacks atomic.Int64
}

func newReplica(driver Driver, o *Options) *replica {
	d, ok := driver.(Replicated)
	if !ok {
		return nil
	}
	ex := d.Replica()
	if ex == nil {
		return nil
	}
	return &replica{driver: d, executor: ex, options: o, timeout: o.replicaTimeout()}
}

// run runs the call's statement where it belongs.
func (db *DB) run(c *call, primary Executor) (Rows, error) {
	if db.replica != nil && c.scope == nil && db.heldIn(c.parent) == nil && !c.write && !joinery.HasWritten(c.parent) {
		if result, ok := db.replica.query(c); ok {
			return result, nil
		}
	}
	return c.query(c.ctx, primary)
}

// turn asks whether to try the replica. After a pause one statement tries,
// and the others stay away until it has come back; attempt is what it brings.
func (r *replica) turn() (attempt int64, ok bool) {
	until := r.paused.Load()
	if until == 0 {
		return 0, true
	}
	now := r.options.Now().UnixNano()
	next := max(now+int64(r.options.ReplicaPause), 1)
	return next, now >= until && r.paused.CompareAndSwap(until, next)
}

// answered ends the pause if attempt was made to try whether it is over, and
// nothing has failed since.
func (r *replica) answered(ctx context.Context, attempt int64) {
	if attempt != 0 && r.paused.CompareAndSwap(attempt, 0) {
		r.options.Logger.InfoContext(ctx, "the read replica answers again")
	}
}

// failed begins a pause. Only the first of a row is logged.
func (r *replica) failed(ctx context.Context, err error) {
	r.driver.DropReplica()
	until := max(r.options.Now().UnixNano()+int64(r.options.ReplicaPause), 1)
	if r.paused.Swap(until) == 0 {
		r.options.Logger.WarnContext(ctx, "the read replica fails: until it is back, its reads go to the primary",
			"error", err, "pause", r.options.ReplicaPause)
	}
}

// query runs the call's statement on the replica; ok is false when it is to be
// run on the primary, the replica's connection being given back by then.
func (r *replica) query(c *call) (result Rows, ok bool) {
	attempt, ok := r.turn()
	if !ok {
		return nil, false
	}
	ctx, cancel := context.WithCancelCause(c.parent)
	began := time.Now()
	timer := time.AfterFunc(r.timeout, func() { cancel(context.DeadlineExceeded) })
	result, err := c.query(ctx, r.executor)
	inTime := timer.Stop()
	if err == nil && inTime {
		r.answered(c.parent, attempt)
		r.reads.Add(1)
		c.moveToReplica(ctx, r.limit(cancel, time.Since(began)))
		return result, true
	}
	cancel(nil)
	if err == nil { // it came too late by a hair, and its ctx has ended
		_ = result.Close()
	}
	if c.parent.Err() == nil { // else nothing was learned, and nothing is run again
		r.judge(c.parent, err, attempt)
		r.fallbacks.Add(1)
	}
	return nil, false
}

// judge learns from how a statement on the replica ended.
func (r *replica) judge(ctx context.Context, err error, attempt int64) {
	if err == nil || r.driver.Answered(err) {
		r.answered(ctx, attempt)
	} else {
		r.failed(ctx, err)
	}
}

// limit lets the rows be read for what is left of the statement's time. The
// function returned ends them.
func (r *replica) limit(cancel context.CancelCauseFunc, spent time.Duration) context.CancelFunc {
	if r.options.StatementTimeout <= 0 {
		return func() { cancel(nil) }
	}
	timer := time.AfterFunc(r.options.StatementTimeout-spent, func() { cancel(context.DeadlineExceeded) })
	return func() {
		timer.Stop()
		cancel(nil)
	}
}

// moveToReplica makes ctx what the call's rows live under.
func (c *call) moveToReplica(ctx context.Context, cancel context.CancelFunc) {
	c.cancel()
	c.ctx, c.cancel, c.replica = ctx, cancel, true
}

// stats are the replica's figures now; zero without a replica.
func (r *replica) stats() ReplicaStats {
	if r == nil {
		return ReplicaStats{}
	}
	return ReplicaStats{
		PoolStats: r.driver.ReplicaPool(),
		Reads:     r.reads.Load(),
		Fallbacks: r.fallbacks.Load(),
		Paused:    r.paused.Load() != 0,
	}
}
