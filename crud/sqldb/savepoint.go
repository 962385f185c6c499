package sqldb

import (
	"context"
	"database/sql"
	"fmt"
)

// savepoint runs fn as a nested transaction.
func (s *scope) savepoint(ctx context.Context, fn func(ctx context.Context) error, o TxOptions) error {
	if o.Isolation > max(s.t.options.Isolation, sql.LevelReadCommitted) && !s.t.db.dialect.Has(AlwaysSerializable) {
		return fmt.Errorf("sqldb: a nested transaction cannot raise the isolation to %s: ask for it where the outermost one begins", o.Isolation)
	}
	s.t.saves++
	name := fmt.Sprintf("sqldb_%d", s.t.saves)
	inner := &scope{t: s.t, parent: s, readOnly: s.readOnly || o.ReadOnly}
	if err := s.control(ctx, "SAVEPOINT "+name); err != nil {
		return err
	}
	released := false
	defer func() {
		if !released {
			inner.undo(ctx, name)
		}
	}()
	if err := fn(inner.in(ctx)); err != nil {
		return inner.outcome(err)
	}
	if err := inner.ready(ctx); err != nil {
		return err
	}
	inner.ended.Store(true)
	if err := s.control(ctx, "RELEASE SAVEPOINT "+name); err != nil {
		return err
	}
	released = true
	s.hooks.adopt(&inner.hooks)
	return nil
}

// undo goes back to the savepoint. When that fails the whole transaction
// cannot go on: what fn did would stay in it.
func (s *scope) undo(ctx context.Context, name string) {
	s.ended.Store(true)
	s.closeRows()
	if s.t.dead.Load() != nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	for _, text := range []string{"ROLLBACK TO SAVEPOINT " + name, "RELEASE SAVEPOINT " + name} {
		if err := s.parent.control(ctx, text); err != nil {
			s.t.dead.CompareAndSwap(nil, &Error{Class: ClassOf(err), Fatal: true, Err: fmt.Errorf("a savepoint could not be rolled back: %w", err)})
			return
		}
	}
}

// control runs a statement of the transaction's own.
func (s *scope) control(ctx context.Context, text string) error {
	if err := s.enter(Stmt{SQL: "SELECT"}); err != nil { // as far as read-only goes
		return err
	}
	parent := ctx
	ctx, cancel := s.t.db.withTimeout(ctx)
	defer cancel()
	_, err := s.t.executor.Exec(ctx, text, nil)
	var e *Error
	if err != nil {
		e = s.t.db.classify(parent, err)
	}
	if e = s.leave(e); e != nil {
		return public(e)
	}
	return nil
}
