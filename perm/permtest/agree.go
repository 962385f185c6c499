package permtest

import (
	"testing"

	"github.com/joinery-go/joinery/perm"
)

// Engine is the engine that answers for the world loaded last, nil before
// Load. It is for tests that change it to see that a suite notices.
func (d *Database) Engine() *perm.Engine {
	if d.engine == nil {
		return nil
	}
	return d.perm
}

// Agrees reports whether engine and model agree in the random world of a seed,
// which must be loaded: Load(t, Generate(seed)).
func (d *Database) Agrees(t testing.TB, seed uint64) bool {
	for _, p := range d.world.probes(seed) {
		if p.disagreement(t, d.world, d) != "" {
			return false
		}
	}
	return true
}
