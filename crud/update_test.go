package crud_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
)

func TestUpdateWritesWhatIsPresent(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "a", Body: ptr("text"), Priority: 3})
		a.NoErr(err)
		before := db.Stats().Statements
		m, err := a.notes.Update(a.bob, n.ID, 1, UpdateNote{Title: crud.Set("b"), Body: crud.Null[string]()})
		a.NoErr(err)
		statements := map[bool]int64{true: 1, false: 3}[db.Dialect().Has(sqldb.ReturningUpdate)] // else it is read before and after
		a.Equal(db.Stats().Statements-before, statements)
		a.Equal(m.Title, "b")
		a.True(m.Body == nil)
		a.Equal(m.Priority, 3)
		a.Equal(m.Version, int64(2))
		a.Equal(*m.UpdatedByID, actorID(a.bob))
		a.Equal(*m.CreatedByID, actorID(a.ann))
		got, err := a.notes.Get(a.ann, n.ID)
		a.NoErr(err)
		a.Equal(got, m)
		same, err := a.notes.Update(a.ann, n.ID, 2, UpdateNote{})
		a.NoErr(err)
		a.Equal(same, m) // nothing present, nothing written
	})
}

func TestUpdateAnswersInOrder(t *testing.T) {
	t.Parallel()
	bad, good := UpdateNote{Title: crud.Set("")}, UpdateNote{Title: crud.Set("x")}
	across := UpdateNote{From: crud.Set(5)} // until must not be less: needs the row
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "a"})
		a.NoErr(err)
		for _, in := range []UpdateNote{bad, good, across, {}} {
			_, err = a.notes.Update(a.ann, uuid.New(), 1, in)
			a.Equal(joinery.KindOf(err), joinery.NotFound)
			_, err = a.notes.Update(a.ann, n.ID, 7, in)
			a.Equal(joinery.KindOf(err), joinery.Stale)
			var e *joinery.Error
			a.True(errors.As(err, &e))
			a.Equal(e.Version, int64(1))
		}
		_, err = a.notes.Update(a.ann, n.ID, 1, bad)
		a.Equal(pointers(err), []string{"/title"})
		_, err = a.notes.Update(a.ann, n.ID, 1, across)
		a.Equal(pointers(err), []string{"/until"})
		_, err = a.notes.Update(a.ann, n.ID, 1, UpdateNote{Title: crud.Null[string]()})
		a.Equal(pointers(err), []string{"/title"})
		_, err = a.notes.Update(a.ann, n.ID, crud.AnyVersion, good)
		a.NoErr(err)
	})
}

func TestUpdateManyIsAllOrNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		rows := letters(a, 3)
		change := func(i int, version int64, title string) query.Change[UpdateNote] {
			return query.Change[UpdateNote]{ID: rows[i].ID, Version: version, Update: UpdateNote{Title: crud.Set(title)}}
		}
		got, err := a.notes.UpdateMany(a.ann, []query.Change[UpdateNote]{change(2, 1, "z"), change(0, crud.AnyVersion, "y")})
		a.NoErr(err)
		a.Equal(titles(got), "zy") // in the order of the request
		_, err = a.notes.UpdateMany(a.ann, []query.Change[UpdateNote]{change(1, 1, "w"), change(0, 1, "v")})
		a.Equal(joinery.KindOf(err), joinery.Stale)
		a.Equal(pointers(err), []string{"/1"})
		_, err = a.notes.UpdateMany(a.ann, []query.Change[UpdateNote]{change(1, 1, ""), change(1, 1, "v")})
		a.Equal(joinery.KindOf(err), joinery.Invalid)
		a.Equal(pointers(err), []string{"/1/id"})
		n, err := a.notes.Get(a.ann, rows[1].ID)
		a.NoErr(err)
		a.Equal(n.Title, "b")
	})
}

// TestBar60_ManyWritersLoseNothing has 100 writers add 1 to a row ten times each;
// JOINERY_ADDS changes how often (100 before a release).
func TestBar60_ManyWritersLoseNothing(t *testing.T) {
	t.Parallel()
	const writers = 100
	adds := scale(t, "JOINERY_ADDS", 10)
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "count"})
		a.NoErr(err)
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range adds {
					if err := addOne(a, a.ann, n.ID); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		n, err = a.notes.Get(a.ann, n.ID)
		a.NoErr(err)
		a.Equal(n.Until, writers*adds)
		a.Equal(n.Version, int64(writers*adds+1))
	})
}

// addOne adds one to until, trying again when somebody else was faster or the
// database too busy, after a pause that grows so that somebody gets through.
func addOne(a *app, ctx context.Context, id uuid.UUID) error {
	for pause := time.Millisecond; ; pause = min(2*pause, 400*time.Millisecond) {
		n, err := a.notes.Get(ctx, id)
		if err == nil {
			_, err = a.notes.Update(ctx, id, n.Version, UpdateNote{Until: crud.Set(n.Until + 1)})
		}
		if !joinery.IsKind(err, joinery.Stale) && !joinery.IsKind(err, joinery.Unavailable) {
			return err
		}
		time.Sleep(rand.N(pause))
	}
}
