package pgdb

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// classes are the meanings of the server's codes that have one.
var classes = map[string]sqldb.Class{
	"23505": sqldb.Unique, "23P01": sqldb.Unique, // also an exclusion constraint: something is taken
	"23503": sqldb.ForeignKey, "23001": sqldb.ForeignKey,
	"23502": sqldb.NotNull,
	"23514": sqldb.Check,
	"40001": sqldb.Serialization,
	"40P01": sqldb.Deadlock,
	"55P03": sqldb.Busy,
	"57014": sqldb.Timeout, // the DB tells a caller's cancellation apart
	"25P02": sqldb.Aborted,
	"25006": sqldb.WriteRefused,
	"25P03": sqldb.LostConnection, // idle in transaction for too long
	"57P01": sqldb.LostConnection, "57P02": sqldb.LostConnection, "57P03": sqldb.LostConnection, "57P05": sqldb.LostConnection,
	"53300": sqldb.Exhausted,
	"53100": sqldb.Full,
}

func classify(err error) *sqldb.Error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return classifyServer(pg, err)
	}
	class := classOf(err)
	fatal := class == sqldb.LostConnection || class == sqldb.Timeout
	return &sqldb.Error{Class: class, Fatal: fatal, Err: err}
}

func classifyServer(pg *pgconn.PgError, err error) *sqldb.Error {
	e := &sqldb.Error{Class: classes[pg.Code], Constraint: pg.ConstraintName, Table: pg.TableName, Err: err}
	if pg.ColumnName != "" {
		e.Columns = []string{pg.ColumnName}
	}
	if strings.HasPrefix(pg.Code, "08") {
		e.Class = sqldb.LostConnection
	}
	if stalePlan(err) {
		e.Class = sqldb.Serialization // in a transaction; elsewhere it was run again already
	}
	e.Fatal = e.Class == sqldb.LostConnection || e.Class == sqldb.Timeout || pg.Severity == "FATAL"
	return e
}

// classOf is for errors that did not come from the server.
func classOf(err error) sqldb.Class {
	var network net.Error
	var connect *pgconn.ConnectError
	switch {
	case errors.Is(err, pgx.ErrTxCommitRollback):
		return sqldb.Aborted
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), pgconn.Timeout(err):
		return sqldb.Timeout
	case errors.As(err, &connect), errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, net.ErrClosed), pgconn.SafeToRetry(err):
		return sqldb.LostConnection
	}
	return sqldb.Other
}
