package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/rest"
)

func TestBadInputIsNamed(t *testing.T) {
	t.Parallel()
	a := mounted(t, nil)
	long := strings.Repeat("x", 9<<10)
	for name, c := range map[string]struct {
		method, url, body string
		headers           []string
		status            int
		code, where       string // where: the pointer or parameter of the first error
	}{
		"unknown field":       {"POST", "/v1/notes", `{"title":"a","nope":1}`, nil, 400, "malformed_body", "/nope"},
		"read-only field":     {"POST", "/v1/notes", `{"title":"a","version":1}`, nil, 400, "malformed_body", "/version"},
		"hidden field":        {"POST", "/v1/notes", `{"title":"a","Secret":"s"}`, nil, 400, "malformed_body", "/Secret"},
		"other case":          {"POST", "/v1/notes", `{"Title":"a"}`, nil, 400, "malformed_body", "/Title"},
		"duplicate key":       {"POST", "/v1/notes", `{"title":"a","title":"b"}`, nil, 400, "malformed_body", "/title"},
		"trailing data":       {"POST", "/v1/notes", `{"title":"a"} {}`, nil, 400, "malformed_body", ""},
		"trailing comma":      {"PATCH", notePath1, `{"version":1,}`, nil, 400, "malformed_body", ""},
		"wrong type":          {"POST", "/v1/notes", `{"title":5}`, nil, 400, "malformed_body", "/title"},
		"null":                {"POST", "/v1/notes", `{"title":null}`, nil, 400, "malformed_body", "/title"},
		"no object":           {"POST", "/v1/notes", `7`, nil, 400, "malformed_body", ""},
		"invalid UTF-8":       {"POST", "/v1/notes", "{\"title\":\"\xff\"}", nil, 400, "malformed_body", "/title"},
		"NUL":                 {"POST", "/v1/notes", `{"title":"\u0000"}`, nil, 400, "malformed_body", "/title"},
		"NaN":                 {"POST", "/v1/notes", `{"title":"a","priority":NaN}`, nil, 400, "malformed_body", "/priority"},
		"1e309":               {"POST", "/v1/notes", `{"title":"a","priority":1e309}`, nil, 400, "malformed_body", "/priority"},
		"overflow":            {"POST", "/v1/notes", `{"title":"a","priority":9223372036854775808}`, nil, 400, "malformed_body", "/priority"},
		"bad uuid":            {"POST", "/v1/notes", `{"title":"a","project_id":"x"}`, nil, 400, "malformed_body", "/project_id"},
		"too deep":            {"POST", "/v1/notes", `{"title":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, nil, 400, "malformed_body", "*"},
		"no body":             {"POST", "/v1/notes", ``, nil, 400, "malformed_body", ""},
		"blank body":          {"POST", "/v1/notes", ` `, nil, 400, "malformed_body", ""},
		"empty array":         {"POST", "/v1/notes", `[]`, nil, 400, "malformed_body", ""},
		"element":             {"POST", "/v1/notes", `[{"title":"a"},{"titel":"b"}]`, nil, 400, "malformed_body", "/1/titel"},
		"batch of 501":        {"POST", "/v1/notes", `[` + strings.Repeat(`{"title":"a"},`, 500) + `{"title":"a"}]`, nil, 400, "malformed_body", ""},
		"items missing":       {"PATCH", "/v1/notes", `{}`, nil, 400, "malformed_body", "/items"},
		"items empty":         {"PATCH", "/v1/notes", `{"items":[]}`, nil, 400, "malformed_body", "/items"},
		"item without id":     {"PATCH", "/v1/notes", `{"items":[{"version":1}]}`, nil, 400, "malformed_body", "/items/0/id"},
		"item is no object":   {"PATCH", "/v1/notes", `{"items":[3]}`, nil, 400, "malformed_body", "/items/0"},
		"delete item extra":   {"DELETE", "/v1/notes", `{"items":[{"id":"` + id1 + `","version":1,"x":1}]}`, nil, 400, "malformed_body", "/items/0/x"},
		"ids twice":           {"DELETE", "/v1/notes?id=" + id1, `{"items":[]}`, []string{"If-Match: *"}, 400, "ambiguous", "id"},
		"id in URL":           {"DELETE", "/v1/notes?id=7", ``, []string{"If-Match: *"}, 400, "wrong_type", "id"},
		"delete body":         {"DELETE", notePath1, `{"versions":1}`, nil, 400, "malformed_body", "/versions"},
		"form":                {"POST", "/v1/notes", `title=a`, []string{"Content-Type: application/x-www-form-urlencoded"}, 415, "unsupported_media_type", ""},
		"text":                {"POST", "/v1/notes", `{"title":"a"}`, []string{"Content-Type: text/plain"}, 415, "unsupported_media_type", ""},
		"no type":             {"POST", "/v1/notes", `{"title":"a"}`, []string{"Content-Type:"}, 415, "unsupported_media_type", ""},
		"latin1":              {"POST", "/v1/notes", `{"title":"a"}`, []string{"Content-Type: application/json; charset=latin1"}, 415, "unsupported_media_type", ""},
		"compressed":          {"POST", "/v1/notes", `{"title":"a"}`, []string{"Content-Encoding: gzip"}, 415, "unsupported_encoding", ""},
		"merge patch by POST": {"POST", "/v1/notes", `{"title":"a"}`, []string{"Content-Type: application/merge-patch+json"}, 415, "unsupported_media_type", ""},
		"accept xml":          {"GET", notePath1, ``, []string{"Accept: application/xml"}, 406, "not_acceptable", ""},
		"accept q=0":          {"GET", notePath1, ``, []string{"Accept: */*, application/json;q=0"}, 406, "not_acceptable", ""},
		"idempotency POST":    {"POST", "/v1/notes", `{"title":"a"}`, []string{"Idempotency-Key: k"}, 501, "no_idempotency_store", ""},
		"idempotency PATCH":   {"PATCH", notePath1, `{}`, []string{"Idempotency-Key: k"}, 501, "no_idempotency_store", ""},
		"unknown parameter":   {"GET", notePath1 + "?expand=x", ``, nil, 400, "unknown_parameter", "expand"},
		"parameter on write":  {"POST", "/v1/notes?dry=1", `{"title":"a"}`, nil, 400, "unknown_parameter", "dry"},
		"bad escape":          {"GET", "/v1/notes?limit=%zz", ``, nil, 400, "bad_query", "query string"},
		"semicolon":           {"GET", "/v1/notes?a=1;b=2", ``, nil, 400, "bad_query", "query string"},
		"long URL":            {"GET", "/v1/notes?sort=" + long, ``, nil, 414, "url_too_long", ""},
		"long headers":        {"GET", "/v1/notes", ``, []string{"X-A: " + long, "X-B: " + long}, 431, "headers_too_large", ""},
		"id is no uuid":       {"GET", "/v1/notes/7", ``, nil, 404, "not_found", ""},
		"id in braces":        {"GET", "/v1/notes/%7B" + id1 + "%7D", ``, nil, 404, "not_found", ""},
		"missing row":         {"GET", notePath9, ``, nil, 404, "not_found", ""},
		"no such path":        {"GET", "/v1/nots", ``, nil, 404, "no_such_path", ""},
		"method":              {"POST", notePath1, `{}`, nil, 405, "method_not_allowed", ""},
		"trace":               {"TRACE", "/v1/notes", ``, nil, 405, "method_not_allowed", ""},
		"anonymous":           {"GET", "/v1/notes", ``, []string{"Authorization:"}, 401, "unauthenticated", ""},
		"bad token":           {"GET", "/v1/notes", ``, []string{"Authorization: Bearer bad"}, 401, "bad_token", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			got := do(t, a.api, c.method, c.url, c.body, c.headers...)
			is.Equal(got.StatusCode, c.status)
			p := got.problem(t)
			is.Equal(p.Status, c.status)
			is.Equal(p.Code, c.code)
			is.Equal(p.Type, "about:blank")
			is.Equal(p.Title, http.StatusText(c.status))
			is.True(p.Detail != "")
			is.Equal(p.RequestID, got.Header.Get("X-Request-Id"))
			is.Equal(got.Header.Get("X-Content-Type-Options"), "nosniff")
			if c.where == "" || c.where == "*" {
				return
			}
			is.True(len(p.Errors) > 0) // the place is named
			is.Equal(p.Errors[0].Pointer+p.Errors[0].Parameter, c.where)
		})
	}
	t.Cleanup(func() { // nothing was written
		if len(a.notes.rows) != 4 || a.notes.rows[noteID(1)].Version != 1 {
			t.Error("a refused request wrote something")
		}
	})
}

func TestEveryProblemOfABodyComesAtOnce(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	p := do(t, a.api, "POST", "/v1/notes", `{"title":1,"nope":2,"priority":"x"}`).problem(t)
	is.Equal(len(p.Errors), 3)

	p = do(t, a.api, "PATCH", notePath1, `{"title":1,"version":"x"}`).problem(t)
	is.Equal(len(p.Errors), 2)
	is.Equal(p.Errors[0].Pointer, "/version")
	p = do(t, a.api, "PATCH", "/v1/notes", `{"items":[{"version":0,"title":1},{"id":7}]}`).problem(t)
	is.Equal(len(p.Errors), 4) // three of the first item, one of the second
	for _, method := range []string{"PATCH", "DELETE"} {
		p = do(t, a.api, method, "/v1/notes", `{"items":[`+strings.Repeat(`{"a":1,"b":1,"c":1},`, 99)+`{}]}`).problem(t)
		is.Equal(len(p.Errors), 100) // and no more
	}
	query := ""
	for i := range 101 {
		query += fmt.Sprintf("&p%d=", i)
	}
	is.Equal(len(do(t, a.api, "GET", notePath1+"?"+query, "").problem(t).Errors), 100)
	p = do(t, a.api, "PATCH", notePath1, `{"version":1,"title":"x","version":1}`).problem(t)
	is.Equal(p.Errors[0].Code, "duplicate_key")
	is.Equal(len(p.Errors), 1)
}

// TestABodyOfUnknownLengthMayBeEmpty sends no body in chunks, as proxies do.
func TestABodyOfUnknownLengthMayBeEmpty(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	must(t, rest.Handle(a.api, "POST", "/v1/ping", func(context.Context, struct{}) (struct{}, error) { return struct{}{}, nil }))
	send := func(method, url, body string) int {
		r := httptest.NewRequest(method, url, strings.NewReader(body))
		r.ContentLength = -1
		r.Header = http.Header{"Authorization": {"Bearer ada"}, "Content-Type": {"application/json"}}
		if method == "DELETE" && body == "" {
			r.Header.Set("If-Match", "*")
		}
		w := httptest.NewRecorder()
		a.api.ServeHTTP(w, r)
		return w.Code
	}
	is.Equal(send("POST", "/v1/ping", ""), 204)
	is.Equal(send("POST", "/v1/ping", `{"x":1}`), 400)
	is.Equal(send("POST", "/v1/notes", ""), 400)
	is.Equal(send("DELETE", notePath1, ""), 204)
	is.Equal(send("DELETE", "/v1/notes/"+id2, `{"version":7}`), 412)
	is.Equal(send("DELETE", "/v1/notes/"+id2, `{"version":1}`), 204)
	is.Equal(send("DELETE", "/v1/notes?id="+id4, ""), 204)
}

// TestLimitsToTheByte sends what is just allowed and just too much.
func TestLimitsToTheByte(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, &rest.Options{MaxBody: 1000, MaxBatch: 3})
	body := func(n int) string {
		const frame = `{"title":"","body":""}`
		return `{"title":"","body":"` + strings.Repeat("x", n-len(frame)) + `"}`
	}
	is.Equal(do(t, a.api, "POST", "/v1/notes", body(1000)).StatusCode, 201)
	is.Equal(do(t, a.api, "POST", "/v1/notes", body(1001)).problem(t).Code, "body_too_large")
	is.Equal(do(t, a.api, "POST", "/v1/notes", `[{},{},{}]`).StatusCode, 201)
	is.Equal(do(t, a.api, "POST", "/v1/notes", `[{},{},{},{}]`).StatusCode, 400)

	url := "/v1/notes?sort="
	at := func(n int) int {
		return do(t, a.api, "GET", url+strings.Repeat("x", n-len(url)), "").StatusCode
	}
	is.True(at(8192) != 414)
	is.Equal(at(8193), 414)
}

// TestAStreamTooLongIsNotRead sends a body of unknown length.
func TestAStreamTooLongIsNotRead(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, &rest.Options{MaxBody: 1000})
	endless := &counter{}
	r := httptest.NewRequest("POST", "/v1/notes", endless)
	r.ContentLength = -1
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer ada")
	w := httptest.NewRecorder()
	a.api.ServeHTTP(w, r)
	is.Equal(w.Code, 413)
	is.True(endless.n < 10_000)
}

type counter struct{ n int }

func (c *counter) Read(p []byte) (int, error) {
	c.n += len(p)
	return len(p), nil
}

func TestKindsBecomeStatuses(t *testing.T) {
	t.Parallel()
	for kind, status := range map[joinery.Kind]int{
		joinery.Malformed: 400, joinery.Unauthenticated: 401, joinery.PaymentRequired: 402, joinery.Forbidden: 403,
		joinery.NotFound: 404, joinery.Conflict: 409, joinery.Stale: 412, joinery.Invalid: 422, joinery.Limited: 429,
		joinery.Internal: 500, joinery.Unsupported: 501, joinery.Unavailable: 503, joinery.Kind(99): 500,
	} {
		t.Run(kind.String(), func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			err := &joinery.Error{Kind: kind, Message: "SAFE", Err: errors.New("CAUSE"), RetryAfter: 1500 * time.Millisecond}
			a := newApp(t, nil)
			must(t, rest.Handle(a.api, "GET", "/fail", func(context.Context, struct{}) (struct{}, error) { return struct{}{}, fmt.Errorf("WRAP: %w", err) }))
			got := do(t, a.api, "GET", "/fail", "")
			is.Equal(got.StatusCode, status)
			p := got.problem(t)
			is.True(!strings.Contains(got.body, "CAUSE") && !strings.Contains(got.body, "WRAP")) // nothing internal
			is.Equal(strings.Contains(p.Detail, "SAFE"), status != 500)
			is.Equal(got.Header.Get("WWW-Authenticate") != "", status == 401)
			if status == 429 || status == 503 {
				is.Equal(got.Header.Get("Retry-After"), "2")
			}
			is.Equal(strings.Contains(a.log.String(), "CAUSE"), status >= 500) // the log has what the client has not
			is.Equal(strings.Contains(a.log.String(), `"ERROR"`), status == 500 || status == 503)
		})
	}
}

func TestAPlainErrorSaysNothing(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	p := rest.ProblemOf(io.ErrUnexpectedEOF)
	is.Equal(p.Status, 500)
	is.True(!strings.Contains(p.Detail, "EOF"))
	is.Equal(rest.ProblemOf(context.DeadlineExceeded).Status, 503)
}

// TestHiddenColumnsAreUnknown asks for a hidden and a write-only column in
// every place that takes a name.
func TestHiddenColumnsAreUnknown(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	for _, name := range []string{"pin", "secret", "Secret"} {
		for _, url := range []string{notePath1 + "?fields=", "/v1/notes?fields=title,", "/v1/notes?sort=", "/v1/notes?title=a&project.notes.", "/v1/notes?"} {
			is.Equal(do(t, a.api, "GET", url+name+".eq", "").StatusCode, 400)
			is.Equal(do(t, a.api, "GET", url+name, "").StatusCode, 400)
		}
		for _, body := range []string{`{"filter":{%q:"a"}}`, `{"sort":[%q]}`, `{"fields":[%q]}`, `{"include":[%q]}`} {
			is.Equal(do(t, a.api, "POST", "/v1/notes/search", fmt.Sprintf(body, name)).StatusCode, 400)
		}
	}
}

// TestTheLogHasTheWholeCause answers with an error that tells the log more than
// its text says, as the panic of a hook does.
func TestTheLogHasTheWholeCause(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := newApp(t, nil)
	must(t, rest.Handle(a.api, "GET", "/fail", func(context.Context, struct{}) (struct{}, error) {
		return struct{}{}, joinery.Errorf(joinery.Internal, "", "", stackError{})
	}))
	got := do(t, a.api, "GET", "/fail", "")
	is.Equal(got.StatusCode, 500)
	is.True(!strings.Contains(got.body, "STACK"))
	is.True(strings.Contains(a.log.String(), "STACK"))
}

type stackError struct{}

func (stackError) Error() string        { return "a hook panicked" }
func (stackError) LogValue() slog.Value { return slog.StringValue("STACK") }
