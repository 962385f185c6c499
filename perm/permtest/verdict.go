package permtest

import (
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// Actions is what a may do with r: "View and x" for each x. Without View it is
// empty.
func (w *World) Actions(a joinery.Actor, r Record) joinery.Actions {
	var all joinery.Actions
	if !w.May(a, joinery.View, r) {
		return all
	}
	for _, x := range joinery.AllActions.Each() {
		if w.May(a, x, r) {
			all |= x
		}
	}
	return all
}

// Visible are the ids of the rows of the table on which a has View and x, in
// the order of the world.
func (w *World) Visible(a joinery.Actor, x joinery.Actions, table string) []uuid.UUID {
	ids := []uuid.UUID{}
	for _, r := range w.All(table) {
		if w.Actions(a, r).Has(joinery.View | x) {
			ids = append(ids, r.head().ID)
		}
	}
	return ids
}

// Refusal is a reason why something may not be done.
type Refusal struct {
	Kind    joinery.Kind
	Pointer string // of the field concerned; empty: the page names none

	// Open says that the page refuses but does not name the kind: Forbidden,
	// Invalid and Conflict agree with it alike, and Kind.
	Open bool

	Why string // the sentence of the page
}

// Check is the verdict on x for the row with the id: nil when a may do it.
// What a may not View is NotFound for every action; what it may View but not x
// is Forbidden, or Unauthenticated for Anonymous.
func (w *World) Check(a joinery.Actor, x joinery.Actions, table string, id uuid.UUID) *Refusal {
	r, found := w.Find(table, id)
	if !found {
		return &Refusal{Kind: joinery.NotFound, Why: "there is no such row"}
	}
	has := w.Actions(a, r)
	switch {
	case !has.Has(joinery.View):
		return &Refusal{Kind: joinery.NotFound, Why: "what a may not View is NotFound for every action"}
	case has.Has(x):
		return nil
	case w.Kind(a) == joinery.Anonymous:
		return &Refusal{Kind: joinery.Unauthenticated, Why: "what Anonymous may View but not x is Unauthenticated"}
	}
	return &Refusal{Kind: joinery.Forbidden, Why: "what a may View but not x is Forbidden"}
}

// forbidden and invalid make refusals.
func forbidden(why string) Refusal { return Refusal{Kind: joinery.Forbidden, Why: why} }

func invalid(pointer, why string) Refusal {
	return Refusal{Kind: joinery.Invalid, Pointer: pointer, Why: why}
}
