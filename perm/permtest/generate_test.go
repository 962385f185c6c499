package permtest

import (
	"testing"

	"github.com/matryer/is"
)

func TestGeneratorReachesEveryRule(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	c := coverage{}
	for seed := range uint64(500) {
		w := Generate(seed)
		c.count(w)
	}
	is.Equal(c.untested(5), nil)
}

func BenchmarkModel(b *testing.B) {
	c := coverage{}
	for b.Loop() {
		w := Generate(uint64(b.N))
		c.count(w)
	}
}
