package pgdb

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	"strconv"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Options are the limits and the log; see [sqldb.Options] for the defaults.
type Options = sqldb.Options

// Open connects to the PostgreSQL at url (postgres://user:password@host:port/database?…)
// with a pool of its own, which the DB's Close closes. It fails when the
// server does not answer, with one line that names the server and not the
// password.
//
// The limits are set on the server too, as statement_timeout, lock_timeout and
// idle_in_transaction_session_timeout, unless the url sets them. A ctx that ends cancels its statement
// on the server. Compilation of statements (jit) is off unless the url says
// otherwise: for a permission filter it takes seconds where the statement takes
// milliseconds, and nothing can interrupt it, no timeout either. With a pool
// of your own, do likewise.
func Open(ctx context.Context, url string, opts *Options) (*sqldb.DB, error) {
	config, err := parse(url)
	if err != nil {
		return nil, err
	}
	o := opts.OrDefaults()
	configure(config, o)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, unreachable(config, err)
	}
	db := sqldb.New(&driver{pool: pool, acquire: o.AcquireTimeout, owned: true}, dialect{}, opts)
	if err := db.Ping(ctx); err != nil {
		pool.Close()
		return nil, unreachable(config, err)
	}
	return db, nil
}

// Wrap is a DB over the app's own pool, which stays the app's to configure and
// to close. Of the options, the log, AcquireTimeout and StatementTimeout (kept
// by the client) apply.
func Wrap(pool *pgxpool.Pool, opts *Options) *sqldb.DB {
	o := opts.OrDefaults()
	return sqldb.New(&driver{pool: pool, acquire: o.AcquireTimeout}, dialect{}, opts)
}

// Pool is the pool of a DB made by this package; false for any other DB.
func Pool(db *sqldb.DB) (*pgxpool.Pool, bool) {
	d, ok := db.Driver().(*driver)
	if !ok {
		return nil, false
	}
	return d.pool, true
}

func configure(c *pgxpool.Config, o Options) {
	c.MaxConns = int32(o.MaxConns)
	c.MaxConnLifetime = o.MaxLifetime
	if o.MaxLifetime == 0 {
		c.MaxConnLifetime = 1<<63 - 1
	}
	cc := c.ConnConfig
	cc.DefaultQueryExecMode = pgx.QueryExecModeCacheStatement
	if cc.ConnectTimeout == 0 {
		cc.ConnectTimeout = 5 * time.Second
	}
	setLimit(cc.RuntimeParams, "statement_timeout", o.StatementTimeout)
	setLimit(cc.RuntimeParams, "lock_timeout", o.LockTimeout)
	setLimit(cc.RuntimeParams, "idle_in_transaction_session_timeout", o.IdleInTxTimeout)
	if _, set := cc.RuntimeParams["jit"]; !set {
		cc.RuntimeParams["jit"] = "off"
	}
	cc.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: time.Second}
	}
}

func setLimit(params map[string]string, name string, d time.Duration) {
	if _, set := params[name]; !set && d > 0 {
		params[name] = strconv.FormatInt(max(d.Milliseconds(), 1), 10)
	}
}
