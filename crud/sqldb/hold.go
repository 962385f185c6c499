package sqldb

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/joinery-go/joinery"
)

// Holder is implemented by drivers that can keep one connection for many
// statements; see [OnConn].
type Holder interface {
	// Hold takes a connection that may write out of the pool. The ctx covers
	// the taking only.
	Hold(ctx context.Context) (Held, error)
}

// Held is one connection that belongs to whoever took it.
type Held interface {
	Executor

	// Begin is [Driver].Begin on this connection, which stays held when the
	// transaction has ended.
	Begin(ctx context.Context, o TxOptions) (Tx, error)

	// Release gives the connection back to its pool; with discard it is closed
	// instead, and so whatever its session holds is let go.
	Release(discard bool)
}

// OnConn runs fn with one connection of db's: statements and transactions with
// the ctx that fn gets run on it, one after the other, whether they read or
// write, and never on a replica. What a session sets or locks therefore holds
// for all of them. It is for work that needs that, as migrations do; fn takes
// back what it has set.
//
// A statement may take as long as ctx lives: Options.StatementTimeout does not
// count here, though a limit that the server keeps does, until it is set anew.
// The connection goes back to its pool when fn returns nil; it is closed when
// fn fails or panics, so that nothing of its session is met by others. The ctx
// is for one goroutine at a time and ends with fn.
//
// Within a transaction it is an error, and a backend that cannot hold a
// connection is kind Unsupported. Inside another OnConn it runs fn on the same
// connection.
func OnConn(ctx context.Context, db *DB, fn func(ctx context.Context) error) error {
	if InTransaction(ctx, db) {
		return errors.New("sqldb: OnConn inside a transaction, which has its connection already")
	}
	if db.heldIn(ctx) != nil {
		return fn(ctx)
	}
	holder, ok := db.driver.(Holder)
	if !ok {
		return joinery.Errorf(joinery.Unsupported, "", "this backend of "+db.dialect.Name()+" cannot hold a connection")
	}
	holdCtx, cancel := db.waiting(ctx)
	conn, err := holder.Hold(holdCtx)
	cancel()
	if err != nil {
		db.counters.errors.Add(1)
		return public(db.classify(ctx, err))
	}
	h := &held{Held: conn}
	discard := true
	defer func() { // also on panic and runtime.Goexit
		h.ended.Store(true)
		conn.Release(discard)
	}()
	if err := fn(context.WithValue(ctx, heldKey{db}, h)); err != nil {
		return err
	}
	discard = false
	return nil
}

// held is the connection of an OnConn.
type held struct {
	Held
	ended atomic.Bool
}

type heldKey struct{ db *DB }

// heldIn is the connection that ctx's statements on db run on; nil: any.
func (db *DB) heldIn(ctx context.Context) *held {
	h, _ := ctx.Value(heldKey{db}).(*held)
	return h
}

var errReleased = errors.New("sqldb: the connection of this context was given back: a ctx of OnConn must not outlive its function")

// Query implements [Executor].
func (h *held) Query(ctx context.Context, text string, args []any) (Rows, error) {
	if h.ended.Load() {
		return nil, errReleased
	}
	return h.Held.Query(ctx, text, args)
}

// Exec implements [Executor].
func (h *held) Exec(ctx context.Context, text string, args []any) (int64, error) {
	if h.ended.Load() {
		return 0, errReleased
	}
	return h.Held.Exec(ctx, text, args)
}

// Begin implements [Held].
func (h *held) Begin(ctx context.Context, o TxOptions) (Tx, error) {
	if h.ended.Load() {
		return nil, errReleased
	}
	return h.Held.Begin(ctx, o)
}

// begin starts a transaction on ctx's connection, or on one of its own.
func (db *DB) begin(ctx context.Context, o TxOptions) (Tx, error) {
	if h := db.heldIn(ctx); h != nil {
		return h.Begin(ctx, o)
	}
	ctx, cancel := db.waiting(ctx)
	defer cancel()
	return db.driver.Begin(ctx, o)
}

// executor runs single statements with ctx.
func (db *DB) executor(ctx context.Context, write bool) Executor {
	if h := db.heldIn(ctx); h != nil {
		return h
	}
	return db.driver.Executor(write)
}
