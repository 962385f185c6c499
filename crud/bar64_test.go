package crud_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/Masterminds/squirrel"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// decision is an Access whose answers a test can change.
type decision struct {
	filter func(alias string) (squirrel.Sqlizer, error) // nil: everything
	place  func() error                                 // nil: everything
}

func (d *decision) Filter(_ context.Context, _ *registry.Model, _ joinery.Actions, alias string) (squirrel.Sqlizer, error) {
	if d.filter == nil {
		return squirrel.Expr("1=1"), nil
	}
	return d.filter(alias)
}

func (d *decision) Place(context.Context, *registry.Model, registry.Row, registry.Row) error {
	if d.place == nil {
		return nil
	}
	return d.place()
}

// broken are the ways in which an Access can fail to decide.
func broken() map[string]*decision {
	filters := map[string]func(string) (squirrel.Sqlizer, error){
		"an error":        func(string) (squirrel.Sqlizer, error) { return nil, errors.New("CANARY") },
		"error and all":   func(string) (squirrel.Sqlizer, error) { return squirrel.Expr("1=1"), errors.New("CANARY") },
		"a panic":         func(string) (squirrel.Sqlizer, error) { panic("CANARY") },
		"nil":             func(string) (squirrel.Sqlizer, error) { return nil, nil },
		"a nil Cond":      func(string) (squirrel.Sqlizer, error) { return (*sqldb.Cond)(nil), nil },
		"an empty Cond":   func(string) (squirrel.Sqlizer, error) { return new(sqldb.Cond), nil },
		"a blank Cond":    func(string) (squirrel.Sqlizer, error) { return &sqldb.Cond{Fragment: &sqldb.Fragment{SQL: " "}}, nil },
		"a blank text":    func(string) (squirrel.Sqlizer, error) { return squirrel.Expr(""), nil },
		"broken SQL":      func(string) (squirrel.Sqlizer, error) { return squirrel.Expr("CANARY ="), nil },
		"a missing value": func(string) (squirrel.Sqlizer, error) { return squirrel.Expr("1 = ?"), nil },
	}
	all := map[string]*decision{}
	for name, filter := range filters {
		place := func() error { _, err := filter(""); return errors.Join(errors.New("CANARY"), err) }
		all[name] = &decision{filter: filter, place: place}
	}
	return all
}

// reads are the ways to read notes; they fail, or count the rows they gave.
func reads(n Note) map[string]func(a *app, ctx context.Context) (int, error) {
	return map[string]func(a *app, ctx context.Context) (int, error){
		"get": func(a *app, ctx context.Context) (int, error) { _, err := a.notes.Get(ctx, n.ID); return 1, err },
		"exists": func(a *app, ctx context.Context) (int, error) {
			ok, err := a.notes.Exists(ctx, n.ID)
			return counted(ok), err
		},
		"list": func(a *app, ctx context.Context) (int, error) {
			page, err := a.notes.List(ctx, query.Query{})
			return len(page.Items), err
		},
		"count": func(a *app, ctx context.Context) (int, error) {
			count, err := a.notes.Count(ctx, query.Query{})
			return int(count), err
		},
		"all": func(a *app, ctx context.Context) (count int, err error) {
			for _, rowErr := range a.notes.All(ctx, query.Query{}) {
				if rowErr != nil {
					return count, rowErr
				}
				count++
			}
			return count, nil
		},
		"aggregate": func(a *app, ctx context.Context) (int, error) {
			groups, err := a.notes.Aggregate(ctx, query.Query{}, crud.Count(), crud.GroupBy("status"))
			return len(groups), err
		},
		"by relation": func(a *app, ctx context.Context) (int, error) {
			page, err := a.comments.List(ctx, query.Query{Filter: query.Eq("note.title", n.Title)})
			return len(page.Items), err
		},
	}
}

func counted(ok bool) int {
	if ok {
		return 1
	}
	return 0
}

// caught is what f fails with; a panic is an error too, as the middleware of
// package rest makes it one.
func caught(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	return f()
}

// An Access that does not decide, however it fails to, allows nothing: nothing
// is read or written, and no transaction stays open.
func TestBar64_AnAccessThatFailsAllowsNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		access := &decision{}
		a := newApp(t, db, access, nil)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "old"})
		a.NoErr(err)
		_, err = a.comments.Create(a.ann, CreateComment{NoteID: registry.To[Note](n.ID), Text: "old"})
		a.NoErr(err)
		for name, failing := range broken() {
			t.Run(name, func(t *testing.T) {
				a.I = is.New(t)
				for read, do := range reads(n) {
					*access = decision{}
					found, err := do(a, a.ann)
					a.NoErr(err)
					a.True(found > 0) // read while all is well
					*access = *failing
					err = caught(func() (err error) { found, err = do(a, a.bob); return err })
					refused(t, read, err)
				}
				for _, w := range writes() {
					*access = decision{}
					n := w.prepared(a)
					*access = *failing
					was := a.rows()
					refused(t, w.name, caught(func() error { return w.do(a, a.bob, n) }))
					a.Equal(a.rows(), was)
				}
			})
		}
		a.Equal(db.Stats().InUse, 0)
	})
}

func refused(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: allowed", what)
	} else if kind := joinery.KindOf(err); kind != joinery.Internal {
		t.Errorf("%s: %v: %v", what, kind, err)
	}
}

// A condition of an Access may be an OR without parentheses.
func TestAnAccessMayAnswerWithAnOr(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		access := &decision{}
		a := newApp(t, db, access, nil)
		var kept []Note
		for i := range 3 {
			n, err := a.notes.Create(a.ann, CreateNote{Title: "old", Priority: i})
			a.NoErr(err)
			kept = append(kept, n)
		}
		access.filter = func(alias string) (squirrel.Sqlizer, error) {
			return squirrel.Expr(alias+".priority = ? OR "+alias+".priority = ?", 1, 2), nil
		}
		got, err := a.notes.Get(a.ann, kept[1].ID)
		a.NoErr(err)
		a.Equal(got.ID, kept[1].ID)
		_, err = a.notes.Get(a.ann, kept[0].ID)
		a.Equal(joinery.KindOf(err), joinery.NotFound)
		page, err := a.notes.List(a.ann, query.Query{Filter: query.Eq("priority", 1)})
		a.NoErr(err)
		a.Equal(len(page.Items), 1)
		a.NoErr(a.notes.Delete(a.ann, kept[2].ID, 1))
		left, err := a.notes.Count(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(left, int64(1))
		_, err = a.notes.Update(a.ann, kept[0].ID, 1, UpdateNote{Title: crud.Set("new")})
		a.Equal(joinery.KindOf(err), joinery.NotFound)
	})
}
