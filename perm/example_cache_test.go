package perm_test

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/perm"
)

// The access cache hears of changes from a channel. With perm/teams there is
// nothing to do: it connects the engine to the feed of its managers.
func ExampleEngine_Hear() {
	engine, reg, db := observatory(&perm.Options{AccessCache: true})
	defer db.Close()
	telescopes := reg.Model("telescopes")

	changes := make(chan query.Changed, 100)
	engine.Hear(func() <-chan query.Changed { return changes })

	ctx := joinery.WithActor(context.Background(), joinery.Actor{ID: uuid.New(), Kind: joinery.User})
	look := func() { _ = engine.Check(ctx, telescopes, perm.View, uuid.New()) }
	look()
	look()
	changes <- query.Changed{Model: perm.MembershipsTable} // somebody has come or gone
	look()
	stats := engine.AccessCache()
	fmt.Println(stats.Hits, "hit,", stats.Misses, "misses")
	// Output:
	// 1 hit, 2 misses
}
