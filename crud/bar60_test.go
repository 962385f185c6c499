package crud_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/hook"
)

// write is one way to write notes: do it to a row that is made for it.
type write struct {
	name string
	op   query.Operation
	do   func(a *app, ctx context.Context, n Note) error
}

// writes are all of them; those that only Root may do are done by Root.
func writes() []write {
	as := func(ctx context.Context) context.Context { return joinery.WithActor(ctx, joinery.RootActor()) }
	return []write{
		{"create", query.OpCreate, func(a *app, ctx context.Context, _ Note) error {
			_, err := a.notes.Create(ctx, CreateNote{Title: "new"})
			return err
		}},
		{"create many", query.OpCreate, func(a *app, ctx context.Context, _ Note) error {
			_, err := a.notes.CreateMany(ctx, []CreateNote{{Title: "new"}})
			return err
		}},
		{"copy", query.OpCreate, func(a *app, ctx context.Context, n Note) error {
			_, err := a.notes.Copy(ctx, n.ID, nil)
			return err
		}},
		{"update", query.OpUpdate, func(a *app, ctx context.Context, n Note) error {
			_, err := a.notes.Update(ctx, n.ID, n.Version, UpdateNote{Priority: crud.Set(9)})
			return err
		}},
		{"update many", query.OpUpdate, func(a *app, ctx context.Context, n Note) error {
			_, err := a.notes.UpdateMany(ctx, []crud.Change[UpdateNote]{{ID: n.ID, Version: n.Version, Update: UpdateNote{Priority: crud.Set(9)}}})
			return err
		}},
		{"delete", query.OpDelete, func(a *app, ctx context.Context, n Note) error { return a.notes.Delete(ctx, n.ID, n.Version) }},
		{"delete many", query.OpDelete, func(a *app, ctx context.Context, n Note) error {
			return a.notes.DeleteMany(ctx, []crud.Ident{{ID: n.ID, Version: n.Version}})
		}},
		{"restore", query.OpRestore, func(a *app, ctx context.Context, n Note) error {
			_, err := a.notes.Restore(as(ctx), n.ID, n.Version)
			return err
		}},
		{"purge", query.OpPurge, func(a *app, ctx context.Context, n Note) error { return a.notes.Purge(as(ctx), n.ID, n.Version) }},
	}
}

// prepared makes the row that a write is done to.
func (w write) prepared(a *app) Note {
	n, err := a.notes.Create(a.ann, CreateNote{Title: "old"})
	a.NoErr(err)
	if w.op == query.OpRestore {
		a.NoErr(a.notes.Delete(a.ann, n.ID, 1))
		n.Version = 2
	}
	return n
}

// rows are the versions of all notes, those of deleted ones negative. They are
// read past the manager, whose hooks are what is tested.
func (a *app) rows() map[uuid.UUID]int64 {
	list, err := a.db.Query(context.Background(), sqldb.Raw("SELECT id, CASE WHEN deleted_at IS NULL THEN version ELSE -version END FROM notes"))
	a.NoErr(err)
	defer list.Close()
	found := map[uuid.UUID]int64{}
	for list.Next() {
		var id uuid.UUID
		var version int64
		a.NoErr(list.Scan(&id, &version))
		found[id] = version
	}
	a.NoErr(list.Err())
	return found
}

// eachWrite runs a test for every write on every database.
func eachWrite(t *testing.T, opts *sqldb.Options, test func(t *testing.T, a *app, w write)) {
	t.Helper()
	onEachWith(t, opts, func(t *testing.T, db *sqldb.DB) {
		for _, w := range writes() {
			a := newOn(t, db)
			t.Run(w.name, func(t *testing.T) {
				a.I = is.New(t)
				test(t, a, w)
			})
		}
		if n := db.Stats().InUse; n != 0 {
			t.Errorf("%d connections are still in use", n)
		}
	})
}

// newOn makes managers on a database, and its tables where they are not there
// yet.
func newOn(t *testing.T, db *sqldb.DB) *app {
	t.Helper()
	a := newManagers(t, db, nil, nil)
	if err := crud.CreateTables(t.Context(), a.reg, db); err != nil {
		t.Fatal(err)
	}
	return a
}

// Whatever the operation and the phase: the process lives, the caller gets an
// internal error without what the hook said, nothing is written, no
// transaction stays open and the next write succeeds. After the commit a panic
// changes nothing but a count.
func TestBar60_PanickingHooks(t *testing.T) {
	t.Parallel()
	eachWrite(t, nil, func(t *testing.T, a *app, w write) {
		n := w.prepared(a)
		was := a.rows()
		boom := func(ctx context.Context, e *crud.Event[Note]) error { panic("secret") }
		all := &a.notes.Hooks().All
		for _, add := range []func(func(context.Context, *crud.Event[Note]) error, ...hook.Option){all.Before, all.After} {
			add(boom, hook.Name("boom"))
			err := w.do(a, a.ann, n)
			a.Equal(joinery.KindOf(err), joinery.Internal)
			a.Equal(codeOf(err), "hook_panic")
			a.Equal(a.rows(), was)
			all.Remove("boom")
		}
		all.Logger = slog.New(slog.DiscardHandler)
		all.Committed(func(context.Context, crud.Event[Note]) error { panic("secret") })
		a.NoErr(w.do(a, a.ann, n))
		a.Equal(all.Failures(), uint64(1))
		a.True(!maps.Equal(a.rows(), was))
	})
}

// A hook that hangs ends with its ctx, and its operation with it; others are
// served meanwhile.
func TestBar60_HangingHooks(t *testing.T) {
	t.Parallel()
	eachWrite(t, nil, func(t *testing.T, a *app, w write) {
		n := w.prepared(a)
		was := a.rows()
		all := &a.notes.Hooks().All
		served := 0
		all.After(func(ctx context.Context, e *crud.Event[Note]) error {
			list := make(chan error)
			go func() { // somebody else's request
				_, err := a.comments.List(a.bob, query.Query{})
				list <- err
			}()
			if err := <-list; err == nil {
				served++
			}
			<-ctx.Done()
			return ctx.Err()
		}, hook.Name("hang"), hook.Timeout(20*time.Millisecond))
		err := w.do(a, a.ann, n)
		a.Equal(joinery.KindOf(err), joinery.Unavailable)
		a.True(errors.Is(err, context.DeadlineExceeded))
		a.Equal(served, 1)
		all.Remove("hang")
		a.Equal(a.rows(), was)
		a.NoErr(w.do(a, a.ann, n))
	})
}

// The time of a hook is 5 seconds where nothing else is said.
func TestBar60_HooksHaveFiveSeconds(t *testing.T) {
	t.Parallel()
	eachWrite(t, nil, func(t *testing.T, a *app, w write) {
		n := w.prepared(a)
		a.notes.Hooks().All.Before(func(ctx context.Context, _ *crud.Event[Note]) error {
			at, ok := ctx.Deadline()
			a.True(ok && time.Until(at) <= hook.DefaultTimeout)
			return nil
		})
		a.NoErr(w.do(a, a.ann, n))
	})
}

// What a hook writes with the operation's ctx is part of the operation; what
// it is refused is not, and does not end the transaction.
func TestBar60_HooksJoinTheTransaction(t *testing.T) {
	t.Parallel()
	eachWrite(t, nil, func(t *testing.T, a *app, w write) {
		n := w.prepared(a)
		was := a.rows()
		veto := errors.New("no")
		project := func(ctx context.Context, _ *crud.Event[Note]) error {
			_, invalid := a.projects.Create(ctx, CreateProject{})
			_, refused := a.comments.Create(ctx, CreateComment{NoteID: crud.Ref[Note](uuid.New()), Text: "of nothing"})
			if joinery.KindOf(invalid) != joinery.Invalid || joinery.KindOf(refused) != joinery.Invalid {
				return fmt.Errorf("want two refusals, got %v and %v", invalid, refused)
			}
			_, err := a.projects.Create(ctx, CreateProject{Name: w.name})
			return err
		}
		all := &a.notes.Hooks().All
		projects := func() int64 {
			count, err := a.projects.Count(a.ann, query.Query{Filter: query.Eq("name", w.name)})
			a.NoErr(err)
			return count
		}
		all.Before(project)
		all.After(project)
		all.After(func(context.Context, *crud.Event[Note]) error { return veto }, hook.Name("veto"))
		a.True(errors.Is(w.do(a, a.ann, n), veto))
		a.Equal(projects(), int64(0))
		a.Equal(a.rows(), was)
		all.Remove("veto")
		a.NoErr(w.do(a, a.ann, n))
		a.Equal(projects(), int64(2))
	})
}

// A hook that writes with a ctx without the transaction would wait for itself
// where there is one connection to write on: it gets an error, and the
// operation goes on.
func TestBar60_HooksOutsideTheTransaction(t *testing.T) {
	t.Parallel()
	one := &sqldb.Options{MaxConns: 1, AcquireTimeout: time.Second}
	eachWrite(t, one, func(t *testing.T, a *app, w write) {
		n := w.prepared(a)
		was := a.rows()
		var outside error
		pass := false
		a.notes.Hooks().All.After(func(context.Context, *crud.Event[Note]) error {
			_, outside = a.comments.Create(a.ann, CreateComment{NoteID: crud.Ref[Note](n.ID), Text: "waits"})
			if pass {
				return nil
			}
			return outside
		})
		err := w.do(a, a.ann, n)
		a.Equal(joinery.KindOf(outside), joinery.Unavailable)
		a.Equal(err, outside)
		a.Equal(a.rows(), was)
		pass = true
		a.NoErr(w.do(a, a.ann, n))
		a.Equal(joinery.KindOf(outside), joinery.Unavailable)
		a.True(!maps.Equal(a.rows(), was))
	})
}

// Where there are more connections it is the row's lock that such a hook waits
// for.
func TestBar60_HooksOutsideTheTransactionMeetItsLocks(t *testing.T) {
	t.Parallel()
	short := &sqldb.Options{LockTimeout: 50 * time.Millisecond, AcquireTimeout: time.Second}
	eachWrite(t, short, func(t *testing.T, a *app, w write) {
		n := w.prepared(a)
		if w.op == query.OpCreate {
			return // locks no row that there is
		}
		a.notes.Hooks().All.After(func(ctx context.Context, e *crud.Event[Note]) error {
			root := joinery.WithActor(t.Context(), joinery.RootActor())
			_, err := a.notes.Update(root, n.ID, crud.AnyVersion, UpdateNote{Title: crud.Set("other")})
			return err
		}, hook.Name("other"))
		was := a.rows()
		a.Equal(joinery.KindOf(w.do(a, a.ann, n)), joinery.Unavailable)
		a.notes.Hooks().All.Remove("other")
		a.Equal(a.rows(), was)
		a.NoErr(w.do(a, a.ann, n))
	})
}

// A hook that reads its own row without the transaction sees it as it was.
func TestBar60_HooksOutsideTheTransactionReadWhatIsCommitted(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "old"})
		a.NoErr(err)
		read := func(ctx context.Context) string {
			n, err := a.notes.Get(ctx, n.ID)
			a.NoErr(err)
			return n.Title
		}
		a.notes.Hooks().Update.After(func(ctx context.Context, _ *updating) error {
			a.Equal(read(a.ann), "old")
			a.Equal(read(ctx), "new")
			return nil
		})
		_, err = a.notes.Update(a.ann, n.ID, 1, UpdateNote{Title: crud.Set("new")})
		a.NoErr(err)
	})
}

// Writers in each other's way: some are stale, some vetoed at the end, some
// panic. Committed hooks and the feed tell of each change that was made, once.
func TestBar60_HooksRunOncePerCommittedChange(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		const writers = 10
		rounds := scale(t, "JOINERY_ADDS", 10)
		feed := a.notes.Feed().Subscribe(100 * writers * rounds)
		defer feed.Close()
		var mu sync.Mutex
		made, told := map[query.Operation]int{}, map[query.Operation]int{}
		count := func(m map[query.Operation]int, op query.Operation) {
			mu.Lock()
			defer mu.Unlock()
			m[op]++
		}
		var calls int
		all := &a.notes.Hooks().All
		all.After(func(context.Context, *crud.Event[Note]) error {
			mu.Lock()
			calls++
			at := calls
			mu.Unlock()
			switch {
			case at%7 == 0:
				return joinery.Errorf(joinery.PaymentRequired, "", "vetoed")
			case at%11 == 0:
				panic("now and then")
			}
			return nil
		})
		all.Committed(func(_ context.Context, e crud.Event[Note]) error {
			if e.Op != query.OpGet {
				count(told, e.Op)
			}
			return nil
		})
		shared := write{op: query.OpUpdate}.prepared(a)
		count(made, query.OpCreate)
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range rounds {
					n, err := a.notes.Create(a.ann, CreateNote{Title: "mine"})
					if err != nil {
						continue
					}
					count(made, query.OpCreate)
					for _, w := range writes() {
						target := n
						if w.op == query.OpUpdate {
							target = Note{Entity: crud.Entity{ID: shared.ID, Version: crud.AnyVersion}}
						}
						target.Version = crud.AnyVersion
						if w.do(a, a.ann, target) == nil {
							count(made, w.op)
						}
					}
				}
			})
		}
		wg.Wait()
		a.Equal(told, made)
		published := map[query.Operation]int{}
		for range len(feed.Events()) {
			published[(<-feed.Events()).Op]++
		}
		a.Equal(published, made)
		a.Equal(db.Stats().InUse, 0)
	})
}
