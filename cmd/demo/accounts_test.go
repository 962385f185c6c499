package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// What each account sees, as spec and README say.
func TestEachAccountSeesItsRows(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *demo) {
		for _, want := range []struct{ who, path, field, texts string }{
			{"", "projects", "name", "Mirror upgrade; Open house"},
			{"CLEO", "projects", "name", "Mirror upgrade; Open house"},
			{"ADA", "notes", "title", "Draft the press release; Plan the budget; Polish the mirror; Print the posters; Swap the night shifts"},
			{"BEN", "notes", "title", "Learn to turn the dome; Polish the mirror; Print the posters; Swap the night shifts"},
			{"CLEO", "notes", "title", "Draft the press release; Polish the mirror; Print the posters; Rehearse the talk"},
			{"ADA", "comments", "text", "May I add a quote?; The new cloths are in the left drawer."},
			{"BEN", "comments", "text", "The new cloths are in the left drawer."},
			{"ADA", "teams", "name", "Telescope crew; Observatory"},
			{"BEN", "teams", "name", "Telescope crew"},
			{"CLEO", "teams", "name", ""},
			{"CLEO", "memberships", "member_id", ""},
			{"CLEO", "roles", "name", "superadmin; admin; user"},
		} {
			sort := map[string]string{"notes": "?sort=title"}[want.path]
			a := d.call(want.who, "GET", "/v1/"+want.path+sort, "")
			if a.status != http.StatusOK || a.texts(want.field) != want.texts {
				t.Errorf("%s of %q: got %d %s, want %s", want.path, want.who, a.status, a.texts(want.field), want.texts)
			}
		}
		for _, path := range []string{"notes", "comments", "teams", "roles", "memberships", "grants"} {
			if a := d.call("", "GET", "/v1/"+path, ""); a.status != http.StatusUnauthorized {
				t.Errorf("%s without an account: got %d, want 401", path, a.status)
			}
		}
	})
}

func TestNotesOfAProject(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *demo) {
		is := is.New(t)
		id := d.idOf("BEN", "projects?name=Mirror+upgrade")
		is.Equal(d.call("CLEO", "GET", "/v1/projects/"+id+"/notes", "").texts("title"), "Polish the mirror")
		is.Equal(d.call("", "GET", "/v1/projects/"+id+"/notes", "").status, http.StatusUnauthorized)
		is.Equal(d.call("BEN", "POST", "/v1/projects/"+id+"/notes", `{"title": "Order foil"}`).status, http.StatusCreated)
		is.Equal(d.call("CLEO", "POST", "/v1/projects/"+id+"/notes", `{"title": "Order foil"}`).status, http.StatusForbidden)
	})
}

// Cleo may edit the note that is shared with her, and no more.
func TestSharedNote(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *demo) {
		is := is.New(t)
		path := "/v1/notes/" + d.idOf("CLEO", "notes?title=Draft+the+press+release")
		is.Equal(d.call("BEN", "GET", path, "").status, http.StatusNotFound)
		a := d.call("CLEO", "PATCH", path, `{"body": "Stars!"}`, "If-Match", `"1"`)
		is.Equal(a.status, http.StatusOK)
		is.Equal(a.header.Get("ETag"), `"2"`)
		is.Equal(d.call("CLEO", "DELETE", path, "", "If-Match", "*").status, http.StatusForbidden)
		grants := "/v1/grants?model=notes&row_id=" + strings.TrimPrefix(path, "/v1/notes/")
		is.Equal(d.call("CLEO", "GET", grants, "").texts("member_id"), "")
		is.Equal(d.call("ADA", "GET", grants, "").texts("member_id"), cleo.id.String())
		grant := d.idOf("ADA", strings.TrimPrefix(grants, "/v1/"))
		is.Equal(d.call("ADA", "DELETE", "/v1/grants/"+grant, "", "If-Match", "*").status, http.StatusNoContent)
		is.Equal(d.call("CLEO", "GET", path, "").status, http.StatusNotFound)
	})
}

// The route beside :id is judged like any change.
func TestMarkAsDone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *demo) {
		is := is.New(t)
		path := "/v1/notes/" + d.idOf("BEN", "notes?title=Swap+the+night+shifts") + "/done"
		is.Equal(d.call("CLEO", "POST", path, "").status, http.StatusNotFound)
		is.Equal(d.call("BEN", "POST", path, "").status, http.StatusForbidden)
		is.Equal(d.call("ADA", "POST", path, "").field("status"), "done")
	})
}

func TestBadTokens(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	d := startDemo(t, "memory")
	for _, header := range []string{"Bearer nonsense", "Bearer", "Basic " + d.vars["ADA"], d.vars["ADA"]} {
		for _, path := range []string{"/v1/projects", "/v1/notes"} {
			a := d.call("", "GET", path, "", "Authorization", header)
			is.Equal(a.status, http.StatusUnauthorized)
			is.Equal(a.header.Get("Content-Type"), "application/problem+json; charset=utf-8")
			is.Equal(a.field("code"), "bad_token")
			is.True(a.header.Get("WWW-Authenticate") != "") // RFC 9110
		}
	}
	is.Equal(d.call("", "GET", "/v1/projects", "", "Authorization", "bearer "+d.vars["ADA"]).status, http.StatusOK)
}

// idOf is the id of the first row of a list.
func (d *demo) idOf(who, list string) string {
	d.t.Helper()
	ids := d.call(who, "GET", "/v1/"+list, "").texts("id")
	id, _, _ := strings.Cut(ids, ";")
	if id == "" {
		d.t.Fatalf("%s: no row for %s", list, who)
	}
	return id
}
