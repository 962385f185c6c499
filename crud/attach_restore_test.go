package crud_test

import (
	"context"
	"testing"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// A softly deleted row takes along what is attached to it, with its hooks, and
// brings it back; what was deleted before stays so.
func TestAttachedRowsAreDeletedAndRestored(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, b, _ := newAttached(t, db, nil)
		rows := letters(a, 2)
		billing(a, b, rows[0], "gold")
		alone := billing(a, b, rows[1], "free")
		var gone []string
		b.Hooks().Delete.After(func(_ context.Context, e *crud.DeleteEvent[Billing]) error {
			gone = append(gone, e.Row.Plan)
			return nil
		})
		a.NoErr(b.Delete(a.ann, alone.ID.UUID(), alone.Version))
		a.NoErr(a.notes.Delete(a.ann, rows[0].ID, 1))
		a.NoErr(a.notes.Delete(a.ann, rows[1].ID, 1))
		a.Equal(gone, []string{"free", "gold"})
		_, err := b.Get(a.ann, rows[0].ID)
		a.Equal(joinery.KindOf(err), joinery.NotFound)

		root := joinery.WithActor(t.Context(), joinery.RootActor())
		for _, n := range rows {
			_, err = a.notes.Restore(root, n.ID, 2)
			a.NoErr(err)
		}
		back, err := b.Get(a.ann, rows[0].ID)
		a.NoErr(err)
		a.Equal(back.Plan, "gold")
		_, err = b.Get(a.ann, rows[1].ID)
		a.Equal(joinery.KindOf(err), joinery.NotFound)
	})
}

// Purging a row removes what is attached to it, deleted or not.
func TestAttachedRowsArePurged(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, b, _ := newAttached(t, db, nil)
		rows := letters(a, 2)
		billing(a, b, rows[0], "gold")
		kept := billing(a, b, rows[1], "free")
		a.NoErr(a.notes.Delete(a.ann, rows[0].ID, 1))
		root := joinery.WithActor(t.Context(), joinery.RootActor())
		a.NoErr(a.notes.Purge(root, rows[0].ID, 2))
		page, err := b.List(root, query.Query{Deleted: true})
		a.NoErr(err)
		a.Equal(page.Items, []Billing{kept})
	})
}
