package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestPages(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	d := startDemo(t, "memory")
	for path, want := range map[string]string{
		"/":             "What to try",
		"/docs":         "swagger",
		"/openapi.json": `"/v1/projects/{project_id}/notes"`,
		"/healthz":      "alive",
		"/readyz":       `"database":"ok"`,
	} {
		a := d.call("", "GET", path, "")
		if a.status != http.StatusOK || !strings.Contains(strings.ToLower(string(a.body)), strings.ToLower(want)) {
			t.Errorf("%s: got %d without %q", path, a.status, want)
		}
	}
	head := d.call("", "HEAD", "/", "")
	is.Equal(head.status, http.StatusOK)
	is.Equal(len(head.body), 0)
	is.Equal(head.header.Get("X-Content-Type-Options"), "nosniff")
	for _, path := range []string{"/nothing", "/v1/notes/", "//v1/notes", "/V1/notes", "/v1//notes", "/docs/"} {
		is.Equal(d.call("", "GET", path, "").status, http.StatusNotFound) // and no redirect
	}
}

// The document says which routes need an account, and knows the forms.
func TestDocument(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	d := startDemo(t, "memory")
	var doc struct {
		Paths map[string]map[string]struct{ Security []map[string][]string }
	}
	is.NoErr(json.Unmarshal(d.call("", "GET", "/openapi.json", "").body, &doc))
	optional := doc.Paths["/v1/projects"]["get"].Security
	is.Equal(len(optional), 2) // bearer, or nothing
	is.Equal(len(doc.Paths["/v1/notes"]["get"].Security), 1)
	is.True(doc.Paths["/v1/notes/{id}/done"]["post"].Security != nil)
}
