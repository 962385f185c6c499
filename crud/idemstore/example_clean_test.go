package idemstore_test

import (
	"context"
	"fmt"
	"time"

	"github.com/joinery-go/joinery/crud/idemstore"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
)

// A nightly job removes what has expired; a key that is forgotten runs again.
func ExampleStore_Clean() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	if err != nil {
		panic(err)
	}
	defer db.Close()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	reg := registry.New(nil)
	store, err := idemstore.New(reg, db, &idemstore.Options{Keep: time.Hour, Now: func() time.Time { return now }})
	if err != nil {
		panic(err)
	}
	tables, err := reg.DDL(db.Dialect())
	if err != nil {
		panic(err)
	}
	if err := sqldb.ExecAll(ctx, db, tables); err != nil {
		panic(err)
	}

	n := 0
	count := func(context.Context) ([]byte, error) { n++; return fmt.Append(nil, "run ", n), nil }
	for range 2 {
		answer, replayed, err := store.Do(ctx, "ada:count", "count", count)
		fmt.Println(string(answer), replayed, err)
		now = now.Add(2 * time.Hour)
		removed, err := store.Clean(ctx)
		fmt.Println(removed, "removed", err)
	}
	// Output:
	// run 1 false <nil>
	// 1 removed <nil>
	// run 2 false <nil>
	// 1 removed <nil>
}
