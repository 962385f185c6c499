package crud_test

import (
	"context"
	"slices"
	"testing"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Billing and Tag are what extensions add to notes and to projects, which they
// do not own. Projects are deleted for good.
type (
	Billing struct {
		crud.Side[Note]
		crud.SoftDelete
		Plan string `json:"plan" validate:"oneof=free gold" default:"free" sortable:"true"`
	}
	CreateBilling struct {
		ID   registry.Ref[Note] `json:"id"`
		Plan string             `json:"plan"`
	}
	UpdateBilling struct {
		Plan crud.Opt[string] `json:"plan,omitzero"`
	}
	Mark struct {
		crud.Side[Project]
		Color string `json:"color"`
	}
	CreateMark struct {
		ID    uuid.UUID `json:"id"`
		Color string    `json:"color"`
	}
)

type (
	billings = crud.Manager[Billing, CreateBilling, UpdateBilling]
	marks    = crud.Manager[Mark, CreateMark, struct{}]
)

// newAttached is the app with the extensions.
func newAttached(t *testing.T, db *sqldb.DB, access crud.Access) (a *app, b *billings, m *marks) {
	t.Helper()
	if access == nil {
		access = crud.Unrestricted
	}
	a = newAppWith(t, db, access, func(a *app) {
		var err error
		b, err = crud.New[Billing, CreateBilling, UpdateBilling](a.reg, db, access, nil)
		a.NoErr(err)
		a.NoErr(registry.Attach[Note, Billing](a.reg, nil))
		a.NoErr(registry.Attach[Project, Mark](a.reg, &registry.AttachOptions{Name: "label"}))
		m, err = crud.New[Mark, CreateMark, struct{}](a.reg, db, access, nil)
		a.NoErr(err)
	})
	return a, b, m
}

func billing(a *app, b *billings, n Note, plan string) Billing {
	made, err := b.Create(a.ann, CreateBilling{ID: crud.Ref[Note](n.ID), Plan: plan})
	a.NoErr(err)
	return made
}

func TestAttachedRowsAreIncluded(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, b, m := newAttached(t, db, nil)
		p, err := a.projects.Create(a.ann, CreateProject{Name: "p"})
		a.NoErr(err)
		_, err = m.Create(a.ann, CreateMark{ID: p.ID, Color: "red"})
		a.NoErr(err)
		rows := letters(a, 3)
		_, err = a.notes.Update(a.ann, rows[1].ID, 1, UpdateNote{ProjectID: crud.Set(crud.Ref[Project](p.ID))})
		a.NoErr(err)
		made := billing(a, b, rows[1], "gold")
		a.Equal(made.ID.UUID(), rows[1].ID)
		a.Equal(made.Version, int64(1))
		a.True(!made.CreatedAt.IsZero())

		got, err := a.notes.Get(a.ann, rows[1].ID)
		a.NoErr(err)
		_, ok := crud.Attached[Billing](&got)
		a.True(!ok) // not included
		got, err = a.notes.Get(a.ann, rows[1].ID, query.Include("billing"), query.Fields("title"))
		a.NoErr(err)
		x, ok := crud.Attached[Billing](&got)
		a.True(ok)
		a.Equal(*x, made)
		got, err = a.notes.Get(a.ann, rows[0].ID, query.Include("billing"))
		a.NoErr(err)
		_, ok = crud.Attached[Billing](&got)
		a.True(!ok) // there is none

		before := db.Stats().Statements
		page, err := a.notes.List(a.ann, query.Query{Include: []string{"billing", "project.label"}, Sort: []string{"title"}})
		a.NoErr(err)
		a.Equal(db.Stats().Statements-before, int64(4)) // notes, billings, projects, marks
		a.Equal(len(page.Items), 3)
		for i := range page.Items {
			x, ok := crud.Attached[Billing](&page.Items[i])
			a.Equal(ok, i == 1)
			if ok {
				a.Equal(x.Plan, "gold")
				label, ok := crud.Attached[Mark](page.Items[i].Project)
				a.True(ok)
				a.Equal(label.Color, "red")
			}
		}
		with, err := a.projects.Get(a.ann, p.ID, query.Include("notes.billing", "label"))
		a.NoErr(err)
		x, ok = crud.Attached[Billing](&with.Notes[0]) // to a copy of the row that was read
		a.True(ok)
		a.Equal(x.Plan, "gold")
	})
}

func TestAttachedFieldsFilterAndDoNotSort(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, b, _ := newAttached(t, db, nil)
		rows := letters(a, 3)
		billing(a, b, rows[0], "gold")
		billing(a, b, rows[1], "free")
		titles := func(f query.Filter) (titles []string) {
			page, err := a.notes.List(a.ann, query.Query{Filter: f, Sort: []string{"title"}})
			a.NoErr(err)
			for _, n := range page.Items {
				titles = append(titles, n.Title)
			}
			return titles
		}
		a.Equal(titles(query.Eq("billing.plan", "gold")), []string{rows[0].Title})
		a.Equal(titles(query.Not(query.Eq("billing.plan", "gold"))), []string{rows[1].Title, rows[2].Title})
		a.Equal(titles(query.Not(query.NotNull("billing.id"))), []string{rows[2].Title}) // without one
		fromJSON, err := query.ParseJSON(a.notes.Model(), []byte(`{"filter": {"billing.plan": "free"}}`))
		a.NoErr(err)
		page, err := a.notes.List(a.ann, fromJSON)
		a.NoErr(err)
		a.Equal(len(page.Items), 1)
		_, err = a.notes.List(a.ann, query.Query{Sort: []string{"billing.plan"}})
		a.Equal(joinery.KindOf(err), joinery.Malformed)
		_, err = a.notes.List(a.ann, query.Query{Filter: query.Eq("billing.color", "x")})
		a.Equal(joinery.KindOf(err), joinery.Malformed)
	})
}

// hiding is everything but the rows of one table.
type hiding struct {
	crud.Access
	table string
}

func (h hiding) Filter(ctx context.Context, m *registry.Model, x joinery.Actions, alias string) (squirrel.Sqlizer, error) {
	if m.Table == h.table {
		return squirrel.Expr("1=0"), nil
	}
	return h.Access.Filter(ctx, m, x, alias)
}

func TestHiddenAttachedRowsDoNotExist(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, b, _ := newAttached(t, db, hiding{crud.Unrestricted, "billings"})
		rows := letters(a, 1)
		billing(a, b, rows[0], "gold")
		got, err := a.notes.Get(a.ann, rows[0].ID, query.Include("billing"))
		a.NoErr(err)
		_, ok := crud.Attached[Billing](&got)
		a.True(!ok)
		n, err := a.notes.Count(a.ann, query.Query{Filter: query.Eq("billing.plan", "gold")})
		a.NoErr(err)
		a.Equal(n, int64(0))
	})
}

func TestAttachedRowsNameTheirRow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, b, _ := newAttached(t, db, nil)
		rows := letters(a, 2)
		_, err := b.Create(a.ann, CreateBilling{Plan: "gold"})
		a.Equal(joinery.KindOf(err), joinery.Invalid)
		a.Equal(pointers(err), []string{"/id"})
		_, err = b.Create(a.ann, CreateBilling{ID: crud.Ref[Note](uuid.New())})
		a.Equal(joinery.KindOf(err), joinery.Invalid)
		a.Equal(pointers(err), []string{"/id"})
		billing(a, b, rows[0], "gold")
		_, err = b.Create(a.ann, CreateBilling{ID: crud.Ref[Note](rows[0].ID)})
		a.Equal(joinery.KindOf(err), joinery.Conflict)
		a.Equal(pointers(err), []string{"/id"})
		_, err = b.CreateMany(a.ann, []CreateBilling{{ID: crud.Ref[Note](rows[1].ID)}, {ID: crud.Ref[Note](rows[0].ID)}})
		a.Equal(joinery.KindOf(err), joinery.Conflict)
		a.Equal(pointers(err), []string{"/1/id"})
		changed, err := b.Update(a.ann, rows[0].ID, 1, UpdateBilling{Plan: crud.Set("free")})
		a.NoErr(err)
		a.Equal(changed.Version, int64(2))
		n, err := a.notes.Get(a.ann, rows[0].ID)
		a.NoErr(err)
		a.Equal(n.Version, int64(1)) // rows have versions of their own
	})
}

// What is deleted leaves its only id to a new row; a create that is refused
// leaves the deleted one.
func TestAttachedRowsAreMadeAgain(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, b, _ := newAttached(t, db, nil)
		rows := letters(a, 2)
		old := billing(a, b, rows[0], "gold")
		a.NoErr(b.Delete(a.ann, rows[0].ID, old.Version))
		_, err := b.Create(a.ann, CreateBilling{ID: crud.Ref[Note](rows[0].ID), Plan: "dear"})
		a.Equal(joinery.KindOf(err), joinery.Invalid)
		_, err = b.CreateMany(a.ann, []CreateBilling{{ID: crud.Ref[Note](rows[0].ID)}, {ID: crud.Ref[Note](uuid.New())}})
		a.Equal(joinery.KindOf(err), joinery.Invalid)
		root := joinery.WithActor(t.Context(), joinery.RootActor())
		dead, err := b.Get(root, rows[0].ID)
		a.NoErr(err)
		a.Equal(dead.Plan, "gold")

		fresh := billing(a, b, rows[0], "free")
		a.Equal(fresh.Version, int64(3)) // who knew the old row does not take this one for it
		a.True(fresh.DeletedAt == nil)
		n, err := a.notes.Count(a.ann, query.Query{Filter: query.Eq("billing.plan", "free")})
		a.NoErr(err)
		a.Equal(n, int64(1))
	})
}

func TestAttachedRowsLeaveWithTheirRow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, _, m := newAttached(t, db, nil)
		p, err := a.projects.Create(a.ann, CreateProject{Name: "p"})
		a.NoErr(err)
		_, err = m.Create(a.ann, CreateMark{ID: p.ID, Color: "red"})
		a.NoErr(err)
		feed := crud.FeedOf(a.reg).Subscribe(4)
		defer feed.Close()
		a.NoErr(a.projects.Delete(a.ann, p.ID, 1))
		ok, err := m.Exists(a.ann, p.ID)
		a.NoErr(err)
		a.True(!ok)
		told := []string{(<-feed.Events()).Model, (<-feed.Events()).Model}
		slices.Sort(told)
		a.Equal(told, []string{"marks", "projects"})
	})
}
