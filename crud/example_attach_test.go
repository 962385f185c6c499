package crud_test

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
)

// Estimate is what an extension adds to the tasks of an app.
type Estimate struct {
	crud.Side[Task]        // id (that of the task), created_at, version
	crud.SoftDelete        // tasks have it, so that both are restored together
	Hours           int    `json:"hours" validate:"gte=0"`
	Risk            string `json:"risk" validate:"oneof=low high" default:"low"`
}

// CreateEstimate names the task by the id.
type CreateEstimate struct {
	ID    uuid.UUID `json:"id"`
	Hours int       `json:"hours"`
	Risk  string    `json:"risk"`
}

// UpdateEstimate changes what the extension added.
type UpdateEstimate struct {
	Hours crud.Opt[int]    `json:"hours,omitzero"`
	Risk  crud.Opt[string] `json:"risk,omitzero"`
}

// An extension adds fields to a model that it does not own: a relation to
// include and to filter by, and a manager that writes them.
func Example_attach() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	defer db.Close()
	reg := registry.New(nil)
	tasks, err := crud.New[Task, CreateTask, UpdateTask](reg, db, crud.Unrestricted, nil) // the app
	check(err)

	check(registry.Attach[Task, Estimate](reg, nil)) // the extension
	estimates, err := crud.New[Estimate, CreateEstimate, UpdateEstimate](reg, db, crud.Unrestricted, nil)
	check(err)

	ddl, err := reg.DDL(db.Dialect())
	check(err)
	check(sqldb.ExecAll(ctx, db, ddl))
	ctx = joinery.WithActor(ctx, joinery.Actor{ID: uuid.New(), Kind: joinery.User})
	made, err := tasks.CreateMany(ctx, []CreateTask{{Title: "sleep"}, {Title: "ship it"}})
	check(err)
	_, err = estimates.Create(ctx, CreateEstimate{ID: made[1].ID, Hours: 8, Risk: "high"})
	check(err)

	page, err := tasks.List(ctx, query.Query{Include: []string{"estimate"}})
	check(err)
	for i := range page.Items {
		if e, ok := crud.Attached[Estimate](&page.Items[i]); ok {
			fmt.Println(page.Items[i].Title, "takes", e.Hours, "hours")
		} else {
			fmt.Println(page.Items[i].Title, "is not estimated")
		}
	}
	risky, err := tasks.Count(ctx, query.Query{Filter: query.Eq("estimate.risk", "high")})
	check(err)
	fmt.Println("risky:", risky)
	// Output:
	// ship it takes 8 hours
	// sleep is not estimated
	// risky: 1
}
