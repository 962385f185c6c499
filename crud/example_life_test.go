package crud_test

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
)

// newTasks is a manager of tasks on a database of its own, and a ctx in which
// somebody acts.
func newTasks() (tasks *crud.Manager[Task, CreateTask, UpdateTask], ctx context.Context, done func()) {
	ctx = context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	reg := registry.New(nil)
	tasks, err = crud.New[Task, CreateTask, UpdateTask](reg, db, crud.Unrestricted, nil)
	check(err)
	check(crud.CreateTables(ctx, reg, db))
	ctx = joinery.WithActor(ctx, joinery.Actor{ID: uuid.New(), Kind: joinery.User})
	return tasks, ctx, func() { _ = db.Close() }
}

// A copy is a creation: it has its own id and version, and its hooks run.
func ExampleManager_Copy() {
	tasks, ctx, done := newTasks()
	defer done()
	t, err := tasks.Create(ctx, CreateTask{Title: "ship it", Priority: 9})
	check(err)
	again, err := tasks.Copy(ctx, t.ID, func(in *CreateTask) error {
		in.Title += " again"
		return nil
	})
	check(err)
	fmt.Println(again.Title, again.Priority, again.Version, again.ID != t.ID)
	// Output: ship it again 9 1 true
}

// Root finds a deleted row and brings it back.
func ExampleManager_Restore() {
	tasks, ctx, done := newTasks()
	defer done()
	t, err := tasks.Create(ctx, CreateTask{Title: "ship it"})
	check(err)
	check(tasks.Delete(ctx, t.ID, t.Version))
	_, err = tasks.Restore(ctx, t.ID, crud.AnyVersion)
	fmt.Println(err)

	root := joinery.WithActor(ctx, joinery.RootActor())
	page, err := tasks.List(root, query.Query{Deleted: true})
	check(err)
	gone := page.Items[0]
	back, err := tasks.Restore(root, gone.ID, gone.Version)
	check(err)
	fmt.Println(back.Title, back.Version, back.DeletedAt == nil)
	// Output:
	// not_found: not found
	// ship it 3 true
}

// Root removes a row for good.
func ExampleManager_Purge() {
	tasks, ctx, done := newTasks()
	defer done()
	t, err := tasks.Create(ctx, CreateTask{Title: "a secret"})
	check(err)
	fmt.Println(tasks.Purge(ctx, t.ID, t.Version))

	root := joinery.WithActor(ctx, joinery.RootActor())
	check(tasks.Purge(root, t.ID, t.Version))
	_, err = tasks.Get(root, t.ID)
	fmt.Println(err)
	// Output:
	// forbidden: only Root purges rows
	// not_found: not found
}

// What may I do with this row?
func ExampleManager_Access() {
	tasks, ctx, done := newTasks()
	defer done()
	t, err := tasks.Create(ctx, CreateTask{Title: "ship it"})
	check(err)
	may, err := tasks.Access(ctx, t.ID)
	check(err)
	fmt.Println(may)
	fmt.Println(may.Has(joinery.Edit | joinery.Delete))
	// Output:
	// view|execute|copy|edit|delete|share
	// true
}

// Why may somebody do that? With a *perm.Engine the answer goes through the
// rules one by one.
func ExampleManager_Explain() {
	tasks, ctx, done := newTasks()
	defer done()
	t, err := tasks.Create(ctx, CreateTask{Title: "ship it"})
	check(err)
	me, err := joinery.ActorFrom(ctx)
	check(err)
	why, err := tasks.Explain(ctx, me, t.ID, joinery.Edit)
	check(err)
	fmt.Println(why.Allowed, why.Reason)
	// Output: true Permissions are not restricted.
}
