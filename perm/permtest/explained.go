package permtest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// Explainer is an optional ability of a [Subject]: to explain its answers.
type Explainer interface {
	// Explain is why who may do x, one action, to the row, or may not, as it
	// is told to the asker; an error of kind NotFound, Forbidden or
	// Unauthenticated when it is not told.
	Explain(t testing.TB, asker, who joinery.Actor, x joinery.Actions, table string, id uuid.UUID) (registry.Explanation, error)
}

// explanation is one that somebody asks for.
type explanation struct {
	asker, who joinery.Actor
	x          joinery.Actions
	table      string
	id         uuid.UUID
}

// wrong says in what the subject's explanation differs from what the model
// knows; empty: in nothing.
func (q explanation) wrong(t testing.TB, w *World, s Explainer) string {
	got, err := s.Explain(t, q.asker, q.who, q.x, q.table, q.id)
	if why := q.differs(w, got, err); why != "" {
		return fmt.Sprintf("%s asks why %s may %s %s %s: %s", ActorName(q.asker), ActorName(q.who), q.x, q.table, Name(q.id), why)
	}
	if err != nil {
		return ""
	}
	if why := q.leaks(t, w, s, got); why != "" {
		return fmt.Sprintf("%s is told why %s may %s %s %s: %s", ActorName(q.asker), ActorName(q.who), q.x, q.table, Name(q.id), why)
	}
	return ""
}

func (q explanation) differs(w *World, got registry.Explanation, err error) string {
	r, found := w.Find(q.table, q.id)
	var refused *Refusal
	if !found {
		refused = w.Check(q.asker, joinery.View, q.table, q.id)
	} else {
		refused = w.MayExplain(q.asker, q.who, r)
	}
	if refused != nil {
		return Disagreement(err, []Refusal{*refused})
	}
	if err != nil {
		return err.Error()
	}
	allowed, line := w.Explain(q.who, q.x, r)
	if got.Allowed != allowed || got.Rule != line {
		return fmt.Sprintf("the engine says %t by line %d, the model %t by line %d", got.Allowed, got.Rule, allowed, line)
	}
	if got.Model != q.table || got.ID != q.id || got.Action != q.x.String() {
		return fmt.Sprintf("it explains %s of %s %s", got.Action, got.Model, Name(got.ID))
	}
	return q.ends(w, got, r)
}

// ends compares until when it is allowed.
func (q explanation) ends(w *World, got registry.Explanation, r Record) string {
	var want time.Time
	if got.Allowed {
		want = w.Until(q.who, q.x, r)
	}
	if until := timeOf(got.Until); !until.Equal(want) {
		return fmt.Sprintf("the engine says until %s, the model %s", until, want)
	}
	return ""
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// telling checks what Root is told: everything, and by what it is held.
type telling struct {
	w   *World
	who joinery.Actor
	x   joinery.Actions
	why string
}

func (c *telling) fail(format string, args ...any) {
	if c.why == "" {
		c.why = fmt.Sprintf(format, args...)
	}
}

// row checks the explanation of one row, and of those above it. The rules go
// on to rows as if there were no scope.
func (c *telling) row(e *registry.Explanation) {
	r, found := c.w.Find(e.Model, e.ID)
	if e.Cut {
		return
	}
	if !found || e.Redacted {
		c.fail("it goes on to %s %s", e.Model, Name(e.ID))
		return
	}
	for _, rule := range e.Rules {
		c.rule(rule, r)
	}
}

func (c *telling) rule(l registry.ExplainedRule, r Record) {
	if !l.Held || l.Answer != "yes" {
		if len(l.Paths) > 0 {
			c.fail("line %d is not held, and has paths", l.Rule)
		}
		return
	}
	id := r.head().ID
	switch l.Rule {
	case 8:
		c.parts(l.Parts, r)
	case 12:
		c.members(l, r.(Row).Team, c.x)
	case 13:
		c.grants(l, r.Table(), id)
	case 14:
		c.parents(l, r.(Row))
	case 15:
		c.extras(l, r.(Row))
	}
}

// members checks the memberships that lead to a team with the action: that all
// are told, and how.
func (c *telling) members(l registry.ExplainedRule, team uuid.UUID, x joinery.Actions) {
	var want []uuid.UUID
	path := c.w.teamPath(team)
	for _, m := range c.w.Memberships {
		on := slices.ContainsFunc(path, func(t Team) bool { return t.ID == m.Team })
		if m.Member == c.who.ID && on && c.w.active(m) && c.w.Effective(m.Role).Has(x) {
			want = append(want, m.ID)
		}
	}
	var got []uuid.UUID
	for _, p := range l.Paths {
		got = append(got, p.Membership.ID)
		c.member(p, team, x)
	}
	c.sameIDs(l, got, want)
}

// sameIDs checks that the paths are all there are, as far as they are not cut.
func (c *telling) sameIDs(l registry.ExplainedRule, got, want []uuid.UUID) {
	for _, id := range got {
		if !slices.Contains(want, id) {
			c.fail("line %d leads over %s, the model over %s", l.Rule, names(got), names(want))
		}
	}
	if l.Cut != (len(got) < len(want)) {
		c.fail("line %d leads over %s, the model over %s, and cut is %t", l.Rule, names(got), names(want), l.Cut)
	}
}

// member checks the way from a membership down to a team, and by which role it
// has the action.
func (c *telling) member(p registry.ExplainedPath, team uuid.UUID, x joinery.Actions) {
	m, _ := pick(c.w.Memberships, p.Membership.ID)
	if p.Role.ID != m.Role || p.Role.Name != c.roleName(m.Role) || !timeOf(p.Membership.ExpiresAt).Equal(m.ExpiresAt) {
		c.fail("the membership %s has another role or end", Name(m.ID))
	}
	var want []uuid.UUID
	for _, t := range c.w.teamPath(team) {
		want = append([]uuid.UUID{t.ID}, want...)
		if t.ID == m.Team {
			break
		}
	}
	var got []uuid.UUID
	for _, t := range p.Teams {
		got = append(got, t.ID)
		if t.Name != Name(t.ID) {
			c.fail("team %s is called %q", Name(t.ID), t.Name)
		}
	}
	if !slices.Equal(got, want) {
		c.fail("the membership %s leads over %s, want %s", Name(m.ID), names(got), names(want))
	}
	c.by(p, m, func(r Role) bool { return r.Actions.Has(x) })
}

// by checks which role above the membership's contributes.
func (c *telling) by(p registry.ExplainedPath, m Membership, contributes func(Role) bool) {
	for _, r := range c.w.roleChain(m.Role) {
		if !contributes(r) {
			continue
		}
		if by := p.By; by == nil && r.ID != m.Role || by != nil && (by.ID != r.ID || r.ID == m.Role) {
			c.fail("the membership %s counts by %v, want %s", Name(m.ID), by, Name(r.ID))
		}
		return
	}
}

// roleName is what the role's row says.
func (c *telling) roleName(id uuid.UUID) string { return Name(id) }

// grants checks the grants on a row: that all are told, and how the actor is
// among those whom they are for.
func (c *telling) grants(l registry.ExplainedRule, table string, row uuid.UUID) {
	var got, want []uuid.UUID
	for _, g := range c.w.Grants {
		if g.Model == table && g.Row == row && g.Actions.Has(c.x) && c.w.grantActive(g) && c.w.grantedTo(g, c.who.ID) {
			want = append(want, g.ID)
		}
	}
	for _, p := range l.Paths {
		got = append(got, p.Grant.ID)
		if g, found := pick(c.w.Grants, p.Grant.ID); found {
			c.grant(p, g)
		}
	}
	c.sameIDs(l, got, want)
}

func (c *telling) grant(p registry.ExplainedPath, g Grant) {
	to := map[[2]bool]string{{}: "user", {true, false}: "team", {true, true}: "team_role", {false, true}: "role"}
	if p.Grant.To != to[[2]bool{g.Team != null, g.Role != null}] || linkID(p.Grant.Team) != g.Team || linkID(p.Grant.Role) != g.Role || !timeOf(p.Grant.ExpiresAt).Equal(g.ExpiresAt) {
		c.fail("the grant %s is told as to %s %v %v until %v", Name(g.ID), p.Grant.To, p.Grant.Team, p.Grant.Role, p.Grant.ExpiresAt)
	}
	if g.Member != null {
		return
	}
	alone := *c.w // with that membership alone the grant is the actor's
	m, _ := pick(c.w.Memberships, linkID(p.Membership))
	alone.Memberships = []Membership{m}
	if !alone.grantedTo(g, c.who.ID) {
		c.fail("the membership %s does not lead to the grant %s", Name(m.ID), Name(g.ID))
		return
	}
	for _, other := range c.w.Memberships {
		alone.Memberships = []Membership{other}
		if alone.grantedTo(g, c.who.ID) && !m.ExpiresAt.IsZero() && (other.ExpiresAt.IsZero() || other.ExpiresAt.After(m.ExpiresAt)) {
			c.fail("the membership %s lasts longer than %s", Name(other.ID), Name(m.ID))
		}
	}
	if g.Team != null {
		c.member(p, g.Team, joinery.AllActions+1)
	}
	if g.Role != null {
		c.by(p, m, func(r Role) bool { return r.ID == g.Role })
	}
}

func linkID(l *registry.ExplainedLink) uuid.UUID {
	if l == nil {
		return null
	}
	return l.ID
}

// parents checks by which references the row inherits, and the rows above.
func (c *telling) parents(l registry.ExplainedRule, r Row) {
	var got, want []uuid.UUID
	for _, ref := range c.w.model(r.Model).Refs {
		q := question{w: c.w, a: unscoped(c.who), kind: c.w.Kind(c.who), x: c.x, m: c.w.model(r.Model), r: r, visited: map[place]bool{}}
		if ref.Inherit && q.mayAbove(ref.Table, r.Refs[ref.Column]) {
			want = append(want, ID(ref.Column))
		}
	}
	for _, p := range l.Paths {
		got = append(got, ID(p.Column))
		if !p.Row.Allowed || !p.Row.Cut && p.Row.ID != r.Refs[p.Column] {
			c.fail("%s leads to %s, which is allowed: %t", p.Column, Name(p.Row.ID), p.Row.Allowed)
		}
		c.line(p.Row, c.x)
		c.row(p.Row)
	}
	c.sameIDs(l, got, want)
}

// line checks which line answers for a row that the rules go on to.
func (c *telling) line(e *registry.Explanation, x joinery.Actions) {
	r, found := c.w.Find(e.Model, e.ID)
	if !found || e.Cut {
		return
	}
	if may, line := c.w.Decide(unscoped(c.who), x, r); may != e.Allowed || line != e.Rule {
		c.fail("%s %s: the engine says %t by line %d, the model %t by line %d", e.Model, Name(e.ID), e.Allowed, e.Rule, may, line)
	}
}

func (c *telling) extras(l registry.ExplainedRule, r Row) {
	want := 0
	for _, extra := range c.w.model(r.Model).Extra {
		if extra.Actions.Has(c.x) && extra.Holds(c.who.ID, r) {
			want++
		}
	}
	if len(l.Paths) != want {
		c.fail("%d rules of the app are told, want %d", len(l.Paths), want)
	}
}
