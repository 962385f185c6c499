package pgdb_test

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
)

// An app keeps the pool that it has, and closes it.
func ExampleWrap() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "postgres://app@localhost/app")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()
	db := pgdb.Wrap(pool, nil)
	same, ok := pgdb.Pool(db)
	fmt.Println(db.Dialect().Name(), same == pool, ok)
	// Output: postgres true true
}

// A transaction that the app began with pgx is joined by the statements of the
// DB, and so by managers. (It needs a server: this example is only compiled.)
func ExampleWithTx() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "postgres://app@localhost/app")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()
	db := pgdb.Wrap(pool, nil)
	tx, err := pool.Begin(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer tx.Rollback(ctx)

	inTx, done := pgdb.WithTx(ctx, db, tx)
	if _, err := db.Exec(inTx, sqldb.Raw("UPDATE accounts SET balance = balance + ? WHERE name = ?", 30, "ben")); err != nil {
		fmt.Println(err)
		return
	}
	done(tx.Commit(ctx)) // runs what AfterCommit queued
}

// Statements can be made for PostgreSQL without a server at hand.
func ExampleDialect() {
	d := pgdb.Dialect()
	text, err := sqldb.Compile(d, sqldb.Raw("SELECT title FROM notes WHERE status = ?", sqldb.Slot(0)))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(text.SQL())
	// Output: SELECT title FROM notes WHERE status = $1
}
