package migrate_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/joinery-go/joinery/migrate"
)

// TestBar57_RandomGraphs: whatever sources require each other, each comes after
// those that it requires, or the error names a circle that is one.
func TestBar57_RandomGraphs(t *testing.T) {
	t.Parallel()
	db := lite(t)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "sources")
		sources := make([]migrate.Source, n)
		requires := map[string][]string{}
		for i := range sources {
			sources[i] = abc(fmt.Sprintf("s%d", i), "a")
			for _, j := range rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 0, min(n, 2), rapid.ID[int]).Draw(t, "requires") {
				sources[i].Requires = append(sources[i].Requires, fmt.Sprintf("s%d", j))
			}
			requires[sources[i].Name] = sources[i].Requires
		}
		m, err := migrate.New(db, nil, sources...)
		if err != nil {
			checkCircle(t, err.Error(), requires)
			return
		}
		plan, err := m.Plan(t.Context())
		if err != nil || len(plan) != n {
			t.Fatalf("%d migrations planned of %d: %v", len(plan), n, err)
		}
		seen := map[string]bool{}
		for _, p := range plan {
			for _, r := range requires[p.Source] {
				if !seen[r] {
					t.Fatalf("%s comes before %s, which it requires", p.Source, r)
				}
			}
			seen[p.Source] = true
		}
	})
}

func checkCircle(t *rapid.T, text string, requires map[string][]string) {
	_, way, found := strings.Cut(text, "in a circle: ")
	names := strings.Split(way, " → ")
	if !found || len(names) < 2 || names[0] != names[len(names)-1] {
		t.Fatalf("no circle is named: %s", text)
	}
	for i := range names[1:] {
		if !strings.Contains(strings.Join(requires[names[i]], " ")+" ", names[i+1]+" ") {
			t.Fatalf("%s does not require %s: %s", names[i], names[i+1], text)
		}
	}
}
