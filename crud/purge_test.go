package crud_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

func TestPurgeRemovesLiveAndDeletedRows(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newApp(t, db, nil, nil), asRoot(t)
		feed := a.notes.Feed().Subscribe(10)
		defer feed.Close()
		for _, deleted := range []bool{false, true} {
			n, err := a.notes.Create(a.ann, CreateNote{Title: "n"})
			a.NoErr(err)
			<-feed.Events()
			if deleted {
				a.NoErr(a.notes.Delete(a.ann, n.ID, 1))
				n.Version = (<-feed.Events()).Version
			}
			a.Equal(joinery.KindOf(a.notes.Purge(root, n.ID, n.Version+1)), joinery.Stale)
			a.NoErr(a.notes.Purge(root, n.ID, n.Version))
			a.Equal(<-feed.Events(), query.Changed{Model: "notes", Op: query.OpPurge, ID: n.ID, Version: n.Version})
			_, err = a.notes.Get(root, n.ID)
			a.Equal(joinery.KindOf(err), joinery.NotFound)
			a.Equal(joinery.KindOf(a.notes.Purge(root, n.ID, n.Version)), joinery.NotFound)
		}
	})
}

func TestPurgeFollowsReferences(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newApp(t, db, nil, nil), asRoot(t)
		_, n, seen := tree(a)
		early, err := a.comments.Create(a.ann, CreateComment{NoteID: crud.Ref[Note](n.ID), Text: "early"})
		a.NoErr(err)
		a.NoErr(a.comments.Delete(a.ann, early.ID, 1))
		list := told(a)
		feed := a.notes.Feed().Subscribe(10)
		defer feed.Close()
		a.NoErr(a.notes.Purge(root, n.ID, 1))
		got := *list
		slices.Sort(got)
		a.Equal(got, []string{
			"system after purge early", "system after purge gone",
			"system committed purge early", "system committed purge gone",
		})
		events := map[string]int{}
		for range 4 {
			e := <-feed.Events()
			events[string(e.Op)+" "+e.Model]++
		}
		a.Equal(events, map[string]int{"purge comments": 2, "update comments": 1, "purge notes": 1})
		a.Equal(len(feed.Events()), 0)
		page, err := a.comments.List(root, query.Query{Deleted: true})
		a.NoErr(err)
		a.Equal(len(page.Items), 1)
		a.Equal(page.Items[0].ID, seen.ID)
		a.True(page.Items[0].SeenIn == nil)
	})
}

// Rows of a model that keeps none are deleted, those of one that does are
// purged once they were deleted before.
func TestHooksOfRowsThatLeaveWithAHardDelete(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		p, n, _ := tree(a)
		c, err := a.comments.Create(a.ann, CreateComment{NoteID: crud.Ref[Note](n.ID), Text: "early"})
		a.NoErr(err)
		a.NoErr(a.comments.Delete(a.ann, c.ID, 1))
		list := told(a)
		a.NoErr(a.projects.Delete(a.ann, p.ID, p.Version))
		got := *list
		slices.Sort(got)
		a.Equal(got, []string{"system after purge early", "system before delete gone", "system committed purge early"})
	})
}

// Pin holds a note, deleted or not.
type Pin struct {
	crud.Entity
	crud.SoftDelete
	NoteID registry.Ref[Note] `json:"note_id" ref:"notes"`
}

type CreatePin struct {
	NoteID registry.Ref[Note] `json:"note_id"`
}

type UpdatePin struct{}

func TestPurgeIsRefusedByDeletedRowsToo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		var pins *crud.Manager[Pin, CreatePin, UpdatePin]
		a := newAppWith(t, db, nil, func(a *app) {
			var err error
			pins, err = crud.New[Pin, CreatePin, UpdatePin](a.reg, db, crud.Unrestricted, nil)
			a.NoErr(err)
		})
		root := asRoot(t)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "pinned"})
		a.NoErr(err)
		pin, err := pins.Create(a.ann, CreatePin{NoteID: crud.Ref[Note](n.ID)})
		a.NoErr(err)
		a.Equal(codeOf(a.notes.Purge(root, n.ID, 1)), "in_use")
		a.NoErr(pins.Delete(a.ann, pin.ID, 1))
		err = a.notes.Purge(root, n.ID, 1)
		a.Equal(joinery.KindOf(err), joinery.Conflict)
		a.Equal(err.Error(), "conflict (in_use): rows of pins refer to it")
		a.NoErr(a.notes.Delete(a.ann, n.ID, 1)) // which only live ones refuse
		_, err = pins.Restore(root, pin.ID, 2)
		a.Equal(codeOf(err), "parent_deleted")
		a.NoErr(pins.Purge(root, pin.ID, 2))
		a.NoErr(a.notes.Purge(root, n.ID, 2))
	})
}

func TestPurgeHooksVetoAndSkip(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newApp(t, db, nil, nil), asRoot(t)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "n"})
		a.NoErr(err)
		how := ""
		a.notes.Hooks().Purge.Before(func(_ context.Context, e *crud.PurgeEvent[Note]) error {
			a.Equal(e.Row.Title, "n")
			switch how {
			case "panic":
				panic("secret")
			case "skip":
				e.Skip(struct{}{})
			}
			return nil
		})
		how = "panic"
		a.Equal(joinery.KindOf(a.notes.Purge(root, n.ID, 1)), joinery.Internal)
		how = "skip"
		a.NoErr(a.notes.Purge(root, n.ID, 1))
		_, err = a.notes.Get(a.ann, n.ID)
		a.NoErr(err)
		how = ""
		a.NoErr(a.notes.Purge(root, n.ID, 1))
	})
}

// keeper is an Access that keeps something about rows.
type keeper struct {
	crud.Access
	forgot *[]string
}

func (k keeper) Forget(_ context.Context, m *registry.Model, ids ...uuid.UUID) error {
	for range ids {
		*k.forgot = append(*k.forgot, m.Table)
	}
	return nil
}

func TestAccessForgetsRowsThatLeaveTheirTable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		var forgot []string
		a, root := newApp(t, db, keeper{crud.Unrestricted, &forgot}, nil), asRoot(t)
		p, n, _ := tree(a)
		a.NoErr(a.notes.Delete(a.ann, n.ID, 1))
		a.Equal(len(forgot), 0) // it may come back
		a.NoErr(a.notes.Purge(root, n.ID, 2))
		slices.Sort(forgot)
		a.Equal(forgot, []string{"comments", "notes"})
		a.NoErr(a.projects.Delete(a.ann, p.ID, p.Version)) // which keeps nothing
		a.Equal(forgot, []string{"comments", "notes", "projects"})
	})
}

// The row that takes the place of a deleted one has its id.
func TestAccessForgetsRowsThatAreReplaced(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		var forgot []string
		a, b, _ := newAttached(t, db, keeper{crud.Unrestricted, &forgot})
		n := letters(a, 1)[0]
		old := billing(a, b, n, "gold")
		a.Equal(len(forgot), 0)
		a.NoErr(b.Delete(a.ann, n.ID, old.Version))
		billing(a, b, n, "free")
		a.Equal(forgot, []string{"billings"})
	})
}
