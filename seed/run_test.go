package seed_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/hook"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/seed"
)

func asSystem(t testing.TB) context.Context {
	return joinery.WithActor(t.Context(), joinery.SystemActor())
}

// TestErrorsNameRows: each way in which rows do not fit is told with the row,
// the key and what it is about, and nothing is written.
func TestErrorsNameRows(t *testing.T) {
	t.Parallel()
	parent := func(ctx context.Context, name string) *registry.Ref[Team] {
		return new(seed.RefOf[Team](ctx, "name", name))
	}
	fine := teams(Team{Name: "Fine"})
	for name, c := range map[string]struct {
		seeds []*seed.Seed
		texts []string
	}{
		"cycle": {[]*seed.Seed{fine, teamsOf(func(ctx context.Context) []Team {
			return []Team{{Name: "A", ParentID: parent(ctx, "B")}, {Name: "B", ParentID: parent(ctx, "C")}, {Name: "C", ParentID: parent(ctx, "A")}}
		})}, []string{`teams name="A" → teams name="B" → teams name="C" → teams name="A"`}},
		"cycle of one": {[]*seed.Seed{teamsOf(func(ctx context.Context) []Team {
			return []Team{{Name: "A", ParentID: parent(ctx, "A")}}
		})}, []string{`teams name="A" → teams name="A"`}},
		"cycle of two tables": {[]*seed.Seed{
			teamsOf(func(ctx context.Context) []Team {
				return []Team{{Name: "A", LeadID: new(seed.RefOf[Person](ctx, "email", "a@example.com"))}}
			}),
			peopleOf(func(ctx context.Context) []Person {
				return []Person{{Email: "a@example.com", TeamID: *parent(ctx, "A")}}
			}),
		}, []string{`teams name="A" → people email="a@example.com" → teams name="A"`}},
		"unresolved": {[]*seed.Seed{fine, peopleOf(func(ctx context.Context) []Person {
			return []Person{{Email: "a@example.com", TeamID: *parent(ctx, "Fine")}, {Email: "b@example.com", TeamID: *parent(ctx, "Nobody")}}
		})}, []string{"people", "row 2", `email="b@example.com"`, "team_id", `Team(name="Nobody")`}},
		"unresolved within": {[]*seed.Seed{fine, teamsOf(func(ctx context.Context) []Team {
			return []Team{{Name: "A", ParentID: new(seed.RefOf[Team](ctx, "name", "Fine", "parent_id", *parent(ctx, "Nobody")))}}
		})}, []string{`name="A"`, "parent_id", `Team(name="Nobody")`}},
		"another table": {[]*seed.Seed{fine, teamsOf(func(ctx context.Context) []Team {
			return []Team{{Name: "A", LeadID: new(registry.Ref[Person](*parent(ctx, "Fine")))}}
		})}, []string{`name="A"`, "lead_id", "refers to people, not to teams"}},
		"unknown table": {[]*seed.Seed{fine, teamsOf(func(ctx context.Context) []Team {
			return []Team{{Name: "A", ParentID: new(registry.Ref[Team](seed.Ref(ctx, "crews", "name", "A")))}}
		})}, []string{"parent_id", "refers to crews, which no model"}},
		"unknown column": {[]*seed.Seed{fine, teamsOf(func(ctx context.Context) []Team {
			return []Team{{Name: "A", ParentID: new(seed.RefOf[Team](ctx, "nmae", "A"))}}
		})}, []string{"parent_id", "teams has no column nmae"}},
		"wrong type": {[]*seed.Seed{fine, teamsOf(func(ctx context.Context) []Team {
			return []Team{{Name: "A", ParentID: new(seed.RefOf[Team](ctx, "name", 7))}}
		})}, []string{"parent_id", "column name of teams", "not a int"}},
		"odd pairs": {[]*seed.Seed{fine, teamsOf(func(ctx context.Context) []Team {
			return []Team{{Name: "A", ParentID: new(seed.RefOf[Team](ctx, "name", "Fine", "motto"))}}
		})}, []string{"parent_id", "a column without a value"}},
		"another ctx": {[]*seed.Seed{fine, teamsOf(func(context.Context) []Team {
			return []Team{{Name: "A", ParentID: parent(context.Background(), "Fine")}}
		})}, []string{"parent_id", "not made with the ctx of this run"}},
		"same key": {[]*seed.Seed{fine, teams(Team{Name: "A"}, Team{Name: "B"}, Team{Name: "A"})}, []string{"teams: row 3", `name="A"`, "has the key of teams: row 1"}},
		"no key":   {[]*seed.Seed{fine, teams(Team{Motto: "A"})}, []string{"teams: row 1", "has no value in its key"}},
		"the database": {[]*seed.Seed{fine, peopleOf(func(ctx context.Context) []Person {
			return []Person{{Email: "a@example.com", Status: "odd", TeamID: *parent(ctx, "Fine")}}
		})}, []string{"people: row 1", `email="a@example.com"`, "check"}},
		"rows fail": {[]*seed.Seed{fine, seed.For(func(context.Context) ([]Person, error) { return nil, errors.New("no disk") }, seed.Key("email"), ours)},
			[]string{"seed_test.Person", "no disk"}},
		"no owner": {[]*seed.Seed{fine, seed.For(func(context.Context) ([]Team, error) { return []Team{{Name: "A"}}, nil }, seed.Key("name"))},
			[]string{"teams: row 1", `name="A"`, "created_by_id", "names no owner"}},
		"no key columns": {[]*seed.Seed{fine, seed.For(func(context.Context) ([]Team, error) { return nil, nil }, ours)}, []string{"seed_test.Team", "has no key"}},
		"unknown key":    {[]*seed.Seed{fine, seed.For(func(context.Context) ([]Team, error) { return nil, nil }, seed.Key("nmae"))}, []string{"seed_test.Team", "no column nmae"}},
		"key of JSON":    {[]*seed.Seed{fine, seed.For(func(context.Context) ([]Person, error) { return nil, nil }, seed.Key("tags"))}, []string{"seed_test.Person", "of kind json"}},
		"no model":       {[]*seed.Seed{fine, seed.For(func(context.Context) ([]Crew, error) { return nil, nil }, seed.Key("name"))}, []string{"seed_test.Crew", "no model"}},
		"another model's option": {[]*seed.Seed{fine, seed.For(func(context.Context) ([]Team, error) { return nil, nil }, seed.Key("name"), seed.Hooks(new(hook.Point[seed.Event[Person]])))},
			[]string{"seed_test.Team", "seed_test.Person, which is another model"}},
		"nil": {[]*seed.Seed{fine, nil}, []string{"nil"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, a *app) { a.fails(t, c.seeds, c.texts...) })
		})
	}
}

// Hen and Egg need each other.
type Hen struct {
	registry.Entity
	Name  string            `json:"name"`
	EggID registry.Ref[Egg] `json:"egg_id"`
}

type Egg struct {
	registry.Entity
	Name  string            `json:"name"`
	HenID registry.Ref[Hen] `json:"hen_id"`
}

// TestCycleOfTables: tables whose rows cannot be written in any order are told
// by their columns.
func TestCycleOfTables(t *testing.T) {
	t.Parallel()
	a := onSQLite(t)
	reg := registry.New(nil)
	registry.MustAdd[Hen](reg)
	registry.MustAdd[Egg](reg)
	_, err := seed.Run(t.Context(), a.db, reg)
	contains(t, err, "hens.egg_id → eggs.hen_id → hens")
}

// TestOrder: tables come as they are given, but after those they refer to.
func TestOrder(t *testing.T) {
	t.Parallel()
	a := onSQLite(t)
	reg := registry.New(nil)
	registry.MustAdd[Sailor](reg)
	registry.MustAdd[Crew](reg)
	registry.MustAdd[Port](reg)
	must(t, crud.CreateTables(t.Context(), reg, a.db))
	crews := seed.For(func(context.Context) ([]Crew, error) { return []Crew{{Name: "Deck"}}, nil }, seed.Key("name"), ours)
	ports := seed.For(func(context.Context) ([]Port, error) { return []Port{{Name: "Kiel"}}, nil }, seed.Key("name"), ours)
	sailors := seed.For(func(ctx context.Context) ([]Sailor, error) {
		return []Sailor{{Email: "a", CrewID: seed.RefOf[Crew](ctx, "name", "Deck")}}, nil
	}, seed.Key("email"), ours)
	for _, c := range []struct {
		seeds []*seed.Seed
		want  []string
	}{
		{[]*seed.Seed{sailors, ports, crews}, []string{"ports", "crews", "sailors"}},
		{[]*seed.Seed{crews, sailors, ports}, []string{"crews", "sailors", "ports"}},
		{[]*seed.Seed{sailors, crews, ports}, []string{"crews", "sailors", "ports"}},
	} {
		plan, err := seed.Plan(t.Context(), a.db, reg, c.seeds...)
		must(t, err)
		var tables []string
		for _, row := range plan.Rows {
			tables = append(tables, row.Table)
		}
		is.New(t).Equal(tables, c.want)
	}
}

type Port struct {
	registry.Entity
	Name string `json:"name"`
}

// TestAmbiguous: two rows for one reference or key are an error.
func TestAmbiguous(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		a.team(t, "A")
		a.team(t, "B")
		a.exec(t, "UPDATE teams SET motto = 'x' WHERE name = 'A'")
		a.exec(t, "UPDATE teams SET motto = 'x' WHERE name = 'B'")
		two := teams(Team{Name: "D", Motto: "y"}, Team{Name: "E", Motto: "y"})
		a.fails(t, []*seed.Seed{two, teamsOf(func(ctx context.Context) []Team {
			return []Team{{Name: "C", ParentID: new(seed.RefOf[Team](ctx, "motto", "y"))}}
		})}, `name="C"`, "parent_id", `2 rows match the reference Team(motto="y")`)
		a.fails(t, []*seed.Seed{teamsOf(func(ctx context.Context) []Team {
			return []Team{{Name: "C", ParentID: new(seed.RefOf[Team](ctx, "motto", "x"))}}
		})}, `name="C"`, "parent_id", `2 rows match the reference Team(motto="x")`)
		a.fails(t, []*seed.Seed{seed.For(func(context.Context) ([]Team, error) { return []Team{{Name: "C", Motto: "x"}}, nil }, seed.Key("motto"), ours)},
			`motto="x"`, "2 rows of teams have this key")
	})
}

// TestCallersTransaction: seeds in a transaction of the caller's go with it.
func TestCallersTransaction(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		is := is.New(t)
		a.run(t) // makes the table, which on MariaDB ends a transaction
		undo := errors.New("undo")
		err := sqldb.InTx(t.Context(), a.db, func(ctx context.Context) error {
			report, err := seed.Run(ctx, a.db, a.reg, company(3)...)
			must(t, err)
			is.Equal(report.Count(seed.Insert), 6)
			return undo
		})
		is.Equal(err, undo)
		is.Equal(a.dump(t), "")
		is.Equal(a.run(t, company(3)...).Count(seed.Insert), 6)
	})
}

// TestPlan: a plan says what the run then does, and writes nothing, not even
// a table.
func TestPlan(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		is := is.New(t)
		agree := func(seeds ...*seed.Seed) {
			t.Helper()
			before := a.dump(t)
			plan, err := seed.Plan(t.Context(), a.db, a.reg, seeds...)
			must(t, err)
			is.Equal(a.dump(t), before)
			is.Equal(plan.String(), a.run(t, seeds...).String())
		}
		_, err := seed.Plan(t.Context(), a.db, a.reg, company(2)...)
		must(t, err)
		there, err := sqldb.Catalog(t.Context(), a.db, "joinery_seeds")
		must(t, err)
		is.Equal(len(there), 0)

		agree(company(2)...)
		a.exec(t, "UPDATE teams SET motto = 'edited' WHERE name = 'All'")
		a.exec(t, "UPDATE people SET age = 99 WHERE email = 'p0@example.com'")
		agree(append(company(3), teams(Team{Name: "New"}))...)
		agree(teamsOf(func(ctx context.Context) []Team {
			all := func() *registry.Ref[Team] { return new(seed.RefOf[Team](ctx, "name", "All")) }
			return []Team{
				{Name: "Below", ParentID: all(), Motto: "b"},
				{Name: "Deep", ParentID: new(seed.RefOf[Team](ctx, "motto", "b", "parent_id", *all()))},
			}
		}))
		agree(teams(Team{Name: "All", Motto: "seeded"}, Team{Name: "Docs", Motto: "seeded"}))
	})
}

// TestThrough: rows pass a manager's hooks and validation, with System acting
// and their owner named, and are updated through it.
func TestThrough(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		is := is.New(t)
		var seen []string
		a.teams.Hooks().All.Before(func(ctx context.Context, e *crud.Event[Team]) error {
			actor, err := joinery.ActorFrom(ctx)
			seen = append(seen, string(e.Op)+" "+actor.Kind.String())
			return err
		})
		a.teams.Hooks().Create.Before(func(_ context.Context, e *crud.CreateEvent[Team, TeamInput]) error {
			e.Input.Motto += "!"
			return nil
		})
		through := func(row Team) *seed.Seed {
			return seed.For(func(context.Context) ([]Team, error) { return []Team{row}, nil }, seed.Key("name"), ours, seed.Through(a.teams))
		}
		changes := a.teams.Feed().Subscribe(10)
		defer changes.Close()
		is.Equal(a.run(t, through(Team{Name: "Core", Motto: "one"})).Count(seed.Insert), 1)
		is.Equal(of[string](t, a, "SELECT motto FROM teams"), "one!")
		is.Equal(of[uuid.UUID](t, a, "SELECT created_by_id FROM teams").String(), "0199d8f0-0000-7000-8000-00000000000a")
		is.Equal((<-changes.Events()).Model, "teams")

		is.Equal(a.run(t, through(Team{Name: "Core", Motto: "one"})).Count(seed.Keep), 1) // the hook's change is nobody's edit
		is.Equal(a.run(t, through(Team{Name: "Core", Motto: "two"})).Rows[0].Columns, []string{"motto"})
		is.Equal(of[string](t, a, "SELECT motto FROM teams"), "two")
		is.Equal(of[int](t, a, "SELECT version FROM teams"), 2)
		is.Equal(seen, []string{"create system", "update system"})

		err := a.fails(t, []*seed.Seed{teams(Team{Name: "Fine"}), through(Team{Name: fmt.Sprintf("%051d", 0)})}, "teams: row 1", "/name")
		is.Equal(joinery.KindOf(err), joinery.Invalid)
		var at *seed.Error
		is.True(errors.As(err, &at))
		is.Equal(at.Table, "teams")
	})
}

// TestHooks: a seed's own hooks see what is inserted and updated, may change
// and refuse it, and hear of the commit.
func TestHooks(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		is := is.New(t)
		var point hook.Point[seed.Event[Team]]
		var seen []string
		see := func(when string) func(context.Context, *seed.Event[Team]) error {
			return func(_ context.Context, e *seed.Event[Team]) error {
				seen = append(seen, fmt.Sprint(when, " ", e.Action, " ", e.Key, " ", e.Row.Motto, " ", e.Row.Version))
				return nil
			}
		}
		point.Before(see("before"))
		point.Before(func(_ context.Context, e *seed.Event[Team]) error { e.Row.Motto += "!"; return nil })
		point.After(see("after"))
		point.Committed(func(ctx context.Context, e seed.Event[Team]) error { return see("committed")(ctx, &e) })
		hooked := func(motto string) *seed.Seed {
			return seed.For(func(context.Context) ([]Team, error) { return []Team{{Name: "Core", Motto: motto}}, nil }, seed.Key("name"), ours, seed.Hooks(&point))
		}
		for _, motto := range []string{"one", "one", "two"} {
			a.run(t, hooked(motto))
		}
		is.Equal(seen, []string{
			`before insert name="Core" one 1`, `after insert name="Core" one! 1`, `committed insert name="Core" one! 1`,
			`before update name="Core" two 1`, `after update name="Core" two! 2`, `committed update name="Core" two! 2`,
		})
		veto := errors.New("not today")
		point.After(func(context.Context, *seed.Event[Team]) error { return veto }, hook.Name("veto"))
		seen = nil
		is.True(errors.Is(a.fails(t, []*seed.Seed{hooked("three")}, "not today"), veto))
		is.Equal(len(seen), 2) // none after the commit
		point.Remove("veto")
		a.fails(t, []*seed.Seed{hooked("three"), teams(Team{})}, "no value in its key")
		is.Equal(len(seen), 4)
	})
}

// TestOwner: the owner is the row's own, else the seed's, by id or by key.
func TestOwner(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		is := is.New(t)
		core := a.team(t, "Core")
		self := uuid.Must(uuid.NewV7())
		a.run(t, seed.For(func(context.Context) ([]Person, error) {
			boss := Person{Email: "boss@example.com", TeamID: registry.Ref[Team](core)}
			boss.UserID = &self
			return []Person{boss}, nil
		}, seed.Key("email")))
		a.run(t, seed.For(func(context.Context) ([]Person, error) {
			return []Person{{Email: "ada@example.com", TeamID: registry.Ref[Team](core)}}, nil
		}, seed.Key("email"), seed.OwnedBy("people", "email", "boss@example.com")))
		is.Equal(of[uuid.UUID](t, a, "SELECT user_id FROM people WHERE email = 'boss@example.com'"), self)
		boss := of[uuid.UUID](t, a, "SELECT id FROM people WHERE email = 'boss@example.com'")
		is.Equal(of[uuid.UUID](t, a, "SELECT user_id FROM people WHERE email = 'ada@example.com'"), boss)
		is.Equal(of[uuid.UUID](t, a, "SELECT created_by_id FROM people WHERE email = 'ada@example.com'"), joinery.WellKnownIDs().System)
	})
}

type Badge struct {
	registry.Side[Team]
	registry.SoftDelete
	Color string `json:"color"`
}

// TestAttached: rows that add to others are known by the row they add to.
func TestAttached(t *testing.T) {
	t.Parallel()
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			db, err := s.open(t.Context(), s.fresh(t), nil)
			must(t, err)
			defer db.Close()
			reg := registry.New(nil)
			registry.MustAdd[Team](reg)
			registry.MustAdd[Person](reg)
			must(t, registry.Attach[Team, Badge](reg, nil))
			must(t, crud.CreateTables(t.Context(), reg, db))
			badges := func(color string) *seed.Seed {
				return seed.For(func(ctx context.Context) ([]Badge, error) {
					core := Badge{Color: color}
					core.ID = seed.RefOf[Team](ctx, "name", "Core")
					return []Badge{core}, nil
				}, seed.Key("id"))
			}
			report, err := seed.Run(t.Context(), db, reg, badges("red"), teams(Team{Name: "Core"}))
			must(t, err)
			is.Equal(report.Summary(), "2 inserted, 0 updated, 0 kept, 0 left out")
			report, err = seed.Run(t.Context(), db, reg, badges("blue"), teams(Team{Name: "Core"}))
			must(t, err)
			is.Equal(report.Summary(), "0 inserted, 1 updated, 1 kept, 0 left out")
			is.Equal(report.Rows[0].ID, report.Rows[1].ID)
		})
	}
}

// TestAnotherDatabase: a manager of another database cannot write rows of this
// one's transaction.
func TestAnotherDatabase(t *testing.T) {
	t.Parallel()
	a, other := onSQLite(t), onSQLite(t)
	a.fails(t, []*seed.Seed{seed.For(func(context.Context) ([]Team, error) { return nil, nil }, seed.Key("name"), seed.Through(other.teams))}, "another database")
}

// TestEmptiedRecords: who empties joinery_seeds finds the rows again, and the
// lock that some databases keep in it is mended.
func TestEmptiedRecords(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		a.run(t, company(2)...)
		_, err := a.db.Exec(t.Context(), sqldb.Raw("DELETE FROM joinery_seeds"))
		must(t, err)
		is.New(t).Equal(a.run(t, company(2)...).Summary(), "0 inserted, 0 updated, 5 kept, 0 left out")
	})
}

// TestEnv: a seed for environments runs in those and nowhere else.
func TestEnv(t *testing.T) {
	t.Parallel()
	a := onSQLite(t)
	some := []*seed.Seed{
		teams(Team{Name: "everywhere"}),
		seed.For(func(context.Context) ([]Team, error) { return []Team{{Name: "dev"}}, nil }, seed.Key("name"), ours, seed.Env("dev"), seed.Env("test")),
	}
	for env, want := range map[string]int{"": 1, "prod": 1, "dev": 2, "test": 2} {
		s, err := seed.New(a.db, a.reg, &seed.Options{Env: env})
		must(t, err)
		plan, err := s.Plan(t.Context(), some...)
		must(t, err)
		is.New(t).Equal(plan.Count(seed.Insert), want)
	}
}

// TestWait: who waits for another instance for too long is told so.
func TestWait(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		if a.server.name == "sqlite" {
			t.Skip("who writes is alone there, and waits for it by itself")
		}
		is := is.New(t)
		s, err := seed.New(a.db, a.reg, &seed.Options{Wait: time.Millisecond})
		must(t, err)
		slow := seed.For(func(context.Context) ([]Team, error) {
			_, err := s.Run(t.Context(), teams(Team{Name: "B"}))
			is.Equal(joinery.KindOf(err), joinery.Unavailable)
			contains(t, err, "another instance")
			return []Team{{Name: "A"}}, nil
		}, seed.Key("name"), ours)
		is.Equal(a.run(t, slow).Count(seed.Insert), 1)
	})
}
