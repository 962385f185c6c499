package permtest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Lists compares lists by arms with lists by the condition alone, and both with
// the reference model: in n random worlds, with random filters, orders, limits
// and cursors, page by page. After worlds of each size every branch of the
// statement must have been taken, except in a Bare or Plain setup, which has one
// of them.
func Lists(t testing.TB, n int, by Setup) {
	t.Helper()
	app := openLists(t, by)
	sized := by.sized()
	list := seedList(t, n, sized...)
	taken := branches{}
	for _, seed := range list {
		if !app.compare(t, seed, taken) {
			return
		}
	}
	taken.report(t, app.db.Dialect().Name(), len(list))
	if by.Cached && app.spy.AccessCache().Hits == 0 {
		t.Error("the cache was never used")
	}
	if _, armless := taken[noArms]; by.Plain && (len(taken) != 1 || !armless) {
		t.Error("there are lists by arms, whose branches are to be taken")
	}
	if by.Plain || by.Bare || len(list) < len(sized) {
		return // few worlds, or one seed alone
	}
	if missing := taken.missing(); len(missing) > 0 {
		t.Errorf("the lists never take these branches of the statement: %s", strings.Join(missing, ", "))
	}
}

// compare asks for lists of the seed's world.
func (app *listApp) compare(t testing.TB, seed uint64, taken branches) bool {
	t.Helper()
	w := listWorld(seed, app.models)
	app.load(t, w)
	for _, l := range app.listings(w, seed) {
		if l.disagreement(t, w, app, taken) != "" {
			t.Errorf("%s", app.minimal(t, w, l, seed))
			return false
		}
	}
	return true
}

func (app *listApp) load(t testing.TB, w *World) {
	t.Helper()
	if app.world != w {
		app.Load(t, w)
		app.analyze(t, w)
		app.held, app.seen = map[listed]bool{}, map[string]*seen{}
	}
}

// analyze lets PostgreSQL know that there are many rows, lest it read them all
// where it has an index.
func (app *listApp) analyze(t testing.TB, w *World) {
	t.Helper()
	if w.crowded() && app.db.Dialect().Name() == "postgres" {
		_, err := app.db.Exec(t.Context(), sqldb.Raw("ANALYZE"))
		must(t, err)
	}
}

// seenBy is the present world as the actor sees it.
func (app *listApp) seenBy(w *World, a joinery.Actor) *seen {
	name := ActorName(a)
	if app.seen[name] == nil {
		app.seen[name] = &seen{w, a, map[string][]known{}, map[string]map[uuid.UUID][]known{}, map[place]bool{}}
	}
	return app.seen[name]
}

// minimal describes a disagreement in the smallest world that has it.
func (app *listApp) minimal(t testing.TB, w *World, l listing, seed uint64) string {
	t.Helper()
	small := shrink(w, 400, func(w *World) bool {
		app.load(t, w)
		return l.disagreement(t, w, app, branches{}) != ""
	})
	app.load(t, small)
	return fmt.Sprintf("on %s, seed %d:\n%s\nin the world\n%s", app.db.Dialect().Name(), seed, l.disagreement(t, small, app, branches{}), small)
}

// listings are the lists that are asked for in a world: a choice that follows
// from the seed.
func (app *listApp) listings(w *World, seed uint64) []listing {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 3)), w: w}
	asked := 6
	switch {
	case isLong(seed):
		asked = 12
	case w.crowded():
		asked = 20
	}
	var all []listing
	for range asked {
		l := g.listing(app.engines[setting{}].reg)
		if isLong(seed) {
			l = g.deep(app.engines[setting{}].reg, len(all)%2 == 0)
		}
		if rows := w.All(l.table); len(rows) > 0 {
			l.from, l.backward = rows[g.IntN(len(rows))], g.one(2)
		}
		all = append(all, l)
	}
	return all
}

func (g *generator) listing(reg *registry.Registry) listing {
	l := listing{actor: g.w.Actors[g.IntN(len(g.w.Actors))], table: g.listedTable()}
	end := g.w.crowded() && g.one(8) // where all of labels is that u1 sees
	switch {
	case end:
		l.actor, l.table = user("u1"), "labels"
	case g.w.crowded() && g.percent(60):
		l.actor = user("u1") // who reaches all there is
	}
	l.query = g.query(reg.Model(l.table), l.actor)
	if end {
		l.query.Sort, l.query.Limit = []string{"id"}, g.IntN(10)+1
	}
	return l
}

// deep is a list of shelves, of which u1 sees those in the middle, or of
// remarks, of which u1 sees the last.
func (g *generator) deep(reg *registry.Registry, tree bool) listing {
	table := "remarks"
	if tree {
		table = "shelves"
	}
	l := listing{actor: user("u1"), table: table, query: g.query(reg.Model(table), user("u1"))}
	if g.one(2) {
		l.query = query.Query{Sort: []string{"id"}, Limit: g.IntN(10) + 1}
	}
	return l
}

// listedTable is mostly one of which lists have arms.
func (g *generator) listedTable() string {
	tables := []string{"rooms", "tasks", "remarks", "shelves", "volumes", "crates", "passes", "labels", "attachments"}
	if g.one(12) {
		tables = []string{"articles", "polls", "settings", "secrets"}
	}
	if g.w.crowded() && g.one(3) {
		return []string{"rooms", "passes", "labels"}[g.IntN(3)] // which look at fewer rows than those that inherit
	}
	return tables[g.IntN(len(tables))]
}

// listing is a list that is asked for: page after page to the end and back
// again, and from a row that need not be in it.
type listing struct {
	actor    joinery.Actor
	table    string
	query    query.Query
	from     Record // nil: none
	backward bool   // the page before from, else the one after it
}

// maxPages bounds a walk through a long list.
const maxPages = 9

// disagreement says on what the two forms and the model differ; empty: on
// nothing.
func (l listing) disagreement(t testing.TB, w *World, app *listApp, taken branches) string {
	t.Helper()
	r, err := query.Resolve(app.engines[setting{}].reg.Model(l.table), l.query)
	if err != nil {
		return l.String() + ": " + err.Error()
	}
	v := &walk{TB: t, app: app, listing: l, list: referenceList{app.seenBy(w, l.actor), r}, taken: taken}
	v.rows = v.list.answer()
	for _, ask := range []func() bool{v.there, v.back, v.jump} {
		if !ask() {
			return l.String() + " " + v.problem
		}
	}
	return ""
}

// walk is one listing in a world.
type walk struct {
	testing.TB
	listing
	app     *listApp
	list    referenceList
	rows    []entry // all that are right
	at      int     // where the last page begins
	prev    string  // its cursor back
	taken   branches
	problem string
}

// there goes forward to the end.
func (v *walk) there() bool {
	q := v.query
	for n, at := 0, 0; ; n++ {
		end := min(at+q.Limit, len(v.rows))
		p, ok := v.page(q, at, end, end < len(v.rows), at > 0, v.before(at))
		if v.at, v.prev = at, p.prev; !ok || p.next == "" || n == maxPages {
			return ok
		}
		q.After, at = p.next, end
	}
}

// back returns to the beginning.
func (v *walk) back() bool {
	q := v.query
	for v.prev != "" {
		q.Before = v.prev
		start := max(0, v.at-q.Limit)
		p, ok := v.page(q, start, v.at, true, start > 0, &v.rows[v.at])
		if v.at, v.prev = start, p.prev; !ok {
			return false
		}
	}
	return true
}

// jump asks for the rows beside one that may be hidden, deleted or filtered
// away.
func (v *walk) jump() bool {
	if v.from == nil {
		return true
	}
	from, q := v.list.entry(known{v.from, v.list.w.fieldsOf(v.from)}), v.query
	at, same := slices.BinarySearchFunc(v.rows, from, v.list.compare)
	cursor := query.EncodeCursor(v.list.r, from.key)
	if v.backward {
		q.Before = cursor
		start := max(0, at-q.Limit)
		_, ok := v.page(q, start, at, 0 < at && at < len(v.rows), start > 0, &from)
		return ok
	}
	if same {
		at++
	}
	q.After = cursor
	end := min(at+q.Limit, len(v.rows))
	_, ok := v.page(q, at, end, end < len(v.rows), 0 < at && at < len(v.rows), &from)
	return ok
}

// before is the row before a position; nil at the beginning.
func (v *walk) before(at int) *entry {
	if at == 0 {
		return nil
	}
	return &v.rows[at-1]
}

// page asks both forms for the rows from start to end, with cursors on and back
// where said. The cursor of q is at the row given.
func (v *walk) page(q query.Query, start, end int, next, prev bool, cursor *entry) (page, bool) {
	v.Helper()
	ctx := as(v, v.actor)
	v.app.spy.arms, v.app.sent.text = nil, ""
	armed, errArmed := v.app.armed[v.table](ctx, q)
	way := v.app.way(v)
	plain, errPlain := v.app.whole[v.table](ctx, q)
	var want []uuid.UUID
	for _, row := range v.rows[start:end] {
		want = append(want, row.head().ID)
	}
	switch {
	case errArmed != nil || errPlain != nil:
		v.fail(q, "by arms: %v; by the condition: %v", errArmed, errPlain)
	case !slices.Equal(armed.ids, want) || !slices.Equal(plain.ids, want):
		v.fail(q, "lists\nby arms      %v\nby condition %v\nby the rules %v", names(armed.ids), names(plain.ids), names(want))
	case !reflect.DeepEqual(armed, plain):
		v.fail(q, "gives\nby arms      %+v\nby condition %+v", armed, plain)
	case (armed.next != "") != next || (armed.prev != "") != prev:
		v.fail(q, "has next %t and prev %t, not %t and %t", armed.next != "", armed.prev != "", next, prev)
	case !v.counted(armed.total):
		v.fail(q, "counts %d of %d", *armed.total, len(v.rows))
	}
	if v.problem == "" {
		v.taken.note(v, way, q.Before != "", v.rows[start:end], cursor)
	}
	return armed, v.problem == ""
}

func (v *walk) counted(total *int64) bool {
	switch v.query.Count {
	case query.CountNone:
		return total == nil
	case query.CountCapped:
		return total != nil && *total == int64(min(len(v.rows), 1001))
	}
	return total != nil && *total == int64(len(v.rows))
}

func (v *walk) fail(q query.Query, format string, args ...any) {
	v.problem = fmt.Sprintf("(limit %d, after %q, before %q) ", q.Limit, q.After, q.Before) + fmt.Sprintf(format, args...)
}

// String is who lists what.
func (l listing) String() string {
	q := l.query
	return fmt.Sprintf("%s lists %s where %s by %v, fields %v, deleted %t, count %s", ActorName(l.actor), l.table, filterText(q.Filter), q.Sort, q.Fields, q.Deleted, q.Count)
}

func filterText(f query.Filter) string {
	if f.IsZero() {
		return "anything"
	}
	if f.Filters == nil {
		if id, ok := f.Value.(uuid.UUID); ok {
			return fmt.Sprintf("%s %s %s", f.Field, f.Op, Name(id))
		}
		return fmt.Sprintf("%s %s %v", f.Field, f.Op, f.Value)
	}
	var parts []string
	for _, inner := range f.Filters {
		parts = append(parts, filterText(inner))
	}
	return fmt.Sprintf("%s(%s)", f.Op, strings.Join(parts, ", "))
}
