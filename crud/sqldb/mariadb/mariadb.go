package mariadb

import (
	"context"
	"database/sql"
	"errors"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/internal/stdsql"
)

// Options are the limits and the log; see [sqldb.Options] for the defaults.
// MariaDB counts LockTimeout and IdleInTxTimeout in whole seconds; parts of
// one are rounded up.
type Options = sqldb.Options

// Open connects to the MariaDB at url (mysql://user:password@host:port/database?…,
// or mariadb://…) with a pool of its own, which the DB's Close closes. It fails
// when the server does not answer, or is older than 10.11 or a MySQL, with one
// line that names the server and not the password.
//
// After the question mark may stand socket, the path of the server's socket in
// the place of host and port; parameters of go-sql-driver/mysql such as tls;
// and system variables, which win over those set here. The limits are set on
// the server too: max_statement_time, innodb_lock_wait_timeout,
// lock_wait_timeout and idle_transaction_timeout.
func Open(ctx context.Context, url string, opts *Options) (*sqldb.DB, error) {
	o := opts.OrDefaults()
	d, err := openPool(url, o)
	if err != nil {
		return nil, err
	}
	if o.Replica != "" {
		if d.replica, err = openPool(o.Replica, o); err != nil {
			return nil, errors.Join(errors.New("mariadb: Options.Replica is wrong"), err, d.Close())
		}
	}
	if err := d.check(ctx); err != nil {
		_ = d.Close()
		return nil, err
	}
	return sqldb.New(d, dialect{}, opts), nil
}

// Wrap is a DB over a pool of database/sql that the app opened with
// go-sql-driver/mysql, and goes on owning. Its limits are the app's, and so are
// its settings, of which these must be made: clientFoundRows=true, without
// which an update that changes nothing finds no row; charset=utf8mb4 and
// collation=utf8mb4_nopad_bin; max_recursive_iterations=4294967295;
// optimizer_switch='index_merge=off', without which MariaDB 10.11 may lose rows
// that it looks for by several indexes; an sql_mode with STRICT_ALL_TABLES;
// time_zone='+00:00'. A statement whose ctx has ended
// goes on in the server unless the pool sets max_statement_time.
func Wrap(pool *sql.DB, opts *Options) *sqldb.DB {
	o := opts.OrDefaults()
	if o.Replica != "" {
		return sqldb.New(sqldb.Unusable(errReplica), dialect{}, opts)
	}
	return sqldb.New(newDriver(pool, nil, o), dialect{}, opts)
}

// Pool is the pool of a DB made by this package; ok is false for any other DB.
func Pool(db *sqldb.DB) (pool *sql.DB, ok bool) {
	d, ok := db.Driver().(*driver)
	if !ok {
		return nil, false
	}
	return d.pool.DB, true
}

var errReplica = errors.New("mariadb: Options.Replica is set, but Wrap takes open pools: use Open, or leave it empty")

func openPool(url string, o Options) (*driver, error) {
	config, err := parse(url)
	if err != nil {
		return nil, err
	}
	c, err := newConnector(config, o)
	if err != nil {
		return nil, err
	}
	p := sql.OpenDB(c)
	p.SetMaxOpenConns(o.MaxConns)
	p.SetMaxIdleConns(o.MaxConns)
	p.SetConnMaxLifetime(o.MaxLifetime)
	return newDriver(p, c, o), nil
}

func newDriver(pool *sql.DB, c *connector, o Options) *driver {
	d := &driver{pool: stdsql.Pool{DB: pool, Acquire: o.AcquireTimeout, Lost: lost}, connector: c}
	d.executor = executor{d.pool, &sqldb.Cache[string, []string]{}}
	return d
}

// lost reports whether the server said that it closes the connection, which the
// driver takes for an error like others.
func lost(err error) bool { return classify(err).Class == sqldb.LostConnection }
