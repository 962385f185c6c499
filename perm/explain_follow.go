package perm

import (
	"context"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// repeat is a row that an explanation comes to again.
type repeat struct {
	of  *explained
	out *registry.Explanation
}

// add is the row as one to be explained.
func (x *explaining) add(asked rowAsked) *explained {
	r := &explained{rowAsked: asked, out: &registry.Explanation{}}
	x.rows, x.known[asked] = append(x.rows, r), r
	return r
}

// goTo is the explanation of a row that a rule goes on to, and by which it is
// held. Each row is explained once, and only so many are.
func (x *explaining) goTo(asked rowAsked) *registry.Explanation {
	if r := x.known[asked]; r != nil {
		out := &registry.Explanation{}
		x.again = append(x.again, repeat{r, out})
		return out
	}
	if len(x.rows) == maxExplained {
		return &registry.Explanation{Model: asked.m.Table, Action: asked.x.String(), Allowed: true, Reason: "it is left out: the explanation grew too long", Cut: true}
	}
	return x.add(asked).out
}

// hide notes which of the rows the asker may not View.
func (x *explaining) hide(ctx context.Context, rows []*explained) error {
	ids := map[linked][]uuid.UUID{}
	for _, r := range rows {
		ids[linked{m: r.m}] = append(ids[linked{m: r.m}], r.id)
	}
	seen, err := x.visible(ctx, ids)
	for _, r := range rows {
		r.hidden = !seen[linked{m: r.m}][r.id].Has(View)
	}
	return err
}

// lead goes on from the rules that are held for the row to that through which
// they are.
func (x *explaining) lead(r *explained) {
	for _, l := range r.rules {
		if l.held && l.answer == yes {
			x.leadFrom(r, l)
		}
	}
}

func (x *explaining) leadFrom(r *explained, l *ruleHeld) {
	switch l.line {
	case 8:
		for i, part := range l.parts {
			if part.held {
				x.leadFromPart(r, part, i)
			}
		}
	case 11:
		if r.m.Team != nil && r.m.Policy.OwnerNeedsReach && r.team() != uuid.Nil {
			x.search(&search{rule: l, team: r.team()})
		}
	case 12:
		x.search(&search{rule: l, team: r.team(), x: r.x})
	case 13:
		x.gifts = append(x.gifts, gift{r, l})
	case 14:
		for _, ref := range r.parents() {
			above := x.goTo(rowAsked{m: ref.Ref.Target, id: r.ids[ref.Name], x: r.x})
			l.paths = append(l.paths, &registry.ExplainedPath{Column: apiName(ref), Row: above})
		}
	case 15:
		for _, rule := range r.extras() {
			l.paths = append(l.paths, &registry.ExplainedPath{Extra: rule.Name})
		}
	}
}

// leadFromPart is leadFrom for the i-th rule of a model of line 8.
func (x *explaining) leadFromPart(r *explained, part *ruleHeld, i int) {
	b := &x.e.bound
	to := func(m *registry.Model, id uuid.UUID, a Actions) {
		if m != nil {
			part.paths = append(part.paths, &registry.ExplainedPath{Row: x.goTo(rowAsked{m: m, id: id, x: a})})
		}
	}
	switch {
	case r.m == b.teams && i == 0:
		x.search(&search{rule: part, team: r.id, x: r.x})
	case r.m == b.teams:
		x.gifts = append(x.gifts, gift{r, part})
	case r.m == b.grants:
		to(x.e.reg.Model(r.on), r.ids["row_id"], joinery.Share)
	case r.m == b.users && i == 1:
		x.search(&search{rule: part, other: r.id, x: View})
	case (r.m == b.memberships || r.m == b.roles) && i == 1:
		to(b.teams, r.ids["team_id"], View)
	case r.m == b.memberships && i == 2:
		x.search(&search{rule: part, team: r.ids["team_id"], x: joinery.Edit})
	case r.m == b.roles && i == 2:
		x.search(&search{rule: part, team: r.ids["team_id"], below: true})
	case r.m == b.roles && i == 3:
		x.search(&search{rule: part, team: r.ids["team_id"], x: joinery.Share})
	}
}

// team is the row's team, the nil uuid where it has none.
func (r *explained) team() uuid.UUID {
	if r.m.Team == nil {
		return uuid.Nil
	}
	return r.ids[r.m.Team.Name]
}

// apiName is how callers know a column.
func apiName(c *registry.Column) string {
	if c.JSON != "" {
		return c.JSON
	}
	return c.Name
}
