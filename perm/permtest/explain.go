package permtest

import (
	"maps"
	"slices"
	"time"

	"github.com/joinery-go/joinery"
)

// Explain is the verdict of Check on x for the row, with the number of the line
// that gave it: where x would be allowed, but View is not, the line that denies
// View.
func (w *World) Explain(a joinery.Actor, x joinery.Actions, r Record) (allowed bool, line int) {
	may, line := w.Decide(a, x, r)
	if !may {
		return false, line
	}
	if sees, denied := w.Decide(a, joinery.View, r); !sees {
		return false, denied
	}
	return true, line
}

// MayExplain is the verdict on the asker's wish to know why who may do what it
// may do to the row: nil when it is told. One's own verdict needs View on the
// row, another's needs Share besides.
func (w *World) MayExplain(asker, who joinery.Actor, r Record) *Refusal {
	has := w.Actions(asker, r)
	switch {
	case !has.Has(joinery.View):
		return &Refusal{Kind: joinery.NotFound, Why: "one's own verdict needs View on the row"}
	case has.Has(joinery.Share) || w.same(asker, who):
		return nil
	case w.Kind(asker) == joinery.Anonymous:
		return &Refusal{Kind: joinery.Unauthenticated, Why: "another's verdict needs Share"}
	}
	return &Refusal{Kind: joinery.Forbidden, Why: "another's verdict needs Share"}
}

// same reports whether the asker asks about itself, with the scope that it has.
func (w *World) same(asker, who joinery.Actor) bool {
	kind := w.Kind(asker)
	if kind != w.Kind(who) || kind == joinery.User && asker.ID != who.ID {
		return false
	}
	return asker.Scope == nil || who.Scope != nil && maps.Equal(asker.Scope, who.Scope)
}

// Until is the instant at which a, who has View and x on the row now, loses
// either if nothing is written before; the zero time: never.
func (w *World) Until(a joinery.Actor, x joinery.Actions, r Record) time.Time {
	for _, end := range w.expiries() {
		later := *w
		later.Now = end
		if !later.Actions(a, r).Has(joinery.View | x) {
			return end
		}
	}
	return time.Time{}
}

// expiries are the instants to come at which something expires, in order.
func (w *World) expiries() []time.Time {
	var ends []time.Time
	for _, m := range w.Memberships {
		ends = append(ends, m.ExpiresAt)
	}
	for _, g := range w.Grants {
		ends = append(ends, g.ExpiresAt)
	}
	ends = slices.DeleteFunc(ends, func(t time.Time) bool { return !t.After(w.Now) })
	slices.SortFunc(ends, time.Time.Compare)
	return ends
}
