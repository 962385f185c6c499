package pgdb_test

import (
	"context"
	"fmt"

	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
)

func ExampleOpen() {
	_, err := pgdb.Open(context.Background(), "postgres://app:pass/word@localhost/app", nil)
	fmt.Println(err)
	// Output:
	// pgdb: the URL is malformed: want postgres://user:password@host:port/database?sslmode=…, special characters in the password percent-encoded
}
