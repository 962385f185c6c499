package crud_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
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

// Badge is pinned to a note, which cannot go while it is.
type Badge struct {
	crud.Entity
	NoteID registry.Ref[Note] `json:"note_id" ref:"notes"`
}

type CreateBadge struct {
	NoteID registry.Ref[Note] `json:"note_id"`
}

type UpdateBadge struct{}

// blind hides badges from everyone but their creators.
type blind struct{ crud.Access }

func (b blind) Filter(ctx context.Context, m *registry.Model, a joinery.Actions, alias string) (squirrel.Sqlizer, error) {
	if m.Table == "badges" {
		return squirrel.Eq{alias + ".created_by_id": actorID(ctx)}, nil
	}
	return b.Access.Filter(ctx, m, a, alias)
}

func TestRestrictNamesTheModelToThoseWhoSeeIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newAppWith(t, db, blind{crud.Unrestricted}, func(a *app) {
			var err error
			a.badges, err = crud.New[Badge, CreateBadge, UpdateBadge](a.reg, db, blind{crud.Unrestricted}, nil)
			a.NoErr(err)
		})
		n, err := a.notes.Create(a.ann, CreateNote{Title: "pinned"})
		a.NoErr(err)
		b, err := a.badges.Create(a.ann, CreateBadge{NoteID: crud.Ref[Note](n.ID)})
		a.NoErr(err)
		for ctx, names := range map[context.Context]bool{a.ann: true, a.bob: false} {
			err = a.notes.Delete(ctx, n.ID, 1)
			var e *joinery.Error
			a.True(errors.As(err, &e))
			a.Equal(e.Kind, joinery.Conflict)
			a.Equal(e.Code, "in_use")
			a.Equal(strings.Contains(e.Message, "badges"), names)
		}
		a.NoErr(a.badges.Delete(a.ann, b.ID, 1)) // for good: badges have no deleted_at
		a.NoErr(a.notes.Delete(a.ann, n.ID, 1))
	})
}

func TestCascadeRunsTheHooksOfTheRowsThatGo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		_, n, _ := tree(a)
		var told []string
		h := a.comments.Hooks()
		h.Delete.Before(func(ctx context.Context, e *crud.DeleteEvent[Comment]) error {
			actor, err := joinery.ActorFrom(ctx)
			told = append(told, actor.Kind.String()+" before "+e.Row.Text)
			return err
		})
		h.All.After(func(_ context.Context, e *crud.Event[Comment]) error {
			told = append(told, string(e.Op)+" "+e.Row.Text)
			return nil
		})
		a.NoErr(a.notes.Delete(a.ann, n.ID, n.Version))
		slices.Sort(told)
		a.Equal(told, []string{"delete gone", "system before gone", "update stays"})
		_, n, _ = tree(a)
		h.Delete.Before(func(context.Context, *crud.DeleteEvent[Comment]) error {
			return joinery.Errorf(joinery.Conflict, "kept", "comments are kept")
		})
		a.Equal(joinery.KindOf(a.notes.Delete(a.ann, n.ID, n.Version)), joinery.Conflict)
		_, err := a.notes.Get(a.ann, n.ID)
		a.NoErr(err) // a veto on a row that goes along keeps them all
	})
}

func TestHiddenAndMissingRowsRunTheSameStatements(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, ownersOnly{}, nil)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "mine"})
		a.NoErr(err)
		calls := map[string]func(id uuid.UUID) error{
			"get": func(id uuid.UUID) error { _, err := a.notes.Get(a.bob, id); return err },
			"update": func(id uuid.UUID) error {
				_, err := a.notes.Update(a.bob, id, 1, UpdateNote{Title: crud.Set("x")})
				return err
			},
			"invalid": func(id uuid.UUID) error {
				_, err := a.notes.Update(a.bob, id, 1, UpdateNote{Title: crud.Set("")})
				return err
			},
			"across fields": func(id uuid.UUID) error {
				_, err := a.notes.Update(a.bob, id, 1, UpdateNote{From: crud.Set(1)})
				return err
			},
			"nothing": func(id uuid.UUID) error { _, err := a.notes.Update(a.bob, id, 9, UpdateNote{}); return err },
			"delete":  func(id uuid.UUID) error { return a.notes.Delete(a.bob, id, crud.AnyVersion) },
		}
		for name, call := range calls {
			count := func(id uuid.UUID) (int64, string) {
				before := db.Stats().Statements
				err := call(id)
				a.Equal(joinery.KindOf(err), joinery.NotFound)
				return db.Stats().Statements - before, err.Error()
			}
			hidden, said := count(n.ID)
			missing, says := count(uuid.New())
			if hidden != missing || said != says {
				t.Errorf("%s: %d statements and %q when hidden, %d and %q when missing", name, hidden, said, missing, says)
			}
		}
	})
}

// ownersOnly lets everyone see and change what they created, Root everything.
type ownersOnly struct{}

func (ownersOnly) Filter(ctx context.Context, m *registry.Model, _ joinery.Actions, alias string) (squirrel.Sqlizer, error) {
	return squirrel.Eq{alias + ".created_by_id": actorID(ctx)}, nil
}

func (ownersOnly) Place(context.Context, *registry.Model, registry.Row, registry.Row) error {
	return nil
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
