package sqlitedb

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/internal/stdsql"
)

// Hold implements sqldb.Holder: it takes the writer.
func (d *driver) Hold(ctx context.Context) (sqldb.Held, error) {
	conn, err := d.writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return held{stdsql.Executor{Handle: conn}, conn}, nil
}

// held implements sqldb.Held.
type held struct {
	stdsql.Executor
	conn *sql.Conn
}

// Begin implements sqldb.Held.
func (h held) Begin(ctx context.Context, o sqldb.TxOptions) (sqldb.Tx, error) {
	text := "BEGIN IMMEDIATE"
	if o.ReadOnly {
		text = "BEGIN"
	}
	if _, err := h.conn.ExecContext(ctx, text); err != nil {
		return nil, err
	}
	return heldTx(h), nil
}

// Release implements sqldb.Held.
func (h held) Release(discard bool) {
	if discard {
		_ = h.conn.Raw(func(any) error { return sqldriver.ErrBadConn })
	}
	_ = h.conn.Close() // it was given back already where Raw closed it
}

// heldTx leaves its connection alone at the end.
type heldTx held

// Commit implements sqldb.Tx.
func (t heldTx) Commit(ctx context.Context) error {
	_, err := t.conn.ExecContext(ctx, "COMMIT")
	if err != nil {
		_ = t.Rollback(ctx)
	}
	return err
}

// Rollback implements sqldb.Tx. A connection on which the transaction may still
// be open is of no further use.
func (t heldTx) Rollback(ctx context.Context) error {
	_, err := t.conn.ExecContext(ctx, "ROLLBACK")
	if err != nil && code(err) != sqliteError {
		_ = t.conn.Raw(func(any) error { return sqldriver.ErrBadConn })
		return err
	}
	return nil
}
