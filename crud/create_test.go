package crud_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
)

func TestCreateFillsWhatTheManagerKeeps(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		at := time.Date(2026, 5, 1, 12, 0, 0, 123456789, time.FixedZone("east", 7200))
		a := newApp(t, db, nil, &crud.Options{Now: func() time.Time { return at }})
		n, err := a.notes.Create(a.ann, CreateNote{Title: "first"})
		a.NoErr(err)
		a.Equal(n.ID.Version(), uuid.Version(7))
		a.Equal(n.Version, int64(1))
		a.Equal(n.Status, status("open")) // the default
		a.True(n.CreatedAt.Equal(at.Truncate(time.Microsecond)))
		a.Equal(n.CreatedAt.Location(), time.UTC)
		a.Equal(*n.CreatedByID, actorID(a.ann))
		a.Equal(*n.UserID, actorID(a.ann))
		a.Equal(*n.UpdatedByID, actorID(a.ann))
		got, err := a.notes.Get(a.bob, n.ID)
		a.NoErr(err)
		a.Equal(got, n) // what was answered is what is stored
	})
}

func TestCreateTellsAllFieldsAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		_, err := a.notes.Create(a.ann, CreateNote{Priority: 10, Status: "lost"})
		a.Equal(joinery.KindOf(err), joinery.Invalid)
		a.Equal(pointers(err), []string{"/priority", "/status", "/title"})
		_, err = a.notes.CreateMany(a.ann, []CreateNote{{Title: "fine"}, {Title: "x", Priority: -1}})
		a.Equal(pointers(err), []string{"/1/priority"})
		n, err := a.notes.Count(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(n, int64(0)) // all or nothing
	})
}

func TestCreateNamesTheKeyAndTheReference(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "a", Slug: ptr("same")})
		a.NoErr(err)
		_, err = a.notes.Create(a.ann, CreateNote{Title: "b", Slug: ptr("same")})
		a.Equal(joinery.KindOf(err), joinery.Conflict)
		a.Equal(pointers(err), []string{"/slug"})
		a.NoErr(a.notes.Delete(a.ann, n.ID, n.Version))
		_, err = a.notes.Create(a.ann, CreateNote{Title: "b", Slug: ptr("same")})
		a.NoErr(err) // keys hold over live rows
		_, err = a.notes.Create(a.ann, CreateNote{Title: "c", ProjectID: ptr(crud.Ref[Project](uuid.New()))})
		a.Equal(joinery.KindOf(err), joinery.Invalid)
		a.Equal(pointers(err), []string{"/project_id"})
	})
}

func TestCreateManyIsOneStatementPer500Rows(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		list := make([]CreateNote, 1001)
		for i := range list {
			list[i] = CreateNote{Title: "n" + strconv.Itoa(i), Priority: i % 10}
		}
		before := db.Stats().Statements
		rows, err := a.notes.CreateMany(a.ann, list)
		a.NoErr(err)
		a.Equal(db.Stats().Statements-before <= 3+2, true) // BEGIN and COMMIT may count
		a.Equal(len(rows), len(list))
		for i, n := range rows {
			a.Equal(n.Title, list[i].Title)
		}
		a.True(slices.IsSortedFunc(rows, func(x, y Note) int { return slices.Compare(x.ID[:], y.ID[:]) }))
		empty, err := a.notes.CreateMany(a.ann, nil)
		a.NoErr(err)
		a.Equal(len(empty), 0)
	})
}

func TestCreateManyNamesTheRowThatIsRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		_, err := a.notes.CreateMany(a.ann, []CreateNote{{Title: "a"}, {Title: "b", Slug: ptr("s")}, {Title: "c", Slug: ptr("s")}})
		a.Equal(joinery.KindOf(err), joinery.Conflict)
		a.Equal(pointers(err), []string{"/2/slug"})
		_, err = a.notes.CreateMany(a.ann, []CreateNote{{Title: "a"}, {Title: "b", ProjectID: ptr(crud.Ref[Project](uuid.New()))}})
		a.Equal(joinery.KindOf(err), joinery.Invalid)
		a.Equal(pointers(err), []string{"/1/project_id"})
		n, err := a.notes.Count(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(n, int64(0))
	})
}

func TestARefusedWriteLeavesTheTransactionUsable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "first", Slug: ptr("s")})
		a.NoErr(err)
		err = sqldb.InTx(a.ann, db, func(ctx context.Context) error {
			_, err := a.notes.Create(ctx, CreateNote{Title: "again", Slug: ptr("s")})
			a.Equal(joinery.KindOf(err), joinery.Conflict)
			other, err := a.notes.Create(ctx, CreateNote{Title: "other"})
			a.NoErr(err)
			_, err = a.notes.Update(ctx, other.ID, 1, UpdateNote{Slug: crud.Set("s")})
			a.Equal(joinery.KindOf(err), joinery.Conflict)
			_, err = a.notes.Update(ctx, n.ID, 1, UpdateNote{Title: crud.Set("changed")})
			return err
		})
		a.NoErr(err)
		p, err := a.notes.List(a.ann, query.Query{Sort: []string{"title"}})
		a.NoErr(err)
		a.Equal(titles(p.Items), "changedother")
	})
}

func TestUpdateFormsNeedOpt(t *testing.T) {
	t.Parallel()
	a := is.New(t)
	db, err := sqlitedb.Open(t.Context(), sqlitedb.Memory, nil)
	a.NoErr(err)
	t.Cleanup(func() { _ = db.Close() })
	_, err = crud.New[Project, CreateProject, CreateProject](registry.New(nil), db, crud.Unrestricted, nil)
	a.True(err != nil)
	a.True(strings.Contains(err.Error(), "crud.Opt[string]")) // says what would be right
}

func TestNoActorNoAnswer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, ctx := newApp(t, db, nil, nil), t.Context()
		_, err := a.notes.Create(ctx, CreateNote{Title: "x"})
		a.Equal(joinery.KindOf(err), joinery.Unauthenticated)
		_, err = a.notes.Get(ctx, uuid.New())
		a.Equal(joinery.KindOf(err), joinery.Unauthenticated)
		_, err = a.notes.List(ctx, query.Query{})
		a.Equal(joinery.KindOf(err), joinery.Unauthenticated)
		_, err = a.notes.Update(ctx, uuid.New(), 1, UpdateNote{})
		a.Equal(joinery.KindOf(err), joinery.Unauthenticated)
		a.Equal(joinery.KindOf(a.notes.Delete(ctx, uuid.New(), 1)), joinery.Unauthenticated)
	})
}

func TestCreateRowIsForSystemAndRoot(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		var seen CreateNote
		a.notes.Hooks().Create.Before(func(_ context.Context, e *crud.CreateEvent[Note, CreateNote]) error {
			seen = e.Input
			return nil
		})
		id := uuid.New()
		row := Note{Entity: registry.Entity{ID: id}, Title: "seeded", Priority: 3}
		_, err := a.notes.CreateRow(a.ann, row)
		a.Equal(joinery.KindOf(err), joinery.Forbidden)
		system := joinery.WithActor(t.Context(), joinery.SystemActor())
		n, err := a.notes.CreateRow(crud.CreatedFor(system, actorID(a.ann)), row)
		a.NoErr(err)
		a.Equal(n.ID, id)
		a.Equal(*n.UserID, actorID(a.ann))
		a.Equal(seen.Title, "seeded") // hooks see the input it amounts to
		n.Title, n.Priority = "again", 4
		m, err := a.notes.UpdateRow(system, n)
		a.NoErr(err)
		a.Equal(m.Title, "again")
		a.Equal(m.Version, int64(2))
		a.Equal(*m.UserID, actorID(a.ann))
	})
}

// pointers are the fields that an error names, sorted.
func pointers(err error) []string {
	var e *joinery.Error
	if !errors.As(err, &e) {
		return nil
	}
	var list []string
	for _, f := range e.Fields {
		list = append(list, f.Pointer)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
