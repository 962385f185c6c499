package rest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"
)

// TestBar39_Limits sends what is just allowed and just too much, at every
// default limit. What is allowed may still be refused for another reason; what
// is too much has the limit's own status and code.
func TestBar39_Limits(t *testing.T) {
	t.Parallel()
	a, _ := drafted(t)
	list := func(n int, element string) string { return strings.TrimSuffix(strings.Repeat(element+",", n), ",") }
	search := func(member string) string { return `{` + member + `}` }
	deep := func(n int) string { return `{"x":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}` }
	nested := func(n int) string {
		return search(`"filter":` + strings.Repeat(`{"not":`, n) + `{"title":"a"}` + strings.Repeat("}", n))
	}
	ids := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `{"id":"%s","version":1},`, uuid.NewMD5(uuid.Nil, []byte{byte(i >> 8), byte(i)}))
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	for name, c := range map[string]struct {
		method, url string
		body        func(n int) string
		limit       int
		status      int
		says        string
	}{
		"body": {"POST", "/v1/notes", func(n int) string {
			const frame = `{"title":"a","body":""}`
			return `{"title":"a","body":"` + strings.Repeat("x", n-len(frame)) + `"}`
		}, 1 << 20, 413, "body_too_large"},
		"JSON depth":          {"POST", "/v1/notes", deep, 32, 400, "too_deep"},
		"JSON depth, search":  {"POST", "/v1/notes/search", deep, 32, 400, "too_deep"},
		"array":               {"POST", "/v1/drafts", func(n int) string { return `{"title":"a","tags":[` + list(n, `"x"`) + `]}` }, 1000, 400, "too_many"},
		"batch create":        {"POST", "/v1/notes", func(n int) string { return `[` + list(n, `{"title":"a"}`) + `]` }, 500, 400, "too_many"},
		"batch change":        {"PATCH", "/v1/notes", func(n int) string { return `{"items":[` + ids(n) + `]}` }, 500, 400, "too_many"},
		"batch delete":        {"DELETE", "/v1/notes", func(n int) string { return `{"items":[` + ids(n) + `]}` }, 500, 400, "too_many"},
		"page":                {"POST", "/v1/notes/search", func(n int) string { return search(fmt.Sprintf(`"limit":%d`, n)) }, 1000, 400, "bad_limit"},
		"filter depth":        {"POST", "/v1/notes/search", nested, 5, 400, "too_deep"},
		"filter comparisons":  {"POST", "/v1/notes/search", func(n int) string { return search(`"filter":{"or":[` + list(n, `{"title":"a"}`) + `]}`) }, 50, 400, "too_many"},
		"in":                  {"POST", "/v1/notes/search", func(n int) string { return search(`"filter":{"title":{"in":[` + list(n, `"x"`) + `]}}`) }, 500, 400, "at most 500 values"},
		"sort keys":           {"POST", "/v1/notes/search", func(n int) string { return search(`"sort":[` + list(n, `"title"`) + `]`) }, 5, 400, "too_many"},
		"include depth":       {"POST", "/v1/notes/search", func(n int) string { return search(`"include":["` + includeOf(n) + `"]`) }, 3, 400, "at most 3 relations deep"},
		"filter hops (dots)":  {"POST", "/v1/notes/search", func(n int) string { return search(`"filter":{"` + hopsOf(n) + `":"a"}`) }, 2, 400, "at most two relations away"},
		"relations of a page": {"POST", "/v1/notes/search", func(n int) string { return search(`"include":[` + list(n, `"project"`) + `]`) }, 20, 400, "too_many"},
	} {
		t.Run(name, func(t *testing.T) {
			for n, over := range map[int]bool{c.limit - 1: false, c.limit: false, c.limit + 1: true} {
				is := is.New(t)
				rows := len(a.notes.rows)
				got := do(t, a.api, c.method, c.url, c.body(n))
				if over {
					is.Equal(got.StatusCode, c.status)
					is.True(strings.Contains(got.body, c.says)) // which limit it is
					is.Equal(len(a.notes.rows), rows)           // not in part either
				} else {
					is.True(!strings.Contains(got.body, c.says)) // allowed
				}
			}
		})
	}
}

// includeOf is a path of relations so long.
func includeOf(n int) string {
	path := make([]string, n)
	for i := range path {
		path[i] = []string{"project", "notes"}[i%2]
	}
	return strings.Join(path, ".")
}

func hopsOf(n int) string {
	return includeOf(n) + []string{".name", ".title"}[(n+1)%2]
}

// TestBar39_URLAndHeaders counts to the byte.
func TestBar39_URLAndHeaders(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	send := func(url string, padding int) int {
		r := httptest.NewRequest("GET", url, nil)
		r.Header = http.Header{"Authorization": {"Bearer ada"}, "X": {strings.Repeat("x", padding)}}
		w := httptest.NewRecorder()
		a.api.ServeHTTP(w, r)
		return w.Code
	}
	const frame = len("Host: example.com\r\nAuthorization: Bearer ada\r\nX: \r\n")
	is.Equal(send(notePath1, 16<<10-frame-1), 200)
	is.Equal(send(notePath1, 16<<10-frame), 200)
	is.Equal(send(notePath1, 16<<10-frame+1), 431)
	for n, want := range map[int]int{8<<10 - 1: 400, 8 << 10: 400, 8<<10 + 1: 414} { // 400: no such parameter
		is.Equal(send(notePath1+"?"+strings.Repeat("x", n-len(notePath1)-1), 0), want)
	}
}

// TestBar39_TooMuchTakesLittleMemory is not parallel, because it counts what
// the process allocates.
func TestBar39_TooMuchTakesLittleMemory(t *testing.T) {
	a := mounted(t, nil)
	must(t, a.api.Validate()) // which is not the request's
	for name, body := range map[string]string{
		"a long body":    "",
		"a deep one":     strings.Repeat("[", 1<<20),
		"a long array":   "[" + strings.Repeat("0,", 500_000) + "0]",
		"many members":   "{" + strings.Repeat(`"a":0,`, 170_000) + `"b":0}`,
		"many batches":   `[` + strings.Repeat("{},", 300_000) + "{}]",
		"endless digits": `{"title":` + strings.Repeat("1", 1<<20-20) + `}`,
	} {
		for _, url := range []string{"/v1/notes", "/v1/notes/search"} {
			var reader io.Reader = strings.NewReader(body)
			if body == "" {
				reader = &counter{} // without end
			}
			r := httptest.NewRequest("POST", url, reader)
			r.Header = http.Header{"Authorization": {"Bearer ada"}, "Content-Type": {"application/json"}}
			r.ContentLength = -1
			w := httptest.NewRecorder()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			a.api.ServeHTTP(w, r)
			runtime.ReadMemStats(&after)
			if w.Code != 400 && w.Code != 413 {
				t.Errorf("%s to %s: %d", name, url, w.Code)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 10<<20 {
				t.Errorf("%s to %s: %d bytes", name, url, n)
			}
		}
	}
	if len(a.notes.rows) != 4 {
		t.Errorf("%d rows", len(a.notes.rows))
	}
}
