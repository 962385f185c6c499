package perm_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
)

// A team that was deleted below the one that moves would close a cycle, a
// missing one would not: who may see neither is told the same.
func TestAHiddenParentIsToldByNoCycle(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, top := newID(), w.team(nil)
		w.member(top, ann, w.role(joinery.AllActions))
		below := w.team(&top)
		_, err := w.db.Exec(t.Context(), sqldb.Raw("UPDATE teams SET deleted_at = ? WHERE id = ?", w.now, below))
		is.NoErr(err)
		for _, parent := range []uuid.UUID{below, newID()} {
			is.Equal(pointers(w.moveTeam(ann, top, parent)), []string{"/parent_id not_found"})
		}
		seen := w.team(&top)
		is.Equal(pointers(w.moveTeam(ann, top, seen)), []string{"/parent_id cycle"})
	})
}

func (w *world) moveTeam(actor, team, parent uuid.UUID) error {
	old := perm.Team{Entity: entity(actor), Name: "team"}
	old.ID = team
	moved := old
	moved.ParentID = &parent
	return sqldb.InTx(w.as(actor), w.db, func(ctx context.Context) error {
		return w.e.Place(ctx, w.model("teams"), row(w, old), row(w, moved))
	})
}

// Like the owner that is left out, the nil uuid names nobody.
func TestSystemNamesAnOwnerWhoIsSomebody(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		p := Project{Entity: entity(newID())}
		p.UserID = &uuid.UUID{}
		for _, a := range []joinery.Actor{joinery.SystemActor(), joinery.RootActor()} {
			err := w.e.Place(joinery.WithActor(t.Context(), a), w.model("projects"), nil, row(w, p))
			is.Equal(pointers(err), []string{"/user_id required"})
		}
	})
}
