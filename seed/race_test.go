package seed_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/seed"
)

const childEnv = "SEED_TEST_CHILD"

// job is what a child process is told.
type job struct{ Server, URL string }

// child seeds a database whose tables are there, and prints how many rows it
// has inserted.
func child(ctx context.Context, text string) error {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return err
	}
	for _, s := range servers {
		if s.name != j.Server {
			continue
		}
		a, err := open(ctx, s, j.URL)
		if err != nil {
			return err
		}
		defer a.db.Close()
		report, err := seed.Run(ctx, a.db, a.reg, company(30)...)
		if err != nil {
			return err
		}
		fmt.Println(report.Count(seed.Insert))
	}
	return nil
}

// company is seeds with rows of all kinds that refer to each other, n of them
// people. They are given against their order.
func company(n int) []*seed.Seed {
	born := time.Date(1815, 12, 10, 1, 2, 3, 456789123, time.FixedZone("x", 3600))
	people := peopleOf(func(ctx context.Context) (all []Person) {
		for i := range n {
			all = append(all, Person{
				Email: fmt.Sprintf("p%d@example.com", i), Pay: "12.5", Age: i, Height: 1.7, Born: &born, Tags: []string{"b", "a"},
				Prefs: map[string]any{"z": 1.5, "a": []any{"x", nil}}, Secret: "hidden",
				TeamID: seed.RefOf[Team](ctx, "name", "Core"),
			})
		}
		return all
	})
	teams := teamsOf(func(ctx context.Context) []Team {
		return []Team{
			{Name: "Core", ParentID: new(seed.RefOf[Team](ctx, "name", "All"))},
			{Name: "Docs", LeadID: new(seed.RefOf[Person](ctx, "email", "p0@example.com"))},
			{Name: "All"},
		}
	})
	return []*seed.Seed{people, teams}
}

// TestBar59_TenTimes: who seeds again and again finds the same rows with the
// same ids, and writes nothing.
func TestBar59_TenTimes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		is := is.New(t)
		is.Equal(a.run(t, company(5)...).Summary(), "8 inserted, 0 updated, 0 kept, 0 left out")
		rows := a.dump(t)
		before := a.db.Stats()
		for range 9 {
			report := a.run(t, company(5)...)
			is.Equal(report.Summary(), "0 inserted, 0 updated, 8 kept, 0 left out")
			is.True(!strings.Contains(report.String(), "edited")) // every value comes back as it was given
			is.Equal(a.dump(t), rows)
		}
		is.True(a.db.Stats().Statements-before.Statements < 9*20) // statements are few, whatever the number of rows

		must(t, seed.Forget(t.Context(), a.db, "teams", "people"))
		is.True(!strings.Contains(a.run(t, company(5)...).String(), "edited")) // found anew, they hold what the seed says
	})
}

// TestBar59_FiveProcesses: each row is inserted by one of five processes that
// seed an empty database at the same moment, and none of them fails.
func TestBar59_FiveProcesses(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		text, err := json.Marshal(job{a.server.name, a.url})
		must(t, err)
		var wg sync.WaitGroup
		inserted := make([]string, 5)
		for i := range inserted {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), childEnv+"="+string(text))
			var errOut strings.Builder
			cmd.Stderr = &errOut
			wg.Go(func() {
				out, err := cmd.Output()
				if err != nil {
					t.Errorf("a process failed: %v\n%s", err, errOut.String())
				}
				inserted[i] = strings.TrimSpace(string(out))
			})
		}
		wg.Wait()
		is := is.New(t)
		counts := map[string]int{}
		for _, n := range inserted {
			counts[n]++
		}
		is.Equal(counts, map[string]int{"33": 1, "0": 4})
		rows := a.dump(t)
		is.Equal(a.run(t, company(30)...).Summary(), "0 inserted, 0 updated, 33 kept, 0 left out")
		is.Equal(a.dump(t), rows)
	})
}

// TestFiveInOneProcess: runs that share a pool wait for each other.
func TestFiveInOneProcess(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		seeds := company(10)
		var wg sync.WaitGroup
		var mu sync.Mutex
		inserted := 0
		for range 5 {
			wg.Go(func() {
				report, err := seed.Run(t.Context(), a.db, a.reg, seeds...)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				inserted += report.Count(seed.Insert)
			})
		}
		wg.Wait()
		is.New(t).Equal(inserted, 13)
	})
}
