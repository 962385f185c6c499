package mariadb_test

import (
	"context"
	"fmt"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
)

func ExampleOpen() {
	_, err := mariadb.Open(context.Background(), "mysql://app:pass/word@localhost/app", nil)
	fmt.Println(err)
	// Output:
	// mariadb: the URL is malformed: want mysql://user:password@host:port/database?tls=…, special characters in the password percent-encoded
}

// Statements can be made for MariaDB without a database at hand.
func ExampleDialect() {
	d := mariadb.Dialect()
	tmpl, err := sqldb.Compile(d, squirrel.Select(d.Quote("order")).From("notes").Where(sqldb.In(d, "id", sqldb.Slot(0))))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Name(), d.Bind(uuid.Nil))
	fmt.Println(tmpl.SQL()) // the list is written out when it is known
	// Output:
	// mariadb 00000000-0000-0000-0000-000000000000
	// SELECT `order` FROM notes WHERE id IN (/*list*/?)
}
