package permtest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// Generate is the random world of the seed: always the same for the same seed
// and version of this package. It is small, so that rows meet, and it holds on
// purpose what constraints would keep out of a database: references to rows
// that are missing, cycles, the same grant twice.
func Generate(seed uint64) *World {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0)), w: &World{Now: noon}, grantable: []string{"projects", "notes", "folders", "teams"}}
	if g.one(4) {
		g.w.NoUsers = true
		g.w.IDs = joinery.WellKnown{Root: ID("theroot"), System: ID("thesystem"), Template: ID("thetemplate")}
	}
	return g.world()
}

// world fills the world.
func (g *generator) world() *World {
	g.people()
	g.teams()
	g.roles()
	g.memberships()
	for _, m := range g.w.kinds() {
		g.rows(m)
	}
	g.grants()
	g.actors()
	g.moves()
	return g.w
}

type generator struct {
	*rand.Rand
	w         *World
	grantable []string // tables on whose rows grants are made more often
}

// model is one of the world's models.
func (g *generator) model() *Model { return g.w.kinds()[g.IntN(len(g.w.kinds()))] }

// one is true once in n times.
func (g *generator) one(n int) bool { return g.IntN(n) == 0 }

// percent is true p times in a hundred.
func (g *generator) percent(p int) bool { return g.IntN(100) < p }

// person is a user; one of five is in no table.
func (g *generator) person() uuid.UUID {
	if g.one(25) {
		return ID("stranger")
	}
	return ID(fmt.Sprintf("u%d", g.IntN(4)+1))
}

// creator is whoever may have made a row: nobody, a person, or one of the
// well-known three.
func (g *generator) creator(wellKnown int) uuid.UUID {
	ids := g.w.wellKnown()
	switch n := g.IntN(100); {
	case n < wellKnown:
		return []uuid.UUID{ids.Root, ids.System, ids.Template}[g.IntN(3)]
	case n < wellKnown+10:
		return null
	}
	return g.person()
}

func (g *generator) head(prefix string, n, wellKnown int) Head {
	return Head{ID: ID(fmt.Sprintf("%s%d", prefix, n)), CreatedBy: g.creator(wellKnown), Deleted: g.percent(9)}
}

// among is the id of one of the rows, now and then of none that exists; null
// where there are no rows.
func among[R Record](g *generator, rows []R) uuid.UUID {
	switch {
	case g.one(30):
		return ID("missing")
	case len(rows) == 0:
		return null
	}
	return rows[g.IntN(len(rows))].head().ID
}

// set is a set of actions, View more often than the others.
func (g *generator) set(each int) joinery.Actions {
	var all joinery.Actions
	for _, x := range joinery.AllActions.Each() {
		if g.percent(each) || x == joinery.View && g.percent(60) {
			all |= x
		}
	}
	return all
}

// when is no time, or one around now.
func (g *generator) when() time.Time {
	if g.percent(65) {
		return time.Time{}
	}
	around := []time.Duration{-time.Hour, -time.Microsecond, 0, time.Microsecond, time.Hour}
	return g.w.Now.Add(around[g.IntN(len(around))])
}

func (g *generator) people() {
	for n := 1; n <= 4 && !g.w.NoUsers; n++ {
		g.w.Users = append(g.w.Users, User{g.head("u", n, 9)})
	}
}

// teams are a tree, with a cycle now and then.
func (g *generator) teams() {
	for n := range g.IntN(7) + 1 {
		t := Team{Head: g.head("t", n+1, 9)}
		if g.percent(75) {
			t.Parent = among(g, g.w.Teams)
		}
		g.w.Teams = append(g.w.Teams, t)
	}
	if g.one(10) {
		g.w.Teams[0].Parent = among(g, g.w.Teams)
	}
}

func (g *generator) roles() {
	for n := range g.IntN(6) + 1 {
		r := Role{Head: g.head("r", n+1, 15), Actions: g.set(30)}
		if g.percent(55) {
			r.Team = among(g, g.w.Teams)
		}
		if g.percent(55) {
			r.Parent = among(g, g.w.Roles)
		}
		g.w.Roles = append(g.w.Roles, r)
	}
	if g.one(10) {
		g.w.Roles[0].Parent = among(g, g.w.Roles)
	}
}

func (g *generator) memberships() {
	for n := range g.IntN(11) {
		m := Membership{Head: g.head("m", n+1, 6), Team: among(g, g.w.Teams), Member: g.person(), Role: among(g, g.w.Roles)}
		m.ExpiresAt = g.when()
		if g.percent(8) {
			m.DisabledAt = g.w.Now.Add(time.Duration(g.IntN(3)-1) * time.Hour)
		}
		g.w.Memberships = append(g.w.Memberships, m)
	}
}

// rows are up to six of the model, each of which may name those before it.
func (g *generator) rows(m *Model) {
	if m.Special {
		return
	}
	for n := range g.IntN(6) + 1 {
		r := Row{Model: m.Table, Head: g.head(g.prefix(m), n+1, 25)}
		r.Deleted = r.Deleted && m.SoftDelete
		if !m.Created {
			r.CreatedBy = null
		}
		g.fill(m, &r)
		if m.sided() && !g.beside(m, &r) {
			continue
		}
		g.w.Rows = append(g.w.Rows, r)
	}
	g.knot(m)
}

// prefix begins the names of a model's rows.
func (g *generator) prefix(m *Model) string {
	if g.w.Models == nil {
		return m.Table[:len(m.Table)-1]
	}
	return m.Table + "-"
}

// fill gives the row an owner, a team, references and what Extra looks at.
func (g *generator) fill(m *Model, r *Row) {
	if m.Owned && g.percent(60) {
		r.Owner = g.creator(15)
	}
	if m.InTeam && g.percent(55) {
		r.Team = among(g, g.w.Teams)
	}
	r.Refs = map[string]uuid.UUID{}
	for _, ref := range m.Refs {
		if g.percent(55) {
			g.point(r, ref)
		}
	}
	if m.Table == "notes" && g.w.Models == nil {
		r.Shared, r.Rank = g.percent(15), int64(g.IntN(5))
	}
	g.values(m, r)
}

// point makes the reference name some row.
func (g *generator) point(r *Row, ref Ref) {
	to := g.person()
	if ref.Table != "users" {
		to = among(g, g.w.All(ref.Table))
	}
	if to != null {
		r.Refs[ref.Column] = to
	}
}

// knot closes a cycle in a tree now and then.
func (g *generator) knot(m *Model) {
	for i := range g.w.Rows {
		for _, ref := range m.Refs {
			if r := &g.w.Rows[i]; r.Model == m.Table && ref.Table == m.Table && g.one(20) {
				g.point(r, ref)
			}
		}
	}
}

func (g *generator) grants() {
	for n := range g.IntN(15) {
		if len(g.w.Grants) > 0 && g.one(10) {
			twin := g.w.Grants[g.IntN(len(g.w.Grants))]
			twin.Head = g.head("g", n+1, 6)
			g.w.Grants = append(g.w.Grants, twin)
			continue
		}
		gr := Grant{Head: g.head("g", n+1, 6), Actions: g.set(40), ExpiresAt: g.when()}
		gr.Model = g.grantedModel()
		gr.Row = among(g, g.w.All(gr.Model))
		if gr.Row == null {
			gr.Row = ID("missing")
		}
		g.target(&gr)
		g.w.Grants = append(g.w.Grants, gr)
	}
}

// grantedModel is mostly one on which grants are valid.
func (g *generator) grantedModel() string {
	table := g.model().Table
	if !g.w.grantable(table) && g.percent(85) {
		return g.grantable[g.IntN(len(g.grantable))]
	}
	return table
}

func (g *generator) target(gr *Grant) {
	gr.Member, gr.Team, gr.Role = null, null, null
	switch g.IntN(4) {
	case 0:
		gr.Member = g.person()
	case 1:
		gr.Team = among(g, g.w.Teams)
	case 2:
		gr.Team, gr.Role = among(g, g.w.Teams), among(g, g.w.Roles)
	case 3:
		gr.Role = among(g, g.w.Roles)
	}
}

// actors are the four users, and two of all other kinds.
func (g *generator) actors() {
	for n := range 4 {
		g.w.Actors = append(g.w.Actors, user(fmt.Sprintf("u%d", n+1)))
	}
	ids := g.w.wellKnown()
	others := []joinery.Actor{
		{}, {ID: ids.System, Kind: joinery.System}, {ID: ids.Root, Kind: joinery.Root},
		{Kind: joinery.User}, {ID: g.creator(100), Kind: joinery.User}, {ID: g.person()}, user("stranger"),
		scoped(user("u1"), g.scope()), scoped(user("u2"), g.scope()), scoped(user("u3"), g.scope()),
		scoped(joinery.Actor{ID: ids.System, Kind: joinery.System}, g.scope()),
		scoped(joinery.Actor{ID: ids.Root, Kind: joinery.Root}, g.scope()), scoped(joinery.Actor{}, g.scope()),
	}
	for range 2 {
		g.w.Actors = append(g.w.Actors, others[g.IntN(len(others))])
	}
}

// scope lists some tables; one of ten lists none.
func (g *generator) scope() map[string]joinery.Actions {
	scope := map[string]joinery.Actions{}
	if g.one(10) {
		return scope
	}
	for _, m := range g.w.kinds() {
		if g.percent(75) {
			scope[m.Table] = g.set(60)
		}
	}
	return scope
}
