package permtest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// candid is an engine that tells everybody what it tells Root.
type candid struct{ told registry.Explanation }

func (c candid) Explain(testing.TB, joinery.Actor, joinery.Actor, joinery.Actions, string, uuid.UUID) (registry.Explanation, error) {
	return c.told, nil
}

// What an explanation names is looked for in all of it, as it is sent.
func TestLeaksAreFound(t *testing.T) {
	t.Parallel()
	w := newScene(row("projects", "p", ownedBy("ann"), inTeam("mid")), member("bob", "top", "viewer"))
	link := func(name string) *registry.ExplainedLink {
		return &registry.ExplainedLink{ID: ID(name), Name: name}
	}
	for name, path := range map[string]registry.ExplainedPath{
		"top":     {Teams: []registry.ExplainedLink{*link("top")}},
		"mid":     {Teams: []registry.ExplainedLink{{Redacted: true}, {Name: "mid", Redacted: true}}},
		"bob.top": {Membership: link("bob.top")},
		"low":     {Grant: &registry.ExplainedGrant{To: "team", Team: link("low")}},
		"side":    {Row: &registry.Explanation{Model: "teams", ID: ID("side")}},
	} {
		told := registry.Explanation{
			Model: "projects", ID: ID("p"), Action: "view", Allowed: true, Rule: 12,
			Rules: []registry.ExplainedRule{{Rule: 12, Held: true, Answer: "yes", Paths: []registry.ExplainedPath{path}}},
		}
		q := explanation{user("ann"), user("bob"), joinery.View, "projects", ID("p")}
		if why := q.wrong(t, w, candid{told}); !strings.Contains(why, fmt.Sprintf("it names %s,", name)) {
			t.Errorf("that %s is named is not found: %s", name, why)
		}
	}
}
