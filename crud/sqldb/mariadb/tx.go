package mariadb

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/internal/stdsql"
)

// Hold implements sqldb.Holder.
func (d *driver) Hold(ctx context.Context) (sqldb.Held, error) {
	h, err := d.hold(ctx)
	if err != nil {
		return nil, err
	}
	return h, nil
}

func (d *driver) hold(ctx context.Context) (*held, error) {
	c, err := d.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &held{executor{stdsql.Executor{Handle: c}, d.executor.parts}, d, c}, nil
}

// held implements sqldb.Held.
type held struct {
	executor
	driver *driver
	conn   *sql.Conn
}

// Begin implements sqldb.Held.
func (h *held) Begin(ctx context.Context, o sqldb.TxOptions) (sqldb.Tx, error) {
	return h.begin(ctx, o)
}

// begin uses statements: a transaction of database/sql would end with the ctx
// of its beginning.
func (h *held) begin(ctx context.Context, o sqldb.TxOptions) (*held, error) {
	texts, err := h.driver.beginning(o)
	if err != nil {
		return nil, err
	}
	for _, text := range texts {
		if _, err := h.conn.ExecContext(ctx, text); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// Release implements sqldb.Held.
func (h *held) Release(discard bool) {
	if discard {
		_ = h.conn.Raw(func(any) error { return sqldriver.ErrBadConn })
	}
	_ = h.conn.Close() // it was given back already where Raw closed it
}

// Commit implements sqldb.Tx.
func (h *held) Commit(ctx context.Context) error {
	_, err := h.conn.ExecContext(ctx, "COMMIT")
	if err != nil {
		_ = h.Rollback(ctx)
	}
	return err
}

// Rollback implements sqldb.Tx. A connection on which the transaction may still
// be open is thrown away, with which it ends.
func (h *held) Rollback(ctx context.Context) error {
	_, err := h.conn.ExecContext(ctx, "ROLLBACK")
	if err != nil {
		_ = h.conn.Raw(func(any) error { return sqldriver.ErrBadConn })
	}
	return err
}

// onlyTx gives its connection back at the end.
type onlyTx struct{ *held }

// Commit implements sqldb.Tx.
func (t *onlyTx) Commit(ctx context.Context) error {
	defer t.Release(false)
	return t.held.Commit(ctx)
}

// Rollback implements sqldb.Tx.
func (t *onlyTx) Rollback(ctx context.Context) error {
	defer t.Release(false)
	return t.held.Rollback(ctx)
}
