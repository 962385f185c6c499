package permtest

import (
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// moves are creates and changes that somebody might try.
func (g *generator) moves() {
	for range 14 {
		a := g.w.Actors[g.IntN(len(g.w.Actors))]
		m := g.model()
		if m.Table == "users" && g.w.NoUsers || m.sided() {
			continue
		}
		if g.percent(45) {
			g.w.Moves = append(g.w.Moves, Move{Actor: a, New: g.create(m, a)})
		} else if rows := g.w.All(m.Table); len(rows) > 0 {
			old := rows[g.IntN(len(rows))]
			g.w.Moves = append(g.w.Moves, Move{Actor: a, Old: old, New: g.change(m, old)})
		}
	}
}

// create is a new row of the model. Its creator is the actor, as crud fills it
// in.
func (g *generator) create(m *Model, a joinery.Actor) Record {
	h := Head{ID: ID("new"), CreatedBy: a.ID}
	switch m.Table {
	case "users":
		return User{h}
	case "teams":
		return g.changeTeam(Team{Head: h})
	case "roles":
		return g.changeRole(g.changeRole(Role{Head: h, Team: among(g, g.w.Teams), Actions: g.set(15)}))
	case "memberships":
		return Membership{Head: h, Team: among(g, g.w.Teams), Member: g.someone(), Role: among(g, g.w.Roles), ExpiresAt: g.when()}
	case "grants":
		return g.createGrant(h)
	}
	return g.createRow(m, h, a)
}

// someone is a user who is there: Place need not know of strangers.
func (g *generator) someone() uuid.UUID {
	if len(g.w.Users) == 0 {
		return ID("u1")
	}
	return g.w.Users[g.IntN(len(g.w.Users))].ID
}

func (g *generator) createGrant(h Head) Grant {
	gr := Grant{Head: h, Model: g.grantedModel(), Actions: g.set(15), ExpiresAt: g.when()}
	gr.Row = among(g, g.w.All(gr.Model))
	g.target(&gr)
	if g.one(12) {
		gr.Member = g.someone()
	}
	if gr.Row == null {
		gr.Row = ID("missing")
	}
	return gr
}

func (g *generator) createRow(m *Model, h Head, a joinery.Actor) Row {
	r := Row{Head: h, Model: m.Table}
	g.fill(m, &r)
	if !m.Created {
		r.CreatedBy = null
	}
	if m.Owned && g.percent(75) {
		r.Owner = a.ID
	}
	g.tame(m, &r)
	return r
}

// tame takes out references that would be refused whoever asks, most of the
// time, and those about which the page is silent: users who are not there.
func (g *generator) tame(m *Model, r *Row) {
	for _, ref := range m.Refs {
		to, set := r.Refs[ref.Column]
		switch _, found := g.w.Find(ref.Table, to); {
		case !set:
		case ref.Table == "users" && (g.w.NoUsers || !found):
			delete(r.Refs, ref.Column)
		case !found && g.percent(70), g.percent(35):
			delete(r.Refs, ref.Column)
		}
	}
}

// change is the row with one or two fields changed, or none.
func (g *generator) change(m *Model, old Record) Record {
	switch r := old.(type) {
	case Team:
		return g.changeTeam(r)
	case Role:
		return g.changeRole(r)
	case Membership:
		return g.changeMembership(r)
	case Grant:
		return g.changeGrant(r)
	case Row:
		return g.changeRow(m, r)
	}
	return old
}

func (g *generator) changeTeam(t Team) Team {
	if g.percent(60) {
		t.Parent = null
	}
	if g.percent(60) {
		t.Parent = among(g, g.w.Teams)
	}
	return t
}

func (g *generator) changeRole(r Role) Role {
	switch g.IntN(5) {
	case 0:
		r.Parent = among(g, g.w.Roles)
	case 1:
		r.Parent = null
	case 2:
		r.Actions = g.set(20)
	case 3:
		if g.one(3) {
			r.Team = among(g, g.w.Teams)
		}
	}
	return r
}

func (g *generator) changeMembership(m Membership) Membership {
	switch g.IntN(6) {
	case 0, 1:
		m.Role = among(g, g.w.Roles)
	case 2:
		m.ExpiresAt = g.when()
	case 3:
		m.DisabledAt = g.w.Now
	case 4:
		if g.one(2) {
			m.Team = among(g, g.w.Teams)
		} else {
			m.Member = g.someone()
		}
	}
	return m
}

func (g *generator) changeGrant(gr Grant) Grant {
	switch g.IntN(5) {
	case 0, 1:
		gr.Actions = g.set(15)
	case 2:
		gr.ExpiresAt = g.when()
	case 3:
		if g.one(2) {
			g.target(&gr)
		}
	}
	return gr
}

func (g *generator) changeRow(m *Model, old Row) Row {
	r := old.clone()
	for range g.IntN(3) {
		switch {
		case m.Owned && g.one(4):
			r.Owner = g.creator(20)
		case m.InTeam && g.one(3):
			r.Team = null
		case m.InTeam && g.one(2):
			r.Team = among(g, g.w.Teams)
		case len(m.Refs) > 0:
			g.repoint(m, &r, old)
		}
	}
	return r
}

// repoint changes one reference: to a row that is there most of the time, or
// to null.
func (g *generator) repoint(m *Model, r *Row, old Row) {
	ref := m.Refs[g.IntN(len(m.Refs))]
	delete(r.Refs, ref.Column)
	if g.percent(70) {
		g.point(r, ref)
	}
	to, set := r.Refs[ref.Column]
	_, found := g.w.Find(ref.Table, to)
	if was, had := old.Refs[ref.Column]; set && ref.Table == "users" && (g.w.NoUsers || !found) {
		delete(r.Refs, ref.Column)
		if had {
			r.Refs[ref.Column] = was
		}
	}
}
