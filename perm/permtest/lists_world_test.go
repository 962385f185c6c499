package permtest

import (
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// listWorld is the random world of a seed. Most are small; some have more
// teams, parents and rows than the statement of a list looks up one by one.
func listWorld(seed uint64, models []*Model) *World {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 2)), w: &World{Now: noon, Models: models}}
	for _, m := range models {
		if g.w.grantable(m.Table) {
			g.grantable = append(g.grantable, m.Table)
		}
	}
	g.people()
	g.teams()
	g.roles()
	g.memberships()
	for _, m := range models {
		g.rows(m)
	}
	switch {
	case isLong(seed):
		g.long()
	case seed%largeOf == 0:
		g.large()
	}
	g.grants()
	g.shares()
	g.actors()
	for i := range g.w.Rows {
		if r := &g.w.Rows[i]; r.Model == "passes" && r.Owner == null {
			r.Owner = g.person()
		}
	}
	return g.w
}

// One world in so many is large, one is long.
const largeOf, longOf = 25, 1000

func isLong(seed uint64) bool { return seed%longOf == 0 }

// crowd is many teams, of which u1 has all and u2 some, and rooms in them.
func (g *generator) crowd() {
	g.w.Roles = append(g.w.Roles, Role{Head: Head{ID: ID("viewer")}, Actions: joinery.View})
	g.w.Teams = append(g.w.Teams, Team{Head: Head{ID: ID("hub")}})
	g.member("u1", ID("hub"))
	for n := range 24 {
		crew := ID(fmt.Sprint("crew", n+10))
		g.w.Teams = append(g.w.Teams, Team{Head: Head{ID: crew}, Parent: ID("hub")})
		if n < 10 {
			g.member("u2", crew)
		}
	}
	first := len(g.w.Rows)
	g.crowded("rooms", 340, 100, 0)
	for i := range g.w.Rows[first:] {
		if g.percent(80) {
			g.w.Rows[first+i].Team = g.w.Teams[len(g.w.Teams)-1-g.IntN(24)].ID
		}
	}
}

// crowded tells whether crowd has been called.
func (w *World) crowded() bool { return len(w.Teams) > 24 }

func (g *generator) member(user string, team uuid.UUID) {
	m := Membership{Head: Head{ID: ID(fmt.Sprint("extra", len(g.w.Memberships)))}, Team: team, Member: ID(user), Role: ID("viewer")}
	g.w.Memberships = append(g.w.Memberships, m)
}

// large is some hundreds of rows of each model that has arms, of which few or
// many are anybody's.
func (g *generator) large() {
	g.crowd()
	g.crowded("labels", 640, 40, 305)
	for _, table := range []string{"tasks", "remarks", "shelves", "volumes", "crates", "passes"} {
		few := []int{1, 3, 10, 60, 100}[g.IntN(5)]
		g.crowded(table, 320+g.IntN(350), few, []int{0, 0, 200, 310}[g.IntN(4)])
	}
}

// long is more rows than a walk looks at beside a filter, and a tree that is
// not small.
func (g *generator) long() {
	g.crowd()
	g.crowded("remarks", 3_600, 5, 3_050)
	g.tall(1_200)
}

// tall is a tree of so many shelves, whose root is u1's. As many others are a
// stranger's, the same number before as after these.
func (g *generator) tall(rows int) {
	m := g.w.model("shelves")
	ids := make([]uuid.UUID, rows)
	for n := range 2 * rows {
		r := Row{Model: m.Table, Head: g.head(g.prefix(m), n+20_000, 25)}
		r.Deleted = false
		g.estrange(m, &r)
		if at := n - rows/2; at >= 0 && at < rows {
			ids[at] = r.ID
			if at == 0 {
				r.Owner = ID("u1")
			} else {
				r.Refs["parent_id"] = ids[(at-1)/8]
			}
		}
		g.w.Rows = append(g.w.Rows, r)
	}
}

// shares are grants on rows that are listed: among those of every table there
// are few.
func (g *generator) shares() {
	for n := range 30 {
		gr := Grant{Head: g.head("share", n+1, 6), Actions: g.set(40) | joinery.View, ExpiresAt: g.when()}
		gr.Model = g.listedTable()
		if gr.Row = among(g, g.w.All(gr.Model)); gr.Row != null {
			g.target(&gr)
			g.w.Grants = append(g.w.Grants, gr)
		}
	}
}

// crowded is so many rows of a model, of which those before the one with the
// number from are a stranger's, and percent of those from there on are not.
func (g *generator) crowded(table string, rows, percent, from int) {
	m := g.w.model(table)
	for n := range rows {
		r := Row{Model: table, Head: g.head(g.prefix(m), n+10_000, 25)}
		r.Deleted = r.Deleted && m.SoftDelete
		if !m.Created {
			r.CreatedBy = null
		}
		if n >= from && g.percent(percent) {
			g.fill(m, &r)
		} else {
			g.estrange(m, &r)
		}
		g.w.Rows = append(g.w.Rows, r)
	}
}

// estrange makes a row that only its owner sees, who is a stranger.
func (g *generator) estrange(m *Model, r *Row) {
	g.values(m, r)
	r.Refs = map[string]uuid.UUID{}
	if m.Table == "tasks" {
		r.Values["shared"] = false
	}
	if m.Created {
		r.CreatedBy = ID("stranger")
	}
	if m.Owned {
		r.Owner = ID("stranger")
	}
}
