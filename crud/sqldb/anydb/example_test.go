package anydb_test

import (
	"context"
	"fmt"

	"github.com/joinery-go/joinery/crud/sqldb/anydb"
)

// The kind of database is a matter of configuration: in a program the URL comes
// from os.Getenv("DATABASE_URL") or a flag.
func ExampleOpen() {
	db, err := anydb.Open(context.Background(), "memory", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	fmt.Println(db.Dialect().Name())
	// Output: sqlite
}
