package sqldb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/joinery-go/joinery"
)

// retries is how often a repeatable transaction is run again.
const retries = 3

// InTx runs fn in a transaction: committed when fn returns nil, rolled back
// when it returns an error or panics, and the panic goes on. Statements join
// it by the ctx that fn gets, which belongs to one goroutine and ends with fn.
// Inside a transaction of the same DB, InTx is a savepoint: an error of fn
// undoes what fn did and nothing else.
//
// The error is fn's own, or that of the commit. After a ctx ended, a timeout
// or a lost connection the whole transaction is lost: every further statement
// and the commit fail, also when fn ignores the error. When the connection is
// lost during the commit itself, whether it happened is unknown.
func InTx(ctx context.Context, db *DB, fn func(ctx context.Context) error, opts ...TxOption) error {
	var o TxOptions
	for _, opt := range opts {
		opt(&o)
	}
	if outer := db.scopeIn(ctx); outer != nil {
		return outer.savepoint(ctx, fn, o)
	}
	for try := 0; ; try++ {
		err := db.transact(ctx, fn, o)
		if err == nil || !o.Repeatable || try == retries || !repeatable(err) || !pause(ctx, try) {
			return err
		}
	}
}

// InTransaction reports whether ctx carries a transaction on db.
func InTransaction(ctx context.Context, db *DB) bool { return db.scopeIn(ctx) != nil }

func repeatable(err error) bool {
	c := ClassOf(err)
	return c == Serialization || c == Deadlock || c == Busy
}

// pause waits 5, 10, 20 ms, give or take half; false when ctx ended meanwhile.
func pause(ctx context.Context, try int) bool {
	base := 5 * time.Millisecond << try
	timer := time.NewTimer(base/2 + rand.N(base))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// transact is one run of an outermost transaction.
func (db *DB) transact(ctx context.Context, fn func(ctx context.Context) error, o TxOptions) error {
	tx, err := db.begin(ctx, o)
	if err != nil {
		db.counters.errors.Add(1)
		return public(db.classify(ctx, err))
	}
	db.counters.transactions.Add(1)
	if !o.ReadOnly {
		joinery.MarkWrite(ctx)
	}
	s := newScope(db, tx, o)
	committed := false
	defer func() { // also on panic and runtime.Goexit, which it lets pass
		if !committed {
			s.rollback(ctx, tx)
		}
	}()
	if err := fn(s.in(ctx)); err != nil {
		return s.outcome(err)
	}
	if err := s.commit(ctx, tx); err != nil {
		return err
	}
	committed = true
	s.runHooks(ctx)
	return nil
}

// commit ends the transaction. Once it is sent it is not given up with the
// caller's ctx, since that would leave the outcome unknown.
func (s *scope) commit(ctx context.Context, tx Tx) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	s.ended.Store(true)
	commitCtx, cancel := s.t.db.withTimeout(context.WithoutCancel(ctx))
	defer cancel()
	if err := tx.Commit(commitCtx); err != nil {
		s.t.db.counters.errors.Add(1)
		return s.explain(s.t.db.classify(commitCtx, err))
	}
	return nil
}

// ready reports why the scope cannot be committed.
func (s *scope) ready(ctx context.Context) error {
	if dead := s.t.dead.Load(); dead != nil {
		return public(dead)
	}
	if s.t.busy.Load() {
		return errors.New("sqldb: rows of a query are still open, or a statement is still running, where the transaction should be committed: close the rows first")
	}
	if err := ctx.Err(); err != nil {
		return public(s.t.db.classify(ctx, err))
	}
	return nil
}

// rollback undoes everything. Its own failure is not reported: the connection
// is closed then, and the server undoes the work.
func (s *scope) rollback(ctx context.Context, tx Tx) {
	s.ended.Store(true)
	s.closeRows()
	rollbackCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = tx.Rollback(rollbackCtx)
}

// explain adds the statement's error that made the transaction unusable.
func (s *scope) explain(e *Error) error {
	if first := s.failed; e.Class == Aborted && first != nil {
		return fmt.Errorf("the transaction failed earlier: %w", public(first))
	}
	return public(e)
}

// outcome is what InTx returns for fn's error: in a dead transaction the
// reason, if fn's error does not contain it already.
func (s *scope) outcome(err error) error {
	dead := s.t.dead.Load()
	if dead == nil || errors.Is(err, error(dead)) {
		return err
	}
	return errors.Join(err, public(dead))
}
