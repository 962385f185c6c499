package sqldb

import (
	"context"
	"fmt"
)

// DB is a database: a pool of connections, run through one contract whatever
// it is. Backends make it. It is safe for concurrent use.
type DB struct {
	driver   Driver
	dialect  Dialect
	options  Options
	log      statementLog
	counters counters
	replica  *replica // nil when there is none
	plans    Cache[planKey, *selectPlan]

	pinger Pinger
	closer Closer
	pooled Pooled
	joiner SQLTxJoiner
}

// New is a DB over a backend's driver. Apps use a backend's Open or Wrap. It
// starts nothing.
func New(driver Driver, dialect Dialect, opts *Options) *DB {
	db := &DB{driver: driver, dialect: dialect, options: opts.OrDefaults()}
	db.log = statementLog{db.options.Logger, db.options.LogValues}
	db.replica = newReplica(driver, &db.options)
	db.pinger, _ = driver.(Pinger)
	db.closer, _ = driver.(Closer)
	db.pooled, _ = driver.(Pooled)
	db.joiner, _ = driver.(SQLTxJoiner)
	return db
}

// Dialect is how this database writes SQL.
func (db *DB) Dialect() Dialect { return db.dialect }

// Driver is what the backend gave to [New]; backends find their own DBs by it.
func (db *DB) Driver() Driver { return db.driver }

// Query runs a statement that returns rows, in ctx's transaction on this DB if
// there is one. The ctx covers the rows until they are closed. Outside a
// transaction the rows hold a connection until they are closed, and a read goes
// to the replica, if there is one. Errors are as the package describes them.
func (db *DB) Query(ctx context.Context, stmt Sqlizer) (Rows, error) {
	s, err := render(db.dialect, stmt)
	if err != nil {
		return nil, err
	}
	c, ex, err := db.start(ctx, s)
	if err != nil {
		return nil, err
	}
	driverRows, err := db.run(&c, ex)
	if err != nil {
		return nil, c.end(err)
	}
	r := &rows{call: c, driver: driverRows}
	if c.scope != nil {
		c.scope.t.open = r
	}
	return r, nil
}

// Exec runs a statement that returns no rows, in ctx's transaction on this DB
// if there is one, and returns how many rows it changed. Errors are as the
// package describes them.
func (db *DB) Exec(ctx context.Context, stmt Sqlizer) (affected int64, err error) {
	s, err := render(db.dialect, stmt)
	if err != nil {
		return 0, err
	}
	s.write = true
	c, ex, err := db.start(ctx, s)
	if err != nil {
		return 0, err
	}
	affected, err = ex.Exec(c.ctx, s.SQL, s.Args)
	c.rows = affected
	return affected, c.end(err)
}

// ExecAll runs statements without values one after the other, as Exec does; it
// stops at the first error, which says which statement failed. It is for
// schemas and fixtures; inside InTx it is all or nothing where the database
// can (TxDDL).
func ExecAll(ctx context.Context, db *DB, statements []string) error {
	for i, text := range statements {
		if _, err := db.Exec(ctx, Stmt{SQL: text}); err != nil {
			return fmt.Errorf("statement %d of %d (%.60s): %w", i+1, len(statements), text, err)
		}
	}
	return nil
}

// Ping reports whether the database answers. It does not ask a read replica,
// whose failure is no failure of the DB; see [Stats].
func (db *DB) Ping(ctx context.Context) error {
	if db.pinger == nil {
		_, err := Row(ctx, db, Stmt{SQL: "SELECT 1"}, new(int64))
		return err
	}
	parent := ctx
	ctx, cancel := db.waiting(ctx)
	defer cancel()
	if err := db.pinger.Ping(ctx); err != nil {
		return public(db.classify(parent, err))
	}
	return nil
}

// Close closes what the backend opened; a wrapped pool is the app's and stays
// open. Statements that run are waited for. It may be called twice.
func (db *DB) Close() error {
	if db.closer == nil {
		return nil
	}
	return db.closer.Close()
}

func (db *DB) withTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	if db.options.StatementTimeout <= 0 || db.heldIn(ctx) != nil {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, db.options.StatementTimeout)
}
