package sqldb

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
)

// transaction is what an outermost transaction and its savepoints share.
type transaction struct {
	db       *DB
	executor Executor
	options  TxOptions
	dead     atomic.Pointer[Error] // set once: the reason why nothing works any more
	busy     atomic.Bool           // a statement runs or its rows are open
	open     *rows                 // the rows last opened; owned by whoever set busy
	saves    int                   // savepoints so far, for their names
}

// scope is one level of a transaction: the outermost or a savepoint.
type scope struct {
	t        *transaction
	parent   *scope
	readOnly bool
	ended    atomic.Bool
	failed   *Error // the last statement that failed
	hooks    hooks
}

type scopeKey struct{ db *DB }

func newScope(db *DB, ex Executor, o TxOptions) *scope {
	return &scope{t: &transaction{db: db, executor: ex, options: o}, readOnly: o.ReadOnly}
}

func (db *DB) scopeIn(ctx context.Context) *scope {
	s, _ := ctx.Value(scopeKey{db}).(*scope)
	return s
}

func (s *scope) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, scopeKey{s.t.db}, s)
}

// without is ctx as seen outside the transaction, and never canceled.
func (s *scope) without(ctx context.Context) context.Context {
	return context.WithValue(context.WithoutCancel(ctx), scopeKey{s.t.db}, (*scope)(nil))
}

var (
	errEnded = errors.New("sqldb: the transaction of this context has ended: a ctx of InTx must not outlive its function")
	errBusy  = errors.New("sqldb: the transaction is busy: close the rows of the earlier query first, and use a transaction's context from one goroutine only")
)

// enter takes the transaction for one statement.
func (s *scope) enter(stmt Stmt) error {
	if s.ended.Load() {
		return errEnded
	}
	if dead := s.t.dead.Load(); dead != nil {
		return public(dead)
	}
	if s.readOnly && stmt.writes() {
		return &Error{Class: WriteRefused, Err: errors.New("a write in a read-only transaction")}
	}
	if !s.t.busy.CompareAndSwap(false, true) {
		return errBusy
	}
	return nil
}

// leave gives the transaction back after a statement and returns its error as
// the caller should see it.
func (s *scope) leave(e *Error) *Error {
	defer s.t.busy.Store(false)
	s.t.open = nil
	if e == nil {
		return nil
	}
	if e.Class == Aborted && s.failed != nil {
		return &Error{Class: Aborted, Err: fmt.Errorf("the transaction failed earlier: %w", s.failed)}
	}
	s.failed = e
	if e.Fatal {
		s.t.dead.CompareAndSwap(nil, &Error{Class: e.Class, Fatal: true, Err: fmt.Errorf("the transaction is lost: %w", e.Err)})
	}
	return e
}

// closeRows closes rows that were left open.
func (s *scope) closeRows() {
	if s.t.busy.Load() && s.t.open != nil {
		s.t.open.finish()
	}
}
