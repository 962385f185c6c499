package sqldb_test

import (
	"context"
	"fmt"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

// A temporary table is seen by its session alone, and a session is a
// connection.
func ExampleOnConn() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()

	err = sqldb.OnConn(ctx, db, func(ctx context.Context) error {
		if err := sqldb.ExecAll(ctx, db, []string{
			"CREATE TEMPORARY TABLE wanted (id INTEGER)",
			"INSERT INTO wanted (id) VALUES (3), (5)",
		}); err != nil {
			return err
		}
		ids, err := sqldb.Column[int](ctx, db, sqldb.Raw("SELECT id FROM wanted ORDER BY id"))
		if err != nil {
			return err
		}
		fmt.Println(ids)
		_, err = db.Exec(ctx, sqldb.Raw("DROP TABLE wanted")) // the connection goes back to its pool
		return err
	})
	fmt.Println(err)
	// Output:
	// [3 5]
	// <nil>
}
