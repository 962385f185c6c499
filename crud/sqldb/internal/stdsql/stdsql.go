// Package stdsql runs sqldb's statements over database/sql, for the backends
// whose drivers speak it.
package stdsql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Handle is what *sql.DB, *sql.Conn and *sql.Tx share.
type Handle interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Executor runs statements on a handle.
type Executor struct{ Handle Handle }

// Query implements sqldb.Executor.
func (e Executor) Query(ctx context.Context, text string, args []any) (sqldb.Rows, error) {
	r, err := e.Handle.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	return &rows{Rows: r}, nil
}

// Exec implements sqldb.Executor.
func (e Executor) Exec(ctx context.Context, text string, args []any) (int64, error) {
	result, err := e.Handle.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// Pool runs single statements, each on a connection of a pool for which it
// waits no longer than Acquire (0: as long as the ctx lives).
type Pool struct {
	DB      *sql.DB
	Acquire time.Duration

	// Lost reports whether the connection on which err happened is of no
	// further use, though the driver does not know. Nil: never.
	Lost func(err error) bool
}

// Conn is a free connection, to be closed. Waiting too long gives an
// *sqldb.Error of class Exhausted.
func (p Pool) Conn(ctx context.Context) (*sql.Conn, error) {
	if p.Acquire <= 0 {
		return p.DB.Conn(ctx)
	}
	waiting, stop := sqldb.Waiting(ctx, p.Acquire)
	defer stop()
	c, err := p.DB.Conn(waiting)
	if err != nil && errors.Is(context.Cause(waiting), sqldb.ErrWaited) {
		return nil, &sqldb.Error{Class: sqldb.Exhausted, Err: errors.New("no connection was free within " + p.Acquire.String())}
	}
	return c, err
}

// Query implements sqldb.Executor; the rows hold the connection until they are
// closed.
func (p Pool) Query(ctx context.Context, text string, args []any) (sqldb.Rows, error) {
	c, err := p.Conn(ctx)
	if err != nil {
		return nil, err
	}
	r, err := c.QueryContext(sqldb.Running(ctx), text, args...)
	if err != nil {
		p.judge(c, err)
		return nil, errors.Join(err, c.Close())
	}
	return &rows{Rows: r, conn: c}, nil
}

// Exec implements sqldb.Executor.
func (p Pool) Exec(ctx context.Context, text string, args []any) (int64, error) {
	c, err := p.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	n, err := Executor{c}.Exec(sqldb.Running(ctx), text, args)
	p.judge(c, err)
	return n, err
}

// judge sees to it that a connection that is lost is not used again.
func (p Pool) judge(c *sql.Conn, err error) {
	if err != nil && p.Lost != nil && p.Lost(err) {
		_ = c.Raw(func(any) error { return driver.ErrBadConn })
	}
}
