package resttest_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/joinery-go/joinery/rest/resttest"
)

func TestRunPassesAGoodResource(t *testing.T) {
	t.Parallel()
	resttest.Run(t, notesCase(func(h http.Handler) http.Handler { return h }))
}

// recorder is a test whose failure is no failure of this one.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	failures []string
	skipped  bool
}

func (r *recorder) fail(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, text)
}

func (r *recorder) Error(args ...any)            { r.fail(fmt.Sprint(args...)) }
func (r *recorder) Errorf(f string, args ...any) { r.fail(fmt.Sprintf(f, args...)) }
func (r *recorder) Fatal(args ...any)            { r.fail(fmt.Sprint(args...)); runtime.Goexit() }
func (r *recorder) Fatalf(f string, args ...any) { r.fail(fmt.Sprintf(f, args...)); runtime.Goexit() }
func (r *recorder) Skip(...any)                  { r.skipped = true; runtime.Goexit() }

// recorded are the failures of what f does to a test.
func recorded(t testing.TB, f func(t testing.TB)) []string {
	r := &recorder{TB: t}
	var wg sync.WaitGroup
	wg.Go(func() { f(r) })
	wg.Wait()
	if r.skipped {
		r.fail("skipped")
	}
	return r.failures
}

// edit changes what the good handler answers.
type edit func(r *http.Request, answer *httptest.ResponseRecorder) *httptest.ResponseRecorder

func edited(change edit) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			h.ServeHTTP(answer, r)
			if answer = change(r, answer); answer.Header().Get("Content-Length") != "" && r.Method != http.MethodHead {
				answer.Header().Set("Content-Length", fmt.Sprint(answer.Body.Len()))
			}
			for name, values := range answer.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes())
		})
	}
}

// asked changes what the good handler is asked.
func asked(change func(r *http.Request)) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			change(r)
			h.ServeHTTP(w, r)
		})
	}
}

// asAda answers to ada what somebody else asks.
func asAda(leaks func(r *http.Request) bool) func(http.Handler) http.Handler {
	return asked(func(r *http.Request) {
		if leaks(r) {
			r.Header.Set("Authorization", "Bearer ada")
		}
	})
}

// peeked is the body, which stays to be read.
func peeked(r *http.Request) string {
	data, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(data))
	return string(data)
}

func on(method, path string, r *http.Request) bool {
	return r.Method == method && regexp.MustCompile("^/v1/notes"+path+"$").MatchString(r.URL.Path)
}

const oneNote = "/[0-9a-f-]{36}"

func header(method, path, name, value string) func(http.Handler) http.Handler {
	return edited(func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		if on(method, path, r) {
			a.Header().Set(name, value)
			if value == "" {
				a.Header().Del(name)
			}
		}
		return a
	})
}

func status(method, path string, from, to int) func(http.Handler) http.Handler {
	return edited(func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		if on(method, path, r) && a.Code == from {
			a.Code = to
			a.Body = bytes.NewBuffer(bytes.ReplaceAll(a.Body.Bytes(), fmt.Append(nil, `"status":`, from), fmt.Append(nil, `"status":`, to)))
		}
		return a
	})
}

func body(method, path, from, to string) func(http.Handler) http.Handler {
	return edited(func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		if on(method, path, r) {
			a.Body = bytes.NewBuffer(regexp.MustCompile(from).ReplaceAll(a.Body.Bytes(), []byte(to)))
		}
		return a
	})
}

func request(method, path, from, to string) func(http.Handler) http.Handler {
	return asked(func(r *http.Request) {
		if on(method, path, r) {
			data, _ := io.ReadAll(r.Body)
			data = regexp.MustCompile(from).ReplaceAll(data, []byte(to))
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
		}
	})
}

// Each part of the battery fails for a handler with the mistake that the part
// is there to find.
func TestRunFailsABadResource(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		part, mistake string
		front         func(http.Handler) http.Handler
	}{
		{"Create", "no Location", header("POST", "", "Location", "")},
		{"Create", "no ETag", header("POST", "", "ETag", "")},
		{"Create", "200 for 201", status("POST", "", 201, 200)},
		{"Create", "a row that is not the one created", body("POST", "", `"title":"[^"]*"`, `"title":"other"`)},
		{"Create", "an undocumented member", body("POST", "", `^{"id"`, `{"secret":"x","id"`)},
		{"Create", "a member of another type", body("POST", "", `"version":1`, `"version":"1"`)},
		{"Create", "a missing member", body("POST", "", `"state":"new"`, `"x":"new"`)},
		{"Create", "another content type", header("POST", "", "Content-Type", "text/plain")},
		{"Get", "a body for HEAD", asked(func(r *http.Request) {
			if r.Method == http.MethodHead {
				r.Method = http.MethodGet
			}
		})},
		{"Get", "403 for what is missing", status("GET", oneNote, 404, 403)},
		{"Get", "an undocumented status", status("GET", oneNote, 200, 203)},
		{"Get", "fields that do nothing", asked(func(r *http.Request) { r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "fields=id", "", 1) })},
		{"Get", "errors that are no problems", header("GET", oneNote, "Content-Type", "application/json")},
		{"Conditional", "no 304", asked(func(r *http.Request) { r.Header.Del("If-None-Match") })},
		{"Update", "no 428", asked(func(r *http.Request) {
			if on("PATCH", oneNote, r) && r.Header.Get("If-Match") == "" {
				r.Header.Set("If-Match", "*")
			}
		})},
		{"Update", "no lost update found", asked(func(r *http.Request) {
			if r.Header.Get("If-Match") == `"77"` {
				r.Header.Set("If-Match", "*")
			}
		})},
		{"Update", "the version not told", body("PATCH", oneNote, `,"version":1\}`, "}")},
		{"Update", "a change that is not kept", body("PATCH", oneNote, `"title":"[^"]*"`, `"title":"other"`)},
		{"Replace", "an old ETag", header("PUT", oneNote, "ETag", `"1"`)},
		{"Delete", "nothing deleted", asked(func(r *http.Request) {
			if r.Method == http.MethodDelete && r.Header.Get("If-Match") == `"1"` {
				r.Method = http.MethodGet
			}
		})},
		{"Copy", "an override that does nothing, and breaks", request("POST", oneNote+"/copy", `"title":"[^"]*"`, `"title":""`)},
		{"Restore", "a server error", status("POST", oneNote+"/restore", 404, 500)},
		{"Access", "nothing may be done", body("GET", oneNote+"/access", `"view",?`, "")},
		{"Invalid", "another pointer", body("POST", "", `"/title"`, `"/name"`)},
		{"Invalid", "what is invalid is taken", request("POST", "", `"title":""`, `"title":"x"`)},
		{"Bodies", "unknown members are taken", request("POST", "", `"no_such_field":1,?`, "")},
		{"Bodies", "any media type is taken", asked(func(r *http.Request) { r.Header.Set("Content-Type", "application/json") })},
		{"MassAssignment", "a column is dropped in silence", request("PATCH", oneNote, `"state":"?[a-z]*"?,?`, "")},
		{"MassAssignment", "a column is dropped within an array", request("POST", "", `"user_id":"[^"]*",?`, "")},
		{"CreateMany", "half of a batch", request("POST", "", `(\[\{.*\}),\{[^{}]*no_such_field.*`, "$1]")},
		{"UpdateMany", "another order", request("PATCH", "", `\{"items":\[(\{[^{}]*\}),(\{[^{}]*\})\]\}`, `{"items":[$2,$1]}`)},
		{"DeleteMany", "half of a batch", request("DELETE", "", `,\{[^{}]*no_such_field[^{}]*\}`, "")},
		{"Pages", "no next", body("GET", "", `,"next":"[^"]*"`, "")},
		{"Pages", "no prev", body("GET", "", `,"prev":"[^"]*"`, "")},
		{"Pages", "no Link", header("GET", "", "Link", "")},
		{"Search", "another page", body("POST", "/search", `"items":\[.*\]`, `"items":[]`)},
		{"BadQueries", "an unknown parameter is passed over", asked(func(r *http.Request) { r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "no_such_field=1", "", 1) })},
		{"Hidden", "403 for what is hidden", edited(func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
			if a.Code == http.StatusNotFound && !strings.Contains(r.URL.Path, "ffffffff-") {
				a.Code = http.StatusForbidden
				a.Body = bytes.NewBuffer(bytes.Replace(a.Body.Bytes(), []byte("404"), []byte("403"), 1))
			}
			return a
		})},
		{"Hidden", "a header more for what is hidden", edited(func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
			if a.Code == http.StatusNotFound && !strings.Contains(r.URL.Path, "ffffffff-") {
				a.Header().Set("X-Cache", "hit")
			}
			return a
		})},
		{"HiddenFromLists", "everybody is ada", asked(func(r *http.Request) { r.Header.Set("Authorization", "Bearer ada") })},
		{"HiddenFromLists", "everybody is ada who filters by title", asAda(func(r *http.Request) bool { return strings.Contains(r.URL.RawQuery, "title") })},
		{"HiddenFromLists", "everybody is ada who gives a title", asAda(func(r *http.Request) bool { return r.URL.Query().Has("title") })},
		{"HiddenFromLists", "everybody is ada who looks for a part of a title", asAda(func(r *http.Request) bool { return r.URL.Query().Has("title.starts") })},
		{"HiddenFromLists", "everybody is ada who searches", asAda(func(r *http.Request) bool { return on("POST", "/search", r) })},
		{"HiddenFromLists", "everybody is ada who searches by a title", asAda(func(r *http.Request) bool {
			return on("POST", "/search", r) && strings.Contains(peeked(r), `"title"`)
		})},
		{"HiddenFromLists", "everybody is ada who searches by a time", asAda(func(r *http.Request) bool {
			return on("POST", "/search", r) && strings.Contains(peeked(r), `"created_at"`)
		})},
		{"HiddenFromLists", "everybody is ada who sorts", asAda(func(r *http.Request) bool { return r.URL.Query().Get("sort") == "-id" })},
		{"HiddenFromLists", "everybody is ada who asks for a next page", asAda(func(r *http.Request) bool { return r.URL.Query().Has("after") })},
		{"HiddenFromLists", "everybody is ada who searches for a page before", asAda(func(r *http.Request) bool { return strings.Contains(peeked(r), `"before"`) })},
		{"HiddenFromLists", "nobody is ada who filters by title", asAda(func(r *http.Request) bool {
			return r.Header.Get("Authorization") == "" && strings.Contains(r.URL.RawQuery, "title")
		})},
		{"HiddenFromLists", "nobody is ada who searches", asAda(func(r *http.Request) bool {
			return r.Header.Get("Authorization") == "" && on("POST", "/search", r)
		})},
		{"HiddenFromLists", "a hidden row is counted where a state is asked for", edited(func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
			if r.URL.Query().Has("state.eq") {
				a.Body = bytes.NewBuffer(bytes.Replace(a.Body.Bytes(), []byte(`"total":0`), []byte(`"total":1`), 1))
			}
			return a
		})},
		{"HiddenFromLists", "a text of a hidden row stands beside the rows", edited(func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
			if r.URL.Query().Has("before") {
				a.Body = bytes.NewBuffer(bytes.Replace(a.Body.Bytes(), []byte(`"items":[]`), []byte(`"items":[],"next":"note 1"`), 1))
			}
			return a
		})},
		{"SignedOut", "everybody is ada", asked(func(r *http.Request) { r.Header.Set("Authorization", "Bearer ada") })},
		{"SignedOut", "no challenge", edited(func(_ *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
			a.Header().Del("WWW-Authenticate")
			return a
		})},
		{"Methods", "no Allow", header("PURGE", "", "Allow", "")},
		{"Methods", "404 for 405", status("PURGE", "", 405, 404)},
		{"Routes", "a document that lacks a route", edited(func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
			if r.URL.Path == "/openapi.json" {
				a.Body = bytes.NewBuffer(bytes.Replace(a.Body.Bytes(), []byte("/v1/notes/search"), []byte("/v1/notes/find"), 1))
			}
			return a
		})},
	} {
		t.Run(test.part+" "+test.mistake, func(t *testing.T) {
			t.Parallel()
			if failures := recorded(t, func(t testing.TB) { resttest.RunOne(t, notesCase(test.front), test.part) }); len(failures) == 0 {
				t.Error("the battery has not found it")
			} else if testing.Verbose() {
				t.Log(failures[0])
			}
		})
	}
}

func TestRoutesMustBeNamedThatAreNotServed(t *testing.T) {
	t.Parallel()
	c := notesCase(func(h http.Handler) http.Handler { return h })
	c.Without = append(c.Without, "copy")
	failures := recorded(t, func(t testing.TB) { resttest.RunOne(t, c, "Routes") })
	if len(failures) != 1 || !strings.Contains(failures[0], "/copy") {
		t.Error(failures)
	}
}
