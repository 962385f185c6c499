package interference_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
)

// twins are two libraries. One holds the rows that the callers may see; the
// other holds the same, and between them rows that none of the callers may.
type twins struct {
	plain, crowded *library
	callers        []joinery.Actor
	rows           map[string][]uuid.UUID // by table: seen ones and hidden ones
}

// The people. Eve and Fay are strangers to all others.
var people = []string{"ann", "bob", "cat", "gus", "zed", "eve", "fay"}

func person(name string) joinery.Actor {
	return joinery.Actor{ID: uuid.UUID{0xff, byte(slices.Index(people, name)), 6: 0x70, 8: 0x80}, Kind: joinery.User}
}

func newTwins(t testing.TB, b backend, seed uint64) *twins {
	t.Helper()
	w := &twins{plain: newLibrary(t, b.fresh(t)), crowded: newLibrary(t, b.fresh(t))}
	(&author{t: t, library: w.plain, Rand: rand.New(rand.NewPCG(seed, 1))}).write()
	crowd := &author{t: t, library: w.crowded, Rand: rand.New(rand.NewPCG(seed, 1)), crowd: rand.New(rand.NewPCG(seed, 2))}
	crowd.write()
	for _, name := range append(people[:5:5], "ann", "ann") {
		w.callers = append(w.callers, person(name))
	}
	scoped := person("ann")
	scoped.Scope = map[string]joinery.Actions{"shelves": joinery.View, "reviews": joinery.View | joinery.Edit}
	w.callers = append(w.callers, joinery.Actor{}, scoped)
	w.rows = map[string][]uuid.UUID{}
	for _, m := range w.crowded.reg.Models() {
		w.rows[m.Table] = keys(t, w.crowded, m)
		w.hides(t, m)
	}
	return w
}

func keys(t testing.TB, l *library, m *registry.Model) []uuid.UUID {
	t.Helper()
	ids, err := sqldb.Column[uuid.UUID](t.Context(), l.db, squirrel.Select("id").From(m.Table).OrderBy("id"))
	must(t, err)
	return ids
}

// hides checks that one library has rows which the other lacks, and that none
// of the callers may see any of them.
func (w *twins) hides(t testing.TB, m *registry.Model) {
	t.Helper()
	seen, hidden := keys(t, w.plain, m), 0
	for _, id := range w.rows[m.Table] {
		if slices.Contains(seen, id) {
			continue
		}
		hidden++
		for _, c := range w.callers {
			if err := w.crowded.engine.Check(joinery.WithActor(t.Context(), c), m, joinery.View, id); !joinery.IsKind(err, joinery.NotFound) {
				t.Fatalf("%s %s is to be hidden from %v: %v", m.Table, id, c, err)
			}
		}
	}
	if hidden == 0 || len(seen) == 0 {
		t.Fatalf("%s: %d rows for all, %d hidden", m.Table, len(seen), hidden)
	}
}

// author fills a library. What it writes for all to see depends on its first
// source of chance alone; with a second one it adds what is hidden.
type author struct {
	*library
	*rand.Rand
	t     testing.TB
	crowd *rand.Rand

	shelfs, volume []uuid.UUID // shelves and books for all to see
}

func (a *author) as(name string) context.Context {
	return joinery.WithActor(a.t.Context(), person(name))
}

// hiding runs fn only where rows are to be hidden, with keys of their own.
func (a *author) hiding(fn func()) {
	if a.crowd == nil {
		return
	}
	a.ids.hiding = true
	fn()
	a.ids.hiding = false
}

func (a *author) write() {
	a.t.Helper()
	roles := teams.WellKnownRoles()
	a.hiding(func() { a.team("eve", "North", nil) })
	north := a.team("ann", "North", nil)
	east := a.team("ann", "East", &north)
	a.hiding(func() {
		south := a.team("eve", "South", nil)
		a.member("eve", a.team("eve", "East", &south), "fay", roles.Admin)
		a.done(a.teams.Roles.Create(a.as("eve"), teams.CreateRole{Name: "reader", TeamID: &south, Actions: joinery.View}))
	})
	a.member("ann", north, "gus", roles.Admin)
	a.member("ann", east, "bob", roles.User)
	for n := range 14 {
		a.shelf(n, []*uuid.UUID{nil, &north, &east}[n%3])
	}
	for n := range 30 {
		a.book(n)
	}
	for n := range 40 {
		a.review(n)
	}
	soon := noon().Add(time.Hour)
	for _, id := range []uuid.UUID{a.shelfs[0], a.shelfs[1]} {
		a.done(a.teams.Grants.Create(a.as("ann"), teams.CreateGrant{Model: "shelves", RowID: id, Actions: joinery.View | joinery.Edit, MemberID: ptr(person("cat").ID), ExpiresAt: &soon}))
	}
	a.hiding(a.strangersGrants)
}

func ptr[T any](v T) *T { return &v }

func (a *author) team(who, name string, parent *uuid.UUID) uuid.UUID {
	a.t.Helper()
	row, err := a.teams.Teams.Create(a.as(who), teams.CreateTeam{Name: name, ParentID: parent})
	must(a.t, err)
	return row.ID
}

// done takes the result of a create that nothing refers to.
func (a *author) done(_ any, err error) {
	a.t.Helper()
	must(a.t, err)
}

func (a *author) member(who string, team uuid.UUID, member string, role uuid.UUID) {
	a.t.Helper()
	a.done(a.teams.Memberships.Create(a.as(who), teams.CreateMembership{TeamID: team, MemberID: person(member).ID, RoleID: role}))
}

// words are the texts of all rows, so that hidden rows match what is asked.
var words = []string{"alpha", "Alpha", "beta", "gamma_1", "50%", "omega \"x\"", "ärger", ""}

func word(r *rand.Rand, n int) string { return words[r.IntN(len(words)-1)] + fmt.Sprint(n%7) }

func (a *author) newShelf(r *rand.Rand, n int) CreateShelf {
	in := CreateShelf{Title: word(r, n), Slug: fmt.Sprint("slug", n), Kind: []string{"open", "closed"}[r.IntN(2)]}
	if r.IntN(3) > 0 {
		in.Priority = ptr(int64(r.IntN(4)))
		in.Budget = ptr(fmt.Sprintf("%d.%02d", r.IntN(3), r.IntN(100)))
		in.DueAt = ptr(noon().AddDate(0, 0, r.IntN(5)))
	}
	return in
}

// shelf is one of Ann's. Hidden are one that she has deleted, with the same
// slug, and one of Eve's.
func (a *author) shelf(n int, team *uuid.UUID) {
	a.t.Helper()
	a.hiding(func() {
		in := a.newShelf(a.crowd, n)
		in.TeamID = team
		gone, err := a.shelves.Create(a.as("ann"), in)
		must(a.t, err)
		must(a.t, a.shelves.Delete(a.as("ann"), gone.ID, gone.Version))
		a.done(a.shelves.Create(a.as("eve"), a.newShelf(a.crowd, n)))
	})
	in := a.newShelf(a.Rand, n)
	in.TeamID = team
	row, err := a.shelves.Create(a.as("ann"), in)
	must(a.t, err)
	a.shelfs = append(a.shelfs, row.ID)
}

// book stands on one of Ann's shelves. Hidden are one that was there, and one
// of Eve's that goes on with Ann's.
func (a *author) book(n int) {
	a.t.Helper()
	shelf := a.shelfs[a.IntN(len(a.shelfs))]
	in := CreateBook{Title: word(a.Rand, n), Pages: int64(a.IntN(5)), ShelfID: &shelf}
	if len(a.volume) > 0 && a.IntN(2) == 0 {
		in.SequelID = &a.volume[a.IntN(len(a.volume))]
	}
	a.hiding(func() {
		gone, err := a.books.Create(a.as("ann"), CreateBook{Title: word(a.crowd, n), Pages: 3, ShelfID: &shelf})
		must(a.t, err)
		must(a.t, a.books.Delete(a.as("ann"), gone.ID, gone.Version))
		hers := Book{Title: word(a.crowd, n), Pages: int64(a.crowd.IntN(5)), SequelID: in.SequelID}
		hers.UserID = ptr(person("eve").ID)
		a.done(a.books.CreateRow(a.system("eve"), hers))
	})
	row, err := a.books.Create(a.as("ann"), in)
	must(a.t, err)
	a.volume = append(a.volume, row.ID)
}

// system acts for the person: it may refer to what that person does not see.
func (a *author) system(owner string) context.Context {
	return crud.CreatedFor(joinery.WithActor(a.t.Context(), joinery.SystemActor()), person(owner).ID)
}

// review is of one of Ann's books, by Ann, Bob or Gus. Hidden is what Eve has
// written of the same book.
func (a *author) review(n int) {
	a.t.Helper()
	book := a.volume[a.IntN(len(a.volume))]
	write := func(who string, r *rand.Rand) {
		row := Review{Text: word(r, n), Stars: int64(r.IntN(6)), BookID: registry.To[Book](book)}
		row.UserID = ptr(person(who).ID)
		row, err := a.reviews.CreateRow(a.system(who), row)
		must(a.t, err)
	}
	a.hiding(func() { write("eve", a.crowd) })
	write([]string{"ann", "bob", "gus"}[n%3], a.Rand)
}

// strangersGrants share Eve's shelves: with Fay, and with Cat until a moment
// ago.
func (a *author) strangersGrants() {
	a.t.Helper()
	page, err := a.shelves.List(a.as("eve"), query.Query{Limit: 2})
	must(a.t, err)
	past := noon().Add(-time.Microsecond)
	for _, shelf := range page.Items {
		a.done(a.teams.Grants.Create(a.as("eve"), teams.CreateGrant{Model: "shelves", RowID: shelf.ID, Actions: joinery.View, MemberID: ptr(person("fay").ID)}))
		a.done(a.teams.Grants.Create(a.as("eve"), teams.CreateGrant{Model: "shelves", RowID: shelf.ID, Actions: joinery.View, MemberID: ptr(person("cat").ID), ExpiresAt: &past}))
	}
}
