package permtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// leaks compares what the asker is told with what Root is told, who sees
// everything: Root is told the truth, the asker no more than that, and nothing
// by which a row could be known that it may not View.
func (q explanation) leaks(t testing.TB, w *World, s Explainer, got registry.Explanation) string {
	if id := w.leaked(q.asker, got); id != null {
		return fmt.Sprintf("it names %s, which the asker may not view: %s", Name(id), text(got))
	}
	all := joinery.Actor{Kind: joinery.Root}
	if q.asker.Kind == all.Kind && q.asker.Scope == nil {
		return q.untold(w, got)
	}
	full, err := s.Explain(t, all, q.who, q.x, q.table, q.id)
	if err != nil {
		return err.Error()
	}
	if why := q.untold(w, full); why != "" {
		return why
	}
	if strings.Contains(text(full), `"cut":true`) { // of other rows, where some are hidden
		return ""
	}
	redacted{w, q.asker}.explanation(&full)
	if want, got := text(full), text(got); want != got {
		return fmt.Sprintf("it is\n%s\nwant\n%s", got, want)
	}
	return ""
}

// untold is in what the explanation that Root is told is not the truth.
func (q explanation) untold(w *World, full registry.Explanation) string {
	c := &telling{w: w, who: q.who, x: q.x}
	c.row(&full)
	return c.why
}

func text(e registry.Explanation) string {
	written, err := json.Marshal(e)
	if err != nil {
		return err.Error()
	}
	return string(written)
}

// leaked is a row that the asker may not View, and that the explanation names
// by id or name; null: there is none.
func (w *World) leaked(asker joinery.Actor, e registry.Explanation) uuid.UUID {
	told := text(e)
	for _, m := range w.kinds() {
		for _, r := range w.All(m.Table) {
			id := r.head().ID
			named := strings.Contains(told, `"`+id.String()+`"`) || strings.Contains(told, `"name":"`+Name(id)+`"`)
			if named && !w.sees(asker, id) {
				return id
			}
		}
	}
	return null
}

// sees reports whether the asker may View a row with the id.
func (w *World) sees(asker joinery.Actor, id uuid.UUID) bool {
	return slices.ContainsFunc(w.kinds(), func(m *Model) bool {
		r, found := w.Find(m.Table, id)
		return found && w.May(asker, joinery.View, r)
	})
}

// redacted takes from an explanation what an asker may not View.
type redacted struct {
	w     *World
	asker joinery.Actor
}

// sees reports whether the asker may View a row.
func (r redacted) sees(table string, id uuid.UUID) bool {
	row, found := r.w.Find(table, id)
	return found && r.w.May(r.asker, joinery.View, row)
}

func (r redacted) explanation(e *registry.Explanation) {
	if e == nil {
		return
	}
	if !r.sees(e.Model, e.ID) {
		*e = registry.Explanation{Model: e.Model, Action: e.Action, Allowed: e.Allowed, Reason: "the row is not the asker's to see", Redacted: true}
		return
	}
	r.rules(e.Rules)
	r.explanation(e.View)
}

func (r redacted) rules(rules []registry.ExplainedRule) {
	for _, l := range rules {
		r.rules(l.Parts)
		for _, p := range l.Paths {
			r.explanation(p.Row)
			r.link("memberships", p.Membership)
			r.link("roles", p.Role)
			r.link("roles", p.By)
			for i := range p.Teams {
				r.link("teams", &p.Teams[i])
			}
			if g := p.Grant; g != nil {
				r.link("grants", &g.ExplainedLink)
				r.link("teams", g.Team)
				r.link("roles", g.Role)
			}
		}
	}
}

func (r redacted) link(table string, l *registry.ExplainedLink) {
	if l != nil && !r.sees(table, l.ID) {
		*l = registry.ExplainedLink{ExpiresAt: l.ExpiresAt, Redacted: true}
	}
}
