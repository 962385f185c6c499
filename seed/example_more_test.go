package seed_test

import (
	"context"
	"fmt"
	"strings"
	"testing/fstest"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/hook"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/seed"
)

// Files beside the app say the same as structs in it.
func ExampleDiscover() {
	ctx, db, reg, done := openShip()
	defer done()
	folder := fstest.MapFS{ // an embed.FS, say
		"crews.yaml": {Data: []byte(`
key: name
owner: system
rows:
  - name: Deck
  - name: Galley
`)},
		"sailors.dev.yaml": {Data: []byte(`
key: email
owner: system
rows:
  - email: ida@example.com
    rank: captain
    crew_id: {name: Deck}
`)},
	}
	seeds, err := seed.Discover(folder)
	check(err)
	s, err := seed.New(db, reg, &seed.Options{Env: "dev"})
	check(err)
	report, err := s.Run(ctx, seeds...)
	check(err)
	fmt.Print(report)

	folder["crews.yaml"].Data = []byte("key: name\nrows:\n  - nmae: Deck\n")
	seeds, err = seed.Discover(folder, seed.Owner(system))
	check(err)
	_, err = s.Run(ctx, seeds...)
	fmt.Println(err)
	// Output:
	// insert  crews    name="Deck"
	// insert  crews    name="Galley"
	// insert  sailors  email="ida@example.com"
	// 3 inserted, 0 updated, 0 kept, 0 left out
	// seed: crews.yaml:3: row 1: nmae: is unknown: crews has id, name
}

// A plan tells what a run would do. Sample rows are for environments that ask
// for them.
func ExampleSeeder_Plan() {
	ctx, db, reg, done := openShip()
	defer done()
	sample := seed.For(func(context.Context) ([]Crew, error) {
		return []Crew{{Name: "Sample"}}, nil
	}, seed.Key("name"), seed.Owner(system), seed.Env("dev", "test"))

	plan, err := seed.Plan(ctx, db, reg, sample) // in no environment
	check(err)
	fmt.Println(plan.Summary())

	dev, err := seed.New(db, reg, &seed.Options{Env: "dev"})
	check(err)
	plan, err = dev.Plan(ctx, sample)
	check(err)
	fmt.Println(plan.Summary())
	fmt.Println("rows to insert:", plan.Count(seed.Insert))
	// Output:
	// 0 inserted, 0 updated, 0 kept, 0 left out
	// 1 inserted, 0 updated, 0 kept, 0 left out
	// rows to insert: 1
}

// Rows may refer to rows by what they are known by, wherever an id stands.
func ExampleRef() {
	ctx, db, reg, done := openShip()
	defer done()
	deck := seed.For(func(context.Context) ([]Crew, error) {
		return []Crew{{Name: "Deck"}}, nil
	}, seed.Key("name"), seed.Owner(system))
	ida := seed.For(func(ctx context.Context) ([]Sailor, error) {
		crew := seed.Ref(ctx, "crews", "name", "Deck") // a uuid.UUID
		return []Sailor{{Email: "ida@example.com", CrewID: registry.Ref[Crew](crew)}}, nil
	}, seed.Key("email"), seed.Owner(system))
	olaf := seed.For(func(ctx context.Context) ([]Sailor, error) {
		return []Sailor{{Email: "olaf@example.com", CrewID: seed.RefOf[Crew](ctx, "name", "Engine")}}, nil
	}, seed.Key("email"), seed.OwnedBy("sailors", "email", "ida@example.com"))

	_, err := seed.Run(ctx, db, reg, olaf, ida, deck)
	fmt.Println(err)
	// Output:
	// seed: sailors: row 1 (email="olaf@example.com"): crew_id: there is no row Crew(name="Engine")
}

type NewCrew struct {
	Name string `json:"name"`
}

type CrewChange struct {
	Name crud.Opt[string] `json:"name,omitzero"`
}

// Rows written through a manager pass its hooks and its validation.
func ExampleThrough() {
	ctx, db, _, done := openShip()
	defer done()
	reg := registry.New(nil)
	crews, err := crud.New[Crew, NewCrew, CrewChange](reg, db, crud.Unrestricted, nil)
	check(err)
	crews.Hooks().Create.After(func(ctx context.Context, e *crud.CreateEvent[Crew, NewCrew]) error {
		actor, err := joinery.ActorFrom(ctx)
		fmt.Println("the manager created", e.Row.Name, "for", actor.Kind)
		return err
	})
	deck := seed.For(func(context.Context) ([]Crew, error) {
		return []Crew{{Name: "Deck"}}, nil
	}, seed.Key("name"), seed.Owner(system), seed.Through(crews))
	_, err = seed.Run(ctx, db, reg, deck)
	check(err)
	// Output:
	// the manager created Deck for system
}

// Hooks of a seed see the rows that it inserts and updates.
func ExampleHooks() {
	ctx, db, reg, done := openShip()
	defer done()
	var naming hook.Point[seed.Event[Crew]]
	naming.Before(func(_ context.Context, e *seed.Event[Crew]) error {
		e.Row.Name = strings.TrimSpace(e.Row.Name)
		return nil
	})
	naming.Committed(func(_ context.Context, e seed.Event[Crew]) error {
		fmt.Printf("%s %q\n", e.Action, e.Row.Name)
		return nil
	})
	deck := seed.For(func(context.Context) ([]Crew, error) {
		return []Crew{{Name: " Deck "}}, nil
	}, seed.Key("name"), seed.Owner(system), seed.Hooks(&naming))
	for range 2 { // the second time there is nothing to do
		_, err := seed.Run(ctx, db, reg, deck)
		check(err)
	}
	// Output:
	// insert "Deck"
}

// Deleted rows stay deleted, until they are forgotten.
func ExampleForget() {
	ctx, db, reg, done := openShip()
	defer done()
	deck := seed.For(func(context.Context) ([]Crew, error) {
		return []Crew{{Name: "Deck"}}, nil
	}, seed.Key("name"), seed.Owner(system))
	for range 3 {
		report, err := seed.Run(ctx, db, reg, deck)
		check(err)
		fmt.Print(report)
		if report.Count(seed.LeaveOut) > 0 {
			check(seed.Forget(ctx, db, "crews"))
		}
		_, err = db.Exec(ctx, sqldb.Raw("DELETE FROM crews"))
		check(err)
	}
	// Output:
	// insert  crews  name="Deck"
	// 1 inserted, 0 updated, 0 kept, 0 left out
	// leave out  crews  name="Deck"  it was deleted since it was seeded
	// 0 inserted, 0 updated, 0 kept, 1 left out
	// insert  crews  name="Deck"
	// 1 inserted, 0 updated, 0 kept, 0 left out
}

// An app whose role may not make tables has its migrations make joinery_seeds.
func ExampleDDL() {
	_, db, _, done := openShip()
	defer done()
	statements, err := seed.DDL(db.Dialect())
	check(err)
	fmt.Println(strings.SplitN(statements[0], "\n", 2)[0])
	// Output:
	// CREATE TABLE IF NOT EXISTS joinery_seeds (
}
