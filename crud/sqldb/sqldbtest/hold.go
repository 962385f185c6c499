package sqldbtest

import (
	"context"

	"github.com/joinery-go/joinery/crud/sqldb"
)

var holds = []test{
	{"a held connection has one session", heldSession},
	{"transactions on a held connection", heldTransactions},
	{"a held connection that failed is closed", heldDiscard},
	{"context of a connection that was given back", heldEnded},
	{"a connection cannot be held inside a transaction", heldInTx},
}

// A temporary table is seen on its connection only.
var (
	makeTemporary = sqldb.Raw("CREATE TEMPORARY TABLE mine (n INTEGER)")
	fillTemporary = sqldb.Raw("INSERT INTO mine (n) VALUES (1)")
	dropTemporary = sqldb.Raw("DROP TABLE mine")
	readTemporary = sqldb.Raw("SELECT n FROM mine")
)

func execAll(ctx context.Context, db *sqldb.DB, statements ...sqldb.Sqlizer) error {
	for _, s := range statements {
		if _, err := db.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func heldSession(t *T) {
	db := t.db(nil)
	t.NoErr(sqldb.OnConn(t.Context(), db, func(ctx context.Context) error {
		t.NoErr(execAll(ctx, db, makeTemporary, fillTemporary))
		n, err := sqldb.Column[int64](ctx, db, readTemporary) // reads too are run there
		t.NoErr(err)
		t.Equal(n, []int64{1})
		t.NoErr(sqldb.OnConn(ctx, db, func(ctx context.Context) error { return execAll(ctx, db, fillTemporary) }))
		_, err = sqldb.Column[int64](t.Context(), db, readTemporary)
		t.True(err != nil) // another session
		return execAll(ctx, db, dropTemporary)
	}))
}

func heldTransactions(t *T) {
	db := t.kept("text")
	t.NoErr(sqldb.OnConn(t.Context(), db, func(ctx context.Context) error {
		t.NoErr(execAll(ctx, db, makeTemporary))
		t.NoErr(sqldb.InTx(ctx, db, func(ctx context.Context) error { return execAll(ctx, db, insert(1), fillTemporary) }))
		err := sqldb.InTx(ctx, db, func(ctx context.Context) error {
			t.NoErr(execAll(ctx, db, insert(2)))
			return errAbort
		})
		t.Equal(err, errAbort)
		t.NoErr(execAll(ctx, db, insert(3))) // still held
		return execAll(ctx, db, dropTemporary)
	}))
	t.Equal(numbers(t, db), []int64{1, 3})
}

func heldDiscard(t *T) {
	db := t.db(&sqldb.Options{MaxConns: 1})
	err := sqldb.OnConn(t.Context(), db, func(ctx context.Context) error {
		t.NoErr(execAll(ctx, db, makeTemporary))
		return errAbort
	})
	t.Equal(err, errAbort)
	_, err = db.Exec(t.Context(), fillTemporary) // on the pool's only writer
	t.True(err != nil)
	t.True(sqldb.ClassOf(err) != sqldb.Exhausted)
}

func heldEnded(t *T) {
	db := t.kept("text")
	var late context.Context
	t.NoErr(sqldb.OnConn(t.Context(), db, func(ctx context.Context) error {
		late = ctx
		return nil
	}))
	_, err := db.Exec(late, insert(1))
	t.True(err != nil)
	_, err = db.Query(late, sqldb.Raw("SELECT n FROM v"))
	t.True(err != nil)
	t.True(sqldb.InTx(late, db, func(context.Context) error { return nil }) != nil)
	t.Equal(len(numbers(t, db)), 0)
}

func heldInTx(t *T) {
	db := t.db(nil)
	t.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		t.True(sqldb.OnConn(ctx, db, func(context.Context) error { return nil }) != nil)
		return nil
	}))
}
