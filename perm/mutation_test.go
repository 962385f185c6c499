package perm_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/permtest"
)

// TestMutation changes each clause of the generated SQL in turn, to always
// true, always false, and its opposite, and wants the matrix or a few random
// worlds to notice. It takes minutes, so it waits for JOINERY_MUTATION=1, as
// make release-check sets it.
func TestMutation(t *testing.T) {
	if os.Getenv("JOINERY_MUTATION") == "" {
		t.Skip("set JOINERY_MUTATION=1 to change each clause of the SQL and see the tests notice")
	}
	db := &mutated{Database: permtest.Open(t, openSQLite(t)), found: map[string]bool{}}
	if by := db.caught(t); by != "" {
		t.Fatalf("unchanged, the SQL fails %s already", by)
	}
	var survived []string
	mutants := 0
	for _, clause := range sorted(db.found) {
		for _, m := range mutations {
			if db.clause, db.mutation = clause, m; db.same(t) {
				continue
			}
			mutants++
			by := db.caught(t)
			t.Logf("%-60s %-6s %s", clause, m.name, by)
			if by == "" {
				survived = append(survived, clause+": "+m.name)
			}
		}
	}
	t.Logf("%d clauses, %d mutants, %d caught", len(db.found), mutants, mutants-len(survived))
	if len(survived) > 0 {
		t.Errorf("nothing noticed:\n%s", strings.Join(survived, "\n"))
	}
}

type mutation struct {
	name  string
	apply func(squirrel.Sqlizer) squirrel.Sqlizer
}

var mutations = []mutation{
	{"true", func(squirrel.Sqlizer) squirrel.Sqlizer { return squirrel.Expr("1=1") }},
	{"false", func(squirrel.Sqlizer) squirrel.Sqlizer { return squirrel.Expr("1=0") }},
	{"not", func(c squirrel.Sqlizer) squirrel.Sqlizer { return squirrel.Expr("NOT (?)", c) }},
}

// mutated is the engine over a database with one clause changed.
type mutated struct {
	*permtest.Database
	clause   string
	mutation mutation
	found    map[string]bool
}

// answering is a subject that is not asked to explain its answers, which takes
// longer: explanations are made of the same clauses.
type answering struct{ permtest.Subject }

func (m *mutated) Load(t testing.TB, w *permtest.World) {
	m.Database.Load(t, w)
	perm.Mutate(m.Engine(), func(clause string, cond squirrel.Sqlizer) squirrel.Sqlizer {
		m.found[clause] = true
		if clause != m.clause {
			return cond
		}
		return m.mutation.apply(cond)
	})
}

// same reports whether the mutation would change nothing but a value: an owner
// is no condition.
func (m *mutated) same(testing.TB) bool { return strings.HasPrefix(m.clause, "owner") }

// caught is what noticed the mutation, empty when nothing did.
func (m *mutated) caught(t *testing.T) string {
	for _, c := range append(oddGrants(), permtest.Matrix()...) {
		if m.fails(t, func(t testing.TB) { c.Run(t, answering{m}) }) {
			return c.Rule + ": " + c.Name
		}
	}
	for _, p := range append(namedUsers(), permtest.Placements()...) {
		if m.fails(t, func(t testing.TB) { p.Run(t, m) }) {
			return p.Rule + ": " + p.Name
		}
	}
	for seed := range uint64(60) {
		agree := true
		if m.fails(t, func(t testing.TB) {
			m.Load(t, permtest.Generate(seed))
			agree = m.Agrees(t, seed)
		}) || !agree {
			return fmt.Sprintf("world %d", seed)
		}
	}
	return ""
}

// fails runs a test on the side and reports whether it failed.
func (m *mutated) fails(t *testing.T, run func(testing.TB)) bool {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(r)
	}()
	<-done
	return r.failed
}

// recorder is a test that may fail without failing the one that runs it.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Fail()                 { r.failed = true }
func (r *recorder) FailNow()              { r.failed = true; runtime.Goexit() }
func (r *recorder) Error(...any)          { r.failed = true }
func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) Fatal(...any)          { r.FailNow() }
func (r *recorder) Fatalf(string, ...any) { r.FailNow() }

func sorted(set map[string]bool) []string {
	var names []string
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
