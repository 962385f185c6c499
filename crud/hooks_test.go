package crud_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/hook"
	"github.com/joinery-go/joinery/internal/testdb"
)

type (
	creating = crud.CreateEvent[Note, CreateNote]
	updating = crud.UpdateEvent[Note, UpdateNote]
	deleting = crud.DeleteEvent[Note]
)

func TestHooksSeeEveryPhase(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, log := newApp(t, db, nil, nil), ""
		h := a.notes.Hooks()
		h.Create.Before(func(_ context.Context, e *creating) error { e.Input.Title += "!"; log += "B"; return nil })
		h.Create.After(func(_ context.Context, e *creating) error { log += "A" + e.Row.Title; e.Row.Title = "told"; return nil })
		h.Create.Committed(func(ctx context.Context, e creating) error {
			if sqldb.InTransaction(ctx, db) {
				t.Error("committed hook in a transaction")
			}
			log += "C"
			return errors.New("only logged")
		})
		h.All.Before(func(_ context.Context, e *crud.Event[Note]) error { log += "all-" + string(e.Op) + " "; return nil }, hook.Priority(10))
		n, err := a.notes.Create(a.ann, CreateNote{Title: "x"})
		a.NoErr(err)
		a.Equal(log, "all-create BAx!C")
		a.Equal(n.Title, "told")
		a.Equal(h.Create.Failures(), uint64(1))

		h.Update.Before(func(_ context.Context, e *updating) error {
			a.Equal(e.Row.Title, "x!") // the row as it was
			e.Input.Priority = crud.Set(7)
			return nil
		})
		m, err := a.notes.Update(a.ann, n.ID, 1, UpdateNote{Title: crud.Set("y")})
		a.NoErr(err)
		a.Equal(m.Priority, 7)
	})
}

func TestHooksVetoAndPanic(t *testing.T) {
	t.Parallel()
	veto := joinery.Errorf(joinery.PaymentRequired, "unpaid", "pay first")
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		a.notes.Hooks().Create.After(func(_ context.Context, e *creating) error {
			switch e.Row.Title {
			case "veto":
				return veto
			case "panic":
				panic("secret")
			}
			return nil
		})
		_, err := a.notes.Create(a.ann, CreateNote{Title: "veto"})
		a.Equal(joinery.KindOf(err), joinery.PaymentRequired)
		_, err = a.notes.CreateMany(a.ann, []CreateNote{{Title: "fine"}, {Title: "panic"}})
		a.Equal(joinery.KindOf(err), joinery.Internal)
		n, err := a.notes.Count(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(n, int64(0))
		_, err = a.notes.Create(a.ann, CreateNote{Title: "fine"})
		a.NoErr(err) // no transaction was left open
	})
}

func TestSkipAnswersInPlace(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		h, feed := a.notes.Hooks(), a.notes.Feed().Subscribe(4)
		defer feed.Close()
		h.Create.Before(func(_ context.Context, e *creating) error { e.Skip(Note{Title: "made up"}); return nil }, hook.Name("skip"))
		n, err := a.notes.Create(a.ann, CreateNote{}) // would not be valid
		a.NoErr(err)
		a.Equal(n.Title, "made up")
		h.Create.Remove("skip")
		n, err = a.notes.Create(a.ann, CreateNote{Title: "real"})
		a.NoErr(err)
		h.Delete.Before(func(_ context.Context, e *deleting) error { e.Skip(struct{}{}); return nil })
		a.NoErr(a.notes.Delete(a.ann, n.ID, 1))
		_, err = a.notes.Get(a.ann, n.ID)
		a.NoErr(err)
		a.Equal((<-feed.Events()).ID, n.ID) // the real one is all that was published
		a.Equal(len(feed.Events()), 0)
	})
}

func TestCallsInHooksJoinTheTransaction(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		a.notes.Hooks().Create.After(func(ctx context.Context, e *creating) error {
			_, err := a.comments.Create(ctx, CreateComment{NoteID: crud.Ref[Note](e.Row.ID), Text: "first!"})
			return errors.Join(err, map[bool]error{true: errors.New("no")}[e.Row.Title == "bad"])
		})
		_, err := a.notes.Create(a.ann, CreateNote{Title: "good"})
		a.NoErr(err)
		_, err = a.notes.Create(a.ann, CreateNote{Title: "bad"})
		a.True(err != nil)
		n, err := a.comments.Count(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(n, int64(1))
	})
}

func TestFeedWaitsForTheOutermostCommit(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		feed := a.notes.Feed().Subscribe(10)
		defer feed.Close()
		err := sqldb.InTx(a.ann, db, func(ctx context.Context) error {
			_, err := a.notes.Create(ctx, CreateNote{Title: "kept"})
			a.NoErr(err)
			dropped := sqldb.InTx(ctx, db, func(ctx context.Context) error {
				_, err := a.notes.Create(ctx, CreateNote{Title: "dropped"})
				a.NoErr(err)
				return errors.New("back")
			})
			a.True(dropped != nil)
			a.Equal(len(feed.Events()), 0)
			return nil
		})
		a.NoErr(err)
		a.Equal(len(feed.Events()), 1)
	})
}

func TestFiftyGoroutinesOnOneConnection(t *testing.T) {
	t.Parallel()
	one := &sqldb.Options{MaxConns: 1, AcquireTimeout: time.Minute}
	onEachWith(t, one, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		a.notes.Hooks().Create.After(func(ctx context.Context, e *creating) error {
			_, err := a.notes.Get(ctx, e.Row.ID) // on the operation's own connection
			return err
		})
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				n, err := a.notes.Create(a.ann, CreateNote{Title: "n"})
				if err == nil {
					_, err = a.notes.Update(a.ann, n.ID, 1, UpdateNote{From: crud.Set(1), Until: crud.Set(1)})
				}
				if err == nil {
					_, err = a.notes.List(a.ann, query.Query{Include: []string{"comments"}, Count: query.CountExact})
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		a.Equal(db.Stats().InUse, 0)
	})
}

func TestGetAndListHaveHooks(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		rows, h := letters(a, 3), a.notes.Hooks()
		h.Get.After(func(ctx context.Context, e *crud.GetEvent[Note]) error {
			a.True(!sqldb.InTransaction(ctx, db))
			e.Row.Title += "!"
			return nil
		})
		h.List.Before(func(_ context.Context, e *crud.ListEvent[Note]) error {
			e.Query.Filter = query.And(e.Query.Filter, query.Ne("title", "b"))
			return nil
		})
		n, err := a.notes.Get(a.ann, rows[0].ID)
		a.NoErr(err)
		a.Equal(n.Title, "a!")
		p, err := a.notes.List(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(titles(p.Items), "ca")
		h.List.Before(func(_ context.Context, e *crud.ListEvent[Note]) error {
			e.Skip(query.Page[Note]{Items: []Note{{Title: "made up"}}})
			return nil
		})
		p, err = a.notes.List(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(titles(p.Items), "made up")
	})
}

func TestSlowSubscribersAreDropped(t *testing.T) {
	t.Parallel()
	db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	a := newApp(t, db, nil, nil)
	feed := a.notes.Feed().Subscribe(1)
	_, err = a.notes.CreateMany(a.ann, []CreateNote{{Title: "a"}, {Title: "b"}})
	a.NoErr(err)
	count := 0
	for range feed.Events() {
		count++
	}
	a.Equal(count, 1)
	a.True(feed.Lagged())
	feed.Close()
}
