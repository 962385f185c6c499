package perm_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// cached is a world whose engine has the cache on, with a feed for it, and ann
// who views a project of her team.
type cached struct {
	*world
	is         *is.I
	feed       chan query.Changed
	ann        uuid.UUID
	membership uuid.UUID
	project    uuid.UUID
}

// onEachCached runs a test in such a world on each database.
func onEachCached(t *testing.T, test func(w *cached)) {
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newCached(t, open(t))
			w.e.Hear(func() <-chan query.Changed { return w.feed })
			test(w)
		})
	}
}

func newCached(t testing.TB, db *sqldb.DB) *cached {
	w := &cached{world: newWorldWith(t, db, &perm.Options{AccessCache: true}), is: is.New(t), feed: make(chan query.Changed, 100), ann: newID()}
	team := w.team(nil)
	w.membership = w.member(team, w.ann, w.role(perm.View|perm.Edit))
	w.project = w.world.project(&team)
	return w
}

// sees reports whether ann may View the project, and after how many statements
// it is known.
func (w *cached) sees() (bool, int64) { return w.may(perm.View) }

func (w *cached) may(x joinery.Actions) (bool, int64) {
	w.t.Helper()
	before := w.db.Stats().Statements
	err := w.e.Check(w.as(w.ann), w.model("projects"), x, w.project)
	if err != nil && !joinery.IsKind(err, joinery.NotFound) {
		w.t.Fatal(err)
	}
	return err == nil, w.db.Stats().Statements - before
}

// wants checks what ann sees, and after how many statements.
func (w *cached) wants(seen bool, statements int64) {
	w.t.Helper()
	got, n := w.sees()
	if got != seen || n != statements {
		w.t.Fatalf("seen: %t after %d statements, want %t after %d", got, n, seen, statements)
	}
}

// revoke ends ann's membership behind the managers' back.
func (w *cached) revoke() {
	w.t.Helper()
	w.must(w.revokeIn(w.t.Context()))
}

func (w *cached) revokeIn(ctx context.Context) error {
	_, err := w.db.Exec(ctx, sqldb.Raw("DELETE FROM memberships WHERE id = ?", w.membership))
	return err
}

func TestCacheKeepsReachForASecond(t *testing.T) {
	onEachCached(t, func(w *cached) {
		w.wants(true, 2) // one resolves, one asks
		w.wants(true, 1)
		w.revoke()
		w.now = w.now.Add(time.Second - time.Microsecond)
		w.wants(true, 1)
		w.now = w.now.Add(time.Microsecond)
		w.wants(false, 2)
		w.is.Equal(w.e.AccessCache(), perm.CacheStats{Hits: 2, Misses: 2, Drops: 1, Actors: 1}) // the drop: it began to listen
	})
}

func TestCacheIsDroppedByTheFeed(t *testing.T) {
	onEachCached(t, func(w *cached) {
		w.wants(true, 2)
		w.revoke()
		for _, other := range []string{"projects", "notes", "users"} {
			w.feed <- query.Changed{Model: other}
		}
		w.wants(true, 1)
		for _, table := range []string{perm.TeamsTable, perm.RolesTable, perm.GrantsTable, perm.MembershipsTable} {
			w.feed <- query.Changed{Model: table}
			w.wants(false, 2)
		}
	})
}

// A clock that is set back must not lengthen what is kept.
func TestCacheSurvivesNoJumpOfTheClock(t *testing.T) {
	onEachCached(t, func(w *cached) {
		w.wants(true, 2)
		w.revoke()
		w.now = w.now.Add(-time.Hour)
		w.wants(false, 2)
	})
}

func TestCacheEndsWithTheFirstMembershipInIt(t *testing.T) {
	onEachCached(t, func(w *cached) {
		end := w.now.Add(300 * time.Millisecond)
		other := perm.Membership{Entity: entity(w.ann), TeamID: w.team(nil), MemberID: w.ann, RoleID: w.role(perm.View), ExpiresAt: &end}
		insert(w.world, &other)
		late := end.Add(time.Hour)
		other.Entity, other.TeamID, other.ExpiresAt = entity(w.ann), w.team(nil), &late
		insert(w.world, &other)
		w.wants(true, 2)
		w.now = end.Add(-time.Microsecond)
		w.wants(true, 1)
		w.now = end
		w.wants(true, 2)
	})
}

// Without a feed, with one that is not heard, and with one of two that is not,
// every question is answered by the present state.
func TestCacheIsUnusedWhileAFeedIsNotHeard(t *testing.T) {
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newCached(t, open(t))
			w.wants(true, 1)
			w.wants(true, 1)
			w.e.Hear(func() <-chan query.Changed { return w.feed })
			w.wants(true, 2)
			w.wants(true, 1)
			var second chan query.Changed
			w.e.Hear(func() <-chan query.Changed { return second })
			w.wants(true, 1)
			w.is.Equal(w.e.AccessCache().Actors, 0)
			second = make(chan query.Changed)
			w.wants(true, 2)
			w.revoke()
			close(second) // events were lost
			second = nil
			w.wants(false, 1)
		})
	}
}

// A transaction may have changed by itself what is kept.
func TestCacheIsUnusedInTransactions(t *testing.T) {
	onEachCached(t, func(w *cached) {
		w.wants(true, 2)
		err := sqldb.InTx(w.as(w.ann), w.db, func(ctx context.Context) error {
			if err := w.revokeIn(ctx); err != nil {
				return err
			}
			err := w.e.Check(ctx, w.model("projects"), perm.View, w.project)
			w.is.True(joinery.IsKind(err, joinery.NotFound))
			return errors.New("undo")
		})
		w.is.Equal(err.Error(), "undo")
		w.wants(true, 1)
	})
}

// What guards a write is judged by the present state, whatever is kept: so no
// write begins after its permission has gone, on any instance.
func TestCacheGuardsNoWrites(t *testing.T) {
	onEachCached(t, func(w *cached) {
		w.wants(true, 2)
		w.revoke()
		may, n := w.may(perm.Edit)
		w.is.Equal(n, int64(1))
		w.is.True(!may)
		w.wants(true, 1) // still kept

		edit, err := w.e.Filter(w.as(w.ann), w.model("projects"), perm.Edit, "w")
		w.must(err)
		ids, err := sqldb.Column[uuid.UUID](w.t.Context(), w.db, squirrel.Select("w.id").From("projects w").Where(edit))
		w.must(err)
		w.is.Equal(len(ids), 0)

		team := w.team(nil)
		m := w.member(team, w.ann, w.role(joinery.AllActions))
		w.feed <- query.Changed{Model: perm.MembershipsTable}
		_, _ = w.sees()
		_, err = w.db.Exec(w.t.Context(), sqldb.Raw("DELETE FROM memberships WHERE id = ?", m))
		w.must(err)
		p := Project{Entity: entity(w.ann)}
		p.UserID, p.TeamID = &w.ann, &team
		cond, err := w.e.PlaceCond(w.as(w.ann), w.model("projects"), row(w.world, p))
		w.must(err)
		held, err := sqldb.Column[int64](w.t.Context(), w.db, squirrel.Select("1").Where(cond))
		w.must(err)
		w.is.Equal(len(held), 0)
		w.is.True(w.e.Place(w.as(w.ann), w.model("projects"), nil, row(w.world, p)) != nil)
	})
}

// Lists, and what one may do with rows, answer by the cache as without it.
func TestCacheAnswersFilterAndActions(t *testing.T) {
	onEachCached(t, func(w *cached) {
		for round := range int64(3) {
			f, err := w.e.Filter(w.as(w.ann), w.model("projects"), 0, "w")
			w.must(err)
			ids, err := sqldb.Column[uuid.UUID](w.t.Context(), w.db, squirrel.Select("w.id").From("projects w").Where(f))
			w.must(err)
			w.is.Equal(ids, []uuid.UUID{w.project})
			all, err := w.e.Actions(w.as(w.ann), w.model("projects"), w.project, newID())
			w.must(err)
			w.is.True(maps.Equal(all, map[uuid.UUID]joinery.Actions{w.project: perm.View | perm.Edit}))
			w.is.Equal(w.e.AccessCache().Hits, 1+2*round)
		}
		stranger, n := w.e.AccessCache(), newID()
		w.is.True(joinery.IsKind(w.e.Check(w.as(n), w.model("projects"), perm.View, w.project), joinery.NotFound))
		w.is.Equal(w.e.AccessCache().Misses, stranger.Misses+1) // nobody is answered by another's reach
	})
}

// An actor that reaches very much is not kept, and resolved once a second.
func TestCacheIsBounded(t *testing.T) {
	onEachCached(t, func(w *cached) {
		top := w.team(nil)
		role := w.role(perm.View)
		w.member(top, w.ann, role)
		w.must(sqldb.InTx(w.t.Context(), w.db, func(ctx context.Context) error {
			for range 1000 {
				below := perm.Team{Entity: entity(w.ann), Name: "below", ParentID: &top}
				if err := insertIn(ctx, w.world, &below); err != nil {
					return err
				}
			}
			return nil
		}))
		w.wants(true, 2)
		w.wants(true, 1)
		w.is.Equal(w.e.AccessCache().Rows, 0)
		w.revoke()
		w.wants(false, 1)
	})
}

func TestCacheIsBoundedOverAll(t *testing.T) {
	t.Parallel()
	w := newCached(t, openSQLite(t))
	w.e.Hear(func() <-chan query.Changed { return w.feed })
	top, role := w.team(nil), w.role(perm.View)
	for range 900 {
		w.team(&top)
	}
	for range 130 {
		w.ann = newID()
		w.member(top, w.ann, role)
		_, _ = w.sees()
	}
	stats := w.e.AccessCache()
	w.is.Equal(stats.Drops, int64(2)) // once to begin with, once when it was full
	w.is.True(stats.Actors < 30)
	w.is.True(stats.Rows > 0 && stats.Rows < 30_000)
}

// While memberships come and go, nobody is answered by what was before a change
// that has been published.
func TestCacheUnderConcurrentChanges(t *testing.T) {
	onEachCached(t, func(w *cached) {
		var wg sync.WaitGroup
		stop := make(chan struct{})
		for range 3 {
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						_ = w.e.Check(w.as(w.ann), w.model("projects"), perm.View, w.project)
					}
				}
			})
		}
		for round := range 60 {
			in := round%2 == 1
			var at any = sqldb.Time(w.now)
			if in {
				at = nil
			}
			_, err := w.db.Exec(w.t.Context(), sqldb.Raw("UPDATE memberships SET disabled_at = ? WHERE id = ?", at, w.membership))
			w.must(err)
			w.feed <- query.Changed{Model: perm.MembershipsTable, ID: w.membership}
			if seen, _ := w.sees(); seen != in {
				t.Errorf("round %d: seen: %t", round, seen)
			}
		}
		close(stop)
		wg.Wait()
	})
}

func TestCacheIsForDatabasesThatCanBindIt(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := sqldb.New(openSQLite(t).Driver(), foreign{openSQLite(t).Dialect()}, nil)
	_, err := perm.New(registry.New(nil), db, &perm.Options{AccessCache: true})
	is.True(joinery.IsKind(err, joinery.Unsupported))
}

// foreign is a dialect of which perm knows nothing.
type foreign struct{ sqldb.Dialect }

func (foreign) Name() string { return "other" }

// FuzzBar35_CacheKeys: two actors have one key only if they are the same.
func FuzzBar35_CacheKeys(f *testing.F) {
	f.Add([]byte("0123456789abcdef\x01"), []byte("0123456789abcdef\x01"), uint64(1))
	f.Add([]byte("0123456789abcdef\x01notes\x00\x02"), []byte("0123456789abcdef\x01notes\x00\x02tags\x00\x04"), uint64(2))
	f.Add([]byte("0123456789abcdef\x01a\x00\x01b\x00\x01"), []byte("0123456789abcdef\x01a\x01b\x00\x01"), uint64(3))
	f.Add([]byte("0123456789abcdef\x01p\x00\x01q\x01\x01z\x00\x02"), []byte("0123456789abcdef\x01p\x01\x01q\x00\x01z\x00\x02"), uint64(4)) // the same without lengths
	f.Fuzz(func(t *testing.T, x, y []byte, seed uint64) {
		a, b := actorOf(x), actorOf(y)
		pick := rand.New(rand.NewPCG(seed, 0))
		for _, other := range []joinery.Actor{b, near(a, pick), near(near(a, pick), pick)} {
			same := a.ID == other.ID && a.Kind == other.Kind && (a.Scope == nil) == (other.Scope == nil) && maps.Equal(a.Scope, other.Scope)
			if got := perm.CacheKey(a) == perm.CacheKey(other); got != same {
				t.Fatalf("same key: %t, same actor: %t: %v and %v", got, same, a, other)
			}
		}
	})
}

// actorOf reads an actor from bytes: id, kind, then names of tables, each ended
// by a zero, with actions.
func actorOf(data []byte) joinery.Actor {
	var a joinery.Actor
	data = data[copy(a.ID[:], data):]
	if len(data) == 0 {
		return a
	}
	a.Kind, data = joinery.ActorKind(data[0]), data[1:]
	for len(data) > 0 {
		name, rest, _ := bytes.Cut(data, []byte{0})
		if a.Scope == nil {
			a.Scope = map[string]joinery.Actions{}
		}
		if len(rest) > 0 {
			a.Scope[string(name)] = joinery.Actions(rest[0])
			rest = rest[1:]
		}
		data = rest
	}
	return a
}

// near is the actor with one thing changed, or as it is.
func near(a joinery.Actor, pick *rand.Rand) joinery.Actor {
	scope := maps.Clone(a.Scope)
	if scope == nil && pick.IntN(2) == 0 {
		scope = map[string]joinery.Actions{}
	}
	switch pick.IntN(5) {
	case 0:
		a.ID[pick.IntN(16)] ^= 1 << pick.IntN(8)
	case 1:
		a.Kind ^= 1 << pick.IntN(3)
	default:
		for table, actions := range scope {
			delete(scope, table)
			cut := pick.IntN(len(table) + 1)
			scope[table[:cut]] = actions
			scope[table[cut:]] ^= joinery.Actions(pick.IntN(3))
			break
		}
	}
	a.Scope = scope
	return a
}

// BenchmarkAccessCache is a list of a page and a look at one row with and
// without the cache, for an actor that reaches some tens of teams.
func BenchmarkAccessCache(b *testing.B) {
	for name, open := range databases {
		for _, on := range []bool{false, true} {
			b.Run(name+map[bool]string{false: "/off", true: "/on"}[on], func(b *testing.B) {
				w := newWorldWith(b, open(b), &perm.Options{AccessCache: on})
				feed := make(chan query.Changed, 1)
				w.e.Hear(func() <-chan query.Changed { return feed })
				ann, role := newID(), w.role(perm.View)
				var last uuid.UUID
				for range 4 {
					top := w.team(nil)
					w.member(top, ann, role)
					for range 9 {
						child := w.team(&top)
						for range 20 {
							last = w.project(&child)
						}
					}
				}
				for _, table := range []string{"teams", "projects"} {
					_, err := w.db.Exec(b.Context(), sqldb.Raw("ANALYZE "+table))
					w.must(err)
				}
				b.Run("list", func(b *testing.B) {
					for b.Loop() {
						f, err := w.e.Filter(w.as(ann), w.model("projects"), perm.View, "w")
						w.must(err)
						ids, err := sqldb.Column[uuid.UUID](b.Context(), w.db, squirrel.Select("w.id").From("projects w").Where(f).OrderBy("w.id DESC").Limit(50))
						w.must(err)
						if len(ids) != 50 {
							b.Fatal(len(ids))
						}
					}
				})
				b.Run("check", func(b *testing.B) {
					for b.Loop() {
						w.must(w.e.Check(w.as(ann), w.model("projects"), perm.View, last))
					}
				})
			})
		}
	}
}
