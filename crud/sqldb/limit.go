package sqldb

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// limit is the ctx of one call of a driver. It ends with the caller's, or when
// its time is over: first that of waiting for a connection, then that of
// running, which begins anew. One ctx and one timer serve for both.
type limit struct {
	context.Context // ended by cancel
	cancel          context.CancelCauseFunc
	timeout         time.Duration // of running; 0: none
	timer           *time.Timer   // nil until a time began
	running         atomic.Bool
}

type limitKey struct{}

// Value implements context.Context.
func (l *limit) Value(key any) any {
	if key == (limitKey{}) {
		return l
	}
	return l.Context.Value(key)
}

// waiting is ctx for a call of the driver that may have to wait for a
// connection; the driver tells by [Waiting] that it does, and by [Running] when
// it has one. The call must be ended by done.
func (db *DB) waiting(ctx context.Context) (limited context.Context, done context.CancelFunc) {
	l := &limit{timeout: db.options.StatementTimeout}
	l.Context, l.cancel = context.WithCancelCause(ctx)
	return l, l.end
}

// begin lets the ctx end after d.
func (l *limit) begin(d time.Duration) {
	if l.timer == nil {
		l.timer = time.AfterFunc(d, l.over)
	} else {
		l.timer.Reset(d)
	}
}

func (l *limit) over() {
	if l.running.Load() {
		l.cancel(context.DeadlineExceeded)
	} else {
		l.cancel(ErrWaited)
	}
}

func (l *limit) end() {
	if l.timer != nil {
		l.timer.Stop()
	}
	l.cancel(nil)
}

// ErrWaited is the cause (context.Cause) for which a ctx of [Waiting] ended
// when its time was over.
var ErrWaited = errors.New("sqldb: no connection was to be had in time")

// Waiting is the ctx under which a driver waits for a connection: it ends after
// d, with the cause [ErrWaited], unless [Running] was called. d must be
// positive. It is for drivers, which must call stop when they have waited.
func Waiting(ctx context.Context, d time.Duration) (waiting context.Context, stop context.CancelFunc) {
	l, ok := ctx.Value(limitKey{}).(*limit)
	if !ok || l.timer != nil {
		return context.WithTimeoutCause(ctx, d, ErrWaited)
	}
	l.begin(d)
	return ctx, func() {} // the time of running takes the place of that of waiting
}

// Running is the ctx under which a driver goes on once it has a connection: it
// ends when the statement has run for StatementTimeout. It is for drivers,
// which call it in Executor, Begin and Ping after they waited; any other ctx
// is returned as it is.
func Running(ctx context.Context) context.Context {
	l, ok := ctx.Value(limitKey{}).(*limit)
	if !ok || l.running.Load() || l.timer != nil && !l.timer.Stop() {
		return ctx
	}
	l.running.Store(true)
	if l.timeout > 0 {
		l.begin(l.timeout)
	}
	return ctx
}
