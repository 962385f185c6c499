package sqlitedb

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/internal/stdsql"
)

// driver implements sqldb.Driver.
type driver struct {
	writer, reader stdsql.Pool // the same for a wrapped pool
	owned          bool
	remove         func() error // of a temporary database
}

// Executor implements sqldb.Driver.
func (d *driver) Executor(write bool) sqldb.Executor {
	if write {
		return d.writer
	}
	return d.reader
}

// Begin implements sqldb.Driver. SQLite is serializable by nature, which
// satisfies every isolation level.
func (d *driver) Begin(ctx context.Context, o sqldb.TxOptions) (sqldb.Tx, error) {
	pool, text := d.writer, "BEGIN IMMEDIATE"
	if o.ReadOnly {
		pool, text = d.reader, "BEGIN"
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(sqldb.Running(ctx), text); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return tx{stdsql.Executor{Handle: conn}, conn}, nil
}

// tx is a transaction begun by statement rather than by database/sql, which
// can begin IMMEDIATE only when the pool was opened so.
type tx struct {
	stdsql.Executor
	conn *sql.Conn
}

// Commit implements sqldb.Tx.
func (t tx) Commit(ctx context.Context) error {
	if _, err := t.conn.ExecContext(ctx, "COMMIT"); err != nil {
		return errors.Join(err, t.Rollback(ctx))
	}
	return t.conn.Close()
}

// Rollback implements sqldb.Tx. A transaction that SQLite has rolled back
// itself, or that was committed, is none any more, and that is fine; a
// connection on which it may still be open is thrown away.
func (t tx) Rollback(ctx context.Context) error {
	_, err := t.conn.ExecContext(ctx, "ROLLBACK")
	if err != nil && code(err) != sqliteError {
		_ = t.conn.Raw(func(any) error { return sqldriver.ErrBadConn })
	}
	if err := t.conn.Close(); err != nil && !errors.Is(err, sql.ErrConnDone) {
		return err
	}
	return nil
}

// Classify implements sqldb.Driver.
func (d *driver) Classify(err error) *sqldb.Error { return classify(err) }

// Ping implements sqldb.Pinger.
func (d *driver) Ping(ctx context.Context) error {
	conn, err := d.reader.Conn(ctx)
	if err != nil {
		return err
	}
	return errors.Join(conn.PingContext(sqldb.Running(ctx)), conn.Close())
}

// Close implements sqldb.Closer.
func (d *driver) Close() error {
	if !d.owned {
		return nil
	}
	err := errors.Join(d.reader.DB.Close(), d.writer.DB.Close()) // the writer last: it empties the log
	if d.remove != nil {
		err = errors.Join(err, d.remove())
	}
	return err
}

// Pool implements sqldb.Pooled: writer and readers together.
func (d *driver) Pool() sqldb.PoolStats {
	s := d.writer.DB.Stats()
	if d.reader.DB != d.writer.DB {
		r := d.reader.DB.Stats()
		s.MaxOpenConnections += r.MaxOpenConnections
		s.OpenConnections += r.OpenConnections
		s.InUse += r.InUse
		s.Idle += r.Idle
	}
	return sqldb.PoolStats{Max: s.MaxOpenConnections, Open: s.OpenConnections, InUse: s.InUse, Idle: s.Idle}
}

// JoinSQLTx implements sqldb.SQLTxJoiner.
func (d *driver) JoinSQLTx(t *sql.Tx) sqldb.Executor { return stdsql.Executor{Handle: t} }
