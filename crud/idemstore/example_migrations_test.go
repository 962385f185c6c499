package idemstore_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/joinery-go/joinery/crud/idemstore"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/migrate"
)

// The store's table is made with those of the app.
func ExampleMigrations() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()

	m, err := migrate.New(db, &migrate.Options{Logger: slog.New(slog.DiscardHandler)},
		migrate.Source{Name: "idemstore", FS: idemstore.Migrations()},
		// migrate.Source{Name: "app", FS: files},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Up(ctx), m.Check(ctx))
	// Output: <nil> <nil>
}
