package crud_test

import (
	"context"
	"testing"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// seenByAll lets everyone see everything and do nothing to what others created.
type seenByAll struct{ crud.Access }

func (seenByAll) Filter(ctx context.Context, _ *registry.Model, a joinery.Actions, alias string) (squirrel.Sqlizer, error) {
	if a == joinery.View {
		return squirrel.Expr("1=1"), nil
	}
	return squirrel.Eq{alias + ".created_by_id": actorID(ctx)}, nil
}

func TestCopyTakesTheFieldsOfCreate(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		p, err := a.projects.Create(a.ann, CreateProject{Name: "p"})
		a.NoErr(err)
		source, err := a.notes.Create(a.ann, CreateNote{
			Title: "plan", Body: ptr("text"), Status: "done", Priority: 7, From: 2, Until: 3, ProjectID: ptr(crud.Ref[Project](p.ID)),
		})
		a.NoErr(err)
		source, err = a.notes.Update(a.ann, source.ID, 1, UpdateNote{Priority: crud.Set(8)})
		a.NoErr(err)
		feed := a.notes.Feed().Subscribe(4)
		defer feed.Close()
		created := 0
		a.notes.Hooks().Create.Before(func(_ context.Context, e *creating) error {
			a.Equal(e.Input.Title, "plan")
			created++
			return nil
		})
		made, err := a.notes.Copy(a.bob, source.ID, nil)
		a.NoErr(err)
		a.Equal(created, 1)
		a.True(made.ID != source.ID)
		a.Equal(made.Version, int64(1))
		a.Equal(*made.UserID, actorID(a.bob))
		a.Equal(*made.CreatedByID, actorID(a.bob))
		a.Equal(<-feed.Events(), query.Changed{Model: "notes", Op: query.OpCreate, ID: made.ID, Version: 1})
		made.Entity, made.Updated, made.Owned = source.Entity, source.Updated, source.Owned
		a.Equal(made, source) // nothing else tells them apart

		body := *made.Body
		_, err = a.notes.Copy(a.bob, source.ID, func(in *CreateNote) error { *in.Body = "changed"; return nil })
		a.NoErr(err)
		got, err := a.notes.Get(a.ann, source.ID)
		a.NoErr(err)
		a.Equal(*got.Body, body)
	})
}

func TestCopyIsJudgedAsRowAndAsCreation(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, seenByAll{crud.Unrestricted}, nil)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "n", Slug: ptr("one")})
		a.NoErr(err)
		nobody := joinery.WithActor(t.Context(), joinery.Actor{})
		refuse := joinery.Errorf(joinery.PaymentRequired, "unpaid", "pay first")
		for name, c := range map[string]struct {
			ctx  context.Context
			id   uuid.UUID
			with func(*CreateNote) error
			kind joinery.Kind
		}{
			"no actor":        {t.Context(), n.ID, nil, joinery.Unauthenticated},
			"missing":         {a.ann, uuid.New(), nil, joinery.NotFound},
			"seen only":       {a.bob, n.ID, nil, joinery.Forbidden},
			"not signed in":   {nobody, n.ID, nil, joinery.Unauthenticated},
			"before invalid":  {a.bob, n.ID, func(in *CreateNote) error { in.Title = ""; return nil }, joinery.Forbidden},
			"a unique key":    {a.ann, n.ID, nil, joinery.Conflict},
			"invalid":         {a.ann, n.ID, func(in *CreateNote) error { in.Title = ""; return nil }, joinery.Invalid},
			"overrides' own":  {a.ann, n.ID, func(*CreateNote) error { return refuse }, joinery.PaymentRequired},
			"another slug":    {a.ann, n.ID, func(in *CreateNote) error { in.Slug = ptr("two"); return nil }, 0},
			"without the key": {a.ann, n.ID, func(in *CreateNote) error { in.Slug = nil; return nil }, 0},
		} {
			_, err := a.notes.Copy(c.ctx, c.id, c.with)
			if c.kind == 0 && err != nil || c.kind != 0 && joinery.KindOf(err) != c.kind {
				t.Errorf("%s: got %v, want %v", name, err, c.kind)
			}
		}
		count, err := a.notes.Count(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(count, int64(3))
	})
}

// Desk is owned by whoever its input says.
type Desk struct {
	crud.Entity
	crud.Owned
	Name string   `json:"name"`
	Tags []string `json:"tags"`
}

type CreateDesk struct {
	UserID *uuid.UUID         `json:"user_id"`
	Name   crud.Opt[string]   `json:"name,omitzero"`
	Tags   crud.Opt[[]string] `json:"tags,omitzero"`
}

type UpdateDesk struct{}

func TestCopyNamesNoOwner(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		var desks *crud.Manager[Desk, CreateDesk, UpdateDesk]
		a := newAppWith(t, db, nil, func(a *app) {
			var err error
			desks, err = crud.New[Desk, CreateDesk, UpdateDesk](a.reg, db, crud.Unrestricted, nil)
			a.NoErr(err)
		})
		source, err := desks.Create(a.ann, CreateDesk{Name: crud.Set("d"), Tags: crud.Set([]string{"x"})})
		a.NoErr(err)
		made, err := desks.Copy(a.bob, source.ID, nil)
		a.NoErr(err)
		a.Equal(*made.UserID, actorID(a.bob))
		a.Equal(made.Tags, []string{"x"})
		a.Equal(made.Name, "d")
		for _, owner := range []func() (Desk, error){
			func() (Desk, error) {
				return desks.Copy(crud.CreatedFor(asRoot(t), actorID(a.bob)), source.ID, nil)
			},
			func() (Desk, error) {
				return desks.Copy(asRoot(t), source.ID, func(in *CreateDesk) error { in.UserID = ptr(actorID(a.bob)); return nil })
			},
		} {
			made, err := owner()
			a.NoErr(err)
			a.Equal(*made.UserID, actorID(a.bob))
		}
	})
}
