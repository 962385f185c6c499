package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/rest"
)

type noteClient = rest.Client[Note, CreateNote, UpdateNote]

// clientOf is a client of the notes of whatever the handler is, which retries
// at once.
func clientOf(t testing.TB, h http.Handler, opts *rest.ClientOptions) *noteClient {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	if opts == nil {
		opts = &rest.ClientOptions{}
	}
	if opts.HTTP == nil {
		opts.HTTP = server.Client()
	}
	opts.Backoff = time.Nanosecond
	c, err := rest.NewClient[Note, CreateNote, UpdateNote](server.URL+"/v1/notes", opts)
	must(t, err)
	return c
}

func asAda(context.Context) (string, error) { return "ada", nil }

func TestClientOfAMountedService(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	c := clientOf(t, a.api, &rest.ClientOptions{Token: asAda})
	ctx := t.Context()

	created, err := c.Create(ctx, CreateNote{Title: "new"})
	is.NoErr(err)
	changed, err := c.Update(ctx, created.ID, created.Version, UpdateNote{Title: query.Set("newer")})
	is.NoErr(err)
	is.Equal(changed.Version, int64(2))
	_, err = c.Update(ctx, created.ID, created.Version, UpdateNote{Title: query.Set("old")})
	var e *joinery.Error
	is.True(errors.As(err, &e))
	is.Equal(e.Kind, joinery.Stale)
	is.Equal(e.Version, int64(2)) // what to read again

	got, err := c.Get(ctx, noteID(1), query.Include("project"))
	is.NoErr(err)
	is.True(got.Project != nil) // relations are read too
	var n int
	for _, err := range c.All(ctx, query.Query{Limit: 2}) {
		is.NoErr(err)
		n++
	}
	is.Equal(n, 5)
	is.NoErr(c.Delete(ctx, created.ID, query.AnyVersion))
	_, err = c.Get(ctx, created.ID)
	is.True(joinery.IsKind(err, joinery.NotFound))
}

// A client's errors are those that the service behind the server returns.
func TestClientReturnsTheServersErrors(t *testing.T) {
	t.Parallel()
	for kind := joinery.Internal; kind <= joinery.Unsupported; kind++ {
		t.Run(kind.String(), func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			want := &joinery.Error{
				Kind: kind, Code: "a_code", Message: "A sentence.", Version: 7, RetryAfter: 30 * time.Second, Err: errors.New("SECRET"),
				Fields: []joinery.FieldError{{Pointer: "/title", Code: "x", Message: "must be y"}, {Parameter: "limit", Code: "z", Message: "w"}},
			}
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { rest.WriteProblem(w, r, want) })
			_, err := clientOf(t, rest.RequestID(h), nil).Create(t.Context(), CreateNote{})
			var got *joinery.Error
			is.True(errors.As(err, &got))
			is.Equal(got.Kind, kind)
			is.True(!strings.Contains(err.Error(), "SECRET"))
			var answer *rest.AnswerError
			is.True(errors.As(err, &answer))
			is.True(answer.RequestID != "")
			is.Equal(answer.Method+" "+answer.Path, "POST /v1/notes")
			if kind == joinery.Internal {
				return // of which the server tells nothing
			}
			is.Equal(got.Code, want.Code)
			is.Equal(got.Message, want.Message)
			is.Equal(got.Fields, want.Fields)
			is.Equal(got.Version, want.Version)
			is.Equal(got.RetryAfter > 0, kind == joinery.Limited || kind == joinery.Unavailable)
		})
	}
}

// What no API of ours answers is told apart from its errors, and never shown.
func TestClientOfSomethingElse(t *testing.T) {
	t.Parallel()
	answer := func(status int, contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	const html, problem, secret = "text/html", "application/problem+json", "<b>SECRET</b>"
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		kind    joinery.Kind
		code    string
	}{
		"a page for 404":             {answer(404, html, secret), joinery.Internal, "foreign_answer"}, // not a missing row
		"a page for 401":             {answer(401, html, secret), joinery.Unauthenticated, "unauthenticated"},
		"a page for 429":             {answer(429, html, secret), joinery.Limited, "limited"},
		"a page for 502":             {answer(502, html, secret), joinery.Unavailable, "unavailable"},
		"a page for 500":             {answer(500, html, secret), joinery.Internal, "foreign_answer"},
		"a page for 200":             {answer(200, html, secret), joinery.Internal, "bad_answer"},
		"JSON of another shape":      {answer(200, "application/json", `{"title":["SECRET"]}`), joinery.Internal, "bad_answer"},
		"an array":                   {answer(200, "application/json", `["SECRET"]`), joinery.Internal, "bad_answer"},
		"a cut document":             {answer(200, "application/json", `{"title":"SECR`), joinery.Internal, "bad_answer"},
		"a problem that is none":     {answer(404, problem, `SECRET`), joinery.Internal, "foreign_answer"},
		"a problem of another":       {answer(404, problem, `{"status":422,"code":"SECRET"}`), joinery.Internal, "foreign_answer"},
		"a problem without a status": {answer(404, problem, `{"title":"x"}`), joinery.NotFound, "not_found"},
		"a problem for 200":          {answer(200, problem, `{"title":["SECRET"]}`), joinery.Internal, "bad_answer"},
		"a problem for a teapot":     {answer(418, problem, `{}`), joinery.Malformed, "malformed"},
		"a redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/SECRET", http.StatusPermanentRedirect)
		}, joinery.Internal, "redirected"},
		"a cut body": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"title":"SECRET"`)
		}, joinery.Unavailable, "no_answer"},
		"a cut connection": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, joinery.Unavailable, "no_answer"},
		"far too much": {func(w http.ResponseWriter, _ *http.Request) {
			for range 1 << 12 {
				_, _ = io.WriteString(w, strings.Repeat(" ", 1<<10))
			}
		}, joinery.Internal, "answer_too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			c := clientOf(t, test.handler, &rest.ClientOptions{Token: asAda, MaxAnswer: 1 << 20})
			_, err := c.Get(t.Context(), noteID(1))
			var e *joinery.Error
			is.True(errors.As(err, &e))
			is.Equal(e.Kind, test.kind)
			is.Equal(e.CodeOrKind(), test.code)
			is.True(e.Message != "" || strings.HasPrefix(name, "a problem"))
			is.True(!strings.Contains(err.Error(), "SECRET")) // neither in the message nor in the log
		})
	}
}

// The largest limit there is means no limit.
func TestClientTakesAnyAnswerWithTheLargestLimit(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	c := clientOf(t, mounted(t, nil).api, &rest.ClientOptions{Token: asAda, MaxAnswer: math.MaxInt64})
	note, err := c.Get(t.Context(), noteID(1))
	is.NoErr(err)
	is.Equal(note.ID, noteID(1))
}

// A list whose next page is itself is an error, not a loop, and none of its
// rows come twice.
func TestClientAllEndsWhereACursorRepeats(t *testing.T) {
	t.Parallel()
	for name, items := range map[string]string{"no rows": `[]`, "the same row": `[{"title":"again"}]`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			var asked atomic.Int32
			h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if asked.Add(1) > 10 {
					panic(http.ErrAbortHandler) // the loop of a client that does not look
				}
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, `{"items":`+items+`,"next":"loop"}`)
			})
			var rows int
			var last error
			for _, err := range clientOf(t, h, nil).All(t.Context(), query.Query{}) {
				if last = err; err == nil {
					rows++
				}
			}
			var e *joinery.Error
			is.True(errors.As(last, &e))
			is.Equal(e.Kind, joinery.Internal)
			is.Equal(e.CodeOrKind(), "bad_answer")
			is.True(strings.Contains(e.Message, "same page again"))
			is.Equal(asked.Load(), int32(2))
			is.Equal(rows, strings.Count(items, "title"))
		})
	}
}

func TestClientGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var asked atomic.Int32
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := clientOf(t, h, nil).List(ctx, query.Query{Filter: query.Eq("title", "SECRET")})
	is.True(errors.Is(err, context.Canceled))
	is.True(joinery.IsKind(err, joinery.Unavailable))
	is.True(!strings.Contains(err.Error(), "SECRET"))
	is.Equal(asked.Load(), int32(1))

	asked.Store(0)
	_, err = clientOf(t, h, &rest.ClientOptions{Timeout: 20 * time.Millisecond, Retries: 1}).Get(t.Context(), noteID(1))
	is.True(errors.Is(err, context.DeadlineExceeded))
	is.True(joinery.IsKind(err, joinery.Unavailable))
	is.Equal(asked.Load(), int32(2)) // a try's own timeout is worth another try
}

// flaky answers 503 to the first calls, and counts what it is asked.
type flaky struct {
	http.Handler
	failures int

	mu   sync.Mutex
	keys []string // of all tries
}

func (f *flaky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.keys = append(f.keys, r.Header.Get("Idempotency-Key"))
	failing := len(f.keys) <= f.failures
	f.mu.Unlock()
	if failing {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	r.Header.Del("Idempotency-Key") // of which the app of these tests has no store
	f.Handler.ServeHTTP(w, r)
}

func TestClientRepeatsOnlyWhatIsSafe(t *testing.T) {
	t.Parallel()
	ops := map[string]func(ctx context.Context, c *noteClient) error{
		"get":  func(ctx context.Context, c *noteClient) error { _, err := c.Get(ctx, noteID(4)); return err },
		"list": func(ctx context.Context, c *noteClient) error { _, err := c.List(ctx, query.Query{}); return err },
		"search": func(ctx context.Context, c *noteClient) error {
			_, err := c.List(ctx, query.Query{Filter: query.And(query.Or(query.And()))})
			return err
		},
		"create": func(ctx context.Context, c *noteClient) error {
			_, err := c.Create(ctx, CreateNote{Title: "x"})
			return err
		},
		"create many": func(ctx context.Context, c *noteClient) error {
			_, err := c.CreateMany(ctx, []CreateNote{{Title: "x"}})
			return err
		},
		"update": func(ctx context.Context, c *noteClient) error {
			_, err := c.Update(ctx, noteID(4), 1, UpdateNote{})
			return err
		},
		"delete": func(ctx context.Context, c *noteClient) error { return c.Delete(ctx, noteID(4), 1) },
		"delete many": func(ctx context.Context, c *noteClient) error {
			return c.DeleteMany(ctx, []query.Ident{{ID: noteID(4), Version: 1}})
		},
	}
	for name, op := range ops {
		read, keyed := name == "get" || name == "list" || name == "search", !strings.HasPrefix(name, "delete")
		for _, test := range []struct {
			name     string
			opts     rest.ClientOptions
			key      string
			failures int
			tries    int
		}{
			{"as it is", rest.ClientOptions{}, "", 2, map[bool]int{true: 3, false: 1}[read]},
			{"too often", rest.ClientOptions{}, "", 9, map[bool]int{true: 3, false: 1}[read]},
			{"without retries", rest.ClientOptions{Retries: -1}, "", 1, 1},
			{"with keys", rest.ClientOptions{IdempotencyKeys: true}, "", 2, map[bool]int{true: 3, false: 1}[read || keyed]},
			{"with a key of the caller's", rest.ClientOptions{}, "mine", 2, map[bool]int{true: 3, false: 1}[read || keyed]},
		} {
			if test.key != "" && !keyed {
				continue // refused before it is sent
			}
			t.Run(name+" "+test.name, func(t *testing.T) {
				t.Parallel()
				is := is.New(t)
				f := &flaky{Handler: mounted(t, nil).api, failures: test.failures}
				test.opts.Token = asAda
				ctx := t.Context()
				if test.key != "" {
					ctx = rest.WithIdempotencyKey(ctx, test.key)
				}
				err := op(ctx, clientOf(t, f, &test.opts))
				is.Equal(len(f.keys), test.tries)
				is.Equal(err == nil, test.tries > test.failures)
				is.Equal(f.keys[0] != "", keyed && !read && (test.key != "" || test.opts.IdempotencyKeys))
				is.True(test.key == "" || !keyed || read || f.keys[0] == test.key)
				for _, key := range f.keys {
					is.Equal(key, f.keys[0]) // one key for all tries of a call
				}
			})
		}
	}
}

func TestClientDoesWhatRetryAfterSays(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]struct {
		wait  time.Duration
		tries int32
	}{
		"":                              {0, 3},
		"3600":                          {time.Hour, 1}, // more than MaxBackoff: for the caller to decide
		"Mon, 23 Nov 2026 09:00:00 GMT": {time.Hour, 1},
		"-1":                            {0, 3},
		"soon":                          {0, 3},
	} {
		t.Run(header, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			var tries atomic.Int32
			c := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				tries.Add(1)
				w.Header().Set("Date", "Mon, 23 Nov 2026 08:00:00 GMT")
				w.Header().Set("Retry-After", header)
				w.WriteHeader(http.StatusServiceUnavailable)
			}), nil)
			_, err := c.Get(t.Context(), noteID(1))
			var e *joinery.Error
			is.True(errors.As(err, &e))
			is.Equal(e.RetryAfter, want.wait)
			is.Equal(tries.Load(), want.tries)
		})
	}
}

func TestClientSaysWhoCalls(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var got http.Header
	h := rest.RequestID(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		_, _ = io.WriteString(w, `{}`)
	}))
	type tenant struct{}
	c := clientOf(t, h, &rest.ClientOptions{
		UserAgent: "app/1",
		Token:     func(ctx context.Context) (string, error) { return "token of " + ctx.Value(tenant{}).(string), nil },
		Header: func(ctx context.Context, h http.Header) error {
			h.Set("X-Tenant", ctx.Value(tenant{}).(string))
			return nil
		},
	})
	_, err := c.Get(context.WithValue(t.Context(), tenant{}, "a"), noteID(1))
	is.NoErr(err)
	is.Equal(got.Get("Authorization"), "Bearer token of a")
	is.Equal(got.Get("X-Tenant"), "a")
	is.Equal(got.Get("User-Agent"), "app/1")

	refused := errors.New("no token")
	c = clientOf(t, h, &rest.ClientOptions{Token: func(context.Context) (string, error) { return "", refused }})
	_, err = c.Get(t.Context(), noteID(1))
	is.True(errors.Is(err, refused))

	// A request made for another keeps its id, so that both logs name the same.
	inner := clientOf(t, h, nil)
	outer := httptest.NewServer(rest.RequestID(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := inner.Get(r.Context(), noteID(1))
		must(t, err)
	})))
	t.Cleanup(outer.Close)
	r, err := http.NewRequest("GET", outer.URL, nil)
	is.NoErr(err)
	r.Header.Set("X-Request-Id", "outer-1")
	response, err := outer.Client().Do(r)
	is.NoErr(err)
	is.NoErr(response.Body.Close())
	is.Equal(got.Get("X-Request-Id"), "outer-1")
}

func TestClientIsConcurrent(t *testing.T) {
	t.Parallel()
	c := clientOf(t, mounted(t, nil).api, &rest.ClientOptions{Token: asAda})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			row, err := c.Create(t.Context(), CreateNote{Title: fmt.Sprint(i)})
			if err == nil {
				_, err = c.Update(t.Context(), row.ID, row.Version, UpdateNote{Title: query.Set("x")})
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestNewClientNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"":                               "http://",
		"/v1/notes":                      "http://",
		"ftp://example.com/v1/notes":     "http://",
		"https://example.com/v1/notes?x": "query",
		"https://ada:SECRET@example.com": "user",
		"https://ada:SECRET@exa mple":    "cannot be read",
		"https://example.com/v1#x":       "fragment",
	} {
		_, err := rest.NewClient[Note, CreateNote, UpdateNote](base, nil)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%q: %v", base, err)
		}
	}
	if _, err := rest.NewClient[struct{ X int }, struct{}, struct{}]("https://example.com", nil); err == nil {
		t.Error("a row without an id was taken")
	}
}

// FuzzClientAnswers feeds a client with answers of any sort: it may refuse
// them, but its errors are always ones that a caller can act on.
func FuzzClientAnswers(f *testing.F) {
	seed, _ := json.Marshal(rest.ProblemOf(&joinery.Error{Kind: joinery.Invalid, Fields: []joinery.FieldError{{Pointer: "/a", Code: "b", Message: "c"}}}))
	f.Add(422, "application/problem+json", string(seed), "1")
	f.Add(412, "application/problem+json; charset=utf-8", `{"status":412,"version":-9223372036854775808,"errors":[null,{"pointer":1}]}`, "")
	f.Add(200, "application/json", `{"items":null,"next":"x"}`, "Mon, 23 Nov 2026 09:00:00 GMT")
	f.Add(503, "", "", "99999999999999999999")
	f.Add(304, "text/html", "<", "-1")
	f.Fuzz(func(t *testing.T, status int, contentType, body, retryAfter string) {
		if status < 200 || status > 599 {
			return
		}
		c, err := rest.NewClient[Note, CreateNote, UpdateNote]("http://test/v1/notes", &rest.ClientOptions{Retries: -1, HTTP: &http.Client{
			Transport: answering(func(r *http.Request) *http.Response {
				return &http.Response{
					StatusCode: status, Request: r, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1,
					Header: http.Header{"Content-Type": {contentType}, "Retry-After": {retryAfter}, "X-Request-Id": {body}},
				}
			}),
		}})
		must(t, err)
		_, err = c.Get(t.Context(), uuid.Max)
		check := func(err error) {
			var e *joinery.Error
			switch {
			case err == nil:
				return
			case !errors.As(err, &e):
				t.Fatalf("%v is no *joinery.Error", err)
			case e.RetryAfter < 0, e.Kind > joinery.Unsupported:
				t.Fatalf("%+v", e)
			case status < 400 && e.Kind != joinery.Internal:
				t.Fatalf("%d became %v", status, e)
			}
		}
		check(err)
		_, err = c.List(t.Context(), query.Query{})
		check(err)
		rows, err := c.UpdateMany(t.Context(), []query.Change[UpdateNote]{{ID: uuid.Max, Version: 1}})
		check(err)
		if err == nil && len(rows) != 1 {
			t.Fatalf("%d rows for one change", len(rows))
		}
	})
}

// answering is a transport that needs no server.
type answering func(*http.Request) *http.Response

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) { return a(r), nil }
