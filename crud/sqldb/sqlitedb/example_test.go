package sqlitedb_test

import (
	"context"
	"fmt"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

func ExampleOpen() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	mode, err := sqldb.Scalar[string](ctx, db, sqldb.Raw("SELECT journal_mode FROM pragma_journal_mode"))
	fmt.Println(mode, err)
	// Output:
	// wal <nil>
}
