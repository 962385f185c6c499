package permtest

import (
	_ "embed"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// seeds are those of worlds in which engine and model once disagreed, one per
// line, with the reason after it. They are tried first, for ever.
//
//go:embed testdata/seeds.txt
var seeds string

// enough is how many worlds must exercise every rule.
const enough = 1000

// shrinkTries bounds the search for a small world.
const shrinkTries = 4000

// Worlds compares the engine with the reference model in n random worlds on
// each database: for every actor, action and row the answers of Filter, Check,
// Actions, Place and Explain must agree. Each open returns an empty database of its
// own, which Worlds fills; closing it is the caller's.
//
// JOINERY_WORLDS asks for other sizes, as for the 100,000 of a release: it is how
// many worlds to compare where n is 2,000, and other n in proportion. Every run tries
// other worlds, after those of testdata/seeds.txt. A disagreement fails the
// test with the smallest world that shows it and the seed that makes the whole;
// JOINERY_WORLDS_SEED runs the world of that one seed alone. In 1,000 worlds and
// more, each rule must have answered in both ways, or the test fails.
func Worlds(t testing.TB, n int, open ...func(testing.TB) *sqldb.DB) {
	t.Helper()
	list := seedList(t, n)
	for _, open := range open {
		if !allAgree(t, Open(t, open(t)), list) {
			return
		}
	}
}

// CachedWorlds is [Worlds] for an engine whose AccessCache is on. It fails when
// the cache answers nothing.
func CachedWorlds(t testing.TB, n int, open ...func(testing.TB) *sqldb.DB) {
	t.Helper()
	list := seedList(t, n)
	for _, open := range open {
		d := OpenCached(t, open(t))
		if !allAgree(t, d, list) {
			return
		}
		var hits, misses int64
		for _, e := range d.engines {
			stats := e.perm.AccessCache()
			hits, misses = hits+stats.Hits, misses+stats.Misses
		}
		t.Logf("the cache had %d answers, and %d times none", hits, misses)
		if hits == 0 {
			t.Error("the cache was never used")
		}
	}
}

// allAgree compares engine and model in the worlds of the seeds.
func allAgree(t testing.TB, d *Database, list []uint64) bool {
	t.Helper()
	covered := coverage{}
	for _, seed := range list {
		if !compare(t, d, seed, covered) {
			return false
		}
	}
	covered.report(t, d.db.Dialect().Name(), len(list))
	return true
}

// report fails the test when the worlds have left a rule untested.
func (c coverage) report(t testing.TB, name string, worlds int) {
	t.Helper()
	t.Logf("%d worlds on %s", worlds, name)
	if worlds < enough {
		return
	}
	if few := c.untested(worlds / enough); len(few) > 0 {
		t.Errorf("the worlds leave rules untested:\n%s", strings.Join(few, "\n"))
	}
}

// seedList is the kept seeds and n new ones, or the one that is asked for.
func seedList(t testing.TB, n int) []uint64 {
	t.Helper()
	if _, one := asked(t, n); one != nil {
		return []uint64{*one}
	}
	var list []uint64
	for line := range strings.Lines(seeds) {
		if word, _, _ := strings.Cut(strings.TrimSpace(line), " "); word != "" && word != "#" {
			list = append(list, parse(t, "testdata/seeds.txt", word))
		}
	}
	return append(list, seedsOf(t, n)...)
}

// usual is the n for which JOINERY_WORLDS is meant.
const usual = 2000

// asked is what the environment says: how many worlds, or the seed of one.
func asked(t testing.TB, n int) (worlds int, one *uint64) {
	t.Helper()
	if text := os.Getenv("JOINERY_WORLDS_SEED"); text != "" {
		seed := parse(t, "JOINERY_WORLDS_SEED", text)
		return 1, &seed
	}
	if count := os.Getenv("JOINERY_WORLDS"); count != "" {
		n = max(1, int(uint64(n)*parse(t, "JOINERY_WORLDS", count)/usual))
	}
	return n, nil
}

func parse(t testing.TB, where, text string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %q is no number", where, text)
	}
	return n
}

// compare puts the world of the seed to the engine. A disagreement fails the
// test, and the answer is false.
func compare(t testing.TB, d *Database, seed uint64, covered coverage) (agree bool) {
	t.Helper()
	defer failOfRule(t, d, seed)
	w := d.generate(seed)
	covered.count(w)
	d.Load(t, w)
	for _, p := range w.probes(seed) {
		if p.disagreement(t, w, d) != "" {
			t.Errorf("%s", minimal(t, d, w, p, seed))
			return false
		}
	}
	return true
}

// generate is the random world of the seed with the database's models.
func (d *Database) generate(seed uint64) *World {
	if d.add == nil {
		return Generate(seed)
	}
	if d.models == nil {
		d.models = modelsOf(d.engines[setting{}].reg)
	}
	return generateOf(seed, d.models)
}

// minimal describes the disagreement in the smallest world that has it.
func minimal(t testing.TB, d *Database, w *World, p probe, seed uint64) string {
	t.Helper()
	small := shrink(w, shrinkTries, func(w *World) bool {
		d.Load(t, w)
		return p.disagreement(t, w, d) != ""
	})
	d.Load(t, small)
	return fmt.Sprintf("on %s, seed %d:\n%s\nin the world\n%s", d.db.Dialect().Name(), seed, p.disagreement(t, small, d), small)
}
