package perm_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

func ptr[X any](x X) *X { return &x }

func refTo(id uuid.UUID) registry.Ref[Project] { return registry.To[Project](id) }

// pointers are the fields of an Invalid error.
func pointers(err error) (list []string) {
	var e *joinery.Error
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			list = append(list, f.Pointer+" "+f.Code)
		}
	}
	return list
}

func TestPlaceNamesEveryFieldAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, hidden := newID(), w.project(nil)
		n := Note{Entity: entity(ann), ProjectID: ptr(refTo(hidden)), SeeID: ptr(refTo(newID()))}
		before := w.db.Stats().Statements
		err := w.e.Place(w.as(ann), w.model("notes"), nil, row(w, n))
		is.True(joinery.IsKind(err, joinery.Invalid))
		is.Equal(pointers(err), []string{"/project_id not_found", "/see_id not_found"}) // hidden and missing alike
		is.Equal(w.db.Stats().Statements-before, int64(1))                              // in one statement

		team := w.team(nil)
		w.member(team, ann, w.role(perm.View))
		n.ProjectID = ptr(refTo(w.project(&team)))
		err = w.e.Place(w.as(ann), w.model("notes"), nil, row(w, n))
		is.True(joinery.IsKind(err, joinery.Forbidden)) // visible but not usable, which goes before Invalid
	})
}

// A fault that is known at once does not hide what the database has to say.
func TestPlaceForbidsBeforeItNamesFields(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, team := newID(), w.team(nil)
		w.member(team, ann, w.role(perm.View))
		g := perm.Grant{Entity: entity(ann), Model: "projects", RowID: w.project(&team), Actions: perm.View} // no target
		err := w.e.Place(w.as(ann), w.model("grants"), nil, row(w, g))
		is.True(joinery.IsKind(err, joinery.Forbidden)) // no Share on the project
		cond, err := w.e.PlaceCond(w.as(ann), w.model("grants"), row(w, g))
		is.NoErr(err)
		n, err := sqldb.Scalar[int64](t.Context(), w.db, squirrel.Expr("SELECT count(*) FROM projects WHERE ?", cond))
		is.NoErr(err)
		is.Equal(n, int64(0)) // never holds, so that Place is asked why
		g.RowID = w.project(nil)
		err = w.e.Place(w.as(ann), w.model("grants"), nil, row(w, g))
		is.Equal(pointers(err), []string{"/member_id target", "/row_id not_found"}) // all at once
	})
}

func TestPlaceCondStandsInTheInsert(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, team := newID(), w.team(nil)
		w.member(team, ann, w.role(perm.View|perm.Edit))
		try := func(team *uuid.UUID) int64 {
			p := Project{Entity: entity(ann), Title: "new"}
			p.TeamID = team
			cond, err := w.e.PlaceCond(w.as(ann), w.model("projects"), row(w, p))
			is.NoErr(err)
			n, err := w.db.Exec(t.Context(), squirrel.Expr("INSERT INTO projects (id, created_at, version, title) SELECT ?, ?, 1, 'new' WHERE ?", p.ID, p.CreatedAt, cond))
			is.NoErr(err)
			return n
		}
		is.Equal(try(&team), int64(1))
		is.Equal(try(ptr(w.team(nil))), int64(0)) // a hidden team
		cond, err := w.e.PlaceCond(w.as(ann), w.model("projects"), row(w, Project{Entity: entity(ann)}))
		is.NoErr(err)
		is.True(cond == nil) // nothing to ask
		_, err = w.e.PlaceCond(joinery.WithActor(t.Context(), joinery.Actor{}), w.model("projects"), row(w, Project{Entity: entity(ann)}))
		is.True(joinery.IsKind(err, joinery.Unauthenticated))
		_, err = w.e.PlaceCond(joinery.WithActor(t.Context(), joinery.SystemActor()), w.model("projects"), row(w, Project{Entity: entity(ann)}))
		is.Equal(pointers(err), []string{"/user_id required"}) // System names the owner
	})
}

// Two moves, each fine by itself, would make a cycle together.
func TestMovesDoNotMeetInACycle(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann := newID()
		folder := func() Folder {
			f := Folder{Entity: entity(ann)}
			insert(w, &f)
			return f
		}
		for range 10 {
			a, b := folder(), folder()
			var wait sync.WaitGroup
			for _, move := range [][2]Folder{{a, b}, {b, a}} {
				wait.Go(func() { _ = w.move(ann, move[0], move[1].ID) })
			}
			wait.Wait()
			n, err := sqldb.Scalar[int64](t.Context(), w.db, squirrel.Expr("SELECT count(*) FROM folders WHERE id IN (?, ?) AND parent_id IS NOT NULL", a.ID, b.ID))
			is.NoErr(err)
			is.Equal(n, int64(1)) // the other was refused
		}
		a := folder()
		is.Equal(pointers(w.move(ann, a, a.ID)), []string{"/parent_id cycle"})
	})
}

func (w *world) move(actor uuid.UUID, f Folder, parent uuid.UUID) error {
	return sqldb.InTx(w.as(actor), w.db, func(ctx context.Context) error {
		moved := f
		moved.ParentID = &parent
		if err := w.e.Place(ctx, w.model("folders"), row(w, f), row(w, moved)); err != nil {
			return err
		}
		_, err := w.db.Exec(ctx, sqldb.Raw("UPDATE folders SET parent_id = ? WHERE id = ?", parent, f.ID))
		return err
	})
}

// Two owners of a team who remove each other at the same moment.
func TestTheLastSuperadminStays(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		top := w.role(joinery.AllActions)
		for range 3 {
			team, ann, bob := w.team(nil), newID(), newID()
			both := []uuid.UUID{w.member(team, ann, top), w.member(team, bob, top)}
			var wait sync.WaitGroup
			errs, met := make([]error, 2), make(chan struct{})
			for i, by := range []uuid.UUID{bob, ann} {
				wait.Go(func() { errs[i] = w.remove(by, both[i], met) })
			}
			wait.Wait()
			is.True((errs[0] == nil) != (errs[1] == nil)) // one of the two
			is.True(joinery.IsKind(errors.Join(errs...), joinery.Conflict))
		}
	})
}

// remove deletes a membership, and once it is verified waits a moment for the
// other one to come as far: what must keep it from that is the guard.
func (w *world) remove(actor, membership uuid.UUID, met chan struct{}) error {
	return sqldb.InTx(w.as(actor), w.db, func(ctx context.Context) error {
		guard, err := w.e.GuardSuperadmins(ctx, w.model("memberships"), membership)
		if err != nil {
			return err
		}
		if _, err := w.db.Exec(ctx, sqldb.Raw("UPDATE memberships SET deleted_at = ? WHERE id = ?", w.now, membership)); err != nil {
			return err
		}
		err = guard.Verify(ctx)
		select {
		case met <- struct{}{}:
		case <-met:
		case <-time.After(100 * time.Millisecond):
		}
		return err
	})
}

func TestARoleKeepsShareWhereItIsTheLast(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, team, plain := newID(), w.team(nil), w.role(perm.View|perm.Share)
		child := perm.Role{Entity: entity(ann), Name: "child", ParentID: &plain}
		insert(w, &child)
		w.member(team, ann, child.ID)
		change := func(actor joinery.Actor) error {
			return sqldb.InTx(joinery.WithActor(t.Context(), actor), w.db, func(ctx context.Context) error {
				guard, err := w.e.GuardSuperadmins(ctx, w.model("roles"), plain)
				if err != nil {
					return err
				}
				_, err = w.db.Exec(ctx, sqldb.Raw("UPDATE roles SET actions = ? WHERE id = ?", perm.View, plain))
				return errors.Join(err, guard.Verify(ctx))
			})
		}
		is.True(joinery.IsKind(change(joinery.Actor{ID: ann, Kind: joinery.User}), joinery.Conflict)) // by a role it descends from
		is.NoErr(change(joinery.RootActor()))                                                         // Root is exempt
		is.NoErr(change(joinery.Actor{ID: ann, Kind: joinery.User}))                                  // it had none before
		_, err := w.e.GuardSuperadmins(w.as(ann), w.model("roles"), plain)
		is.True(err != nil) // outside a transaction
	})
}
