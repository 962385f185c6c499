package pgdb

import (
	"container/list"
	"context"

	"github.com/jackc/pgx/v5"
)

// The plan of a marked statement takes some 100 bytes of the server's memory
// for each byte of its text, on every connection that has it, and callers of an
// API choose filters, orders and fields: without a bound they would fill it.
const (
	mostKept = 64      // marked statements that a connection keeps prepared
	mostText = 1 << 20 // bytes of their texts together
)

// kept are the marked statements of a connection, the last used first. Like the
// connection they are used by one goroutine at a time.
type kept struct {
	order *list.List // of texts
	at    map[string]*list.Element
	size  int
}

// keptBy is what a connection keeps.
func keptBy(conn *pgx.Conn) *kept {
	const name = "joinery.kept"
	data := conn.PgConn().CustomData()
	k, ok := data[name].(*kept)
	if !ok {
		k = &kept{order: list.New(), at: map[string]*list.Element{}}
		data[name] = k
	}
	return k
}

// keeping runs a query of a marked statement, which the connection keeps from
// then on, and gives up those that were not used for longest. A statement whose
// plan is stale is given up as well.
func keeping(ctx context.Context, conn *pgx.Conn, text string, query func() (*rows, error)) (*rows, error) {
	k := keptBy(conn)
	if err := k.keep(ctx, conn, text); err != nil {
		return nil, err
	}
	r, err := query()
	if stalePlan(err) {
		_ = k.drop(ctx, conn, text) // where it fails the connection does
	}
	return r, err
}

func (k *kept) keep(ctx context.Context, conn *pgx.Conn, text string) error {
	if e, ok := k.at[text]; ok {
		k.order.MoveToFront(e)
		return nil
	}
	for k.order.Len() > 0 && (k.order.Len() == mostKept || k.size+len(text) > mostText) {
		if err := k.drop(ctx, conn, k.order.Back().Value.(string)); err != nil {
			return err
		}
	}
	if _, err := conn.Prepare(ctx, text, text); err != nil {
		return err
	}
	k.at[text] = k.order.PushFront(text)
	k.size += len(text)
	return nil
}

func (k *kept) drop(ctx context.Context, conn *pgx.Conn, text string) error {
	if err := conn.Deallocate(ctx, text); err != nil {
		return err
	}
	k.order.Remove(k.at[text])
	delete(k.at, text)
	k.size -= len(text)
	return nil
}

// connOf is the connection of a transaction, or the one itself.
func connOf(on queryer) *pgx.Conn {
	if tx, ok := on.(pgx.Tx); ok {
		return tx.Conn()
	}
	return on.(*pgx.Conn)
}
