package crud_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// The models of this file refer to each other in every way: Shelf keeps deleted
// rows, Box below it does not, Thing below that does again; Folder is a tree;
// Hen and Egg are a cycle.
type (
	Shelf struct {
		crud.Entity
		crud.SoftDelete
		Name string `json:"name"`
	}
	Box struct {
		crud.Entity
		ShelfID registry.Ref[Shelf] `json:"shelf_id" ref:"shelves,cascade"`
	}
	Thing struct {
		crud.Entity
		crud.SoftDelete
		BoxID  registry.Ref[Box]  `json:"box_id" ref:"boxes,cascade"`
		NearID *registry.Ref[Box] `json:"near_id" ref:"boxes,setnull"`
	}
	Folder struct {
		crud.Entity
		ParentID *registry.Ref[Folder] `json:"parent_id" ref:"self,cascade"`
	}
	Leaf struct {
		crud.Entity
		ParentID *registry.Ref[Leaf] `json:"parent_id" ref:"self"`
	}
	Hen struct {
		crud.Entity
		EggID *registry.Ref[Egg] `json:"egg_id" ref:"eggs,setnull"`
	}
	Egg struct {
		crud.Entity
		HenID registry.Ref[Hen] `json:"hen_id" ref:"hens,cascade"`
	}
	Day struct {
		crud.Entity
		NightID *registry.Ref[Night] `json:"night_id" ref:"nights,cascade"`
	}
	Night struct {
		crud.Entity
		DayID registry.Ref[Day] `json:"day_id" ref:"days,cascade"`
	}
)

type graph struct {
	*app
	shelves *crud.Manager[Shelf, Shelf1, struct{}]
	boxes   *crud.Manager[Box, Box1, struct{}]
	things  *crud.Manager[Thing, Thing1, struct{}]
	folders *crud.Manager[Folder, Folder1, Folder2]
	leaves  *crud.Manager[Leaf, Folder1L, Leaf2]
	hens    *crud.Manager[Hen, Hen1, Hen2]
	eggs    *crud.Manager[Egg, Egg1, struct{}]
	days    *crud.Manager[Day, struct{}, Day2]
	nights  *crud.Manager[Night, Night1, struct{}]
	root    context.Context
}

type (
	Shelf1 struct {
		Name string `json:"name"`
	}
	Box1 struct {
		ShelfID registry.Ref[Shelf] `json:"shelf_id"`
	}
	Thing1 struct {
		BoxID  registry.Ref[Box]  `json:"box_id"`
		NearID *registry.Ref[Box] `json:"near_id"`
	}
	Folder1 struct {
		ParentID *registry.Ref[Folder] `json:"parent_id"`
	}
	Folder2 struct {
		ParentID crud.Opt[registry.Ref[Folder]] `json:"parent_id,omitzero"`
	}
	Folder1L struct {
		ParentID *registry.Ref[Leaf] `json:"parent_id"`
	}
	Leaf2 struct {
		ParentID crud.Opt[registry.Ref[Leaf]] `json:"parent_id,omitzero"`
	}
	Hen1 struct{}
	Hen2 struct {
		EggID crud.Opt[registry.Ref[Egg]] `json:"egg_id,omitzero"`
	}
	Egg1 struct {
		HenID registry.Ref[Hen] `json:"hen_id"`
	}
	Day2 struct {
		NightID crud.Opt[registry.Ref[Night]] `json:"night_id,omitzero"`
	}
	Night1 struct {
		DayID registry.Ref[Day] `json:"day_id"`
	}
)

func manager[T, C, U any](g *graph) *crud.Manager[T, C, U] {
	m, err := crud.New[T, C, U](g.reg, g.db, crud.Unrestricted, nil)
	g.NoErr(err)
	return m
}

func newGraph(t *testing.T, db *sqldb.DB) *graph {
	t.Helper()
	g := &graph{}
	newAppWith(t, db, nil, func(a *app) {
		g.app = a
		g.shelves, g.boxes, g.things = manager[Shelf, Shelf1, struct{}](g), manager[Box, Box1, struct{}](g), manager[Thing, Thing1, struct{}](g)
		g.folders, g.leaves = manager[Folder, Folder1, Folder2](g), manager[Leaf, Folder1L, Leaf2](g)
		g.hens, g.eggs = manager[Hen, Hen1, Hen2](g), manager[Egg, Egg1, struct{}](g)
		g.days, g.nights = manager[Day, struct{}, Day2](g), manager[Night, Night1, struct{}](g)
	})
	g.root = joinery.WithActor(t.Context(), joinery.RootActor())
	return g
}

// left is how many rows a manager still has, deleted ones too.
func left[T, C, U any](g *graph, m *crud.Manager[T, C, U]) int {
	n, err := m.Count(g.root, query.Query{Deleted: true})
	g.NoErr(err)
	return int(n)
}

func TestWhatIsBelowARowThatLeavesLeavesToo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		g := newGraph(t, db)
		s, err := g.shelves.Create(g.ann, Shelf1{Name: "s"})
		g.NoErr(err)
		other, err := g.shelves.Create(g.ann, Shelf1{Name: "other"})
		g.NoErr(err)
		b, err := g.boxes.Create(g.ann, Box1{ShelfID: crud.Ref[Shelf](s.ID)})
		g.NoErr(err)
		stays, err := g.boxes.Create(g.ann, Box1{ShelfID: crud.Ref[Shelf](other.ID)})
		g.NoErr(err)
		for range 2 {
			x, err := g.things.Create(g.ann, Thing1{BoxID: crud.Ref[Box](b.ID)})
			g.NoErr(err)
			if left(g, g.things) == 1 {
				g.NoErr(g.things.Delete(g.ann, x.ID, 1)) // its row still refers to the box
			}
		}
		near, err := g.things.Create(g.ann, Thing1{BoxID: crud.Ref[Box](stays.ID), NearID: ptr(registry.Ref[Box](b.ID))})
		g.NoErr(err)
		g.NoErr(g.shelves.Delete(g.ann, s.ID, 1))
		g.Equal(left(g, g.boxes), 1)
		g.Equal(left(g, g.things), 1)
		got, err := g.things.Get(g.ann, near.ID)
		g.NoErr(err)
		g.True(got.NearID == nil)
		g.Equal(got.Version, int64(2))
		g.Equal(left(g, g.shelves), 2)
	})
}

func TestTreesGoFromTheTop(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		g := newGraph(t, db)
		top, err := g.folders.Create(g.ann, Folder1{})
		g.NoErr(err)
		at := top
		for range 30 {
			at, err = g.folders.Create(g.ann, Folder1{ParentID: ptr(registry.Ref[Folder](at.ID))})
			g.NoErr(err)
		}
		many := make([]Folder1, 1100)
		for i := range many {
			many[i].ParentID = ptr(registry.Ref[Folder](at.ID))
		}
		_, err = g.folders.CreateMany(g.ann, many)
		g.NoErr(err)
		g.Equal(left(g, g.folders), 1131)
		ran := 0
		g.folders.Hooks().Delete.After(func(context.Context, *crud.DeleteEvent[Folder]) error { ran++; return nil })
		// The bottom of the chain goes along with its top, named or not.
		g.NoErr(g.folders.DeleteMany(g.ann, []query.Ident{{ID: top.ID, Version: 1}, {ID: at.ID, Version: 1}}))
		g.Equal(left(g, g.folders), 0)
		g.Equal(ran, 1131)
	})
}

func TestRowsThatReferToThemselvesAndEachOther(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		g := newGraph(t, db)
		f, err := g.folders.Create(g.ann, Folder1{})
		g.NoErr(err)
		second, err := g.folders.Create(g.ann, Folder1{ParentID: ptr(registry.Ref[Folder](f.ID))})
		g.NoErr(err)
		for _, parent := range []uuid.UUID{f.ID, second.ID} { // itself, then a circle of two
			f, err = g.folders.Update(g.ann, f.ID, f.Version, Folder2{ParentID: crud.Set(registry.Ref[Folder](parent))})
			g.NoErr(err)
		}
		g.NoErr(g.folders.Delete(g.ann, f.ID, f.Version))
		g.Equal(left(g, g.folders), 0)

		l, err := g.leaves.Create(g.ann, Folder1L{})
		g.NoErr(err)
		_, err = g.leaves.Update(g.ann, l.ID, 1, Leaf2{ParentID: crud.Set(registry.Ref[Leaf](l.ID))})
		g.NoErr(err)
		g.NoErr(g.leaves.Delete(g.ann, l.ID, 2)) // a row does not stand in its own way

		h, err := g.hens.Create(g.ann, Hen1{})
		g.NoErr(err)
		e, err := g.eggs.Create(g.ann, Egg1{HenID: crud.Ref[Hen](h.ID)})
		g.NoErr(err)
		_, err = g.hens.Update(g.ann, h.ID, 1, Hen2{EggID: crud.Set(registry.Ref[Egg](e.ID))})
		g.NoErr(err)
		g.NoErr(g.hens.Delete(g.ann, h.ID, 2))
		g.Equal(left(g, g.hens)+left(g, g.eggs), 0)

		d, err := g.days.Create(g.ann, struct{}{})
		g.NoErr(err)
		n, err := g.nights.Create(g.ann, Night1{DayID: crud.Ref[Day](d.ID)})
		g.NoErr(err)
		_, err = g.days.Update(g.ann, d.ID, 1, Day2{NightID: crud.Set(registry.Ref[Night](n.ID))})
		g.NoErr(err)
		g.NoErr(g.days.Delete(g.ann, d.ID, 2))
		g.Equal(left(g, g.days)+left(g, g.nights), 0)
	})
}

// A reference that the database alone minds is a Conflict in batches too.
func TestDeleteManyRefusedByTheDatabase(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		g := newGraph(t, db)
		g.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE notices (folder " +
			map[string]string{"postgres": "uuid", "sqlite": "text", "mariadb": "uuid"}[db.Dialect().Name()] + " REFERENCES folders (id))"}))
		var idents []query.Ident
		for range 3 {
			f, err := g.folders.Create(g.ann, Folder1{})
			g.NoErr(err)
			idents = append(idents, query.Ident{ID: f.ID, Version: 1})
		}
		_, err := db.Exec(t.Context(), sqldb.Raw("INSERT INTO notices VALUES (?)", idents[1].ID))
		g.NoErr(err)
		err = g.folders.DeleteMany(g.ann, idents)
		g.Equal(joinery.KindOf(err), joinery.Conflict)
		g.Equal(pointers(err), []string{"/1"})
		g.Equal(left(g, g.folders), 3)
	})
}
