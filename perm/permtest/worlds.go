package permtest

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
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
// Actions, Place and Explain must agree. Each open returns an empty database of
// its own, which Worlds fills; closing it is the caller's.
//
// Every run tries other worlds, after those of testdata/seeds.txt. A
// disagreement fails the test with the smallest world that shows it and the
// seed that makes the whole; JOINERY_WORLDS_SEED runs the world of that one seed
// alone. In 1,000 worlds and more, each rule must have answered in both ways, or
// the test fails.
//
// JOINERY_WORLDS makes all such tests longer or shorter in proportion: its value
// is the number of worlds where n is 2,000. With 100,000, as for a release, an n
// of 200 becomes 10,000; at least one world is left of any n.
func Worlds(t testing.TB, n int, open ...func(testing.TB) *sqldb.DB) {
	t.Helper()
	list := seedList(t, n, keptSeeds(t)...)
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
	list := seedList(t, n, keptSeeds(t)...)
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
	covered, least := coverage{}, len(list)/enough
	wanting := covered.untested(least)
	for i, seed := range list {
		var count coverage // which takes longer than some comparisons
		if len(wanting) > 0 {
			count = covered
		}
		if !compare(t, d, seed, count) {
			return false
		}
		if i%50 == 49 || i == len(list)-1 {
			wanting = covered.untested(least)
		}
	}
	t.Logf("%d worlds on %s", len(list), d.db.Dialect().Name())
	if len(wanting) > 0 {
		t.Errorf("the worlds leave rules untested:\n%s", strings.Join(wanting, "\n"))
	}
	return true
}

// keptSeeds are those of testdata/seeds.txt.
func keptSeeds(t testing.TB) []uint64 {
	t.Helper()
	var list []uint64
	for line := range strings.Lines(seeds) {
		if word, _, _ := strings.Cut(strings.TrimSpace(line), " "); word != "" && word != "#" {
			list = append(list, parse(t, "testdata/seeds.txt", word))
		}
	}
	return list
}

// usual is the n for which JOINERY_WORLDS is meant.
const usual = 2000

// seedList is the kept seeds and n new ones, as many as the environment makes
// of n, or the one seed that it asks for.
func seedList(t testing.TB, n int, kept ...uint64) []uint64 {
	t.Helper()
	if one := os.Getenv("JOINERY_WORLDS_SEED"); one != "" {
		return []uint64{parse(t, "JOINERY_WORLDS_SEED", one)}
	}
	if count := os.Getenv("JOINERY_WORLDS"); count != "" {
		n = max(1, int(uint64(n)*parse(t, "JOINERY_WORLDS", count)/usual))
	}
	for range n {
		kept = append(kept, rand.Uint64())
	}
	return kept
}

func parse(t testing.TB, where, text string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %q is no number", where, text)
	}
	return n
}

// compare puts the world of the seed to the engine, and counts what it
// exercises unless covered is nil. A disagreement fails the test, and the answer
// is false.
func compare(t testing.TB, d *Database, seed uint64, covered coverage) (agree bool) {
	t.Helper()
	defer failOfRule(t, d, seed)
	w := d.generate(seed)
	if covered != nil {
		covered.count(w)
	}
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
