package crud_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// knowing is an Access that tells what one may do, and why.
type knowing struct {
	crud.Access
	row uuid.UUID
}

func (k *knowing) Actions(context.Context, *registry.Model, ...uuid.UUID) (map[uuid.UUID]joinery.Actions, error) {
	return map[uuid.UUID]joinery.Actions{k.row: joinery.View | joinery.Copy}, nil
}

func (k *knowing) Explain(_ context.Context, who joinery.Actor, m *registry.Model, a joinery.Actions, id uuid.UUID) (registry.Explanation, error) {
	return registry.Explanation{Model: m.Table, ID: id, Action: a.String(), Allowed: who.Kind == joinery.Root, Rule: 1}, nil
}

func TestAccessIsAsked(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		k := &knowing{Access: crud.Unrestricted, row: uuid.New()}
		a := newApp(t, db, k, nil)
		may, err := a.notes.Access(a.ann, k.row)
		a.NoErr(err)
		a.Equal(may, joinery.View|joinery.Copy)
		_, err = a.notes.Access(a.ann, uuid.New())
		a.Equal(joinery.KindOf(err), joinery.NotFound)
		why, err := a.notes.Explain(a.ann, joinery.RootActor(), k.row, joinery.Edit)
		a.NoErr(err)
		a.Equal(why, registry.Explanation{Model: "notes", ID: k.row, Action: "edit", Allowed: true, Rule: 1})
		_, err = a.notes.Access(t.Context(), k.row)
		a.Equal(joinery.KindOf(err), joinery.Unauthenticated)
		_, err = a.notes.Explain(t.Context(), joinery.RootActor(), k.row, joinery.Edit)
		a.Equal(joinery.KindOf(err), joinery.Unauthenticated)
	})
}

func TestAccessThatDoesNotTell(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, ownersOnly{}, nil)
		_, err := a.notes.Access(a.ann, uuid.New())
		a.Equal(joinery.KindOf(err), joinery.Unsupported)
		_, err = a.notes.Explain(a.ann, joinery.RootActor(), uuid.New(), joinery.View)
		a.Equal(joinery.KindOf(err), joinery.Unsupported)
	})
}

func TestUnrestrictedAllowsEverythingOnLiveRows(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a, root := newApp(t, db, nil, nil), asRoot(t)
		user, err := joinery.ActorFrom(a.bob)
		a.NoErr(err)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "n"})
		a.NoErr(err)
		may, err := a.notes.Access(a.bob, n.ID)
		a.NoErr(err)
		a.Equal(may, joinery.AllActions)
		why, err := a.notes.Explain(a.bob, user, n.ID, joinery.Edit)
		a.NoErr(err)
		a.True(why.Allowed)
		a.NoErr(a.notes.Delete(a.ann, n.ID, 1))
		_, err = a.notes.Access(a.bob, n.ID)
		a.Equal(joinery.KindOf(err), joinery.NotFound)
		_, err = a.notes.Explain(a.bob, user, n.ID, joinery.Edit)
		a.Equal(joinery.KindOf(err), joinery.NotFound)
		may, err = a.notes.Access(root, n.ID)
		a.NoErr(err)
		a.Equal(may, joinery.AllActions)
		for who, allowed := range map[*joinery.Actor]bool{&user: false, ptr(joinery.RootActor()): true} {
			why, err = a.notes.Explain(root, *who, n.ID, joinery.View)
			a.NoErr(err)
			a.Equal(why.Allowed, allowed)
		}
	})
}
