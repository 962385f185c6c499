package sqldb

import (
	"context"
	"time"

	"github.com/joinery-go/joinery"
)

// call is one statement from its start to its last row.
type call struct {
	db     *DB
	scope  *scope          // nil outside transactions
	parent context.Context // the caller's
	ctx    context.Context // with the statement's deadline
	cancel context.CancelFunc
	stmt   Stmt
	began  time.Time // zero when nobody logs
	rows   int64

	write   bool // outside transactions: the statement may write
	replica bool // it runs on the replica
}

// start decides where the statement runs and opens its call, which must be
// ended.
func (db *DB) start(ctx context.Context, s Stmt) (call, Executor, error) {
	c := call{db: db, parent: ctx, stmt: s, scope: db.scopeIn(ctx)}
	var ex Executor
	if c.scope != nil {
		if err := c.scope.enter(s); err != nil {
			return call{}, nil, err
		}
		ex = c.scope.t.executor
	} else {
		if c.write = s.write || s.writes(); c.write {
			joinery.MarkWrite(ctx)
		}
		ex = db.executor(ctx, c.write)
	}
	db.counters.statements.Add(1)
	if db.log.enabled(ctx) {
		c.began = time.Now()
	}
	if c.scope != nil || db.heldIn(ctx) != nil {
		c.ctx, c.cancel = db.withTimeout(ctx)
	} else {
		c.ctx, c.cancel = db.waiting(ctx)
	}
	return c, ex, nil
}

// query runs the call's statement, by one plan for all values if it says so and
// the database can.
func (c *call) query(ctx context.Context, ex Executor) (Rows, error) {
	if c.stmt.generic {
		if g, ok := ex.(GenericExecutor); ok {
			return g.QueryGeneric(ctx, c.stmt.SQL, c.stmt.Args)
		}
	}
	return ex.Query(ctx, c.stmt.SQL, c.stmt.Args)
}

// end closes the call with what the driver said, and returns what the caller
// is told.
func (c *call) end(err error) error {
	c.cancel()
	var e *Error
	if err != nil {
		c.db.counters.errors.Add(1)
		e = c.db.classify(c.parent, err)
		if c.replica && c.parent.Err() == nil {
			c.db.replica.judge(c.parent, err, 0)
		}
	}
	if c.scope != nil {
		e = c.scope.leave(e)
	}
	if !c.began.IsZero() {
		c.db.log.statement(c, e)
	}
	if e == nil {
		return nil
	}
	return public(e)
}

// rows passes the driver's rows on and ends the call with them.
type rows struct {
	call   call
	driver Rows
	done   bool
	err    error
}

func (r *rows) Next() bool {
	if r.done {
		return false
	}
	if r.driver.Next() {
		r.call.rows++
		return true
	}
	r.finish()
	return false
}

func (r *rows) Scan(dest ...any) error { return r.driver.Scan(dest...) }

func (r *rows) Columns() ([]string, error) { return r.driver.Columns() }

func (r *rows) Err() error { return r.err }

// Close does not repeat the error that Err gives; it fails only when closing
// itself does.
func (r *rows) Close() error {
	r.finish()
	return nil
}

// finish ends the call once. Rows closed before their end are no error, though
// the driver may see its own cancellation.
func (r *rows) finish() {
	if r.done {
		return
	}
	r.done = true
	closed := r.driver.Close()
	err := r.driver.Err()
	if err == nil {
		err = closed
	}
	r.err = r.call.end(err)
}
