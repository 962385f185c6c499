package pgdb_test

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
)

// Reads outside transactions go to the replica, until the context has written.
// With a URL there is Options.Replica; an app with pools of its own gives both.
func ExampleWrapReplicated() {
	ctx := context.Background()
	primary, errPrimary := pgxpool.New(ctx, "postgres://app@db1/app")
	replica, errReplica := pgxpool.New(ctx, "postgres://app@db2/app?default_transaction_read_only=on")
	if errPrimary != nil || errReplica != nil {
		fmt.Println(errPrimary, errReplica)
		return
	}
	defer primary.Close()
	defer replica.Close()
	db := pgdb.WrapReplicated(primary, replica, nil)
	reads, ok := pgdb.ReplicaPool(db)
	fmt.Println(reads == replica, ok)
	// Output: true true
}
