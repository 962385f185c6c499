package sqlitedb_test

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

// An app keeps the pool that it has, and its settings; both see the same rows.
func ExampleWrap() {
	ctx := context.Background()
	pool, err := sql.Open("sqlite", "file:wrapped?mode=memory&cache=shared&_pragma=foreign_keys(1)")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	db := sqlitedb.Wrap(pool, nil)
	_, err = db.Exec(ctx, sqldb.Raw("CREATE TABLE notes (title TEXT)"))
	fmt.Println(err)
	_, err = pool.ExecContext(ctx, "INSERT INTO notes VALUES ('Ship it')")
	fmt.Println(err)
	titles, err := sqldb.Column[string](ctx, db, sqldb.Raw("SELECT title FROM notes"))
	fmt.Println(titles, err)

	writer, reader, ok := sqlitedb.Pools(db)
	fmt.Println(writer == pool, reader == pool, ok)
	// Output:
	// <nil>
	// <nil>
	// [Ship it] <nil>
	// true true true
}

// A pool of the app's own keeps its statements too, when it is opened so.
func ExampleNewConnector() {
	connector, err := sqlitedb.NewConnector("file:kept?mode=memory&cache=shared&_pragma=foreign_keys(1)")
	if err != nil {
		fmt.Println(err)
		return
	}
	pool := sql.OpenDB(connector)
	defer pool.Close()
	db := sqlitedb.Wrap(pool, nil)
	for range 3 { // parsed and planned once
		n, err := sqldb.Scalar[int](context.Background(), db, sqldb.Raw("SELECT ? + 1", 41))
		fmt.Println(n, err)
	}
	// Output:
	// 42 <nil>
	// 42 <nil>
	// 42 <nil>
}

// Statements can be made for SQLite without a database at hand.
func ExampleDialect() {
	d := sqlitedb.Dialect()
	fmt.Println(d.Name(), d.Quote("order"))
	// Output: sqlite "order"
}
