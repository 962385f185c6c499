package crud_test

import (
	"testing"

	"github.com/google/uuid"

	joinery "github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
)

func TestDeleteHidesFromAllButRoot(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "a"})
		a.NoErr(err)
		a.Equal(joinery.KindOf(a.notes.Delete(a.ann, uuid.New(), 1)), joinery.NotFound)
		a.Equal(joinery.KindOf(a.notes.Delete(a.ann, n.ID, 2)), joinery.Stale)
		a.NoErr(a.notes.Delete(a.ann, n.ID, 1))
		a.Equal(joinery.KindOf(a.notes.Delete(a.ann, n.ID, 2)), joinery.NotFound)
		_, err = a.notes.Get(a.ann, n.ID)
		a.Equal(joinery.KindOf(err), joinery.NotFound)
		root := joinery.WithActor(t.Context(), joinery.RootActor())
		got, err := a.notes.Get(root, n.ID)
		a.NoErr(err)
		a.True(got.DeletedAt != nil)
		a.Equal(*got.DeletedByID, actorID(a.ann))
		a.Equal(got.Version, int64(2))
		a.Equal(joinery.KindOf(a.notes.Delete(root, n.ID, 2)), joinery.Conflict)
		p, err := a.notes.List(root, query.Query{})
		a.NoErr(err)
		a.Equal(len(p.Items), 0)
		p, err = a.notes.List(root, query.Query{Deleted: true})
		a.NoErr(err)
		a.Equal(len(p.Items), 1)
		_, err = a.notes.List(a.ann, query.Query{Deleted: true})
		a.Equal(joinery.KindOf(err), joinery.Forbidden)
	})
}

// tree makes a project with one note that has two comments, one of which is
// also seen in another note.
func tree(a *app) (p Project, n Note, c Comment) {
	p, err := a.projects.Create(a.ann, CreateProject{Name: "p"})
	a.NoErr(err)
	n, err = a.notes.Create(a.ann, CreateNote{Title: "n", ProjectID: ptr(crud.Ref[Project](p.ID))})
	a.NoErr(err)
	other, err := a.notes.Create(a.ann, CreateNote{Title: "other"})
	a.NoErr(err)
	_, err = a.comments.Create(a.ann, CreateComment{NoteID: crud.Ref[Note](n.ID), Text: "gone"})
	a.NoErr(err)
	c, err = a.comments.Create(a.ann, CreateComment{NoteID: crud.Ref[Note](other.ID), SeenIn: ptr(crud.Ref[Note](n.ID)), Text: "stays"})
	a.NoErr(err)
	return p, n, c
}

func TestSoftDeleteCascadesAndSetsNull(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		_, n, c := tree(a)
		feed := crud.FeedOf(a.reg).Subscribe(10)
		defer feed.Close()
		a.NoErr(a.notes.Delete(a.ann, n.ID, n.Version))
		p, err := a.comments.List(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(len(p.Items), 1)
		a.Equal(p.Items[0].ID, c.ID)
		a.True(p.Items[0].SeenIn == nil)
		a.Equal(p.Items[0].Version, int64(2))
		told := map[string]int{}
		for range 3 {
			e := <-feed.Events()
			told[string(e.Op)+" "+e.Model]++
		}
		a.Equal(told, map[string]int{"delete comments": 1, "update comments": 1, "delete notes": 1})
	})
}

func TestHardDeleteTakesDeletedRowsAlong(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		p, n, _ := tree(a)
		a.NoErr(a.notes.Delete(a.ann, n.ID, n.Version)) // soft: its row still names the project
		a.NoErr(a.projects.Delete(a.ann, p.ID, p.Version))
		root := joinery.WithActor(t.Context(), joinery.RootActor())
		_, err := a.notes.Get(root, n.ID)
		a.Equal(joinery.KindOf(err), joinery.NotFound)
	})
}

func TestDeleteManyIsAllOrNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		rows := letters(a, 3)
		err := a.notes.DeleteMany(a.ann, []query.Ident{{ID: rows[0].ID, Version: 1}, {ID: rows[1].ID, Version: 9}})
		a.Equal(joinery.KindOf(err), joinery.Stale)
		a.Equal(pointers(err), []string{"/1"})
		err = a.notes.DeleteMany(a.ann, []query.Ident{{ID: rows[0].ID, Version: 1}, {ID: rows[0].ID, Version: 1}})
		a.Equal(joinery.KindOf(err), joinery.Invalid)
		a.NoErr(a.notes.DeleteMany(a.ann, []query.Ident{{ID: rows[0].ID, Version: 1}, {ID: rows[1].ID, Version: crud.AnyVersion}}))
		n, err := a.notes.Count(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(n, int64(1))
	})
}
