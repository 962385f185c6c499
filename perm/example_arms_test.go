package perm_test

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// A user reaches telescopes in several ways. Each is an arm that an index on
// its column serves: the first page of a list is the first of what each arm
// gives. Managers of crud do this by themselves.
func ExampleEngine_Arms() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	defer db.Close()
	reg := registry.New(nil)
	telescopes := registry.MustAdd[Telescope](reg)
	engine, err := perm.New(reg, db, nil)
	check(err)

	arms, err := engine.Arms(joinery.WithActor(ctx, joinery.Actor{ID: uuid.New(), Kind: joinery.User}), telescopes, "t")
	check(err)
	for _, arm := range arms.Arms {
		fmt.Println(arm.Column)
	}
	arms, err = engine.Arms(joinery.WithActor(ctx, joinery.Actor{Kind: joinery.System}), telescopes, "t")
	fmt.Println(arms == nil, err) // System sees all
	// Output:
	// user_id
	// created_by_id
	// id
	// id
	// id
	// team_id
	// true <nil>
}
