package rest_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/rest"
)

// listen serves h by a rest.Server until the test ends, and returns where.
func listen(t *testing.T, h http.Handler) string {
	t.Helper()
	ln, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- rest.Server(h, &rest.ServerOptions{Log: discard()}).RunOn(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		must(t, <-done)
	})
	return ln.Addr().String()
}

// raw sends bytes to the server and returns the statuses of its answers, until
// the connection ends.
func raw(t *testing.T, addr, text string) (statuses []int, answers string) {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	must(t, err)
	defer conn.Close()
	must(t, conn.SetDeadline(time.Now().Add(60*time.Second)))
	go func() { // a server that has refused may have closed already
		_, _ = io.WriteString(conn, text)
		_ = conn.(*net.TCPConn).CloseWrite()
	}()
	var all strings.Builder
	br := bufio.NewReader(io.TeeReader(conn, &all))
	for {
		res, err := http.ReadResponse(br, nil)
		if err != nil {
			return statuses, all.String()
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		statuses = append(statuses, res.StatusCode)
	}
}

// passes counts how often a protected route was reached past a middleware.
type passes struct {
	mu   sync.Mutex
	past int
}

type passKey struct{}

// reached is a handler of a protected route.
func (p *passes) reached(ctx context.Context, _ struct{}) (said, error) {
	if ctx.Value(passKey{}) == nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.past++
	}
	return said{"secret"}, nil
}

// keysOnly guards whatever it stands in front of: it is an app's middleware.
func keysOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Key") != "right" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), passKey{}, true)))
	})
}

// open is an API whose own authentication lets everybody in, so that nothing
// but the app's middleware protects /v1/admin.
func open(t *testing.T, p *passes) *rest.API {
	t.Helper()
	api := rest.New(nil, &rest.Options{Log: discard(), NoAccessLog: true, NoDocs: true})
	must(t, rest.Handle(api, "GET", "/v1/admin/keys", p.reached, rest.WithAuth(rest.None)))
	must(t, rest.Handle(api, "GET", "/v1/open", says("open"), rest.WithAuth(rest.None)))
	must(t, rest.Handle(api, "GET", "/v1/things/:id", func(context.Context, byName) (said, error) { return said{"thing"}, nil }, rest.WithAuth(rest.None)))
	return api
}

type byName struct {
	ID string `path:"id" json:"-"`
}

// guard is an app that protects a part of its paths.
type guard struct {
	below string // where the API stands
	http.Handler
}

// guards are the ways to do it.
func guards(t *testing.T, p *passes) map[string]guard {
	byPrefix := open(t, p)
	beside := http.NewServeMux()
	api := open(t, p)
	beside.Handle("/v1/admin/", keysOnly(api))
	beside.Handle("/", api)
	below := http.NewServeMux()
	api = open(t, p)
	below.Handle("/api/v1/admin/", http.StripPrefix("/api", keysOnly(api)))
	below.Handle("/api/", http.StripPrefix("/api", api))
	return map[string]guard{
		"a middleware that looks at the path": {"", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/v1/admin/") {
				keysOnly(byPrefix).ServeHTTP(w, r)
				return
			}
			byPrefix.ServeHTTP(w, r)
		})},
		"a ServeMux":               {"", beside},
		"a ServeMux with a prefix": {"/api", below},
		"its own authentication": {"", func() http.Handler {
			api := rest.New(nil, &rest.Options{Log: discard(), NoAccessLog: true, NoDocs: true, Auth: byHeader})
			must(t, rest.Handle(api, "GET", "/v1/admin/keys", p.reached))
			must(t, rest.Handle(api, "GET", "/v1/open", says("open"), rest.WithAuth(rest.None)))
			return api
		}()},
	}
}

// more spellings than those of spellingsOf: what only a raw request can say.
var rawSpellings = []string{
	"http://example.com/v1/admin/keys", "http://example.com//v1/admin/keys", "HTTP://EXAMPLE.COM/v1/admin/keys", "http://example.com/v1/admin%2fkeys",
	"http://user@example.com/v1/admin/keys", "http://example.com:80/v1/admin/keys", "https://example.com/v1/admin/keys", "//example.com/v1/admin/keys",
	"/v1/adm\x69n/keys", "/v1/%61%64%6d%69%6e/%6b%65%79%73", "/v1/admin%c0%afkeys", "/v1/admin%e0%80%afkeys", "/v1/admin%f0%80%80%afkeys", "/v1/admin%c1%9ckeys",
	"/v1/%c1%a1dmin/keys", "/v1/%e0%81%a1dmin/keys", "/v1/\xe1dmin/keys", "/v1/%ff/../admin/keys", "/v1/admin/keys%00.json", "/v1%00/admin/keys", "/%00/v1/admin/keys",
	"/v1/open%00/../admin/keys", "/v1/%u0061dmin/keys", "/v1/%uff41dmin/keys", "/v1/%2561dmin/keys", "/v1/admin/keys%0d%0aX-Key:%20right", "/v1/admin/keys%0a", "/v1/admin\t/keys",
	"/v1/open/%2e%2e/admin/keys", "/v1/open/%252e%252e/admin/keys", "/v1/open/..;/admin/keys", "/v1/open;a=b/../admin/keys", "/v1/things/../admin/keys", "/v1/things/..%2fadmin%2fkeys",
	"/v1/things/%2e%2e%2fadmin%2fkeys", "/v1/things/..\\admin\\keys", "/v1/things/..%5cadmin%5ckeys", "/v1/things/x%2f..%2f..%2fadmin%2fkeys", "/v1/admin;/keys", "/v1;/admin/keys",
	"/v1/admin/keys;jsessionid=1", "/v1/admin/keys/%2e", "/v1/admin/./keys", "/./v1/admin/keys", "/v1/ADMIN/keys", "/V1/admin/keys", "/v1/admin/KEYS", "/v1/adm\u0131n/keys", "/v1/admin/\u212aeys",
	"/v1/admin/keys?", "/v1/admin/keys?/../../open", "/v1/open?/../admin/keys", "/v1/admin/keys#", "/v1/open#/../admin/keys", "*", "v1/admin/keys", "\\v1\\admin\\keys", "/\\v1/admin/keys",
}

// TestBar46_NoSpellingOfAPathSkipsAMiddleware asks over a socket for a route
// that an app's middleware protects, or the API itself, without what it asks
// for, in every way that a path can be written.
func TestBar46_NoSpellingOfAPathSkipsAMiddleware(t *testing.T) {
	t.Parallel()
	spellings := append(spellingsOf("/v1/admin/keys"), rawSpellings...)
	if len(spellings) < 180 {
		t.Fatalf("only %d spellings", len(spellings))
	}
	p := &passes{}
	for name, h := range guards(t, p) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr := listen(t, h)
			for _, path := range spellings {
				if strings.HasPrefix(path, "/") {
					path = h.below + path
				}
				for _, line := range []string{"GET " + path + " HTTP/1.1", "HEAD " + path + " HTTP/1.1", "GET " + path + " HTTP/1.0"} {
					_, answers := raw(t, addr, line+"\r\nHost: example.com\r\nConnection: close\r\n\r\n")
					if strings.Contains(answers, "secret") || strings.Contains(answers, " 50") && strings.HasPrefix(answers[8:], " 50") {
						t.Errorf("%q: %.100s", line, answers)
					}
				}
			}
			statuses, answers := raw(t, addr, "GET "+h.below+"/v1/admin/keys HTTP/1.1\r\nHost: example.com\r\nX-Key: right\r\nAuthorization: Bearer ada\r\nConnection: close\r\n\r\n")
			if !slices.Equal(statuses, []int{200}) || !strings.Contains(answers, "secret") {
				t.Errorf("with the key: %v", statuses) // or the test shows nothing
			}
		})
	}
	t.Cleanup(func() {
		// Behind the API's own authentication the pass key is never there.
		if p.past != 1 {
			t.Errorf("reached %d times past a middleware", p.past)
		}
	})
}

// TestBar46_AmbiguousRequestsAreRefused sends what two servers could read in
// two ways. What would be smuggled behind it is never answered.
func TestBar46_AmbiguousRequestsAreRefused(t *testing.T) {
	t.Parallel()
	a := mounted(t, nil)
	addr := listen(t, a.api)
	const post, smuggled = "POST /v1/notes HTTP/1.1\r\nHost: example.com\r\nAuthorization: Bearer ada\r\nContent-Type: application/json\r\n",
		"GET /v1/open HTTP/1.1\r\nHost: example.com\r\n\r\n"
	const body = `{"title":"x"}`
	for name, head := range map[string]string{
		"two lengths":              "Content-Length: 13\r\nContent-Length: 5\r\n\r\n" + body,
		"two lengths in one":       "Content-Length: 13, 5\r\n\r\n" + body,
		"a signed length":          "Content-Length: +13\r\n\r\n" + body,
		"a negative length":        "Content-Length: -1\r\n\r\n" + body,
		"a hexadecimal length":     "Content-Length: 0xd\r\n\r\n" + body,
		"an empty length":          "Content-Length: \r\n\r\n" + body,
		"a huge length":            "Content-Length: 99999999999999999999\r\n\r\n" + body,
		"chunked twice":            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\nd\r\n" + body + "\r\n0\r\n\r\n",
		"chunked twice in one":     "Transfer-Encoding: chunked, chunked\r\n\r\nd\r\n" + body + "\r\n0\r\n\r\n",
		"chunked and another":      "Transfer-Encoding: gzip, chunked\r\n\r\nd\r\n" + body + "\r\n0\r\n\r\n",
		"an unknown encoding":      "Transfer-Encoding: xchunked\r\n\r\nd\r\n" + body + "\r\n0\r\n\r\n",
		"identity and a length":    "Transfer-Encoding: identity\r\nContent-Length: 13\r\n\r\n" + body,
		"an encoding with \\v":     "Transfer-Encoding: \x0bchunked\r\n\r\nd\r\n" + body + "\r\n0\r\n\r\n",
		"a space before the colon": "Content-Length : 13\r\n\r\n" + body,
		"a folded header":          "X-A: b\r\n Content-Length: 13\r\nContent-Length: 5 \x00\r\n\r\n" + body,
		"a name with a space":      "X A: b\r\nContent-Length: 13\r\n\r\n" + body,
		"a bad chunk size":         "Transfer-Encoding: chunked\r\n\r\n0xd\r\n" + body + "\r\n0\r\n\r\n",
		"a chunk without its end":  "Transfer-Encoding: chunked\r\n\r\nd\r\n" + body + "xx0\r\n\r\n",
		"two hosts":                "Host: other.example\r\nContent-Length: 13\r\n\r\n" + body,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			statuses, answers := raw(t, addr, post+head+smuggled)
			if len(statuses) != 1 || statuses[0] != 400 && statuses[0] != 501 {
				t.Errorf("%v\n%s", statuses, answers)
			}
		})
	}
	t.Run("said alike twice", func(t *testing.T) { // which RFC 9110, 8.6 allows: there is one way to read it
		statuses, _ := raw(t, addr, post+"Content-Length: 13\r\nContent-Length: 13\r\nConnection: close\r\n\r\n"+body)
		is.New(t).Equal(statuses, []int{201})
	})
	t.Cleanup(func() {
		if n := len(a.notes.rows); n != 5 { // four of mounted, and that of the last
			t.Errorf("%d rows", n)
		}
	})
}

// TestBar46_MethodsHeadersAndTypes asks each sort of route, as somebody and as
// nobody, and looks at what HTTP asks of every answer.
func TestBar46_MethodsHeadersAndTypes(t *testing.T) {
	t.Parallel()
	a, _ := drafted(t)
	must(t, rest.Handle(a.api, "GET", "/v1/broken", func(context.Context, struct{}) (said, error) { panic("a bug") }))
	for _, c := range []struct {
		method, url, body string
		status            int
	}{
		{"GET", "/v1/notes", "", 200}, {"HEAD", "/v1/notes", "", 200}, {"GET", notePath1, "", 200}, {"HEAD", notePath1, "", 200}, {"GET", notePath9, "", 404},
		{"POST", "/v1/notes", `{"title":"x"}`, 201}, {"POST", "/v1/notes", `{`, 400}, {"PATCH", notePath1, `{}`, 428}, {"GET", "/v1/broken", "", 500},
		{"GET", draftPath + "/access", "", 200}, {"HEAD", draftPath + "/access", "", 200}, {"POST", draftPath + "/copy", "", 201}, {"DELETE", draftPath, `{"version":9}`, 412},
		{"TRACE", notePath1, "", 405}, {"CONNECT", notePath1, "", 405}, {"PROPFIND", "/v1/notes", "", 405}, {"PUT", "/v1/notes", "", 405}, {"POST", notePath1, "", 405}, {"get", "/v1/notes", "", 405},
		{"GET", draftPath + "/copy", "", 405}, {"POST", draftPath + "/access", "", 405}, {"DELETE", draftPath + "/restore", "", 405},
		{"GET", "/v1/nothing", "", 404}, {"OPTIONS", notePath1, "", 204},
	} {
		for _, who := range []string{"Authorization: Bearer ada", "Authorization:", "Authorization: Bearer bad"} {
			got := do(t, a.api, c.method, c.url, c.body, who, "X-Canary: echo")
			is := is.New(t)
			signedIn := strings.HasSuffix(who, "ada")
			if !signedIn && c.status != 405 && c.status != 404 && c.status != 204 {
				is.Equal(got.StatusCode, 401)
				is.True(got.Header.Get("WWW-Authenticate") != "")
			} else if signedIn {
				is.Equal(got.StatusCode, c.status)
			}
			if got.StatusCode >= 400 || signedIn && got.StatusCode != 204 {
				is.Equal(got.Header.Get("Cache-Control"), "no-store")
			}
			if got.StatusCode != 204 {
				is.Equal(got.Header.Get("X-Content-Type-Options"), "nosniff")
				is.True(strings.HasSuffix(got.Header.Get("Content-Type"), "json; charset=utf-8"))
			}
			if got.StatusCode == 405 {
				is.True(strings.Contains(got.Header.Get("Allow"), "OPTIONS"))
			}
			if c.method == "HEAD" {
				is.Equal(got.body, "")
			}
			is.True(!strings.Contains(got.body, "echo")) // TRACE would
		}
	}
}

// TestBar46_HTTP2 asks the same over HTTP/2, where names and lengths are
// another matter.
func TestBar46_HTTP2(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	server := httptest.NewUnstartedServer(a.api)
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	send := func(method, path, body string, headers ...string) (*http.Response, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
		must(t, err)
		r.Header = http.Header{"Authorization": {"Bearer ada"}, "Content-Type": {"application/json"}}
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		res, err := server.Client().Do(r)
		must(t, err)
		defer res.Body.Close()
		data, err := io.ReadAll(res.Body)
		must(t, err)
		is.Equal(res.ProtoMajor, 2)
		return res, string(data)
	}
	res, body := send("GET", notePath1, "")
	is.Equal(res.StatusCode, 200)
	is.Equal(res.Header.Get("ETag"), `"1"`)
	is.Equal(res.ContentLength, int64(len(body)))
	res, body = send("HEAD", notePath1, "")
	is.Equal(res.StatusCode, 200)
	is.Equal(body, "")
	res, _ = send("GET", notePath1, "", "If-None-Match", `"1"`)
	is.Equal(res.StatusCode, 304)
	res, _ = send("PATCH", notePath1, `{"title":"h2"}`, "If-Match", `"1"`)
	is.Equal(res.StatusCode, 200)
	res, _ = send("TRACE", notePath1, "")
	is.Equal(res.StatusCode, 405)
	res, _ = send("DELETE", notePath1, "", "If-Match", "*")
	is.Equal(res.StatusCode, 204)
	res, _ = send("POST", "/v1/notes", `{"body":"`+strings.Repeat("x", 1<<20)+`"}`)
	is.Equal(res.StatusCode, 413)
}

// TestBar07_SpoofedAddressesAreThrottled changes everything that a client can
// say about where it comes from.
func TestBar07_SpoofedAddressesAreThrottled(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	for name, c := range map[string]struct {
		trusted []string
		header  func(ip string) string
	}{
		"no proxy":           {nil, func(ip string) string { return ip }},
		"behind our proxy":   {[]string{"192.0.2.0/24"}, func(ip string) string { return ip + ", 203.0.113.7" }},
		"another is trusted": {[]string{"198.51.100.0/24"}, func(ip string) string { return ip }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			a := newApp(t, &rest.Options{TrustedProxies: c.trusted, NoAccessLog: true, RateLimit: &rest.RateLimitOptions{PerSecond: 1, Burst: 10, Now: func() time.Time { return now }}})
			must(t, rest.Mount(a.api, "/v1/notes", a.notes, &rest.MountOptions{Auth: rest.Optional}))
			passed := 0
			for i := range 1000 {
				ip := net.IPv4(10, 1, byte(i>>8), byte(i)).String()
				got := do(t, a.api, "POST", "/v1/notes/search", "{}", "Authorization:", "X-Forwarded-For: "+c.header(ip), "X-Real-IP: "+ip, "Forwarded: for="+ip, "True-Client-IP: "+ip, "CF-Connecting-IP: "+ip)
				if got.StatusCode == 200 {
					passed++
				} else {
					is.Equal(got.StatusCode, 429)
					is.Equal(got.Header.Get("Retry-After"), "1")
				}
			}
			is.Equal(passed, 10)
		})
	}
}

func TestParallelRequestsShareTheirLimit(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	mw, err := rest.RateLimit(rest.RateLimitOptions{PerSecond: 5, Burst: 20, Now: func() time.Time { return now }})
	must(t, err)
	h := mw(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	var mu sync.Mutex
	passed := map[string]int{}
	var wg sync.WaitGroup
	for i := range 200 {
		name := []string{"ada", "bob"}[i%2]
		wg.Go(func() {
			r := httptest.NewRequest("GET", "/", nil)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r.WithContext(joinery.WithActor(r.Context(), joinery.Actor{ID: user(name), Kind: joinery.User})))
			if w.Code == 200 {
				mu.Lock()
				defer mu.Unlock()
				passed[name]++
			}
		})
	}
	wg.Wait()
	is.New(t).Equal(passed, map[string]int{"ada": 20, "bob": 20})
}
