package e2e_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/perm/permtest"
)

// Every scenario of creating and moving: a POST or PATCH is answered as the
// rules judge the row, and a row that its author no longer sees with 204.
func TestPlacements(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		s := newSurface(t, b.fresh(t, nil))
		for _, p := range permtest.Placements() {
			if p.Source != nil {
				continue // copies: managers have no Copy to mount
			}
			t.Run(p.Rule+": "+p.Name, func(t *testing.T) { placement{s, p}.run(t) })
		}
	})
}

type placement struct {
	*surface
	permtest.Placement
}

func (p placement) run(t *testing.T) {
	p.load(t, p.World)
	got, sent := p.send(t)
	p.dirty = p.dirty || got.status < 300
	if p.fixed(sent) {
		if got.status != http.StatusBadRequest || p.Want == nil {
			t.Errorf("%s: a field that is fixed: got %d %s, want 400", p.Move, got.status, got.body)
		}
		return
	}
	var why []permtest.Refusal
	if p.Want != nil {
		why = append(why, *p.Want)
	}
	if wrong := permtest.Disagreement(got.err(t), why); wrong != "" {
		t.Errorf("%s: %s\n%s", p.Move, wrong, p.World)
	} else if p.Want == nil {
		p.after(t, got)
	}
}

// send creates or changes the row, and tells the fields it sent.
func (p placement) send(t testing.TB) (answer, columns) {
	path, new := "/v1/"+p.Move.New.Table(), columnsOf(p.Move.New)
	if p.Move.Old == nil {
		body := p.named(new.set())
		return p.do(t, p.Move.Actor, http.MethodPost, path, body, p.owner()...), body
	}
	body := new.since(columnsOf(p.Move.Old))
	if len(body) == 0 {
		body = touch(p.Move.New.Table(), p.Move.Old)
	}
	return p.do(t, p.Move.Actor, http.MethodPatch, path+"/"+idOf(p.Move.Old).String(), body, "If-Match", `"1"`), body
}

// named adds the name that teams and roles must have.
func (p placement) named(body columns) columns {
	switch p.Move.New.Table() {
	case "teams", "roles":
		body["name"] = "new"
	}
	return body
}

// owner names an owner where the model has no user_id.
func (p placement) owner() []string {
	for _, m := range permtest.Models() {
		if m.Table == p.Move.New.Table() && m.Owned {
			return nil
		}
	}
	return ownerOf(p.Move.Actor)
}

// fixed reports whether a change names a field that is fixed at creation, which
// no Update input has.
func (p placement) fixed(sent columns) bool {
	if p.Move.Old == nil {
		return false
	}
	for _, name := range map[string][]string{
		"memberships": {"team_id", "member_id"},
		"roles":       {"team_id"},
		"grants":      {"model", "row_id", "member_id", "team_id", "role_id"},
	}[p.Move.New.Table()] {
		if _, found := sent[name]; found {
			return true
		}
	}
	return false
}

// after looks at the answer to what was allowed: the row where its author
// still sees it, else nothing.
func (p placement) after(t testing.TB, got answer) {
	if p.Move.Old == nil {
		if got.status != http.StatusCreated || got.header.Get("Location") == "" {
			t.Errorf("%s: got %d %s", p.Move, got.status, got.body)
		}
		return
	}
	want := http.StatusOK
	if !p.World.With(p.Move.New).May(p.Move.Actor, joinery.View, p.Move.New) {
		want = http.StatusNoContent
	}
	if got.status != want || want == http.StatusNoContent && len(got.body) > 0 {
		t.Errorf("%s: got %d %s, want %d\n%s", p.Move, got.status, got.body, want, p.World)
	}
}

// idOf is the id of a record of any type.
func idOf(r permtest.Record) uuid.UUID {
	switch r := r.(type) {
	case permtest.User:
		return r.ID
	case permtest.Team:
		return r.ID
	case permtest.Role:
		return r.ID
	case permtest.Membership:
		return r.ID
	case permtest.Grant:
		return r.ID
	case permtest.Row:
		return r.ID
	}
	panic(fmt.Sprintf("a record of type %T", r))
}
