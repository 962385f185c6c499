package permtest

import (
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// parts checks through what the rules of the special models are held.
func (c *telling) parts(parts []registry.ExplainedRule, r Record) {
	for i, part := range parts {
		if !part.Held {
			if len(part.Paths) > 0 {
				c.fail("part %d of line 8 is not held, and has paths", i)
			}
			continue
		}
		switch r := r.(type) {
		case Team:
			c.teamPart(part, i, r)
		case Membership:
			c.membershipPart(part, i, r)
		case Role:
			c.rolePart(part, i, r)
		case Grant:
			c.goesOn(part, r.Model, r.Row, joinery.Share)
		case User:
			c.userPart(part, i, r)
		}
	}
}

func (c *telling) teamPart(part registry.ExplainedRule, i int, t Team) {
	if i == 0 {
		c.members(part, t.ID, c.x)
		return
	}
	c.grants(part, "teams", t.ID)
}

func (c *telling) membershipPart(part registry.ExplainedRule, i int, m Membership) {
	switch i {
	case 0:
		if m.Member != c.who.ID {
			c.fail("the membership %s is not one's own", Name(m.ID))
		}
	case 1:
		c.goesOn(part, "teams", m.Team, joinery.View)
	case 2:
		c.members(part, m.Team, joinery.Edit)
	}
}

func (c *telling) rolePart(part registry.ExplainedRule, i int, r Role) {
	switch i {
	case 0:
		if r.Team != null {
			c.fail("the role %s is of a team", Name(r.ID))
		}
	case 1:
		c.goesOn(part, "teams", r.Team, joinery.View)
	case 2:
		c.alone(part, func(w *World) bool { return w.reachesBelow(c.who.ID, r.Team) })
	case 3:
		c.members(part, r.Team, joinery.Share)
	}
}

func (c *telling) userPart(part registry.ExplainedRule, i int, u User) {
	if i == 0 {
		if u.ID != c.who.ID {
			c.fail("the user %s is not oneself", Name(u.ID))
		}
		return
	}
	c.alone(part, func(w *World) bool {
		for _, m := range c.w.Memberships { // the other's stay
			if m.Member != c.who.ID {
				w.Memberships = append(w.Memberships, m)
			}
		}
		return w.meet(c.who.ID, u.ID)
	})
}

// alone checks that each membership that is told suffices without the actor's
// others, and that all that do are told.
func (c *telling) alone(part registry.ExplainedRule, holds func(w *World) bool) {
	var got, want []uuid.UUID
	for _, m := range c.w.Memberships {
		alone := *c.w
		alone.Memberships = []Membership{m}
		if m.Member == c.who.ID && holds(&alone) {
			want = append(want, m.ID)
		}
	}
	for _, p := range part.Paths {
		got = append(got, p.Membership.ID)
	}
	c.sameIDs(part, got, want)
}

// goesOn checks that a part goes on to another row, and that row.
func (c *telling) goesOn(part registry.ExplainedRule, table string, id uuid.UUID, x joinery.Actions) {
	if len(part.Paths) != 1 || part.Paths[0].Row == nil {
		c.fail("part of line 8 does not go on to %s %s", table, Name(id))
		return
	}
	above := *c
	above.x = x
	e := part.Paths[0].Row
	if e.Model != table || !e.Allowed || e.Action != x.String() || !e.Cut && e.ID != id {
		c.fail("part of line 8 goes on to %s of %s %s, want %s of %s %s", e.Action, e.Model, Name(e.ID), x, table, Name(id))
	}
	above.line(e, x)
	above.row(e)
	c.fail("%s", above.why)
}
