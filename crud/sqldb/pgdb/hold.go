package pgdb

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Hold implements sqldb.Holder.
func (d *driver) Hold(ctx context.Context) (sqldb.Held, error) {
	conn, err := d.conn(ctx)
	if err != nil {
		return nil, err
	}
	return held{executor{conn.Conn(), d.mode, d.prepares}, conn}, nil
}

// held implements sqldb.Held.
type held struct {
	executor
	conn *pgxpool.Conn
}

// Begin implements sqldb.Held.
func (h held) Begin(ctx context.Context, o sqldb.TxOptions) (sqldb.Tx, error) {
	options, err := txOptions(o)
	if err != nil {
		return nil, err
	}
	t, err := h.conn.Conn().BeginTx(ctx, options)
	if err != nil {
		return nil, err
	}
	return heldTx{executor{t, h.mode, h.prepares}, t}, nil
}

// Release implements sqldb.Held.
func (h held) Release(discard bool) {
	if discard {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = h.conn.Conn().Close(ctx) // the pool drops what is closed
	}
	h.conn.Release()
}

// heldTx leaves its connection alone at the end.
type heldTx struct {
	executor
	tx pgx.Tx
}

// Commit implements sqldb.Tx.
func (t heldTx) Commit(ctx context.Context) error {
	err := t.tx.Commit(ctx)
	if err != nil {
		_ = t.tx.Rollback(ctx) // harmless when it has ended
	}
	return err
}

// Rollback implements sqldb.Tx.
func (t heldTx) Rollback(ctx context.Context) error { return t.tx.Rollback(ctx) }
