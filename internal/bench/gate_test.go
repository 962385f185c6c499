package main

import (
	"testing"

	"github.com/joinery-go/joinery/internal/bench/dataset"
)

// What a request costs in allocations and statements does not depend on the
// machine: over a real database and a real connection, all of net/http
// included, it stays within what the specification allows above the handlers
// that are written by hand.
func TestARequestCostsLittleMoreThanByHand(t *testing.T) {
	t.Parallel()
	if detectsRaces {
		t.Skip("counts allocations, for which it must run without the race detector: that one empties pools")
	}
	servers := []string{"joinery", "hand"}
	b := &bench{options: options{servers: servers}, own: map[owned]float64{}}
	w := tiny(t, servers...)
	limits := map[measure]float64{
		{getOne, dataset.Mid}:     40,
		{listNewest, dataset.Mid}: 40 + 2*50,
		{create, dataset.Mid}:     createdAbove,
		{patch, dataset.Mid}:      changedAbove,
	}
	for m, limit := range limits {
		if err := b.ownFigures(t.Context(), w, w.servers, []measure{m}); err != nil {
			t.Fatal(err)
		}
		mine, hand := b.own[owned{"joinery", m, false}], b.own[owned{"hand", m, false}]
		if hand == 0 || mine-hand > limit {
			t.Errorf("%s: %.1f allocations, by hand %.1f: that is more than %.0f above", m, mine, hand, limit)
		}
		if n := b.own[owned{"joinery", m, true}]; n != 1 {
			t.Errorf("%s: %.2f statements, and not one", m, n)
		}
	}
}

// What writes may allocate above those by hand. The specification has no
// figure for them; these are what was reached.
const (
	createdAbove = 120
	changedAbove = 80
)
