package sqldb

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
)

// hooks are what is to be done after the commit. The mutex is for callers who
// share a transaction's ctx against the rules.
type hooks struct {
	mu    sync.Mutex
	queue []func(context.Context)
}

func (h *hooks) add(fns ...func(context.Context)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.queue = append(h.queue, fns...)
}

func (h *hooks) take() []func(context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	fns := h.queue
	h.queue = nil
	return fns
}

func (h *hooks) len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.queue)
}

// adopt takes over what a savepoint queued.
func (h *hooks) adopt(inner *hooks) { h.add(inner.take()...) }

// AfterCommit runs fn once after the outermost transaction of ctx on db has
// been committed, in the goroutine that commits, before InTx returns, in the
// order queued. When the transaction or the savepoint in which it was queued is rolled
// back, fn is dropped. Outside a transaction it runs at once. The ctx it gets
// has the caller's values, but neither its transaction nor its cancellation.
// A panic of fn is logged and does not reach the caller, whose work is done.
func AfterCommit(ctx context.Context, db *DB, fn func(ctx context.Context)) {
	s := db.scopeIn(ctx)
	if s == nil {
		db.runHook(context.WithoutCancel(ctx), fn)
		return
	}
	if s.ended.Load() {
		db.options.Logger.ErrorContext(ctx, "AfterCommit with the context of a transaction that has ended: dropped")
		return
	}
	s.hooks.add(func(after context.Context) { fn(hookContext(ctx, after)) })
}

// hookContext has the values of where the hook was queued, the transaction
// hidden as in after.
func hookContext(queued, after context.Context) context.Context {
	return valuesOf{after, context.WithoutCancel(queued)}
}

// valuesOf asks for values where the hook was queued, except for transactions
// of sqldb, which are those of the time when it runs.
type valuesOf struct {
	context.Context
	queued context.Context
}

func (c valuesOf) Value(key any) any {
	if _, ok := key.(scopeKey); ok {
		return c.Context.Value(key)
	}
	return c.queued.Value(key)
}

func (s *scope) runHooks(ctx context.Context) {
	after := s.without(ctx)
	for _, fn := range s.hooks.take() {
		s.t.db.runHook(after, fn)
	}
}

func (db *DB) runHook(ctx context.Context, fn func(context.Context)) {
	defer func() {
		if p := recover(); p != nil {
			db.options.Logger.ErrorContext(ctx, "panic after commit", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	fn(ctx)
}
