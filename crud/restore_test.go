package crud_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// asRoot is a ctx in which Root acts.
func asRoot(t *testing.T) context.Context {
	return joinery.WithActor(t.Context(), joinery.RootActor())
}

// rootOnly are the calls that only Root may make, by name.
func rootOnly(a *app) map[string]func(ctx context.Context, id uuid.UUID, version int64) error {
	return map[string]func(ctx context.Context, id uuid.UUID, version int64) error{
		"restore": func(ctx context.Context, id uuid.UUID, version int64) error {
			_, err := a.notes.Restore(ctx, id, version)
			return err
		},
		"purge": a.notes.Purge,
	}
}

// What stands against a restore or purge is answered in the order of every
// write: hidden before forbidden before stale before a conflict.
func TestOnlyRootRestoresAndPurges(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newApp(t, db, nil, nil), asRoot(t)
		system := joinery.WithActor(t.Context(), joinery.SystemActor())
		rows := letters(a, 2)
		live, gone := rows[0].ID, rows[1].ID
		a.NoErr(a.notes.Delete(a.ann, gone, 1))
		for name, call := range rootOnly(a) {
			for ctx, kind := range map[context.Context]joinery.Kind{a.ann: joinery.Forbidden, system: joinery.Forbidden, root: joinery.Stale} {
				a.Equal(joinery.KindOf(call(ctx, live, 9)), kind) // seen
			}
			for ctx, kind := range map[context.Context]joinery.Kind{a.ann: joinery.NotFound, system: joinery.NotFound, root: joinery.Stale} {
				a.Equal(joinery.KindOf(call(ctx, gone, 1)), kind) // its version is 2
			}
			count := func(id uuid.UUID) (int64, string) {
				before := db.Stats().Statements
				err := call(a.ann, id, 1)
				return db.Stats().Statements - before, err.Error()
			}
			hidden, said := count(gone)
			missing, says := count(uuid.New())
			if hidden != missing || said != says {
				t.Errorf("%s: %d statements and %q when hidden, %d and %q when missing", name, hidden, said, missing, says)
			}
			a.Equal(joinery.KindOf(call(t.Context(), live, 1)), joinery.Unauthenticated)
		}
		_, err := a.notes.Restore(root, live, 1)
		a.Equal(joinery.KindOf(err), joinery.Conflict)
		a.Equal(codeOf(err), "not_deleted")
		_, err = a.notes.Restore(root, uuid.New(), 1)
		a.Equal(joinery.KindOf(err), joinery.NotFound)
	})
}

func codeOf(err error) string {
	var e *joinery.Error
	if !errors.As(err, &e) {
		return ""
	}
	return e.CodeOrKind()
}

func TestRowsThatAreNotKeptAreNeitherRestoredNorPurged(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newApp(t, db, nil, nil), asRoot(t)
		p, err := a.projects.Create(a.ann, CreateProject{Name: "p"})
		a.NoErr(err)
		_, err = a.projects.Restore(root, p.ID, 1)
		a.Equal(joinery.KindOf(err), joinery.Unsupported)
		a.Equal(joinery.KindOf(a.projects.Purge(root, p.ID, 1)), joinery.Unsupported)
	})
}

func TestRestoreBringsTheRowBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newApp(t, db, nil, nil), asRoot(t)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "a", Slug: ptr("a")})
		a.NoErr(err)
		a.NoErr(a.notes.Delete(a.ann, n.ID, 1))
		feed := a.notes.Feed().Subscribe(4)
		defer feed.Close()
		back, err := a.notes.Restore(root, n.ID, 2)
		a.NoErr(err)
		a.Equal(back.Version, int64(3))
		a.True(back.DeletedAt == nil && back.DeletedByID == nil)
		a.Equal(*back.UpdatedByID, actorID(root))
		a.Equal(<-feed.Events(), query.Changed{Model: "notes", Op: query.OpRestore, ID: n.ID, Version: 3})
		got, err := a.notes.Get(a.ann, n.ID)
		a.NoErr(err)
		a.Equal(got, back)

		a.NoErr(a.notes.Delete(a.ann, n.ID, 3))
		other, err := a.notes.Create(a.ann, CreateNote{Title: "b", Slug: ptr("a")}) // keys hold over live rows
		a.NoErr(err)
		_, err = a.notes.Restore(root, n.ID, crud.AnyVersion)
		a.Equal(codeOf(err), "taken")
		a.Equal(pointers(err), []string{"/slug"})
		a.NoErr(a.notes.Delete(a.ann, other.ID, 1))
		_, err = a.notes.Restore(root, n.ID, crud.AnyVersion)
		a.NoErr(err)
	})
}

// told collects what the hooks of comments are told of restores and purges.
func told(a *app) *[]string {
	var list []string
	tell := func(ctx context.Context, phase, op, text string) error {
		actor, err := joinery.ActorFrom(ctx)
		list = append(list, actor.Kind.String()+" "+phase+" "+op+" "+text)
		return err
	}
	h := a.comments.Hooks()
	h.Restore.Before(func(ctx context.Context, e *crud.RestoreEvent[Comment]) error {
		return tell(ctx, "before", "restore", e.Row.Text)
	})
	h.Restore.Committed(func(ctx context.Context, e crud.RestoreEvent[Comment]) error {
		return tell(ctx, "committed", "restore", e.Row.Text)
	})
	h.Purge.After(func(ctx context.Context, e *crud.PurgeEvent[Comment]) error {
		return tell(ctx, "after", "purge", e.Row.Text)
	})
	h.Purge.Committed(func(ctx context.Context, e crud.PurgeEvent[Comment]) error {
		return tell(ctx, "committed", "purge", e.Row.Text)
	})
	h.Delete.Before(func(ctx context.Context, e *crud.DeleteEvent[Comment]) error {
		return tell(ctx, "before", "delete", e.Row.Text)
	})
	return &list
}

func TestRestoreRevivesWhatWentAlong(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newApp(t, db, nil, nil), asRoot(t)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "n"})
		a.NoErr(err)
		var comments []Comment
		for _, text := range []string{"early", "along"} {
			c, err := a.comments.Create(a.ann, CreateComment{NoteID: crud.Ref[Note](n.ID), Text: text})
			a.NoErr(err)
			comments = append(comments, c)
		}
		a.NoErr(a.comments.Delete(a.ann, comments[0].ID, 1))
		a.NoErr(a.notes.Delete(a.ann, n.ID, 1))
		list, feed := told(a), a.notes.Feed().Subscribe(4)
		defer feed.Close()
		_, err = a.notes.Restore(root, n.ID, 2)
		a.NoErr(err)
		a.Equal(*list, []string{"system before restore along", "system committed restore along"})
		a.Equal((<-feed.Events()).Model, "comments")
		a.Equal((<-feed.Events()).Model, "notes")
		page, err := a.comments.List(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(len(page.Items), 1)
		a.Equal(page.Items[0].ID, comments[1].ID)
		a.Equal(page.Items[0].Version, int64(3))
		_, err = a.comments.Restore(root, comments[0].ID, crud.AnyVersion) // by itself, now that its note is back
		a.NoErr(err)
	})
}

// More rows than are read at a time, on several levels.
func TestRestoreOfALargeTree(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newCrates(t, db), asRoot(t)
		top, err := a.crates.Create(a.ann, CreateCrate{Name: "top"})
		a.NoErr(err)
		children := make([]CreateCrate, 1_100)
		for i := range children {
			children[i] = CreateCrate{Name: "child", ParentID: &top.ID}
		}
		list, err := a.crates.CreateMany(a.ann, children)
		a.NoErr(err)
		_, err = a.crates.Create(a.ann, CreateCrate{Name: "grandchild", ParentID: &list[600].ID})
		a.NoErr(err)
		a.NoErr(a.crates.Delete(a.ann, top.ID, 1))
		_, err = a.crates.Restore(root, top.ID, 2)
		a.NoErr(err)
		n, err := a.crates.Count(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(n, int64(1_102))
		a.NoErr(a.crates.Delete(a.ann, top.ID, 3))
		a.NoErr(a.crates.Purge(root, top.ID, 4))
		n, err = a.crates.Count(root, query.Query{Deleted: true})
		a.NoErr(err)
		a.Equal(n, int64(0))
	})
}

// A live row refers to no deleted one.
func TestRestoreBelowADeletedRow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newApp(t, db, nil, nil), asRoot(t)
		_, n, c := tree(a) // c stays with the other note, and was seen in n
		kept := Comment{}
		page, err := a.comments.List(a.ann, query.Query{Filter: query.Eq("text", "gone")})
		a.NoErr(err)
		kept = page.Items[0]
		a.NoErr(a.comments.Delete(a.ann, c.ID, c.Version)) // keeps the reference to n
		a.NoErr(a.notes.Delete(a.ann, n.ID, n.Version))

		_, err = a.comments.Restore(root, kept.ID, crud.AnyVersion) // it went with its note
		a.Equal(joinery.KindOf(err), joinery.Conflict)
		a.Equal(codeOf(err), "parent_deleted")
		a.Equal(pointers(err), []string{"/note_id"})
		back, err := a.comments.Restore(root, c.ID, crud.AnyVersion)
		a.NoErr(err)
		a.True(back.SeenIn == nil) // as if it had been live when that note was deleted
		a.Equal(back.Version, c.Version+2)
		a.NoErr(a.comments.Delete(a.ann, back.ID, back.Version))

		_, err = a.notes.Restore(root, n.ID, crud.AnyVersion)
		a.NoErr(err)
		_, err = a.comments.Get(a.ann, kept.ID)
		a.NoErr(err)
	})
}

func TestRestoreHooksVetoAndSkip(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newApp(t, db, nil, nil), asRoot(t)
		_, n, _ := tree(a)
		a.NoErr(a.notes.Delete(a.ann, n.ID, n.Version))
		deleted := func() int64 {
			count, err := a.comments.Count(root, query.Query{Deleted: true, Filter: query.NotNull("deleted_at")})
			a.NoErr(err)
			return count
		}
		a.Equal(deleted(), int64(1))
		how := ""
		a.comments.Hooks().Restore.Before(func(_ context.Context, e *crud.RestoreEvent[Comment]) error {
			switch how {
			case "veto":
				return joinery.Errorf(joinery.Conflict, "kept", "comments stay away")
			case "panic":
				panic("secret")
			case "skip":
				e.Skip(Comment{})
			}
			return nil
		})
		for _, how = range []string{"veto", "panic"} {
			_, err := a.notes.Restore(root, n.ID, 2)
			a.True(err != nil && !strings.Contains(err.Error(), "secret"))
			_, err = a.notes.Get(a.ann, n.ID)
			a.Equal(joinery.KindOf(err), joinery.NotFound) // all or nothing
		}
		how = "skip"
		_, err := a.notes.Restore(root, n.ID, 2)
		a.NoErr(err)
		a.Equal(deleted(), int64(1))

		a.NoErr(a.notes.Delete(a.ann, n.ID, 3))
		feed := a.notes.Feed().Subscribe(1)
		defer feed.Close()
		a.notes.Hooks().Restore.Before(func(_ context.Context, e *crud.RestoreEvent[Note]) error {
			e.Skip(Note{Title: "made up"})
			return nil
		})
		got, err := a.notes.Restore(root, n.ID, 4)
		a.NoErr(err)
		a.Equal(got.Title, "made up")
		a.Equal(len(feed.Events()), 0)
	})
}

// Crate is a tree of rows that go and come back together, each with a cover
// that may be one of the rows below it, and a lock that keeps it.
type Crate struct {
	crud.Entity
	crud.SoftDelete
	Name     string     `json:"name"`
	ParentID *uuid.UUID `json:"parent_id" ref:"self,cascade"`
	CoverID  *uuid.UUID `json:"cover_id" ref:"self,setnull"`
	NeedsID  *uuid.UUID `json:"needs_id" ref:"self"`
}

type CreateCrate struct {
	Name     string     `json:"name"`
	ParentID *uuid.UUID `json:"parent_id"`
	CoverID  *uuid.UUID `json:"cover_id"`
	NeedsID  *uuid.UUID `json:"needs_id"`
}

type UpdateCrate struct {
	CoverID crud.Opt[uuid.UUID] `json:"cover_id,omitzero"`
	NeedsID crud.Opt[uuid.UUID] `json:"needs_id,omitzero"`
}

// Lid belongs to two crates.
type Lid struct {
	crud.Entity
	crud.SoftDelete
	LeftID  registry.Ref[Crate] `json:"left_id" ref:"crates,cascade"`
	RightID registry.Ref[Crate] `json:"right_id" ref:"crates,cascade"`
}

type CreateLid struct {
	LeftID  registry.Ref[Crate] `json:"left_id"`
	RightID registry.Ref[Crate] `json:"right_id"`
}

type UpdateLid struct{}

type crateApp struct {
	*app
	crates *crud.Manager[Crate, CreateCrate, UpdateCrate]
	lids   *crud.Manager[Lid, CreateLid, UpdateLid]
}

func newCrates(t *testing.T, db *sqldb.DB) *crateApp {
	f := &crateApp{}
	f.app = newAppWith(t, db, nil, func(a *app) {
		var err error
		f.crates, err = crud.New[Crate, CreateCrate, UpdateCrate](a.reg, db, crud.Unrestricted, nil)
		a.NoErr(err)
		f.lids, err = crud.New[Lid, CreateLid, UpdateLid](a.reg, db, crud.Unrestricted, nil)
		a.NoErr(err)
	})
	return f
}

// References among rows that come back together are kept, whichever comes
// first.
func TestRestoreKeepsReferencesWithinTheTree(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newCrates(t, db), asRoot(t)
		top, err := a.crates.Create(a.ann, CreateCrate{Name: "top"})
		a.NoErr(err)
		first, err := a.crates.Create(a.ann, CreateCrate{Name: "first", ParentID: &top.ID})
		a.NoErr(err)
		second, err := a.crates.Create(a.ann, CreateCrate{Name: "second", ParentID: &top.ID})
		a.NoErr(err)
		_, err = a.crates.Update(a.ann, top.ID, 1, UpdateCrate{CoverID: crud.Set(second.ID)})
		a.NoErr(err)
		_, err = a.crates.Update(a.ann, first.ID, 1, UpdateCrate{CoverID: crud.Set(second.ID)})
		a.NoErr(err)
		a.NoErr(a.crates.Delete(a.ann, top.ID, crud.AnyVersion))
		back, err := a.crates.Restore(root, top.ID, crud.AnyVersion)
		a.NoErr(err)
		a.Equal(*back.CoverID, second.ID)
		got, err := a.crates.Get(a.ann, first.ID)
		a.NoErr(err)
		a.Equal(*got.CoverID, second.ID)
		a.Equal(got.Version, int64(4)) // created, covered, deleted, restored: nothing in between
	})
}

// What was deleted at the same time, but by itself, does not come back.
func TestRestoreClearsWhatStaysDeleted(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newCrates(t, db), asRoot(t)
		cover, err := a.crates.Create(a.ann, CreateCrate{Name: "cover"})
		a.NoErr(err)
		needed, err := a.crates.Create(a.ann, CreateCrate{Name: "needed"})
		a.NoErr(err)
		covered, err := a.crates.Create(a.ann, CreateCrate{Name: "covered", CoverID: &cover.ID})
		a.NoErr(err)
		needs, err := a.crates.Create(a.ann, CreateCrate{Name: "needs", NeedsID: &needed.ID})
		a.NoErr(err)
		a.NoErr(a.crates.DeleteMany(a.ann, []query.Ident{{ID: covered.ID, Version: 1}, {ID: needs.ID, Version: 1}}))
		a.NoErr(a.crates.DeleteMany(a.ann, []query.Ident{{ID: cover.ID, Version: 1}, {ID: needed.ID, Version: 1}}))
		a.sameInstant(db)
		feed := a.notes.Feed().Subscribe(4)
		defer feed.Close()
		back, err := a.crates.Restore(root, covered.ID, 2)
		a.NoErr(err)
		a.True(back.CoverID == nil)
		_, err = a.crates.Restore(root, needs.ID, 2)
		a.Equal(codeOf(err), "parent_deleted")
		a.Equal(pointers(err), []string{"/needs_id"})
		_, err = a.crates.Restore(root, needed.ID, 2)
		a.NoErr(err)
		_, err = a.crates.Restore(root, needs.ID, 2)
		a.NoErr(err)
	})
}

// sameInstant makes all deletions as old as each other.
func (a *crateApp) sameInstant(db *sqldb.DB) {
	_, err := db.Exec(a.ann, squirrel.Expr("UPDATE crates SET deleted_at = (SELECT max(deleted_at) FROM crates) WHERE deleted_at IS NOT NULL"))
	a.NoErr(err)
}

// A row below that refers to a deleted row by cascade stays away, one that
// needs it forbids the restore.
func TestRestoreLeavesRowsWithAnotherDeletedParent(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newCrates(t, db), asRoot(t)
		crates := []Crate{}
		for _, name := range []string{"top", "needed"} {
			c, err := a.crates.Create(a.ann, CreateCrate{Name: name})
			a.NoErr(err)
			crates = append(crates, c)
		}
		top, needed := crates[0], crates[1]
		child, err := a.crates.Create(a.ann, CreateCrate{Name: "child", ParentID: &top.ID, NeedsID: &needed.ID})
		a.NoErr(err)
		a.NoErr(a.crates.Delete(a.ann, top.ID, 1))
		a.NoErr(a.crates.Delete(a.ann, needed.ID, 1)) // nothing live needs it
		_, err = a.crates.Restore(root, top.ID, 2)
		a.Equal(codeOf(err), "parent_deleted")
		a.Equal(len(pointers(err)), 0) // no field of the row that was asked for
		_, err = a.crates.Get(a.ann, top.ID)
		a.Equal(joinery.KindOf(err), joinery.NotFound)
		_, err = a.crates.Restore(root, needed.ID, 2)
		a.NoErr(err)
		_, err = a.crates.Restore(root, top.ID, 2)
		a.NoErr(err)
		_, err = a.crates.Get(a.ann, child.ID)
		a.NoErr(err)
	})
}

func TestRestoreLeavesRowsOfAnotherDeletion(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newCrates(t, db), asRoot(t)
		left, err := a.crates.Create(a.ann, CreateCrate{Name: "left"})
		a.NoErr(err)
		right, err := a.crates.Create(a.ann, CreateCrate{Name: "right"})
		a.NoErr(err)
		both, err := a.lids.Create(a.ann, CreateLid{LeftID: crud.Ref[Crate](left.ID), RightID: crud.Ref[Crate](right.ID)})
		a.NoErr(err)
		a.NoErr(a.crates.Delete(a.ann, left.ID, 1))
		a.NoErr(a.crates.Delete(a.ann, right.ID, 1))
		_, err = a.crates.Restore(root, left.ID, 2)
		a.NoErr(err)
		_, err = a.lids.Get(a.ann, both.ID) // it would have gone with the right one
		a.Equal(joinery.KindOf(err), joinery.NotFound)
		_, err = a.crates.Restore(root, right.ID, 2)
		a.NoErr(err)
		_, err = a.lids.Restore(root, both.ID, 2)
		a.NoErr(err)
	})
}

// A deletion and a restoration at once leave no live row below a deleted one.
func TestRestoreAgainstDelete(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newCrates(t, db), asRoot(t)
		for range scale(t, "JOINERY_ADDS", 10) {
			top, err := a.crates.Create(a.ann, CreateCrate{Name: "top"})
			a.NoErr(err)
			child, err := a.crates.Create(a.ann, CreateCrate{Name: "child", ParentID: &top.ID})
			a.NoErr(err)
			a.NoErr(a.crates.Delete(a.ann, child.ID, 1))
			var wg sync.WaitGroup
			wg.Go(func() { _ = a.crates.Delete(a.ann, top.ID, crud.AnyVersion) })
			wg.Go(func() { _, _ = a.crates.Restore(root, child.ID, crud.AnyVersion) })
			wg.Wait()
			above, err := a.crates.Exists(a.ann, top.ID)
			a.NoErr(err)
			below, err := a.crates.Exists(a.ann, child.ID)
			a.NoErr(err)
			if below && !above {
				t.Fatal("a live row below a deleted one")
			}
		}
	})
}
