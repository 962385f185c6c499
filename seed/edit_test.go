package seed_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/seed"
)

// TestEditsStay: of a row that somebody has edited, the columns that nobody has
// follow the seed, and the others never do, until they are as they were.
func TestEditsStay(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		is := is.New(t)
		ada := func(age int, pay string, status string) *seed.Seed {
			return peopleOf(func(ctx context.Context) []Person {
				return []Person{{Email: "ada@example.com", Age: age, Pay: pay, Status: status, TeamID: seed.RefOf[Team](ctx, "name", "Core")}}
			})
		}
		core := teams(Team{Name: "Core"})
		a.run(t, core, ada(20, "1", "active"))
		a.exec(t, "UPDATE people SET age = 21")
		report := a.run(t, core, ada(30, "2.50", "gone"))
		is.Equal(report.Rows[1].Columns, []string{"status", "pay"})
		is.Equal(report.Rows[1].Edited, []string{"age"})
		is.Equal(of[int](t, a, "SELECT age FROM people"), 21)
		is.Equal(of[string](t, a, "SELECT status FROM people"), "gone")
		is.Equal(of[int](t, a, "SELECT version FROM people"), 2)

		report = a.run(t, core, ada(31, "2.5", "gone"))
		is.Equal(report.Summary(), "0 inserted, 0 updated, 2 kept, 0 left out")
		is.Equal(of[int](t, a, "SELECT age FROM people"), 21)

		a.exec(t, "UPDATE people SET age = 20") // as it was seeded
		is.Equal(a.run(t, core, ada(31, "2.5", "gone")).Rows[1].Columns, []string{"age"})
		is.Equal(of[int](t, a, "SELECT age FROM people"), 31)
	})
}

// TestAgreement: who edits a row to what the seed says from then on has edited
// nothing.
func TestAgreement(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		is := is.New(t)
		a.run(t, teams(Team{Name: "Core", Motto: "one"}))
		a.exec(t, "UPDATE teams SET motto = 'two'")
		is.Equal(a.run(t, teams(Team{Name: "Core", Motto: "two"})).Count(seed.Keep), 1)
		is.Equal(a.run(t, teams(Team{Name: "Core", Motto: "three"})).Count(seed.Update), 1)
		is.Equal(of[string](t, a, "SELECT motto FROM teams"), "three")
	})
}

// TestRenamedRow: a row whose key somebody has changed is still the same row,
// for references too.
func TestRenamedRow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		is := is.New(t)
		a.run(t, teams(Team{Name: "Core", Motto: "one"}))
		id := of[uuid.UUID](t, a, "SELECT id FROM teams")
		a.exec(t, "UPDATE teams SET name = 'Kernel'")
		report := a.run(t, teams(Team{Name: "Core", Motto: "two"}), peopleOf(func(ctx context.Context) []Person {
			return []Person{{Email: "ada@example.com", TeamID: seed.RefOf[Team](ctx, "name", "Core")}}
		}))
		is.Equal(report.Summary(), "1 inserted, 1 updated, 0 kept, 0 left out")
		is.Equal(of[string](t, a, "SELECT name FROM teams"), "Kernel")
		is.Equal(of[string](t, a, "SELECT motto FROM teams"), "two")
		is.Equal(of[uuid.UUID](t, a, "SELECT team_id FROM people"), id)

		// Also where the team is no part of the run.
		a.run(t, peopleOf(func(ctx context.Context) []Person {
			return []Person{{Email: "bob@example.com", TeamID: registry.Ref[Team](seed.Ref(ctx, "teams", "name", "Core"))}}
		}))
		is.Equal(of[uuid.UUID](t, a, "SELECT team_id FROM people WHERE email = 'bob@example.com'"), id)
	})
}

// TestRenamedToASeededKey: a row to which somebody gave the key of a row that is
// seeded later is kept for both, whichever comes first.
func TestRenamedToASeededKey(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		is := is.New(t)
		a.run(t, teams(Team{Name: "Core", Motto: "one"}))
		a.exec(t, "UPDATE teams SET name = 'Kernel'")
		core, kernel := Team{Name: "Core", Motto: "two"}, Team{Name: "Kernel", Motto: "three"}
		is.Equal(a.run(t, teams(kernel, core)).Summary(), "0 inserted, 1 updated, 1 kept, 0 left out")
		is.Equal(a.run(t, teams(core, kernel)).Summary(), "0 inserted, 0 updated, 2 kept, 0 left out")
		is.Equal(of[string](t, a, "SELECT motto FROM teams"), "two")
	})
}

// TestDeletedRows: what was deleted, out of sight or out of the table, stays
// deleted, and what is new and refers to it is left out.
func TestDeletedRows(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{"UPDATE teams SET deleted_at = created_at WHERE name = 'Core'", "DELETE FROM teams WHERE name = 'Core'"} {
		onEach(t, func(t *testing.T, a *app) {
			is := is.New(t)
			both := teams(Team{Name: "Core"}, Team{Name: "Docs"})
			member := peopleOf(func(ctx context.Context) []Person {
				return []Person{{Email: "ada@example.com", TeamID: seed.RefOf[Team](ctx, "name", "Core")}}
			})
			child := teamsOf(func(ctx context.Context) []Team {
				return []Team{{Name: "Child", ParentID: new(seed.RefOf[Team](ctx, "name", "Core"))}}
			})
			a.run(t, both)
			a.exec(t, statement)
			rows := a.dump(t)
			report := a.run(t, member, both)
			is.Equal(report.Summary(), "0 inserted, 0 updated, 1 kept, 2 left out")
			is.Equal(a.run(t, child).Summary(), "0 inserted, 0 updated, 0 kept, 1 left out")
			is.Equal(a.dump(t), rows)

			// Somebody makes another one with this key: it is taken for it, and
			// left as it is.
			_, err := a.teams.CreateRow(asSystem(t), Team{Name: "Core", Motto: "mine"})
			must(t, err)
			is.Equal(a.run(t, member, both).Summary(), "1 inserted, 0 updated, 2 kept, 0 left out")
			is.Equal(of[string](t, a, "SELECT motto FROM teams WHERE name = 'Core' AND deleted_at IS NULL"), "mine")
		})
	}
}

// TestForget: rows of a table that was forgotten are inserted again.
func TestForget(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		is := is.New(t)
		must(t, seed.Forget(t.Context(), a.db, "teams")) // there is no joinery_seeds yet
		a.run(t, teams(Team{Name: "Core"}))
		a.exec(t, "DELETE FROM teams")
		must(t, seed.Forget(t.Context(), a.db, "people"))
		is.Equal(a.run(t, teams(Team{Name: "Core"})).Count(seed.LeaveOut), 1)
		must(t, seed.Forget(t.Context(), a.db, "teams"))
		is.Equal(a.run(t, teams(Team{Name: "Core"})).Count(seed.Insert), 1)
	})
}

// TestFoundRow: a row that was there before it was first seeded stays as it
// is, also at the next run, but for columns that agree with the seed.
func TestFoundRow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		is := is.New(t)
		row, err := a.people.CreateRow(asSystem(t), Person{Email: "ada@example.com", Age: 7, TeamID: registry.Ref[Team](a.team(t, "Core"))})
		must(t, err)
		for _, height := range []float64{0, 2} { // 0 is as it is there
			report := a.run(t, peopleOf(func(ctx context.Context) []Person {
				return []Person{{Email: "ada@example.com", Age: 8, Height: height, Secret: "s", TeamID: seed.RefOf[Team](ctx, "name", "Core")}}
			}))
			is.Equal(report.Rows[0].ID, row.ID)
			is.Equal(report.Count(seed.Insert), 0)
			is.Equal(report.Count(seed.Update) == 1, height == 2)
		}
		is.Equal(of[int](t, a, "SELECT age FROM people"), 7)
		is.Equal(of[string](t, a, "SELECT secret FROM people"), "")
		is.Equal(of[float64](t, a, "SELECT height FROM people"), 2.0)
	})
}

func (a *app) team(t testing.TB, name string) uuid.UUID {
	t.Helper()
	row, err := a.teams.CreateRow(asSystem(t), Team{Name: name})
	must(t, err)
	return row.ID
}
