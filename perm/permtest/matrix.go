package permtest

import (
	"fmt"
	"testing"

	"github.com/joinery-go/joinery"
)

// Case is a scenario of the access matrix: what the actor may do with one row
// of a world. It stands for seven verdicts, six of Check and that of whether
// the row is seen at all.
type Case struct {
	Rule  string // of the page: "line 12", "grants"
	Name  string // what it shows
	World *World
	Actor joinery.Actor
	Table string
	Row   string // the row's name, see [ID]

	// Want are the actions that Check allows. Without View there are none,
	// and every action is NotFound; otherwise the rest is Forbidden, or
	// Unauthenticated for Anonymous.
	Want joinery.Actions
}

// Placement is a scenario of the matrix of creating and moving.
type Placement struct {
	Rule  string
	Name  string
	World *World
	Move  Move
	Want  *Refusal // nil: allowed

	// Source, where set, is the row of which the new one is a copy: Copy is
	// asked for it first.
	Source Record
}

// Matrix is every rule of the page with both of its verdicts, as data.
func Matrix() []Case {
	var all []Case
	for _, part := range [][]Case{
		scopeCases(), closedCases(), openCases(), ownerCases(), reachCases(), roleCases(), grantCases(), inheritCases(),
		extraCases(), userCases(), teamCases(), membershipCases(), teamRoleCases(), grantRowCases(),
	} {
		all = append(all, part...)
	}
	return all
}

// Placements is every rule on creating, moving and copying, with both of its
// verdicts, as data.
func Placements() []Placement {
	var all []Placement
	for _, part := range [][]Placement{
		createPlacements(), copyPlacements(), refPlacements(), movePlacements(), ownerPlacements(), treePlacements(), teamPlacements(),
		membershipPlacements(), sharerPlacements(), rolePlacements(), grantPlacements(),
	} {
		all = append(all, part...)
	}
	return all
}

// RunMatrix puts the whole matrix to the subject, as subtests named by rule.
func RunMatrix(t *testing.T, s Subject) {
	t.Run("may", func(t *testing.T) {
		for _, c := range Matrix() {
			t.Run(c.Rule+": "+c.Name, func(t *testing.T) { c.Run(t, s) })
		}
	})
	t.Run("place", func(t *testing.T) {
		for _, p := range Placements() {
			t.Run(p.Rule+": "+p.Name, func(t *testing.T) { p.Run(t, s) })
		}
	})
}

// Run loads the scenario into the subject and asks for each action.
func (c Case) Run(t testing.TB, s Subject) {
	s.Load(t, c.World)
	for _, x := range joinery.AllActions.Each() {
		err := s.Check(t, c.Actor, x, c.Table, ID(c.Row))
		if wrong := Disagreement(err, c.verdict(x)); wrong != "" {
			t.Errorf("%s on %s %s: %s\n%s", x, c.Table, c.Row, wrong, c.World)
		}
		c.explain(t, s, x)
	}
}

// explain asks the subject for the reasons of its answers, where it has them:
// Root about every action, the actor itself about View.
func (c Case) explain(t testing.TB, s Subject, x joinery.Actions) {
	explainer, able := s.(Explainer)
	if !able {
		return
	}
	askers := []joinery.Actor{root}
	if x == joinery.View {
		askers = append(askers, c.Actor)
	}
	for _, asker := range askers {
		q := explanation{asker, c.Actor, x, c.Table, ID(c.Row)}
		if wrong := q.wrong(t, c.World, explainer); wrong != "" {
			t.Errorf("%s\n%s", wrong, c.World)
		}
	}
}

// verdict is what Check must say of x.
func (c Case) verdict(x joinery.Actions) []Refusal {
	why := fmt.Sprintf("%s gives %s", c.Rule, c.Want)
	switch {
	case !c.Want.Has(joinery.View):
		return []Refusal{{Kind: joinery.NotFound, Why: why}}
	case c.Want.Has(x):
		return nil
	case c.World.Kind(c.Actor) == joinery.Anonymous:
		return []Refusal{{Kind: joinery.Unauthenticated, Why: why}}
	}
	return []Refusal{{Kind: joinery.Forbidden, Why: why}}
}

// Run loads the scenario into the subject and asks whether the row may be
// placed.
func (p Placement) Run(t testing.TB, s Subject) {
	s.Load(t, p.World)
	var want []Refusal
	if p.Want != nil {
		want = append(want, *p.Want)
	}
	if wrong := Disagreement(p.ask(t, s), want); wrong != "" {
		t.Errorf("placing %s: %s\n%s", p.Move, wrong, p.World)
	}
}

func (p Placement) ask(t testing.TB, s Subject) error {
	if p.Source != nil {
		err := s.Check(t, p.Move.Actor, joinery.Copy, p.Source.Table(), p.Source.head().ID)
		if err != nil {
			return err
		}
	}
	return s.Place(t, p.Move)
}
