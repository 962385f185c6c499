package permtest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// branches counts the pages by what the statement by arms does for them, and
// the rows of those that the arms give by the rule that shows them.
type branches map[string]int

// The branches of the statement: no arms, as of Root; few keys, so that it
// looks at no rows in the order of the list; many, so that it does, once or
// several times; and at last the arms, where the rows so looked at are not
// enough.
const (
	noArms    = "no arms"
	fewKeys   = "few keys"
	firstWalk = "the first walk fills the page"
	laterWalk = "a later walk fills the page"
	lastWalk  = "the last walk fills the page"
	shortWalk = "one walk does not fill the page"
	deepWalks = "three walks do not fill the page"
)

// shown are the rules whose rows the arms must have given.
func shown() []int { return []int{10, 11, 12, 13, 14, 15} }

func (b branches) missing() []string {
	all := []string{noArms, fewKeys, firstWalk, laterWalk, lastWalk, shortWalk, deepWalks}
	for _, n := range shown() {
		all = append(all, lineName(n))
	}
	return slices.DeleteFunc(all, func(name string) bool { return b[name] > 0 })
}

func (b branches) report(t testing.TB, name string, worlds int) {
	t.Helper()
	t.Logf("%d worlds on %s: %v", worlds, name, b)
}

// note counts a page.
func (b branches) note(v *walk, q query.Query, arms *sqldb.Arms, rows []entry, cursor *entry) {
	v.Helper()
	if arms == nil {
		b[noArms]++
		return
	}
	branch := fewKeys
	if v.manyKeys(arms) {
		branch = v.walked(arms.Deep, rounded(q.Limit+1), q.Before != "", cursor)
	}
	if b[branch]++; !slices.Contains([]string{fewKeys, shortWalk, deepWalks}, branch) {
		return
	}
	for _, row := range rows {
		_, line := v.list.w.Decide(v.actor, joinery.View, row.Record)
		b[lineName(line)]++
	}
}

// manyKeys reports whether the arms say so.
func (v *walk) manyKeys(arms *sqldb.Arms) bool {
	v.Helper()
	key := listed{ActorName(v.actor), v.table}
	many, asked := v.app.many[key]
	if !asked && arms.Many.SQL != "" {
		many = isMany(v, as(v, v.actor), v.app.db, arms)
	}
	v.app.many[key] = many
	return many
}

func isMany(t testing.TB, ctx context.Context, db *sqldb.DB, arms *sqldb.Arms) bool {
	t.Helper()
	tables := make([]any, len(arms.With))
	for i := range arms.With {
		tables[i] = arms.With[i].At(0)
	}
	stmt, err := sqldb.Compile(db.Dialect(), squirrel.Expr("WITH RECURSIVE "+strings.Repeat("?, ", len(tables))+"p_last AS (SELECT 1 AS one WHERE ?) SELECT one FROM p_last",
		append(tables, arms.Many.At(0))...))
	must(t, err)
	found, err := sqldb.Column[int64](ctx, db, stmt.Bind(arms.Values))
	must(t, err)
	return len(found) > 0
}

// walked is which of the walks through the rows in the order of the list fills
// a part of the statement.
func (v *walk) walked(deep bool, size int, backward bool, cursor *entry) string {
	wanted := map[place]bool{}
	for _, row := range v.rows {
		wanted[place{row.Table(), row.head().ID}] = true
	}
	open := v.openAfter(backward, cursor)
	found := func(rows int) (n int) {
		for _, row := range open[:min(rows, len(open))] {
			if wanted[place{row.Table(), row.head().ID}] {
				n++
			}
		}
		return n
	}
	switch {
	case found(300) >= size:
		return firstWalk
	case !deep:
		return shortWalk
	case found(3_000) >= size:
		return laterWalk
	case found(30_000) >= size:
		return lastWalk
	}
	return deepWalks
}

// openAfter are the rows that a walk looks at: those that are live and not
// Root's, in the direction of the statement, beyond the cursor.
func (v *walk) openAfter(backward bool, cursor *entry) []entry {
	open := v.list.sorted(func(r Record) bool {
		return !r.head().Deleted && owner(r) != v.list.w.wellKnown().Root
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

// rounded is how many rows a part of the statement gives.
func rounded(n int) int {
	for _, rows := range []int{11, 21, 51, 101} {
		if n <= rows {
			return rows
		}
	}
	return n
}
