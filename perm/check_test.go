package perm_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/perm"
)

func TestCheckSaysNotFoundForHiddenAndMissingAlike(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, team := newID(), w.team(nil)
		w.member(team, ann, w.role(perm.View))
		seen, hidden, notes := w.project(&team), w.project(nil), w.model("projects")

		is.NoErr(w.e.Check(w.as(ann), notes, perm.View, seen))
		is.True(joinery.IsKind(w.e.Check(w.as(ann), notes, perm.Edit, seen), joinery.Forbidden))
		before := w.db.Stats().Statements
		forHidden := w.e.Check(w.as(ann), notes, perm.Edit, hidden)
		between := w.db.Stats().Statements
		forMissing := w.e.Check(w.as(ann), notes, perm.Edit, newID())
		after := w.db.Stats().Statements
		is.True(joinery.IsKind(forHidden, joinery.NotFound))
		is.Equal(forHidden.Error(), forMissing.Error())
		is.Equal([]int64{between - before, after - between}, []int64{1, 1}) // one statement each

		anonymous := joinery.WithActor(t.Context(), joinery.Actor{})
		is.True(joinery.IsKind(w.e.Check(anonymous, notes, perm.View, seen), joinery.NotFound))
		is.True(joinery.IsKind(w.e.Check(t.Context(), notes, perm.View, seen), joinery.Unauthenticated)) // nobody acts
	})
}

func TestCheckAsksTheScopeOfTheRowsModelAlone(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, team := newID(), w.team(nil)
		w.member(team, ann, w.role(perm.View|perm.Edit))
		project := w.project(&team)
		n := Note{Entity: entity(newID())}
		ref := refTo(project)
		n.ProjectID = &ref
		insert(w, &n)
		scoped := func(scope map[string]joinery.Actions) error {
			ctx := joinery.WithActor(t.Context(), joinery.Actor{ID: ann, Kind: joinery.User, Scope: scope})
			return w.e.Check(ctx, w.model("notes"), perm.Edit, n.ID)
		}
		is.NoErr(scoped(map[string]joinery.Actions{"notes": perm.View | perm.Edit}))
		is.True(joinery.IsKind(scoped(map[string]joinery.Actions{"notes": perm.View}), joinery.Forbidden))
		is.True(joinery.IsKind(scoped(map[string]joinery.Actions{"notes": perm.Edit}), joinery.NotFound)) // without View
		is.True(joinery.IsKind(scoped(map[string]joinery.Actions{}), joinery.NotFound))
	})
}

func TestActionsLeavesOutWhatIsHidden(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, team := newID(), w.team(nil)
		w.member(team, ann, w.role(perm.View|perm.Copy))
		blind := w.team(nil)
		w.member(blind, ann, w.role(perm.Edit)) // Edit without View is nothing
		seen, hidden, blinded := w.project(&team), w.project(nil), w.project(&blind)
		before := w.db.Stats().Statements
		got, err := w.e.Actions(w.as(ann), w.model("projects"), seen, hidden, blinded, newID())
		is.NoErr(err)
		is.Equal(got, map[uuid.UUID]joinery.Actions{seen: perm.View | perm.Copy})
		is.Equal(w.db.Stats().Statements-before, int64(1))
		got, err = w.e.Actions(w.as(ann), w.model("projects"))
		is.NoErr(err)
		is.Equal(len(got), 0) // of nothing
	})
}
