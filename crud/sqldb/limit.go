package sqldb

import (
	"context"
	"time"
)

// limit is how long a statement may run once it has a connection. The wait for
// the connection has a limit of its own and does not count.
type limit struct {
	timeout time.Duration
	cancel  context.CancelFunc // nil until the time began
}

type limitKey struct{}

// waiting is ctx for a call of the driver that may have to wait for a
// connection; the driver tells by [Running] when it has one. The call must be
// ended by done.
func (db *DB) waiting(ctx context.Context) (limited context.Context, done context.CancelFunc) {
	if db.options.StatementTimeout <= 0 {
		return context.WithCancel(ctx)
	}
	l := &limit{timeout: db.options.StatementTimeout}
	return context.WithValue(ctx, limitKey{}, l), l.end
}

func (l *limit) end() {
	if l.cancel != nil {
		l.cancel()
	}
}

// Running is the ctx under which a driver goes on once it has a connection: it
// ends when the statement has run for StatementTimeout. It is for drivers,
// which call it in Executor, Begin and Ping after they waited; any other ctx
// is returned as it is.
func Running(ctx context.Context) context.Context {
	l, ok := ctx.Value(limitKey{}).(*limit)
	if !ok || l.cancel != nil {
		return ctx
	}
	ctx, l.cancel = context.WithTimeout(ctx, l.timeout)
	return ctx
}
