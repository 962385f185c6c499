package crud_test

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
)

// The second Get reads the row's content from memory, once the database has
// said that it is the current one and that the actor may see it.
func ExampleRowCache() {
	reg := registry.New(nil)
	ctx := joinery.WithActor(context.Background(), joinery.Actor{ID: uuid.New(), Kind: joinery.User})
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	defer db.Close()
	cache := &crud.RowCache{Rows: 10_000}
	tasks, err := crud.New[Task, CreateTask, UpdateTask](reg, db, crud.Unrestricted, &crud.Options{RowCache: cache})
	check(err)
	check(crud.CreateTables(ctx, reg, db))

	t, err := tasks.Create(ctx, CreateTask{Title: "a long text"})
	check(err)
	for range 2 {
		_, err = tasks.Get(ctx, t.ID)
		check(err)
	}
	stats := cache.Stats()
	fmt.Println(stats.Rows, stats.Hits, stats.Misses)
	cache.Clear() // after a restore from backup
	fmt.Println(cache.Stats().Rows)
	// Output:
	// 1 1 1
	// 0
}
