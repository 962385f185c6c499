package rest_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/julienschmidt/httprouter"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/rest"
)

type byID struct {
	ID uuid.UUID `path:"id" json:"-"`
}

type said struct {
	Said string `json:"said"`
}

func says(text string) func(context.Context, struct{}) (said, error) {
	return func(context.Context, struct{}) (said, error) { return said{text}, nil }
}

func saysID(text string) func(context.Context, byID) (said, error) {
	return func(_ context.Context, in byID) (said, error) { return said{text + " " + in.ID.String()}, nil }
}

// TestRoutesStandBesideParameters registers, in both orders, what httprouter
// by itself refuses.
func TestRoutesStandBesideParameters(t *testing.T) {
	t.Parallel()
	for name, order := range map[string][]int{"resource first": {0, 1, 2, 3, 4}, "routes first": {4, 3, 2, 1, 0}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			a := newApp(t, nil)
			steps := []func() error{
				func() error { return rest.Mount(a.api, "/v1/projects", a.projects, nil) },
				func() error {
					return rest.Mount(a.api, "/v1/projects/:project_id/notes", a.notes, &rest.MountOptions{Parent: "project_id", ParentOf: a.projects})
				},
				func() error { return rest.Handle(a.api, "POST", "/v1/projects/:id/publish", saysID("published")) },
				func() error { return rest.Handle(a.api, "GET", "/v1/projects/export", says("exported")) },
				func() error { return rest.Handle(a.api, "GET", "/v1/projects/:id/notes/export", saysID("notes of")) },
			}
			for _, i := range order {
				must(t, steps[i]())
			}
			path := "/v1/projects/" + id1
			is.Equal(do(t, a.api, "POST", "/v1/projects", `{"name":"p"}`).StatusCode, 201)
			is.Equal(do(t, a.api, "GET", "/v1/projects/export", "").body, `{"said":"exported"}`)
			is.Equal(do(t, a.api, "POST", path+"/publish", "").body, `{"said":"published `+id1+`"}`)
			is.Equal(do(t, a.api, "GET", path+"/notes/export", "").body, `{"said":"notes of `+id1+`"}`)
			is.Equal(do(t, a.api, "GET", path, "").StatusCode, 200)
			is.Equal(do(t, a.api, "GET", path+"/notes", "").StatusCode, 200)
			is.Equal(do(t, a.api, "POST", path+"/notes", `{"title":"n"}`).StatusCode, 201)
			is.Equal(do(t, a.api, "GET", path+"/notes/"+id1, "").StatusCode, 200)
			is.Equal(do(t, a.api, "POST", "/v1/projects/search", `{}`).StatusCode, 200)
			is.Equal(do(t, a.api, "POST", path+"/nothing", `{}`).StatusCode, 404)
			is.Equal(do(t, a.api, "GET", path+"/publish", "").StatusCode, 405)
		})
	}
}

func TestAllow(t *testing.T) {
	t.Parallel()
	a := mounted(t, nil)
	must(t, rest.Handle(a.api, "GET", "/v1/notes/export", says("x")))
	for path, allow := range map[string]string{
		"/v1/notes":        "DELETE, GET, HEAD, OPTIONS, PATCH, POST",
		notePath1:          "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
		"/v1/notes/search": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT", // search, and :id
		"/healthz":         "GET, HEAD, OPTIONS",
	} {
		is := is.New(t)
		options := do(t, a.api, "OPTIONS", path, "", "Authorization:")
		is.Equal(options.StatusCode, 204)
		is.Equal(options.Header.Get("Allow"), allow)
		wrong := do(t, a.api, "TRACE", path, "")
		is.Equal(wrong.StatusCode, 405)
		is.Equal(wrong.Header.Get("Allow"), allow)
	}
	is := is.New(t)
	is.Equal(do(t, a.api, "OPTIONS", "/v1/nothing", "").StatusCode, 404)
	is.Equal(do(t, a.api, "DELETE", notePath1+"/x", "").StatusCode, 404) // a shape of httprouter's is no route
}

// TestTheAppsOwnRouter mounts on a router with routes and handlers of its own.
func TestTheAppsOwnRouter(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	router := httprouter.New()
	router.GET("/about", func(w http.ResponseWriter, _ *http.Request, _ httprouter.Params) { _, _ = w.Write([]byte("about")) })
	a := newApp(t, nil)
	api := rest.New(router, &rest.Options{Auth: byHeader, Log: discard()})
	must(t, rest.Mount(api, "/v1/notes", a.notes, nil))

	about := do(t, api, "GET", "/about", "")
	is.Equal(about.body, "about")
	is.True(about.Header.Get("X-Request-Id") != "") // behind the middlewares
	is.Equal(do(t, api, "POST", "/about", "").Header.Get("Allow"), "GET, OPTIONS")
	is.Equal(do(t, api, "POST", "/about", "").StatusCode, 405)
	is.Equal(do(t, api, "GET", "/nothing", "").problem(t).Code, "no_such_path")

	// Past the API, by the router itself: the same middlewares, the same checks.
	is.Equal(do(t, router, "GET", "/v1/notes", "").StatusCode, 200)
	anonymous := do(t, router, "GET", "/v1/notes", "", "Authorization:")
	is.Equal(anonymous.StatusCode, 401)
	is.True(anonymous.Header.Get("X-Request-Id") != "")
	is.Equal(do(t, router, "GET", "/v1/notes/7", "").StatusCode, 404)
}

func TestAnAppKeepsItsFallbacks(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	router := httprouter.New()
	router.NotFound = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	a := newApp(t, nil)
	api := rest.New(router, &rest.Options{Auth: byHeader, Log: discard()})
	must(t, rest.Mount(api, "/v1/notes", a.notes, nil))
	is.Equal(do(t, api, "GET", "/nothing", "").StatusCode, http.StatusTeapot)
	is.Equal(do(t, api, "GET", "/v1/notes", "").StatusCode, 200)
}

func TestClashesNameBothRoutes(t *testing.T) {
	t.Parallel()
	nop := func(http.ResponseWriter, *http.Request, httprouter.Params) {}
	for app, c := range map[string]struct{ method, ours string }{
		"/v1/notes/mine":     {"GET", "GET /v1/notes/:id"},
		"/v1/notes/:note_id": {"GET", "GET /v1/notes/:id"},
		"/v1/notes":          {"POST", "POST /v1/notes"},
		"/v1/*rest":          {"PATCH", "PATCH /v1/notes"},
	} {
		t.Run(app, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			router := httprouter.New()
			router.Handle(c.method, app, nop)
			a := newApp(t, nil)
			err := rest.Mount(rest.New(router, nil), "/v1/notes", a.notes, nil)
			is.True(err != nil)
			is.True(strings.Contains(err.Error(), c.ours))
			is.True(strings.Contains(err.Error(), c.method+" "+app))
		})
	}
}

func TestMountingTwiceNamesBoth(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	err := rest.Handle(a.api, "GET", "/v1/notes/:note", func(context.Context, struct {
		Note string `path:"note" json:"-"`
	}) (said, error) {
		return said{}, nil
	})
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), "/v1/notes/:note is the same as GET /v1/notes/:id"))
}

func TestMountMistakes(t *testing.T) {
	t.Parallel()
	a := newApp(t, nil)
	nested := func(o rest.MountOptions) error {
		return rest.Mount(a.api, "/v1/projects/:project_id/notes", a.notes, &o)
	}
	type twice struct {
		A string `path:"id" json:"-"`
		B string `json:"b"`
	}
	for name, err := range map[string]error{
		"begin with a slash":   rest.Mount(a.api, "notes", a.notes, nil),
		"neither a name":       rest.Mount(a.api, "/v1//notes", a.notes, nil),
		"service is nil":       rest.Mount[Note, CreateNote, UpdateNote](a.api, "/v1/notes", nil, nil),
		"only that of Parent":  rest.Mount(a.api, "/v1/projects/:id/notes", a.notes, nil),
		"needs ParentOf":       nested(rest.MountOptions{Parent: "project_id"}),
		"no parameter":         rest.Mount(a.api, "/v1/notes", a.notes, &rest.MountOptions{Parent: "project_id", ParentOf: a.projects}),
		"no visible reference": rest.Mount(a.api, "/v1/projects/:title/notes", a.notes, &rest.MountOptions{Parent: "title", ParentOf: a.projects}),
		"unknown operation":    rest.Mount(a.api, "/v1/notes", a.notes, &rest.MountOptions{Without: []rest.Operation{"lits"}}),
		"is not served":        rest.Mount(a.api, "/v1/notes", a.notes, &rest.MountOptions{AuthOf: map[rest.Operation]rest.AuthMode{"lits": rest.None}}),
		"the method must be":   rest.Handle(a.api, "HEAD", "/x", says("")),
		"no field tagged":      rest.Handle(a.api, "GET", "/x/:id", says("")),
		"no parameter :id":     rest.Handle(a.api, "GET", "/x", saysID("")),
		"GET has none":         rest.Handle(a.api, "GET", "/x/:id", func(context.Context, twice) (said, error) { return said{}, nil }),
		`tag it json:"-"`: rest.Handle(a.api, "GET", "/x", func(context.Context, struct {
			Q string `query:"q"`
		}) (said, error) {
			return said{}, nil
		}),
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			is.True(err != nil)
			is.True(strings.Contains(err.Error(), name))
		})
	}
}

// guarded is an API with one closed and one open route side by side, and a
// record of what ran.
func guarded(t testing.TB) (*rest.API, *[]string) {
	t.Helper()
	ran := &[]string{}
	api := rest.New(nil, &rest.Options{Auth: byHeader, Log: discard(), NoDocs: true})
	note := func(text string) func(context.Context, struct{}) (said, error) {
		return func(ctx context.Context, _ struct{}) (said, error) {
			actor, err := joinery.ActorFrom(ctx)
			must(t, err)
			*ran = append(*ran, text+" "+actor.Kind.String())
			return said{text}, nil
		}
	}
	must(t, rest.Handle(api, "GET", "/v1/admin/keys", note("keys"), rest.WithAuth(rest.Root)))
	must(t, rest.Handle(api, "GET", "/v1/open", note("open"), rest.WithAuth(rest.None)))
	must(t, rest.Handle(api, "GET", "/v1/admin/:name", func(ctx context.Context, in struct {
		Name string `path:"name" json:"-"`
	}) (said, error) {
		return note("name")(ctx, struct{}{})
	}))
	return api, ran
}

// TestNoSpellingOfAPathGetsPastAuthentication asks for protected routes in
// every way that a path can be written.
func TestNoSpellingOfAPathGetsPastAuthentication(t *testing.T) {
	t.Parallel()
	api, ran := guarded(t)
	spellings := spellingsOf("/v1/admin/keys")
	if len(spellings) < 100 {
		t.Fatalf("only %d spellings", len(spellings))
	}
	for _, path := range spellings {
		for _, method := range []string{"GET", "HEAD"} {
			r := httptest.NewRequest(method, "/", nil)
			u, err := r.URL.Parse("http://example.com" + path)
			if err != nil {
				continue // net/http answers 400 by itself
			}
			r.URL, r.RequestURI = u, path
			w := httptest.NewRecorder()
			api.ServeHTTP(w, r)
			if w.Code < 400 && !strings.HasSuffix(path, "/open") {
				t.Errorf("%s %s: %d", method, path, w.Code)
			}
		}
	}
	for _, what := range *ran {
		if what != "open anonymous" {
			t.Errorf("ran without authentication: %s", what)
		}
	}
}

func spellingsOf(path string) []string {
	segments := strings.Split(path[1:], "/")
	list := []string{path, path + "/", "/" + path, "//" + path, path + "//", path + "/.", path + "/..", path + "/../keys", path + "?", path + "?x", path + "#x", path + ";x", path + "%00", path + "%20", path + ".", path + ".json", path + "\\", path + "%5c"}
	separators := []string{"//", "/./", "/../v1/", "%2f", "%2F", "/%2e/", "/%2E/", "/%2e%2e/v1/", "/.%2e/v1/", "\\", "%5C", "/;/", "%252f", "/%00/", "%c0%af", "/\u2215/", "%ef%bc%8f", "/ /"}
	for i := 1; i < len(segments); i++ {
		for _, sep := range separators {
			list = append(list, "/"+strings.Join(segments[:i], "/")+sep+strings.Join(segments[i:], "/"))
		}
	}
	for i, s := range segments {
		for _, other := range []string{strings.ToUpper(s), strings.ToUpper(s[:1]) + s[1:], "%" + hex(s[0]) + s[1:], "%25" + hex(s[0]) + s[1:], s[:1] + "%" + hex(s[1]) + s[2:], s + "%20", "%20" + s, s + "%09", s + "%0a", s + ";a=b", s + "%3b", s + "%23", s + "%3f", "." + s, "*", ":" + s} {
			changed := append(append([]string(nil), segments[:i]...), other)
			list = append(list, "/"+strings.Join(append(changed, segments[i+1:]...), "/"))
		}
	}
	for _, prefix := range []string{"/v1/open/..", "/v1/open/%2e%2e", "/v1/open/../..", "/v1/open%2f..", "/v1/open/..%2f", "/v1/open;/..", "/.", "/..", "/%2e", "/%2e%2e", "/x/..", "/v1/open/../../v1/open/.."} {
		list = append(list, prefix+"/admin/keys", prefix+path)
	}
	return list
}

func hex(c byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[c>>4], digits[c&15]})
}

// FuzzDispatch looks for a path that reaches a closed route unauthenticated,
// makes anything panic, or is not answered with a status of its own.
func FuzzDispatch(f *testing.F) {
	for _, path := range spellingsOf("/v1/admin/keys") {
		f.Add("GET", path)
	}
	api, ran := guarded(f)
	f.Fuzz(func(t *testing.T, method, path string) {
		r := httptest.NewRequest("GET", "/", nil)
		u, err := r.URL.Parse("http://example.com" + path)
		if err != nil || method == "" {
			return
		}
		r.URL, r.Method = u, method
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		for _, what := range *ran {
			if what != "open anonymous" {
				t.Errorf("ran without authentication: %s", what)
			}
		}
	})
}
