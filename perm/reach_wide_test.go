package perm_test

import (
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/perm"
)

// Whoever reaches ten thousand teams asks what may be done with some rows: each
// team is looked up, not searched for. Searching took six seconds.
func TestAWideReachIsLookedUp(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, top := newID(), w.team(nil)
		low := perm.Role{Entity: entity(ann), Name: "low", Actions: perm.View}
		insert(w, &low)
		high := perm.Role{Entity: entity(ann), Name: "high", Actions: perm.Edit | perm.Share, ParentID: &low.ID}
		insert(w, &high)
		w.member(top, ann, high.ID)
		last := w.teamsBelow(top, 10_000)

		var ids []uuid.UUID
		for range 20 {
			own, given := w.project(&last), w.project(nil)
			for _, g := range []perm.Grant{{TeamID: &last}, {RoleID: &low.ID}, {TeamID: &last, RoleID: &low.ID}} {
				g.Entity, g.Model, g.RowID, g.Actions = entity(ann), "projects", given, perm.View
				insert(w, &g)
			}
			ids = append(ids, own, given)
		}
		began := time.Now()
		all, err := w.e.Actions(w.as(ann), w.model("projects"), ids...)
		is.NoErr(err)
		is.True(time.Since(began) < 2*time.Second) // 0.1 s on an idle machine
		is.Equal(all[ids[0]], perm.View|perm.Edit|perm.Share)
		is.Equal(all[ids[1]], perm.View)
	})
}

// teamsBelow writes n teams, ten below each, and returns one without any below
// it.
func (w *world) teamsBelow(top uuid.UUID, n int) uuid.UUID {
	w.t.Helper()
	ids := []uuid.UUID{top}
	for len(ids) <= n {
		insert := squirrel.Insert("teams").Columns("id", "created_at", "updated_at", "version", "name", "parent_id")
		for range 1000 {
			id, parent := newID(), ids[(len(ids)-1)/10]
			insert = insert.Values(id, w.now, w.now, 1, "team", parent)
			ids = append(ids, id)
		}
		_, err := w.db.Exec(w.t.Context(), insert)
		w.must(err)
	}
	return ids[n]
}
