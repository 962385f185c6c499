package e2e_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/perm/permtest"
)

// Every scenario of the access matrix: what the actor may do with the row is
// what the routes of its resource answer.
func TestAccessMatrix(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		s := newSurface(t, b.fresh(t, nil))
		for _, c := range permtest.Matrix() {
			t.Run(c.Rule+": "+c.Name, func(t *testing.T) { scenario{s, c}.run(t) })
		}
	})
}

type scenario struct {
	*surface
	permtest.Case
}

func (s scenario) run(t *testing.T) {
	s.see(t)
	s.list(t)
	s.expect(t, joinery.Edit, s.send(t, http.MethodPatch, s.path(), touch(s.Table, s.record()), "If-Match", "*"), http.StatusOK)
	s.expect(t, joinery.Delete, s.send(t, http.MethodDelete, s.path(), nil, "If-Match", "*"), http.StatusNoContent)
	s.share(t)
}

func (s scenario) path() string { return "/v1/" + s.Table + "/" + permtest.ID(s.Row).String() }

// record is the row; nil where the world has none.
func (s scenario) record() permtest.Record {
	r, _ := s.World.Find(s.Table, permtest.ID(s.Row))
	return r
}

// send puts the request to the world as the scenario has it.
func (s scenario) send(t testing.TB, method, path string, body any, headers ...string) answer {
	t.Helper()
	s.load(t, s.World)
	a := s.do(t, s.Actor, method, path, body, headers...)
	s.dirty = s.dirty || method != http.MethodGet && a.status < 300
	return a
}

// expect compares the answer to a request that needs the action x.
func (s scenario) expect(t testing.TB, x joinery.Actions, got answer, success int) {
	t.Helper()
	want := success
	switch {
	case !s.Want.Has(joinery.View):
		want = http.StatusNotFound
	case s.Want.Has(x):
		if got.status == http.StatusConflict {
			return // allowed, but in use by others: conflicts are told last
		}
	case s.World.Kind(s.Actor) == joinery.Anonymous:
		want = http.StatusUnauthorized
	default:
		want = http.StatusForbidden
	}
	if got.status != want {
		t.Errorf("%s on %s %s, with %s: got %d %s, want %d\n%s", x, s.Table, s.Row, s.Want, got.status, got.body, want, s.World)
	}
}

func (s scenario) see(t testing.TB) {
	s.expect(t, joinery.View, s.send(t, http.MethodGet, s.path(), nil), http.StatusOK)
}

// list looks whether the row is among those that the actor is shown. Root sees
// deleted rows when it asks for them.
func (s scenario) list(t testing.TB) {
	q := url.Values{"id.eq": {permtest.ID(s.Row).String()}}
	if g, ok := s.record().(permtest.Grant); ok {
		q.Set("model.eq", g.Model)
		q.Set("row_id.eq", g.Row.String())
	}
	if s.World.Kind(s.Actor) == joinery.Root {
		q.Set("deleted", "true")
	}
	var page struct{ Items []struct{ ID uuid.UUID } }
	s.send(t, http.MethodGet, "/v1/"+s.Table+"?"+q.Encode(), nil).want(t, http.StatusOK).into(t, &page)
	if present := len(page.Items) == 1; present != s.Want.Has(joinery.View) {
		t.Errorf("%s %s, with %s: in the list: %t\n%s", s.Table, s.Row, s.Want, present, s.World)
	}
}

// share tries to let somebody else see the row. The model says what a grant
// takes besides Share: a model that can be shared, and a scope.
func (s scenario) share(t testing.TB) {
	g := permtest.Grant{
		Head:  permtest.Head{ID: permtest.ID("new"), CreatedBy: s.Actor.ID},
		Model: s.Table, Row: permtest.ID(s.Row), Actions: joinery.View, Member: permtest.ID("cho"),
	}
	why := s.World.Place(s.Actor, nil, g)
	got := s.send(t, http.MethodPost, "/v1/grants", columnsOf(g).set(), ownerOf(s.Actor)...)
	if wrong := permtest.Disagreement(got.err(t), why); wrong != "" {
		t.Errorf("sharing %s %s, with %s: %s\n%s", s.Table, s.Row, s.Want, wrong, s.World)
	}
	if shared := got.status == http.StatusCreated; shared && !s.Want.Has(joinery.View|joinery.Share) {
		t.Errorf("sharing %s %s is allowed with %s", s.Table, s.Row, s.Want)
	}
}

// ownerOf is the header by which System and Root name an owner where the model
// has no user_id.
func ownerOf(a joinery.Actor) []string {
	if a.Kind == joinery.System || a.Kind == joinery.Root {
		return []string{ownerHeader, a.ID.String()}
	}
	return nil
}
