package crud_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	joinery "github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// A Before hook may refuse with any kind: Invalid is the one that the manager
// itself answers with too.
func TestVetoOfKindInvalidIsTheAnswer(t *testing.T) {
	t.Parallel()
	veto := joinery.Errorf(joinery.Invalid, "no_mondays", "not on Mondays")
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		old, err := a.notes.Create(a.ann, CreateNote{Title: "old"})
		a.NoErr(err)
		feed := a.notes.Feed().Subscribe(4)
		defer feed.Close()
		h := a.notes.Hooks()
		h.Create.Before(func(context.Context, *creating) error { return veto })
		h.Update.Before(func(context.Context, *updating) error { return veto })
		_, err = a.notes.Create(a.ann, CreateNote{Title: "x"})
		a.True(errors.Is(err, veto))
		_, err = a.notes.Update(a.ann, old.ID, 1, UpdateNote{Title: crud.Set("x")})
		a.True(errors.Is(err, veto))
		_, err = a.notes.CreateMany(a.ann, []CreateNote{{Title: "x"}, {Title: "y"}})
		a.Equal(joinery.KindOf(err), joinery.Invalid)
		a.Equal(pointers(err), []string{"/0", "/1"})
		n, err := a.notes.Count(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(n, int64(1))
		a.Equal(len(feed.Events()), 0)
	})
}

func TestConflictInABatchTellsWhichRow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		rows := letters(a, 3)
		_, err := a.notes.UpdateMany(a.ann, []query.Change[UpdateNote]{
			{ID: rows[0].ID, Version: 1, Update: UpdateNote{Slug: crud.Set("s")}},
			{ID: rows[1].ID, Version: 1, Update: UpdateNote{Slug: crud.Set("s")}},
		})
		a.Equal(joinery.KindOf(err), joinery.Conflict)
		a.Equal(pointers(err), []string{"/1/slug"})
	})
}

func TestARowNamedTwiceIsToldLast(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "x"})
		a.NoErr(err)
		gone := uuid.New()
		change := func(id uuid.UUID, v int64) query.Change[UpdateNote] {
			return query.Change[UpdateNote]{ID: id, Version: v, Update: UpdateNote{Title: crud.Set("y")}}
		}
		for want, list := range map[joinery.Kind][]query.Change[UpdateNote]{
			joinery.NotFound: {change(n.ID, 1), change(gone, 1), change(gone, 1)},
			joinery.Stale:    {change(n.ID, 1), change(n.ID, 2)},
			joinery.Invalid:  {change(n.ID, 1), change(n.ID, 1)},
		} {
			_, err := a.notes.UpdateMany(a.ann, list)
			a.Equal(joinery.KindOf(err), want)
			idents := make([]query.Ident, len(list))
			for i, ch := range list {
				idents[i] = query.Ident{ID: ch.ID, Version: ch.Version}
			}
			a.Equal(joinery.KindOf(a.notes.DeleteMany(a.ann, idents)), want)
		}
	})
}

func TestCreateRowKeepsWhatIsGiven(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		at := time.Date(2020, 1, 2, 3, 4, 5, 6000, time.UTC)
		by := actorID(a.bob)
		row := Note{Title: "old", Status: "done"}
		row.ID, row.CreatedAt, row.CreatedByID, row.Version = uuid.New(), at, &by, 7
		row.UpdatedAt, row.UpdatedByID = at, &by
		system := joinery.WithActor(t.Context(), joinery.SystemActor())
		got, err := a.notes.CreateRow(system, row)
		a.NoErr(err)
		a.Equal(got.ID, row.ID)
		a.Equal(got.CreatedAt, at)
		a.Equal(got.UpdatedAt, at)
		a.Equal(*got.CreatedByID, by)
		a.Equal(*got.UpdatedByID, by)
		a.Equal(got.Version, int64(7))

		b := Comment{Text: "c", NoteID: crud.Ref[Note](row.ID)}
		b.CreatedByID = &by
		c, err := a.comments.CreateRow(system, b)
		a.NoErr(err)
		a.Equal(*c.CreatedByID, by)
	})
}
