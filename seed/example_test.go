package seed_test

import (
	"context"
	"fmt"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/seed"
)

type Crew struct {
	registry.Entity
	Name string `json:"name" unique:"true,global"`
}

type Sailor struct {
	registry.Entity
	Email  string             `json:"email" unique:"true,global"`
	Rank   string             `json:"rank"`
	CrewID registry.Ref[Crew] `json:"crew_id" ref:"crews"`
}

var system = joinery.WellKnownIDs().System

func Example() {
	ctx, db, reg, done := openShip()
	defer done()

	crews := seed.For(func(context.Context) ([]Crew, error) {
		return []Crew{{Name: "Deck"}, {Name: "Galley"}}, nil
	}, seed.Key("name"), seed.Owner(system))

	rank := "cook"
	sailors := seed.For(func(ctx context.Context) ([]Sailor, error) {
		galley := seed.RefOf[Crew](ctx, "name", "Galley")
		return []Sailor{
			{Email: "ida@example.com", Rank: rank, CrewID: galley},
			{Email: "olaf@example.com", Rank: rank, CrewID: galley},
		}, nil
	}, seed.Key("email"), seed.Owner(system))

	report, err := seed.Run(ctx, db, reg, sailors, crews)
	check(err)
	fmt.Print(report)

	// Somebody promotes Ida; then a new version of the app says chef.
	_, err = db.Exec(ctx, sqldb.Raw("UPDATE sailors SET rank = 'captain' WHERE email = ?", "ida@example.com"))
	check(err)
	rank = "chef"
	report, err = seed.Run(ctx, db, reg, sailors, crews)
	check(err)
	fmt.Print(report)
	// Output:
	// insert  crews    name="Deck"
	// insert  crews    name="Galley"
	// insert  sailors  email="ida@example.com"
	// insert  sailors  email="olaf@example.com"
	// 4 inserted, 0 updated, 0 kept, 0 left out
	// keep    crews    name="Deck"
	// keep    crews    name="Galley"
	// keep    sailors  email="ida@example.com"   edited: rank
	// update  sailors  email="olaf@example.com"  rank
	// 0 inserted, 1 updated, 3 kept, 0 left out
}

// openShip is an SQLite database with the tables of the examples.
func openShip() (context.Context, *sqldb.DB, *registry.Registry, func()) {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	reg := registry.New(nil)
	registry.MustAdd[Crew](reg)
	registry.MustAdd[Sailor](reg)
	check(crud.CreateTables(ctx, reg, db))
	return ctx, db, reg, func() { db.Close() }
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
