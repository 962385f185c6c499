package mariadb

import (
	"context"
	"database/sql"
	"errors"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/internal/stdsql"
)

// driver implements sqldb.Driver.
type driver struct {
	pool      stdsql.Pool
	executor  executor
	connector *connector // nil when the pool is the app's
	replica   *driver    // nil when there is none
}

// Executor implements sqldb.Driver.
func (d *driver) Executor(bool) sqldb.Executor { return d.executor }

// Begin implements sqldb.Driver.
func (d *driver) Begin(ctx context.Context, o sqldb.TxOptions) (sqldb.Tx, error) {
	h, err := d.hold(ctx)
	if err != nil {
		return nil, err
	}
	t, err := h.begin(sqldb.Running(ctx), o)
	if err != nil {
		h.Release(true)
		return nil, err
	}
	return &onlyTx{t}, nil
}

// beginning are the statements that begin a transaction. Connections of our
// own are at READ COMMITTED already.
func (d *driver) beginning(o sqldb.TxOptions) ([]string, error) {
	start := "START TRANSACTION"
	if o.ReadOnly {
		start += " READ ONLY"
	}
	var level string
	switch o.Isolation {
	case sql.LevelDefault, sql.LevelReadUncommitted, sql.LevelReadCommitted:
		if d.connector != nil {
			return []string{start}, nil
		}
		level = "READ COMMITTED"
	case sql.LevelRepeatableRead, sql.LevelSnapshot:
		level = "REPEATABLE READ"
	case sql.LevelSerializable:
		level = "SERIALIZABLE"
	default:
		return nil, errors.New("MariaDB has no isolation level " + o.Isolation.String())
	}
	return []string{"SET TRANSACTION ISOLATION LEVEL " + level, start}, nil
}

// Classify implements sqldb.Driver.
func (d *driver) Classify(err error) *sqldb.Error { return classify(err) }

// Ping implements sqldb.Pinger.
func (d *driver) Ping(ctx context.Context) error {
	c, err := d.pool.Conn(ctx)
	if err != nil {
		return err
	}
	return errors.Join(c.PingContext(sqldb.Running(ctx)), c.Close())
}

// Close implements sqldb.Closer.
func (d *driver) Close() error {
	if d.connector == nil {
		return nil
	}
	err := d.pool.DB.Close()
	d.connector.killer.close()
	if d.replica != nil {
		err = errors.Join(err, d.replica.Close())
	}
	return err
}

// Pool implements sqldb.Pooled.
func (d *driver) Pool() sqldb.PoolStats {
	s := d.pool.DB.Stats()
	return sqldb.PoolStats{Max: s.MaxOpenConnections, Open: s.OpenConnections, InUse: s.InUse, Idle: s.Idle}
}

// JoinSQLTx implements sqldb.SQLTxJoiner.
func (d *driver) JoinSQLTx(t *sql.Tx) sqldb.Executor {
	return executor{stdsql.Executor{Handle: t}, d.executor.parts}
}
