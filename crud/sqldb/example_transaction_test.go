package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

// A function that is given the ctx of a transaction joins it, however deep it
// is called; what it does in an InTx of its own is undone alone.
func ExampleInTx() {
	ctx := context.Background()
	db := accounts(ctx)
	defer db.Close()
	pay := func(ctx context.Context, from, to string, amount int) error {
		return sqldb.InTx(ctx, db, func(ctx context.Context) error { // a savepoint, below
			_, errTo := db.Exec(ctx, sqldb.Raw("UPDATE accounts SET balance = balance + ? WHERE name = ?", amount, to))
			_, errFrom := db.Exec(ctx, sqldb.Raw("UPDATE accounts SET balance = balance - ? WHERE name = ?", amount, from))
			return errors.Join(errTo, errFrom)
		})
	}
	err := sqldb.InTx(ctx, db, func(ctx context.Context) error {
		fmt.Println("in a transaction:", sqldb.InTransaction(ctx, db))
		fmt.Println(pay(ctx, "ada", "ben", 30))
		fmt.Println(sqldb.ClassOf(pay(ctx, "ada", "ben", 300))) // takes back what Ben got
		return nil
	}, sqldb.Repeatable, sqldb.Isolation(sql.LevelSerializable))
	fmt.Println(err)

	err = sqldb.InTx(ctx, db, func(ctx context.Context) error {
		balances, err := sqldb.Column[int](ctx, db, sqldb.Raw("SELECT balance FROM accounts ORDER BY name"))
		fmt.Println(balances)
		return err
	}, sqldb.ReadOnly)
	fmt.Println(err)
	// Output:
	// in a transaction: true
	// <nil>
	// check
	// <nil>
	// [70 30]
	// <nil>
}

// An app that begins its transactions itself has the statements of this DB, and
// so those of managers, in them.
func ExampleWithTx() {
	ctx := context.Background()
	db := accounts(ctx)
	defer db.Close()
	pool, _, _ := sqlitedb.Pools(db) // or the app's own, wrapped by sqlitedb.Wrap

	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	inTx, done := sqldb.WithTx(ctx, db, tx)
	sqldb.AfterCommit(inTx, db, func(context.Context) { fmt.Println("never said") })
	_, err = db.Exec(inTx, squirrel.Delete("accounts"))
	fmt.Println(err)
	err = tx.Rollback()
	done(errors.Join(errors.New("rolled back"), err))

	n, err := sqldb.Scalar[int](ctx, db, sqldb.Raw("SELECT count(*) FROM accounts"))
	fmt.Println(n, err)
	// Output:
	// <nil>
	// 2 <nil>
}

// accounts is a database in memory in which two people have money.
func accounts(ctx context.Context) *sqldb.DB {
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	if err != nil {
		panic(err)
	}
	err = sqldb.ExecAll(ctx, db, []string{
		"CREATE TABLE accounts (name TEXT PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >= 0))",
		"CREATE INDEX accounts_by_balance ON accounts (balance)",
		"INSERT INTO accounts VALUES ('ada', 100), ('ben', 0)",
	})
	if err != nil {
		panic(err)
	}
	return db
}
