package pgdb

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"

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
//
// One in four of the connections is kept apart for statements that
// [sqldb.GenericPlan] marks, which are the lists of crud: it has
// plan_cache_mode=force_generic_plan, enable_seqscan=off and
// enable_bitmapscan=off, unless the url sets the first itself. Of such
// statements any connection keeps up to 64 prepared, with up to 1 MiB of text.
func Open(ctx context.Context, url string, opts *Options) (*sqldb.DB, error) {
	config, err := parse(url)
	if err != nil {
		return nil, err
	}
	o := opts.OrDefaults()
	configure(config, o)
	d, err := openPool(ctx, config, o)
	if err != nil {
		return nil, err
	}
	if o.Replica != "" {
		if d.replica, err = openReplica(ctx, o); err != nil {
			_ = d.Close()
			return nil, err
		}
	}
	db := sqldb.New(d, dialect{}, opts)
	if err := db.Ping(ctx); err != nil {
		_ = db.Close()
		return nil, unreachable(config, err)
	}
	return db, nil
}

// openPool makes a pool, with some of its connections apart.
func openPool(ctx context.Context, config *pgxpool.Config, o Options) (d *driver, err error) {
	d = &driver{prepares: prepares(config.ConnConfig), acquire: o.AcquireTimeout, owned: true}
	if d.generic, err = openGeneric(ctx, config, d); err != nil {
		return nil, err
	}
	if d.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		if d.generic != nil {
			d.generic.pool.Close()
		}
		return nil, unreachable(config, err)
	}
	return d, nil
}

// openReplica makes the replica's pool. Nobody need answer there yet.
func openReplica(ctx context.Context, o Options) (*driver, error) {
	config, err := parse(o.Replica)
	if err != nil {
		return nil, fmt.Errorf("pgdb: Options.Replica: %s", strings.TrimPrefix(err.Error(), "pgdb: "))
	}
	configure(config, o)
	params := config.ConnConfig.RuntimeParams
	if _, set := params["default_transaction_read_only"]; !set {
		params["default_transaction_read_only"] = "on" // also where it is no standby, nothing must be written
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, unreachable(config, err)
	}
	return &driver{pool: pool, prepares: prepares(config.ConnConfig), acquire: o.AcquireTimeout, owned: true}, nil
}

// Wrap is a DB over the app's own pool, which stays the app's to configure and
// to close. Of the options, the log, AcquireTimeout and StatementTimeout (kept
// by the client) apply. A statement that [sqldb.GenericPlan] marks is preceded,
// in the same round trip, by a setting that holds for it alone. Values never travel in a statement's text: where the
// pool asks for pgx's simple protocol, statements of the DB use the extended
// one without prepared statements, which the same poolers bear.
func Wrap(pool *pgxpool.Pool, opts *Options) *sqldb.DB { return WrapReplicated(pool, nil, opts) }

// WrapReplicated is [Wrap] with a second pool of the app's, on a read replica,
// used as [sqldb.Options].Replica describes. Configure it like the first one,
// and with default_transaction_read_only=on. A nil replica is none.
func WrapReplicated(pool, replica *pgxpool.Pool, opts *Options) *sqldb.DB {
	o := opts.OrDefaults()
	if o.Replica != "" {
		err := errors.New("pgdb: Options.Replica is set for a pool of the app's: give WrapReplicated a pool on the replica instead")
		return sqldb.New(sqldb.Unusable(err), dialect{}, opts)
	}
	d := wrapPool(pool, o)
	if replica != nil {
		d.replica = wrapPool(replica, o)
	}
	return sqldb.New(d, dialect{}, opts)
}

func wrapPool(pool *pgxpool.Pool, o Options) *driver {
	c := pool.Config().ConnConfig
	return &driver{pool: pool, mode: modeFor(c), prepares: prepares(c), acquire: o.AcquireTimeout}
}

// ReplicaPool is the pool on the read replica of a DB made by this package;
// false when there is none.
func ReplicaPool(db *sqldb.DB) (*pgxpool.Pool, bool) {
	d, ok := db.Driver().(*driver)
	if !ok || d.replica == nil {
		return nil, false
	}
	return d.replica.pool, true
}

// Pool is the pool of a DB made by this package, for one of Open without the
// connections apart; false for any other DB.
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
