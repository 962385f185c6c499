package rest_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/rest"
)

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestRequestID(t *testing.T) {
	t.Parallel()
	a := newApp(t, nil)
	for _, c := range []struct {
		sent string
		kept bool
	}{
		{"abc-DEF_1.2", true}, {strings.Repeat("x", 128), true}, {strings.Repeat("x", 129), false},
		{"a b", false}, {"a\tb", false}, {"é", false}, {`"`, false}, {"", false},
	} {
		is := is.New(t)
		got := do(t, a.api, "GET", "/healthz", "", "X-Request-Id: "+c.sent).Header.Get("X-Request-Id")
		is.Equal(got == c.sent, c.kept)
		is.True(got != "")
	}
}

func TestAPanicIsA500WithItsStackInTheLogOnly(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := newApp(t, nil)
	must(t, rest.Handle(a.api, "GET", "/panic", func(context.Context, struct{}) (said, error) { panic("CANARY") }))
	must(t, rest.HandleFunc(a.api, "GET", "/late", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(strings.Repeat("half", 1000)))
		panic("CANARY")
	}))
	got := do(t, a.api, "GET", "/panic", "", "Accept-Encoding: gzip")
	is.Equal(got.StatusCode, 500)
	p := got.problem(t)
	is.True(!strings.Contains(got.body, "CANARY") && !strings.Contains(got.body, ".go"))
	is.True(strings.Contains(a.log.String(), "CANARY"))
	is.True(strings.Contains(a.log.String(), "middleware_test.go"))
	is.True(p.RequestID != "")

	server := httptest.NewServer(a.api)
	defer server.Close()
	r, err := http.NewRequest("GET", server.URL+"/late", nil)
	must(t, err)
	r.Header.Set("Authorization", "Bearer ada")
	client := server.Client()
	defer client.CloseIdleConnections()
	res, err := client.Do(r)
	if err == nil {
		_, err = io.ReadAll(res.Body)
		_ = res.Body.Close()
	}
	is.True(err != nil) // what has begun is cut off, not passed off as whole
}

func TestAccessLogHoldsNoQuery(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	do(t, a.api, "GET", "/v1/notes?title=CANARY", "", "X-Request-Id: rid")
	line := a.log.String()
	is.True(strings.Contains(line, `"path":"/v1/notes"`))
	is.True(strings.Contains(line, `"method":"GET"`))
	is.True(!strings.Contains(line, "CANARY"))
}

func TestGzipMarksTheTag(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	is.Equal(do(t, a.api, "PATCH", notePath1, `{"body":"`+strings.Repeat("long ", 1000)+`"}`, `If-Match: "1"`).StatusCode, 200)
	got := do(t, a.api, "GET", notePath1, "", "Accept-Encoding: gzip")
	is.Equal(got.Header.Get("Content-Encoding"), "gzip")
	is.True(strings.Contains(strings.Join(got.Header["Vary"], ","), "Accept-Encoding"))
	tag := got.Header.Get("ETag")
	is.Equal(tag, `"2-gzip"`)
	zr, err := gzip.NewReader(strings.NewReader(got.body))
	must(t, err)
	plain, err := io.ReadAll(zr)
	must(t, err)
	is.True(strings.HasPrefix(string(plain), `{"id":`))
	is.Equal(do(t, a.api, "HEAD", notePath1, "", "Accept-Encoding: gzip").Header.Get("Content-Length"), "") // it is not that of GET
	is.Equal(do(t, a.api, "GET", notePath1, "", "Accept-Encoding: gzip", "If-None-Match: "+tag).StatusCode, 304)
	is.Equal(do(t, a.api, "PATCH", notePath1, `{"title":"t"}`, "If-Match: "+tag).StatusCode, 200)
}

func TestCORS(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, &rest.Options{CORS: &rest.CORSOptions{Origins: []string{"https://app.example.com"}}})
	preflight := do(t, a.api, "OPTIONS", notePath1, "", "Authorization:", "Origin: https://app.example.com", "Access-Control-Request-Method: PATCH", "Access-Control-Request-Headers: if-match")
	is.Equal(preflight.StatusCode, 204)
	is.Equal(preflight.Header.Get("Access-Control-Allow-Origin"), "https://app.example.com")
	is.Equal(preflight.Header.Get("Access-Control-Allow-Methods"), "PATCH")
	got := do(t, a.api, "GET", notePath1, "", "Origin: https://app.example.com")
	is.Equal(got.Header.Get("Access-Control-Allow-Origin"), "https://app.example.com")
	is.True(strings.Contains(got.Header.Get("Access-Control-Expose-Headers"), "Etag"))
	is.Equal(do(t, a.api, "GET", notePath1, "", "Origin: https://evil.example.com").Header.Get("Access-Control-Allow-Origin"), "")
	is.Equal(do(t, mounted(t, nil).api, "GET", notePath1, "", "Origin: https://app.example.com").Header.Get("Access-Control-Allow-Origin"), "")
}

func TestMistakesInOptionsAreReported(t *testing.T) {
	t.Parallel()
	for want, opts := range map[string]rest.Options{
		"credentials":      {CORS: &rest.CORSOptions{Origins: []string{"*"}, Credentials: true}},
		"at least one":     {CORS: &rest.CORSOptions{}},
		"10.0.0.0":         {TrustedProxies: []string{"10.0.0.0"}},
		"PerSecond":        {RateLimit: &rest.RateLimitOptions{}},
		"trusted proxy \"": {TrustedProxies: []string{"nonsense"}},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			api := rest.New(nil, &opts)
			err := api.Validate()
			is.True(err != nil && strings.Contains(err.Error(), want))
			is.True(rest.Handle(api, "GET", "/x", says("")) != nil)
		})
	}
}

func TestTrustedProxies(t *testing.T) {
	t.Parallel()
	mw, err := rest.TrustedProxies("10.0.0.0/8", "fd00::/8")
	must(t, err)
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.9:1", "1.2.3.4", "203.0.113.9"}, // nobody's proxy: the header changes nothing
		{"10.0.0.1:1", "", "10.0.0.1"},
		{"10.0.0.1:1", "1.2.3.4", "1.2.3.4"},
		{"10.0.0.1:1", "6.6.6.6, 1.2.3.4", "1.2.3.4"},           // the right-most is what our proxy saw
		{"10.0.0.1:1", "6.6.6.6, 1.2.3.4, 10.9.9.9", "1.2.3.4"}, // through two of ours
		{"10.0.0.1:1", "1.2.3.4, nonsense", "10.0.0.1"},
		{"10.0.0.1:1", "1.2.3.4:99", "10.0.0.1"},
		{"[fd00::1]:1", "2001:db8::7", "2001:db8::7"},
		{"10.0.0.1:1", "::ffff:10.0.0.2", "10.0.0.2"},
		{"10.0.0.1:1", "10.0.0.3, 10.0.0.2", "10.0.0.3"},
	} {
		t.Run(c.peer+" "+c.forwarded, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = c.peer
			r.Header.Set("X-Forwarded-For", c.forwarded)
			r.Header.Set("X-Real-IP", "6.6.6.6")
			r.Header.Set("Forwarded", "for=6.6.6.6")
			mw(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { is.Equal(rest.ClientIP(r).String(), c.want) })).ServeHTTP(httptest.NewRecorder(), r)
		})
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	now := time.Unix(1_000_000, 0)
	a := mounted(t, &rest.Options{RateLimit: &rest.RateLimitOptions{PerSecond: 1, Burst: 3, Now: func() time.Time { return now }}})
	get := func(headers ...string) answer { return do(t, a.api, "GET", notePath1, "", headers...) }
	for range 3 {
		is.Equal(get().StatusCode, 200)
	}
	over := get()
	is.Equal(over.StatusCode, 429)
	is.Equal(over.Header.Get("Retry-After"), "1")
	over.problem(t)
	is.Equal(get("Authorization: Bearer eve").StatusCode, 200) // another actor of the same address
	now = now.Add(time.Second)
	is.Equal(get().StatusCode, 200)
	is.Equal(get().StatusCode, 429)

	// Guessing credentials is counted by address, and then not even looked at.
	for range 3 {
		is.Equal(get("Authorization: Bearer bad").StatusCode, 401)
	}
	is.Equal(get("Authorization: Bearer bad").StatusCode, 429)
	for range 5 {
		is.Equal(do(t, a.api, "GET", "/readyz", "").StatusCode, 200) // probes are not limited
	}
	for range 3 {
		is.Equal(get("Authorization:").StatusCode, 401) // who shows nothing guesses nothing
	}
	is.Equal(get("Authorization: Bearer joe").StatusCode, 429)
}

func TestRateLimitMemoryIsBounded(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	mw, err := rest.RateLimit(rest.RateLimitOptions{PerSecond: 1, Burst: 1, MaxCallers: 10})
	must(t, err)
	h := mw(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	call := func(ip string) int {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = ip
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	is.Equal(call("1.1.1.1:5"), 200)
	is.Equal(call("1.1.1.1:6"), 429)
	for i := range 9 {
		is.Equal(call(fmt.Sprintf("2.0.0.%d:1", i)), 200)
		is.Equal(call("1.1.1.1:6"), 429) // still used, still known
	}
	for i := range 10 {
		is.Equal(call(fmt.Sprintf("3.0.0.%d:1", i)), 200)
	}
	is.Equal(call("1.1.1.1:7"), 200) // the quietest was forgotten
	is.Equal(call("[2001:db8::1]:1"), 200)
	is.Equal(call("[2001:db8::2]:1"), 429) // one network, one caller
}

func TestTheTimeoutReachesTheService(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := newApp(t, &rest.Options{Timeout: 20 * time.Millisecond})
	must(t, rest.Handle(a.api, "GET", "/slow", func(ctx context.Context, _ struct{}) (said, error) {
		<-ctx.Done()
		return said{}, ctx.Err()
	}))
	is.Equal(do(t, a.api, "GET", "/slow", "").StatusCode, 503)
}
