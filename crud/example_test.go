package crud_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
)

// Task is the entity: the table, the rules and the answers come from it.
type Task struct {
	crud.Entity
	crud.SoftDelete
	Title    string `json:"title" validate:"required,max=200"`
	Priority int    `json:"priority" validate:"gte=0,lte=9" sortable:"true"`
}

// CreateTask is what a caller may send to create one.
type CreateTask struct {
	Title    string `json:"title"`
	Priority int    `json:"priority"`
}

// UpdateTask is what a caller may send to change one.
type UpdateTask struct {
	Title    crud.Opt[string] `json:"title,omitzero"`
	Priority crud.Opt[int]    `json:"priority,omitzero"`
}

// A manager from nothing: a database, the tables of the registry, an actor.
func Example() {
	dir, err := os.MkdirTemp("", "crud")
	check(err)
	defer os.RemoveAll(dir)
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, filepath.Join(dir, "tasks.db"), nil)
	check(err)
	defer db.Close()

	reg := registry.New(nil)
	tasks, err := crud.New[Task, CreateTask, UpdateTask](reg, db, crud.Unrestricted, nil)
	check(err)
	ddl, err := reg.DDL(db.Dialect())
	check(err)
	check(sqldb.ExecAll(ctx, db, ddl))

	ctx = joinery.WithActor(ctx, joinery.Actor{ID: uuid.New(), Kind: joinery.User})
	_, err = tasks.CreateMany(ctx, []CreateTask{{Title: "sleep", Priority: 1}, {Title: "ship it", Priority: 9}})
	check(err)
	page, err := tasks.List(ctx, query.Query{Sort: []string{"-priority"}})
	check(err)
	for _, t := range page.Items {
		fmt.Println(t.Priority, t.Title)
	}

	first := page.Items[0]
	changed, err := tasks.Update(ctx, first.ID, first.Version, UpdateTask{Title: crud.Set("shipped")})
	check(err)
	fmt.Println(changed.Title, changed.Version)
	_, err = tasks.Update(ctx, first.ID, first.Version, UpdateTask{Title: crud.Set("again")})
	fmt.Println(err)
	_, err = tasks.Create(ctx, CreateTask{Priority: 12})
	fmt.Println(err)
	// Output:
	// 9 ship it
	// 1 sleep
	// shipped 2
	// stale: it has changed since: its version is now 2
	// invalid: some fields are not right; /title: is required; /priority: must be at most 9
}

// Hooks run in the operation's transaction, for every way in.
func ExampleManager_Hooks() {
	reg := registry.New(nil)
	db, err := sqlitedb.Open(context.Background(), sqlitedb.Memory, nil)
	check(err)
	defer db.Close()
	tasks, err := crud.New[Task, CreateTask, UpdateTask](reg, db, crud.Unrestricted, nil)
	check(err)
	ddl, err := reg.DDL(db.Dialect())
	check(err)
	check(sqldb.ExecAll(context.Background(), db, ddl))

	tasks.Hooks().Create.Before(func(_ context.Context, e *crud.CreateEvent[Task, CreateTask]) error {
		if e.Input.Priority == 0 {
			e.Input.Priority = 5
		}
		return nil
	})
	tasks.Hooks().Create.Committed(func(_ context.Context, e crud.CreateEvent[Task, CreateTask]) error {
		fmt.Println("created:", e.Row.Title)
		return nil
	})
	ctx := joinery.WithActor(context.Background(), joinery.Actor{ID: uuid.New(), Kind: joinery.User})
	t, err := tasks.Create(ctx, CreateTask{Title: "ship it"})
	check(err)
	fmt.Println(t.Priority)
	// Output:
	// created: ship it
	// 5
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
