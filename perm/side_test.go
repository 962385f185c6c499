package perm_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/permtest"
	"github.com/joinery-go/joinery/registry"
)

// Cover is attached to the projects of the worlds: its id is the project's, so
// that the reference by which it inherits is its key.
type Cover struct {
	registry.Side[permtest.Project]
	registry.SoftDelete
	Title string `json:"title"`
}

// covered is the worlds' database with a cover for each project, every third
// of them deleted.
type covered struct {
	*permtest.Database
	db     *sqldb.DB
	engine *perm.Engine
	covers *registry.Model
	now    time.Time
}

func newCovered(t *testing.T, db *sqldb.DB) *covered {
	t.Helper()
	c := &covered{Database: permtest.Open(t, db), db: db}
	reg := permtest.Registry(true)
	must(t, registry.Attach[permtest.Project, Cover](reg, nil))
	var err error
	c.engine, err = perm.New(reg, db, &perm.Options{Now: func() time.Time { return c.now }, Users: "users"})
	must(t, err)
	must(t, reg.Validate())
	c.covers = reg.Model("covers")
	var there []string
	for _, m := range reg.Models() {
		if m != c.covers {
			there = append(there, m.Table)
		}
	}
	ddl, err := reg.DDL(db.Dialect(), there...)
	must(t, err)
	must(t, sqldb.ExecAll(t.Context(), db, ddl))
	return c
}

// load fills in the world and the covers of its projects.
func (c *covered) load(t *testing.T, w *permtest.World) (projects []permtest.Record, gone map[uuid.UUID]bool) {
	t.Helper()
	_, err := c.db.Exec(t.Context(), sqldb.Raw("DELETE FROM covers"))
	must(t, err)
	c.Load(t, w)
	c.now, gone = w.Now, map[uuid.UUID]bool{}
	projects = w.All("projects")
	for i, p := range projects {
		var deleted any
		if i%3 == 2 {
			gone[projectID(p)], deleted = true, w.Now
		}
		_, err := c.db.Exec(t.Context(), sqldb.Raw("INSERT INTO covers (id, created_at, version, title, deleted_at) VALUES (?, ?, 1, '', ?)", projectID(p), w.Now, deleted))
		must(t, err)
	}
	return projects, gone
}

func projectID(r permtest.Record) uuid.UUID { return r.(permtest.Row).ID }

// want is what the page says of the cover of a project, which has neither owner
// nor team: lines 0, 1, 2, 4, 7 and 14.
func wantOnCover(w *permtest.World, a joinery.Actor, p permtest.Record, gone bool) (may joinery.Actions) {
	above := a
	above.Scope = nil
	for _, x := range joinery.AllActions.Each() {
		var yes bool
		switch kind := w.Kind(a); {
		case !a.Allows("covers", x):
		case kind == joinery.Root:
			yes = true
		case gone:
		case kind == joinery.System:
			yes = true
		case kind == joinery.Anonymous:
		default:
			yes = w.May(above, x, p)
		}
		if yes {
			may |= x
		}
	}
	if !may.Has(joinery.View) {
		return joinery.NoActions
	}
	return may
}

func TestSidesHaveThePermissionsOfTheirRow(t *testing.T) {
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCovered(t, open(t))
			yes, no := 0, 0
			for seed := range uint64(40) {
				w := permtest.Generate(seed)
				if w.NoUsers || w.IDs != (joinery.WellKnown{}) {
					continue
				}
				projects, gone := c.load(t, w)
				for _, a := range w.Actors {
					ctx := joinery.WithActor(t.Context(), a)
					var ids []uuid.UUID
					for _, p := range projects {
						ids = append(ids, projectID(p))
					}
					got, err := c.engine.Actions(ctx, c.covers, ids...)
					must(t, err)
					for _, p := range projects {
						want := wantOnCover(w, a, p, gone[projectID(p)])
						if got[projectID(p)] != want {
							t.Errorf("seed %d, %s on the cover of %s: got %s, want %s", seed, permtest.ActorName(a), permtest.Name(projectID(p)), got[projectID(p)], want)
						}
						if want == joinery.NoActions {
							no++
						} else {
							yes++
						}
						c.places(t, w, a, p)
					}
				}
			}
			if yes < 50 || no < 50 {
				t.Errorf("the worlds show too little: %d seen, %d hidden", yes, no)
			}
		})
	}
}

// places compares who may create a cover: who may view and edit the project.
func (c *covered) places(t *testing.T, w *permtest.World, a joinery.Actor, p permtest.Record) {
	t.Helper()
	cover := Cover{}
	cover.ID = registry.To[permtest.Project](projectID(p))
	above := a
	above.Scope = nil
	want := w.Kind(a) != joinery.Anonymous && a.Allows("covers", joinery.Edit) && w.May(above, joinery.View, p) && w.May(above, joinery.Edit, p)
	err := c.engine.Place(joinery.WithActor(t.Context(), a), c.covers, nil, c.covers.RowOf(&cover))
	if (err == nil) != want {
		t.Errorf("%s creates a cover of %s: got %v, want it allowed: %t", permtest.ActorName(a), permtest.Name(projectID(p)), err, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
