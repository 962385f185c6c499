package perm_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/perm"
)

// The tables of the rules are made before those of the app, which may refer to
// them.
func ExampleMigrations() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()

	m, err := migrate.New(db, &migrate.Options{Logger: slog.New(slog.DiscardHandler)},
		migrate.Source{Name: "perm", FS: perm.Migrations()},
		// migrate.Source{Name: "app", FS: files, Requires: []string{"perm"}},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Up(ctx), m.Check(ctx))
	// Output: <nil> <nil>
}
