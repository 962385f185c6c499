package permtest

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// branches counts the pages by what the statement by arms does for them, and
// the rows of those that the arms give by the rule that shows them.
type branches map[string]int

// The branches of the statement.
const (
	noArms   = "no arms"
	fewKeys  = "few keys, so no walk"
	filled   = "the walk fills the page"
	unfilled = "the walk does not fill the page"
	climbing = ", climbing a tree" // after one of the last two
)

// missing are the branches never taken, and the rules of which no row came
// from the arms.
func (b branches) missing() []string {
	all := []string{noArms, fewKeys, filled, unfilled, filled + climbing, unfilled + climbing}
	for _, line := range []int{10, 11, 12, 13, 14, 15} {
		all = append(all, lineName(line))
	}
	return slices.DeleteFunc(all, func(name string) bool { return b[name] > 0 })
}

func (b branches) report(t testing.TB, name string, worlds int) {
	t.Helper()
	t.Logf("%d worlds on %s", worlds, name)
	for _, branch := range slices.Sorted(maps.Keys(b)) {
		t.Logf("  %-35s %d", branch, b[branch])
	}
}

// note counts a page.
func (b branches) note(v *walk, way way, backward bool, rows []entry, cursor *entry) {
	v.Helper()
	branch := v.branch(way, backward, cursor)
	b[branch]++
	if slices.Contains([]string{filled, unfilled}, branch) && v.table == "shelves" {
		b[branch+climbing]++
	}
	if branch == noArms || branch == filled {
		return
	}
	for _, row := range rows {
		_, line := v.list.w.Decide(v.actor, joinery.View, row.Record)
		b[lineName(line)]++
	}
}

func (v *walk) branch(way way, backward bool, cursor *entry) string {
	switch {
	case way.arms == nil:
		return noArms
	case way.near == 0 || !v.holds(way.arms, &way.arms.Many):
		return fewKeys
	case way.far > 0 && v.holds(way.arms, &way.arms.Wide):
		return v.walked(way.far, way.size, backward, cursor)
	}
	return v.walked(way.near, way.size, backward, cursor)
}

// way is what a list by arms does: how many rows its walk looks at, 0 for none;
// how many where there are very many keys, 0 for as many; and how many fill the
// page. Nil arms: the list was not by arms.
type way struct {
	arms            *sqldb.Arms
	near, far, size int
}

// What a statement says of its walk.
var (
	walkRows = regexp.MustCompile(`p_walk AS (?:MATERIALIZED )?\(.*?LIMIT (?:CASE WHEN .*? THEN )?(\d+)`)
	farRows  = regexp.MustCompile(`p_many\.wide\) THEN (\d+) ELSE (\d+) END`)
	pageRows = regexp.MustCompile(`FROM p_walk\) < (\d+)`)
)

// way reads it from the statement that was sent last.
func (app *listApp) way(t testing.TB) way {
	t.Helper()
	text := app.sent.text
	if text == "" {
		return way{}
	}
	w := way{arms: app.spy.arms}
	near, far, size := walkRows.FindStringSubmatch(text), farRows.FindStringSubmatch(text), pageRows.FindStringSubmatch(text)
	switch {
	case near == nil:
		return w
	case size == nil:
		t.Fatalf("the statement does not say how many rows fill a page: %s", text)
	}
	w.near, w.size = int(parse(t, text, near[1])), int(parse(t, text, size[1]))
	if far != nil {
		w.far, w.near = int(parse(t, text, far[1])), int(parse(t, text, far[2]))
	}
	return w
}

// holds reports whether a condition of the arms on no row does.
func (v *walk) holds(arms *sqldb.Arms, cond *sqldb.Fragment) bool {
	v.Helper()
	key := listed{ActorName(v.actor), v.table, cond}
	holds, asked := v.app.held[key]
	if !asked && cond.SQL != "" {
		holds = doesHold(v, as(v, v.actor), v.app.db, arms, cond)
	}
	v.app.held[key] = holds
	return holds
}

func doesHold(t testing.TB, ctx context.Context, db *sqldb.DB, arms *sqldb.Arms, cond *sqldb.Fragment) bool {
	t.Helper()
	tables := make([]any, len(arms.With))
	for i := range arms.With {
		tables[i] = arms.With[i].At(0)
	}
	stmt, err := sqldb.Compile(db.Dialect(), squirrel.Expr("WITH RECURSIVE "+strings.Repeat("?, ", len(tables))+"p_last AS (SELECT 1 AS one WHERE ?) SELECT one FROM p_last",
		append(tables, cond.At(0))...))
	must(t, err)
	found, err := sqldb.Column[int64](ctx, db, stmt.Bind(arms.Values))
	must(t, err)
	return len(found) > 0
}

// walked is whether the walk through the rows in the order of the list fills
// the page.
func (v *walk) walked(reach, size int, backward bool, cursor *entry) string {
	wanted := map[place]bool{}
	for _, row := range v.rows {
		wanted[place{row.Table(), row.head().ID}] = true
	}
	open, found := v.openAfter(backward, cursor), 0
	for _, row := range open[:min(reach, len(open))] {
		if wanted[place{row.Table(), row.head().ID}] {
			found++
		}
	}
	if found >= size {
		return filled
	}
	return unfilled
}

// openAfter are the rows that a walk looks at: those that are live and not
// Root's, in the direction of the statement, beyond the cursor.
func (v *walk) openAfter(backward bool, cursor *entry) []entry {
	open := v.list.sorted(func(r known) bool {
		return !r.head().Deleted && owner(r.Record) != v.list.w.wellKnown().Root
	})
	if backward {
		slices.Reverse(open)
	}
	if cursor == nil {
		return open
	}
	return slices.DeleteFunc(open, func(e entry) bool {
		order := v.list.compare(e, *cursor)
		return order == 0 || (order > 0) == backward
	})
}
