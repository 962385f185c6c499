package interference_test

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"testing"
)

// Two databases that differ only in rows that the callers may not see answer
// alike, byte for byte, whatever is asked. JOINERY_REQUESTS is how many
// requests are made of all kinds of database together.
func TestBar32_NothingIsLearnedOfHiddenRows(t *testing.T) {
	t.Parallel()
	total := 10_000
	if text := os.Getenv("JOINERY_REQUESTS"); text != "" {
		n, err := strconv.Atoi(text)
		must(t, err)
		total = n
	}
	kinds := backends()
	const perWorld = 1000
	worlds := max(1, total/len(kinds)/perWorld)
	each := (total + len(kinds)*worlds - 1) / (len(kinds) * worlds)
	for _, b := range kinds {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			for seed := uint64(1); total > 0 && seed <= uint64(worlds); seed++ {
				compare(t, newTwins(t, b, seed), seed, each)
			}
		})
	}
}

// compare asks both twins the same, n times.
func compare(t *testing.T, w *twins, seed uint64, n int) {
	t.Helper()
	c := &chance{Rand: rand.New(rand.NewPCG(seed, 3)), w: w}
	answers := map[int]int{}
	for i := range n {
		r := c.request()
		want, got := r.send(w.plain), r.send(w.crowded)
		if want.status != got.status || want.body != got.body || !same(want.header, got.header) || !r.asMany(want, got) {
			t.Fatalf("seed %d, request %d: %v\n\nwithout hidden rows: %d %v (%d statements)\n%s\n\nwith hidden rows: %d %v (%d statements)\n%s",
				seed, i, r, want.status, want.header, want.statements, want.body, got.status, got.header, got.statements, got.body)
		}
		if want.status >= 500 {
			t.Fatalf("seed %d: %v: %d %s", seed, r, want.status, want.body)
		}
		answers[want.status]++
		c.learn(r, want.body)
		if i%10 == 0 {
			c.aggregates(t)
		}
	}
	t.Logf("seed %d: answers by status: %v", seed, answers)
}

// asMany tells whether both answers took the same statements. A delete that
// goes through may take more, for the hidden rows below it.
func (r request) asMany(a, b answer) bool {
	return a.statements == b.statements || r.method == "DELETE" && a.status == 204
}

func same(a, b http.Header) bool {
	a.Del("Date")
	b.Del("Date")
	return maps.EqualFunc(a, b, slices.Equal[[]string])
}
