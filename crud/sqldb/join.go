package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/joinery-go/joinery"
)

// WithTx is ctx in a transaction that the app began itself with database/sql
// on the same database: statements run with it on db join tx, and InTx is a
// savepoint in it. The app commits or rolls back tx and then calls done with
// the error of that, nil when it was committed; done runs what [AfterCommit]
// queued, or drops it. A queue that is lost because done was not called
// when the ctx given here ends is logged.
//
// With a backend that cannot use tx, every statement with the ctx fails. On
// PostgreSQL, pgdb.WithTx takes a pgx.Tx and is the faster way.
func WithTx(ctx context.Context, db *DB, tx *sql.Tx) (context.Context, func(err error)) {
	if db.joiner == nil {
		return Join(ctx, db, Refuse(errors.New("sqldb: this backend cannot join a transaction of database/sql")))
	}
	return Join(ctx, db, db.joiner.JoinSQLTx(tx))
}

// Join is [WithTx] for backends: ex runs statements in the app's transaction.
func Join(ctx context.Context, db *DB, ex Executor) (joined context.Context, done func(err error)) {
	joinery.MarkWrite(ctx) // what the app does in its transaction is not seen here
	s := newScope(db, ex, TxOptions{})
	stop := context.AfterFunc(ctx, func() {
		if !s.ended.Load() && s.hooks.len() > 0 {
			db.options.Logger.Warn("a transaction of the app was joined and its done never called: what was queued for after the commit is lost",
				"queued", s.hooks.len())
		}
	})
	return s.in(ctx), func(err error) {
		stop()
		if s.ended.Swap(true) || err != nil {
			return
		}
		s.runHooks(ctx)
	}
}

// Unusable is a driver whose statements and transactions all fail with err, for
// backends that are given options they cannot heed where no error can be
// returned.
func Unusable(err error) Driver { return unusable{Refuse(err), err} }

type unusable struct {
	executor Executor
	err      error
}

// Executor implements [Driver].
func (u unusable) Executor(bool) Executor { return u.executor }

// Begin implements [Driver].
func (u unusable) Begin(context.Context, TxOptions) (Tx, error) { return nil, u.err }

// Classify implements [Driver].
func (u unusable) Classify(err error) *Error { return &Error{Err: err} }

type refusing struct{ err error }

// Refuse is an executor that fails every statement, for backends that are
// asked to join a transaction that is not theirs.
func Refuse(err error) Executor { return refusing{&Error{Err: fmt.Errorf("%w", err)}} }

func (r refusing) Query(context.Context, string, []any) (Rows, error) { return nil, r.err }
func (r refusing) Exec(context.Context, string, []any) (int64, error) { return 0, r.err }
