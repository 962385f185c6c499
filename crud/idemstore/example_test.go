package idemstore_test

import (
	"context"
	"fmt"

	"github.com/joinery-go/joinery/crud/idemstore"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
)

// The same key, sent twice, pays once.
func Example() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, "memory", nil)
	if err != nil {
		panic(err)
	}
	defer db.Close()
	reg := registry.New(nil)
	store, err := idemstore.New(reg, db, nil)
	if err != nil {
		panic(err)
	}
	tables, err := reg.DDL(db.Dialect())
	if err != nil {
		panic(err)
	}
	if err := sqldb.ExecAll(ctx, db, append(tables, "CREATE TABLE payments (cents INTEGER NOT NULL)")); err != nil {
		panic(err)
	}

	pay := func(ctx context.Context) ([]byte, error) {
		_, err := db.Exec(ctx, sqldb.Raw("INSERT INTO payments (cents) VALUES (?)", 1200))
		return []byte("paid 1200"), err
	}
	for range 2 {
		answer, replayed, err := store.Do(ctx, "ada:order-7", "pay 1200", pay)
		fmt.Println(string(answer), replayed, err)
	}
	n, err := sqldb.Scalar[int64](ctx, db, sqldb.Raw("SELECT count(*) FROM payments"))
	fmt.Println(n, err)
	// Output:
	// paid 1200 false <nil>
	// paid 1200 true <nil>
	// 1 <nil>
}
