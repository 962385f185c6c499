package pgdb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// driver implements sqldb.Driver over a pool.
type driver struct {
	pool     *pgxpool.Pool
	mode     mode
	prepares bool // see the function
	acquire  time.Duration
	owned    bool
	generic  *driver // connections apart for generic plans; nil: none
	replica  *driver // nil when there is none
}

// Executor implements sqldb.Driver.
func (d *driver) Executor(bool) sqldb.Executor { return d }

// Query implements sqldb.Executor: on a free connection, which the rows hold.
func (d *driver) Query(ctx context.Context, text string, args []any) (sqldb.Rows, error) {
	return d.run(ctx, func(ctx context.Context, conn *pgx.Conn) (*rows, error) {
		return query(ctx, conn, text, d.mode.with(args))
	})
}

func (d *driver) run(ctx context.Context, query func(context.Context, *pgx.Conn) (*rows, error)) (sqldb.Rows, error) {
	conn, err := d.conn(ctx)
	if err != nil {
		return nil, err
	}
	ctx = sqldb.Running(ctx)
	r, err := query(ctx, conn.Conn())
	if stalePlan(err) {
		r, err = query(ctx, conn.Conn())
	}
	if err != nil {
		conn.Release()
		return nil, err
	}
	r.conn = conn
	return r, nil
}

// Exec implements sqldb.Executor.
func (d *driver) Exec(ctx context.Context, text string, args []any) (int64, error) {
	conn, err := d.conn(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Release()
	ctx = sqldb.Running(ctx)
	n, err := exec(ctx, conn.Conn(), text, d.mode.with(args))
	if stalePlan(err) {
		n, err = exec(ctx, conn.Conn(), text, d.mode.with(args))
	}
	return n, err
}

// conn waits for a connection no longer than allowed.
func (d *driver) conn(ctx context.Context) (*pgxpool.Conn, error) {
	if d.acquire <= 0 {
		return d.pool.Acquire(ctx)
	}
	waiting, stop := sqldb.Waiting(ctx, d.acquire)
	defer stop()
	conn, err := d.pool.Acquire(waiting)
	if err != nil && errors.Is(context.Cause(waiting), sqldb.ErrWaited) {
		return nil, &sqldb.Error{Class: sqldb.Exhausted, Err: errors.New("no connection was to be had within " + d.acquire.String())}
	}
	return conn, err
}

// Begin implements sqldb.Driver.
func (d *driver) Begin(ctx context.Context, o sqldb.TxOptions) (sqldb.Tx, error) {
	options, err := txOptions(o)
	if err != nil {
		return nil, err
	}
	conn, err := d.conn(ctx)
	if err != nil {
		return nil, err
	}
	t, err := conn.BeginTx(sqldb.Running(ctx), options)
	if err != nil {
		conn.Release()
		return nil, err
	}
	return tx{executor{t, d.mode, d.prepares}, t, conn}, nil
}

func txOptions(o sqldb.TxOptions) (pgx.TxOptions, error) {
	var p pgx.TxOptions
	switch o.Isolation {
	case sql.LevelDefault, sql.LevelReadUncommitted, sql.LevelReadCommitted:
		p.IsoLevel = pgx.ReadCommitted
	case sql.LevelRepeatableRead, sql.LevelSnapshot:
		p.IsoLevel = pgx.RepeatableRead
	case sql.LevelSerializable:
		p.IsoLevel = pgx.Serializable
	default:
		return p, errors.New("PostgreSQL has no isolation level " + o.Isolation.String())
	}
	if o.ReadOnly {
		p.AccessMode = pgx.ReadOnly
	}
	return p, nil
}

type tx struct {
	executor
	tx   pgx.Tx
	conn *pgxpool.Conn
}

// Commit implements sqldb.Tx.
func (t tx) Commit(ctx context.Context) error {
	err := t.tx.Commit(ctx)
	if err != nil {
		_ = t.tx.Rollback(ctx) // harmless when it has ended
	}
	t.conn.Release()
	return err
}

// Rollback implements sqldb.Tx. After a failed Commit it does nothing.
func (t tx) Rollback(ctx context.Context) error {
	err := t.tx.Rollback(ctx)
	t.conn.Release()
	return err
}

// Classify implements sqldb.Driver.
func (d *driver) Classify(err error) *sqldb.Error { return classify(err) }

// Ping implements sqldb.Pinger.
func (d *driver) Ping(ctx context.Context) error {
	conn, err := d.conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	return conn.Ping(sqldb.Running(ctx))
}

// Close implements sqldb.Closer.
func (d *driver) Close() error {
	for _, also := range []*driver{d.replica, d.generic} {
		if also != nil {
			_ = also.Close() // a pool's Close has no error
		}
	}
	if d.owned {
		d.pool.Close()
	}
	return nil
}

// Pool implements sqldb.Pooled.
func (d *driver) Pool() sqldb.PoolStats {
	s := d.pool.Stat()
	all := sqldb.PoolStats{Max: int(s.MaxConns()), Open: int(s.TotalConns()), InUse: int(s.AcquiredConns()), Idle: int(s.IdleConns())}
	if d.generic != nil {
		apart := d.generic.Pool()
		all = sqldb.PoolStats{Max: all.Max + apart.Max, Open: all.Open + apart.Open, InUse: all.InUse + apart.InUse, Idle: all.Idle + apart.Idle}
	}
	return all
}

// JoinSQLTx implements sqldb.SQLTxJoiner, for a *sql.Tx of pgx's database/sql
// driver.
func (d *driver) JoinSQLTx(t *sql.Tx) sqldb.Executor { return sqlTx{t} }

// WithTx is ctx in a transaction that the app began itself on db's pool; see
// [sqldb.WithTx]. On a DB of another backend every statement with that ctx
// fails.
func WithTx(ctx context.Context, db *sqldb.DB, t pgx.Tx) (joined context.Context, done func(err error)) {
	if _, ok := db.Driver().(*driver); !ok {
		return sqldb.Join(ctx, db, sqldb.Refuse(errors.New("pgdb.WithTx with a DB that is no PostgreSQL")))
	}
	return sqldb.Join(ctx, db, executor{t, modeFor(t.Conn().Config()), prepares(t.Conn().Config())})
}

// stalePlan reports whether a prepared statement no longer fits, because
// another session changed a table or discarded the statement. pgx has
// forgotten it by then, so a second run prepares it anew.
func stalePlan(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "0A000" && pg.Routine == "RevalidateCachedQuery" || pg.Code == "26000")
}
