package crud_test

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
)

// One row, some of its fields, whether it exists, how many there are, and all
// of them, page by page behind the scenes.
func ExampleManager_All() {
	tasks, ctx, done := newTasks()
	defer done()
	made, err := tasks.CreateMany(ctx, []CreateTask{{Title: "sleep", Priority: 1}, {Title: "ship it", Priority: 9}})
	check(err)

	t, err := tasks.Get(ctx, made[1].ID, query.Fields("title"))
	fmt.Printf("%q has priority %d, which was not read: %v\n", t.Title, t.Priority, err)
	there, err := tasks.Exists(ctx, uuid.New())
	fmt.Println(there, err)
	n, err := tasks.Count(ctx, query.Query{Filter: query.Gt("priority", 5)})
	fmt.Println(n, err)
	for t, err := range tasks.All(ctx, query.Query{Sort: []string{"-priority"}}) {
		check(err)
		fmt.Println(t.Priority, t.Title)
	}
	fmt.Println(tasks.Model().Table, "on", tasks.DB().Dialect().Name(), tasks.Database() == any(tasks.DB()))
	// Output:
	// "ship it" has priority 0, which was not read: <nil>
	// false <nil>
	// 1 <nil>
	// 9 ship it
	// 1 sleep
	// tasks on sqlite true
}

// Many rows at once: all or none.
func ExampleManager_UpdateMany() {
	tasks, ctx, done := newTasks()
	defer done()
	made, err := tasks.CreateMany(ctx, []CreateTask{{Title: "sleep", Priority: 1}, {Title: "ship it", Priority: 9}})
	check(err)

	_, err = tasks.UpdateMany(ctx, []query.Change[UpdateTask]{
		{ID: made[0].ID, Version: 1, Update: UpdateTask{Priority: crud.Set(3)}},
		{ID: made[1].ID, Version: 1, Update: UpdateTask{Priority: crud.Set(30)}},
	})
	fmt.Println(err)
	first, err := tasks.Get(ctx, made[0].ID)
	check(err)
	fmt.Println(first.Priority)

	err = tasks.DeleteMany(ctx, []query.Ident{{ID: made[0].ID, Version: 1}, {ID: made[1].ID, Version: crud.AnyVersion}})
	fmt.Println(err)
	n, err := tasks.Count(ctx, query.Query{})
	fmt.Println(n, err)
	// Output:
	// invalid: some fields are not right; /1/priority: must be at most 9
	// 1
	// <nil>
	// 0 <nil>
}
