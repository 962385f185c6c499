package crud_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
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

func TestCommittedHooksAloneRunToo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, told := newApp(t, db, nil, nil), ""
		h := a.comments.Hooks() // nothing refers to comments
		h.Create.Committed(func(context.Context, crud.CreateEvent[Comment, CreateComment]) error { told += "c"; return nil })
		h.Update.Committed(func(context.Context, crud.UpdateEvent[Comment, UpdateComment]) error { told += "u"; return nil })
		h.Delete.Committed(func(_ context.Context, e crud.DeleteEvent[Comment]) error { told += "d" + e.Row.Text; return nil })
		n, err := a.notes.Create(a.ann, CreateNote{Title: "n"})
		a.NoErr(err)
		c, err := a.comments.Create(a.ann, CreateComment{NoteID: crud.Ref[Note](n.ID), Text: "x"})
		a.NoErr(err)
		_, err = a.comments.Update(a.ann, c.ID, 1, UpdateComment{Text: crud.Set("y")})
		a.NoErr(err)
		a.NoErr(a.comments.Delete(a.ann, c.ID, 2))
		a.Equal(told, "cudy")
	})
}

func TestCommittedHooksOfReadsWaitForTheCommit(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, told := newApp(t, db, nil, nil), ""
		n, err := a.notes.Create(a.ann, CreateNote{Title: "n"})
		a.NoErr(err)
		tell := func(ctx context.Context, what string) error {
			if sqldb.InTransaction(ctx, db) {
				what += " in a transaction"
			}
			told += what
			return nil
		}
		a.notes.Hooks().Get.Committed(func(ctx context.Context, _ crud.GetEvent[Note]) error { return tell(ctx, "g") })
		a.notes.Hooks().List.Committed(func(ctx context.Context, _ crud.ListEvent[Note]) error { return tell(ctx, "l") })
		a.NoErr(sqldb.InTx(a.ann, db, func(ctx context.Context) error {
			_, err := a.notes.Get(ctx, n.ID)
			a.NoErr(err)
			_, err = a.notes.List(ctx, query.Query{})
			told += "end "
			return err
		}))
		a.Equal(told, "end gl")
	})
}

// A delete may be run again after a conflict only where no hook ran: those of
// rows that go along count too.
func TestHooksOfRowsThatGoAlongRunOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, ran := newApp(t, db, nil, nil), 0
		_, n, _ := tree(a)
		a.comments.Hooks().Delete.After(func(context.Context, *crud.DeleteEvent[Comment]) error {
			ran++
			return &sqldb.Error{Class: sqldb.Serialization}
		})
		a.True(a.notes.Delete(a.ann, n.ID, n.Version) != nil)
		a.Equal(ran, 1)
		a.True(a.projects.Delete(a.ann, n.ProjectID.UUID(), 1) != nil) // two levels up
		a.Equal(ran, 2)
	})
}

func TestTwoManagersOfOneModel(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newManagers(t, db, nil, &crud.Options{Search: map[string]crud.Search{"high": {SQL: func(context.Context, any) (squirrel.Sqlizer, error) {
			return squirrel.Expr("length(body) > 1"), nil // unknown where there is no body
		}}}})
		projects, err := crud.New[Project, CreateProject, UpdateProject](a.reg, db, ownersOnly{}, nil)
		a.NoErr(err)
		notes, err := crud.New[Note, CreateNote, UpdateNote](a.reg, db, ownersOnly{}, nil)
		a.NoErr(err)
		a.createTables(t)
		p, err := a.projects.Create(a.ann, CreateProject{Name: "p"})
		a.NoErr(err)
		for ctx, body := range map[context.Context]*string{a.ann: ptr("long"), a.bob: nil} {
			_, err := a.notes.Create(ctx, CreateNote{Title: "n", Body: body, ProjectID: ptr(crud.Ref[Project](p.ID))})
			a.NoErr(err)
		}
		got, err := a.projects.Get(a.ann, p.ID, query.Include("notes"))
		a.NoErr(err)
		a.Equal(len(got.Notes), 2)
		got, err = projects.Get(a.ann, p.ID, query.Include("notes"))
		a.NoErr(err)
		a.Equal(len(got.Notes), 1) // as this manager's Access has it
		high := query.Eq("high", "x")
		for filter, want := range map[*query.Filter]int64{&high: 1, ptr(query.Not(high)): 1} {
			n, err := a.notes.Count(a.ann, query.Query{Filter: *filter})
			a.NoErr(err)
			a.Equal(n, want)
		}
		n, err := notes.Count(a.ann, query.Query{Filter: high}) // the other manager's field
		a.NoErr(err)
		a.Equal(n, int64(1))
	})
}

// turned gives the same two conditions for the same row to Ann as to Bob, only
// the other way round: who sees what the other one edits.
type turned struct {
	crud.Access
	all *sqldb.Fragment
	bob uuid.UUID
}

func (x *turned) Filter(ctx context.Context, _ *registry.Model, a joinery.Actions, _ string) (squirrel.Sqlizer, error) {
	if (a == joinery.View) == (actorID(ctx) == x.bob) {
		return squirrel.Expr("1=0"), nil
	}
	return &sqldb.Cond{Fragment: x.all}, nil
}

func TestStatementsTellTheOrderOfConditions(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		x := &turned{crud.Unrestricted, &sqldb.Fragment{SQL: "1=1"}, uuid.Nil}
		a := newApp(t, db, x, nil)
		x.bob = actorID(a.bob)
		n, err := a.projects.Create(a.ann, CreateProject{Name: "p"})
		a.NoErr(err)
		_, err = a.projects.Update(a.ann, n.ID, 1, UpdateProject{Name: crud.Set("")})
		a.Equal(joinery.KindOf(err), joinery.Forbidden)
		_, err = a.projects.Update(a.bob, n.ID, 1, UpdateProject{Name: crud.Set("")})
		a.Equal(joinery.KindOf(err), joinery.NotFound)
	})
}

// Odd is a table of somebody else's: no version, no times, and names that SQL
// would read otherwise.
type Odd struct {
	ID    uuid.UUID  `json:"id" db:"Odd Id" role:"id"`
	Gone  *time.Time `json:"gone" db:"Gone On" role:"deleted_at"`
	Order string     `json:"order" db:"Select" sortable:"true"`
	A     *string    `json:"a" db:"a"`
	B     *string    `json:"b" db:"b\" drop"`
	C     *string    `json:"c" db:"a.c"`
	D     *string    `json:"d" db:"c"`
}

func (Odd) Table() registry.Table { return registry.Table{Name: "Odd select"} }

type OddInput struct {
	Order string  `json:"order"`
	A     *string `json:"a"`
}

type OddChange struct {
	Order crud.Opt[string] `json:"order,omitzero"`
	A     crud.Opt[string] `json:"a,omitzero"`
	B     crud.Opt[string] `json:"b,omitzero"`
	C     crud.Opt[string] `json:"c,omitzero"`
	D     crud.Opt[string] `json:"d,omitzero"`
}

func TestTablesWithOddNamesAndNoVersion(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		var odd *crud.Manager[Odd, OddInput, OddChange]
		a := newAppWith(t, db, nil, func(a *app) {
			var err error
			odd, err = crud.New[Odd, OddInput, OddChange](a.reg, db, crud.Unrestricted, nil)
			a.NoErr(err)
		})
		o, err := odd.Create(a.ann, OddInput{Order: "1"})
		a.NoErr(err)
		o, err = odd.Update(a.ann, o.ID, 99, OddChange{C: crud.Set("ac")}) // any version: there is none
		a.NoErr(err)
		o, err = odd.Update(a.ann, o.ID, 0, OddChange{A: crud.Set("a"), D: crud.Set("c")})
		a.NoErr(err)
		a.Equal(*o.C+*o.A+*o.D, "acac")
		p, err := odd.List(a.ann, query.Query{Sort: []string{"order"}, Fields: []string{"c"}, Filter: query.Eq("order", "1")})
		a.NoErr(err)
		a.Equal(*p.Items[0].C, "ac")
		p, err = odd.List(a.ann, query.Query{Sort: []string{"order"}, Fields: []string{"a", "d"}, Filter: query.Eq("order", "1")})
		a.NoErr(err)
		a.Equal(*p.Items[0].A, "a")
		a.NoErr(odd.Delete(a.ann, o.ID, 5))
		_, err = odd.Get(a.ann, o.ID)
		a.Equal(joinery.KindOf(err), joinery.NotFound)
		a.Equal(joinery.KindOf(odd.Delete(a.ann, o.ID, 5)), joinery.NotFound)
	})
}
