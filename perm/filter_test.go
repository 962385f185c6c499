package perm_test

import (
	"fmt"
	"testing"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

func TestFilterServesAnySelect(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, team := newID(), w.team(nil)
		seen, hidden := w.project(&team), w.project(nil)
		w.member(team, ann, w.role(perm.View))
		for _, alias := range []string{"n", "g", "m", "t", "x", "reach", "projects", "Select"} {
			f, err := w.e.Filter(w.as(ann), w.model("projects"), perm.View, alias)
			is.NoErr(err)
			from := fmt.Sprintf("projects AS %s", w.db.Dialect().Quote(alias))
			ids, err := sqldb.Column[uuid.UUID](t.Context(), w.db, squirrel.Select("id").From(from).Where(f))
			is.NoErr(err)
			is.Equal(ids, []uuid.UUID{seen}) // whatever the alias
			not, err := sqldb.Column[uuid.UUID](t.Context(), w.db, squirrel.Select("id").From(from).Where(squirrel.Expr("NOT (?)", f)))
			is.NoErr(err)
			is.Equal(not, []uuid.UUID{hidden}) // never unknown
		}
	})
}

func TestFilterServesUpdatesAndDeletes(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, team := newID(), w.team(nil)
		w.project(&team)
		w.project(nil)
		w.member(team, ann, w.role(perm.View|perm.Edit))
		f, err := w.e.Filter(w.as(ann), w.model("projects"), perm.Edit, "projects")
		is.NoErr(err)
		n, err := w.db.Exec(t.Context(), squirrel.Update("projects").Set("title", "mine").Where(f))
		is.NoErr(err)
		is.Equal(n, int64(1))
		n, err = w.db.Exec(t.Context(), squirrel.Delete("projects").Where(f))
		is.NoErr(err)
		is.Equal(n, int64(1))
	})
}

// The text of a filter is the same pointer for all users, so that whoever
// builds statements can keep them by it.
func TestFilterSharesItsText(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	w := newWorld(t, openSQLite(t))
	fragment := func(a joinery.Actor, x perm.Actions) *sqldb.Fragment {
		f, err := w.e.Filter(joinery.WithActor(t.Context(), a), w.model("notes"), x, "n")
		is.NoErr(err)
		return f.(*sqldb.Cond).Fragment
	}
	ann, bob := joinery.Actor{ID: newID(), Kind: joinery.User}, joinery.Actor{ID: newID(), Kind: joinery.User}
	is.Equal(fragment(ann, perm.View), fragment(bob, perm.View))
	is.Equal(fragment(ann, 0), fragment(ann, perm.View)) // View is always asked
	is.True(fragment(ann, perm.View) != fragment(ann, perm.Edit))
	is.True(fragment(ann, perm.View) != fragment(joinery.RootActor(), perm.View))
}

func TestFilterRefuses(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	w := newWorld(t, openSQLite(t))
	ctx := w.as(newID())
	_, err := w.e.Filter(t.Context(), w.model("notes"), perm.View, "n")
	is.True(joinery.IsKind(err, joinery.Unauthenticated)) // nobody acts
	for _, alias := range []string{"", "p_1", string(make([]byte, 64))} {
		_, err = w.e.Filter(ctx, w.model("notes"), perm.View, alias)
		is.True(err != nil) // alias
	}
	_, err = w.e.Filter(ctx, w.model("notes"), 64, "n")
	is.True(err != nil) // no such action
	other := registry.New(nil)
	_, err = w.e.Filter(ctx, registry.MustAdd[Folder](other), perm.View, "n")
	is.True(err != nil) // another registry's model
	_, err = w.e.Filter(ctx, nil, perm.View, "n")
	is.True(err != nil)
}

// sly is a model whose rule breaks its promise.
type sly struct {
	registry.Entity
	Title string `json:"title"`
}

func (sly) Table() registry.Table {
	return registry.Table{Name: "slies", Policy: registry.Policy{Extra: []registry.Extra{{
		Name: "by text", Actions: perm.View,
		SQL: func(alias string, a joinery.Actor) registry.Sqlizer {
			return squirrel.Expr(alias + ".title = '" + a.ID.String() + "'")
		},
		Go: func(joinery.Actor, registry.Row) bool { return false },
	}}}}
}

func TestExtraMustNotVaryItsTextByActor(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := registry.New(nil)
	m := registry.MustAdd[sly](reg)
	e, err := perm.New(reg, openSQLite(t), nil)
	is.NoErr(err)
	w := &world{t: t}
	_, err = e.Filter(w.as(newID()), m, perm.View, "n")
	is.NoErr(err)
	_, err = e.Filter(w.as(newID()), m, perm.View, "n")
	is.True(err != nil) // or the next user would be asked for with the first one's text
}

// strange is an app's own teams table without what the rules read.
type strange struct {
	registry.Entity
	Title string `json:"title"`
}

func (strange) Table() registry.Table { return registry.Table{Name: "teams"} }

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := openSQLite(t)
	_, err := perm.New(nil, db, nil)
	is.True(err != nil) // no registry
	_, err = perm.New(registry.New(nil), nil, nil)
	is.True(err != nil) // no database
	_, err = perm.New(registry.New(nil), db, &perm.Options{IDs: joinery.WellKnown{Root: newID()}})
	is.True(err != nil) // two of the well-known ids are missing
	_, err = perm.New(registry.New(nil), db, &perm.Options{Users: "teams"})
	is.True(err != nil) // users cannot be teams
	reg := registry.New(nil)
	registry.MustAdd[strange](reg)
	_, err = perm.New(reg, db, nil)
	is.True(err != nil) // teams without parent_id
	e, err := perm.New(registry.New(nil), db, &perm.Options{Users: "people"})
	is.NoErr(err)
	_, err = e.Filter((&world{t: t}).as(newID()), nil, perm.View, "n")
	is.True(err != nil) // no model people
}
