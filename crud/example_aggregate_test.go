package crud_test

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
)

// Sums by group, of what the actor may see.
func ExampleManager_Aggregate() {
	reg := registry.New(nil)
	ctx := joinery.WithActor(context.Background(), joinery.Actor{ID: uuid.New(), Kind: joinery.User})
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	defer db.Close()
	clock := func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }
	tasks, err := crud.New[Task, CreateTask, UpdateTask](reg, db, crud.Unrestricted, &crud.Options{Now: clock})
	check(err)
	check(crud.CreateTables(ctx, reg, db))
	_, err = tasks.CreateMany(ctx, []CreateTask{{Title: "ship", Priority: 9}, {Title: "sleep", Priority: 1}, {Title: "ship", Priority: 4}})
	check(err)

	sum, average := crud.Sum("priority"), crud.Avg("priority")
	groups, err := tasks.Aggregate(ctx, query.Query{Filter: query.Gte("priority", 1)}, crud.GroupBy("title"), crud.Count(), sum, average)
	check(err)
	for _, g := range groups {
		total, _ := query.ValueOf[int64](g, sum)
		fmt.Println(g.Keys["title"], g.Value(crud.Count()), total, g.Value(average))
	}

	// By month, with what else there is to compute.
	groups, err = tasks.Aggregate(ctx, query.Query{}, crud.GroupBy("created_at").By(crud.Month),
		crud.Min("priority"), crud.Max("priority"), crud.CountDistinct("title"), crud.CountOf("deleted_at"))
	check(err)
	fmt.Println(groups[0].Keys, groups[0].Values)

	// What makes no sense is refused.
	_, err = tasks.Aggregate(ctx, query.Query{}, crud.Sum("title"))
	fmt.Println(joinery.KindOf(err))
	// Output:
	// ship 2 13 6.5
	// sleep 1 1 1
	// map[created_at:2026-11-01 00:00:00 +0000 UTC] map[deleted_at.count:0 priority.max:9 priority.min:1 title.count_distinct:2]
	// malformed
}
