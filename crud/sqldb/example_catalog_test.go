package sqldb_test

import (
	"context"
	"fmt"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

// What a database has, in its own words.
func ExampleCatalog() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	err = sqldb.ExecAll(ctx, db, []string{
		"CREATE TABLE books (id TEXT, title TEXT, gone_at DATETIME)",
		"CREATE INDEX by_title ON books (title DESC) WHERE gone_at IS NULL",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	tables, err := sqldb.Catalog(ctx, db, "books", "magazines")
	for _, t := range tables {
		fmt.Println(t.Name, t.Columns)
		for _, i := range t.Indexes {
			fmt.Printf("%s on %s%s where %s\n", i.Name, i.Columns[0].Name, i.Columns[0].Order, i.Where)
		}
	}
	fmt.Println(err)
	// Output:
	// books [id title gone_at]
	// by_title on title DESC where gone_at IS NULL
	// <nil>
}
