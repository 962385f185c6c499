package rest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// answers is an IdempotencyStore of an app that keeps everything in memory, as
// its services do.
type answers struct {
	mu   sync.Mutex
	kept map[string]keptAnswer
	runs int
}

type keptAnswer struct {
	request string
	answer  []byte
}

func (s *answers) Database() any { return s }

func (s *answers) Do(ctx context.Context, key, request string, fn func(context.Context) ([]byte, error)) ([]byte, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(key) > 100 || len(request) > 100 {
		return nil, false, errors.New("too long for the store")
	}
	if k, ok := s.kept[key]; ok {
		if k.request != request {
			return nil, false, joinery.Errorf(joinery.Invalid, "idempotency_key_reused", "another request")
		}
		return k.answer, true, nil
	}
	s.runs++
	answer, err := fn(ctx)
	if err == nil {
		s.kept[key] = keptAnswer{request, bytes.Clone(answer)}
	}
	return answer, false, err
}

// keyedNotes and keyedDrafts write to the database of the answers.
type keyedNotes struct {
	*memory[Note, CreateNote, UpdateNote]
	database any
}

func (s keyedNotes) Database() any { return s.database }

type keyedDrafts struct {
	*drafts
	database any
}

func (s keyedDrafts) Database() any { return s.database }

// keyed is an app whose notes and drafts take keys; its projects do not.
func keyed(t testing.TB) (*app, *drafts, *answers) {
	t.Helper()
	store := &answers{kept: map[string]keptAnswer{}}
	a := newApp(t, &rest.Options{Idempotency: store})
	notes := keyedNotes{a.notes, store}
	must(t, rest.Mount(a.api, "/v1/projects", a.projects, nil))
	must(t, rest.Mount(a.api, "/v1/notes", notes, &rest.MountOptions{AuthOf: map[rest.Operation]rest.AuthMode{rest.Create: rest.Optional}}))
	must(t, rest.Mount(a.api, "/v1/projects/:project_id/notes", notes, &rest.MountOptions{Parent: "project_id", ParentOf: a.projects}))
	s := newDrafts(a.projects.model.Registry())
	must(t, rest.Mount(a.api, "/v1/drafts", keyedDrafts{s, store}, nil))
	ctx := joinery.WithActor(t.Context(), joinery.SystemActor())
	_, err := a.projects.Create(ctx, CreateProject{Name: "Apollo"})
	must(t, err)
	_, err = a.notes.Create(ctx, CreateNote{Title: "first", ProjectID: registry.To[Project](noteID(1))})
	must(t, err)
	_, err = s.Create(ctx, CreateDraft{Title: "draft"})
	must(t, err)
	return a, s, store
}

// written counts the writes to an app's rows: each makes a row or a version.
func written(a *app, s *drafts) (n int64) {
	for _, row := range a.notes.rows {
		n += row.Version
	}
	for _, row := range s.rows {
		n += row.Version
	}
	return n
}

func TestARepeatedWriteIsAnsweredAsBefore(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method, url, body string
		status            int
	}{
		"create":        {"POST", "/v1/notes", `{"title":"x"}`, 201},
		"create many":   {"POST", "/v1/notes", `[{"title":"x"},{"title":"y"}]`, 201},
		"create below":  {"POST", projectPath + "/notes", `{"title":"x"}`, 201},
		"change":        {"PATCH", notePath1, `{"title":"x","version":1}`, 200},
		"change many":   {"PATCH", "/v1/notes", `{"items":[{"id":"` + id1 + `","version":1,"title":"x"}]}`, 200},
		"copy":          {"POST", draftPath + "/copy", "", 201},
		"copy with":     {"POST", draftPath + "/copy", `{"title":"x"}`, 201},
		"restore":       {"POST", draftPath + "/restore", `{"version":1}`, 200},
		"merge a patch": {"PATCH", notePath1, `{"title":"x","version":1}`, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			a, s, _ := keyed(t)
			headers := []string{"Idempotency-Key: 8e03978e-40d5-43dd-bc93-6894a57f9324"}
			if name == "merge a patch" {
				headers = append(headers, "Content-Type: application/merge-patch+json")
			}
			first := do(t, a.api, c.method, c.url, c.body, headers...)
			is.Equal(first.StatusCode, c.status)
			is.Equal(first.Header.Get("Idempotency-Replayed"), "")
			after := written(a, s)
			again := do(t, a.api, c.method, c.url, c.body, headers...)
			is.Equal(written(a, s), after)
			is.Equal(again.StatusCode, first.StatusCode)
			is.Equal(again.body, first.body)
			is.Equal(again.Header.Get("Idempotency-Replayed"), "true")
			for _, h := range []string{"ETag", "Location", "Content-Type", "Content-Length", "Cache-Control", "X-Content-Type-Options", "Vary"} {
				is.Equal(again.Header.Values(h), first.Header.Values(h))
			}
			is.True(again.Header.Get("X-Request-Id") != first.Header.Get("X-Request-Id")) // the request's own
		})
	}
}

func TestAChangeOutOfSightIsRepeatedToo(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	store := &answers{kept: map[string]keptAnswer{}}
	a := newApp(t, &rest.Options{Idempotency: store})
	must(t, rest.MountOps(a.api, "/v1/drafts", rest.Ops[Draft, CreateDraft, UpdateDraft]{
		Update:   func(context.Context, uuid.UUID, int64, UpdateDraft) (Draft, error) { return Draft{}, nil },
		Database: store,
	}, &rest.MountOptions{Model: newDrafts(a.projects.model.Registry()).model}))
	for _, replayed := range []string{"", "true"} {
		got := do(t, a.api, "PATCH", draftPath, `{"title":"x"}`, "If-Match: *", "Idempotency-Key: k")
		is.Equal(got.StatusCode, 204)
		is.Equal(got.body, "")
		is.Equal(got.Header.Get("Idempotency-Replayed"), replayed)
	}
	is.Equal(store.runs, 1)
}

func TestAKeyBelongsToOneRequest(t *testing.T) {
	t.Parallel()
	a, s, _ := keyed(t)
	key := "Idempotency-Key: k"
	is1 := is.New(t)
	is1.Equal(do(t, a.api, "PATCH", notePath1, `{"title":"x"}`, `If-Match: "1"`, key).StatusCode, 200)
	is1.Equal(do(t, a.api, "POST", "/v1/notes", `{"title":"x"}`, key).StatusCode, 201) // another route
	after := written(a, s)
	for name, c := range map[string]struct{ method, url, body, ifMatch string }{
		"body":    {"PATCH", notePath1, `{"title":"y"}`, `If-Match: "1"`},
		"space":   {"PATCH", notePath1, `{"title": "x"}`, `If-Match: "1"`},
		"row":     {"PATCH", "/v1/notes/" + id2, `{"title":"x"}`, `If-Match: "1"`},
		"version": {"PATCH", notePath1, `{"title":"x"}`, `If-Match: "2"`},
		"forced":  {"PATCH", notePath1, `{"title":"x"}`, `If-Match: *`},
		"blind":   {"PATCH", notePath1, `{"title":"x"}`, `If-Match:`},
		"list":    {"POST", "/v1/notes", `[{"title":"x"}]`, "If-Match:"},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			got := do(t, a.api, c.method, c.url, c.body, c.ifMatch, key)
			is.Equal(got.StatusCode, 422)
			is.Equal(got.problem(t).Code, "idempotency_key_reused")
			is.Equal(written(a, s), after)
		})
	}
	is1.Equal(do(t, a.api, "PATCH", notePath1, `{"title":"x"}`, `If-Match: "1"`, key).Header.Get("Idempotency-Replayed"), "true")
}

// TestAKeyIsItsCallersOwn sends the same key as others.
func TestAKeyIsItsCallersOwn(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var scope map[string]joinery.Actions
	store := &answers{kept: map[string]keptAnswer{}}
	a := newApp(t, &rest.Options{Idempotency: store, Auth: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			name := r.Header.Get("Authorization")
			next.ServeHTTP(w, r.WithContext(joinery.WithActor(r.Context(), joinery.Actor{ID: user(name), Kind: joinery.User, Scope: scope})))
		})
	}})
	must(t, rest.Mount(a.api, "/v1/notes", keyedNotes{a.notes, store}, nil))
	post := func(name string) string {
		got := do(t, a.api, "POST", "/v1/notes", `{"title":"x"}`, "Idempotency-Key: k", "Authorization: "+name)
		is.Equal(got.StatusCode, 201)
		return got.Header.Get("Idempotency-Replayed")
	}
	is.Equal(post("ada"), "")
	is.Equal(post("bob"), "")
	is.Equal(post("ada"), "true")
	for _, narrowed := range []map[string]joinery.Actions{{}, {"notes": joinery.View}, {"notes": joinery.Edit}, {"notes": joinery.View, "projects": joinery.View}} {
		scope = narrowed
		is.Equal(post("ada"), "")
		is.Equal(post("ada"), "true")
	}
	is.Equal(len(a.notes.rows), 6)
}

func TestAnonymousKeysAreRefused(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a, s, store := keyed(t)
	before := written(a, s)
	got := do(t, a.api, "POST", "/v1/notes", `{"title":"x"}`, "Authorization:", "Idempotency-Key: k")
	is.Equal(got.StatusCode, 400)
	is.Equal(got.problem(t).Code, "idempotency_needs_actor")
	is.Equal(got.problem(t).Errors[0].Parameter, "Idempotency-Key")
	is.Equal(written(a, s), before)
	is.Equal(store.runs, 0)
	is.Equal(do(t, a.api, "POST", "/v1/notes", `{"title":"x"}`, "Authorization:").StatusCode, 201)
}

// TestWhatFailsIsTriedAgain finds the key of a refused request free.
func TestWhatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	a, s, _ := keyed(t)
	key := "Idempotency-Key: k"
	for _, c := range []struct {
		body, ifMatch string
		status        int
	}{
		{`{"titel":"x"}`, "If-Match: *", 400}, {`{"title":"x"}`, "If-Match:", 428}, {`{"title":"x"}`, `If-Match: "9"`, 412}, {`{"title":"x"}`, "If-Match: *", 200},
	} {
		is := is.New(t)
		is.Equal(do(t, a.api, "PATCH", notePath1, c.body, c.ifMatch, key).StatusCode, c.status)
	}
	is := is.New(t)
	a.notes.apply = func(*Note, UpdateNote) { panic("a bug") }
	is.Equal(do(t, a.api, "PATCH", notePath1, `{"title":"z"}`, "If-Match: *", "Idempotency-Key: other").StatusCode, 500)
	a.notes.mu = sync.Mutex{} // which the panic left locked
	a.notes.apply = applyNote
	is.Equal(do(t, a.api, "PATCH", notePath1, `{"title":"z"}`, "If-Match: *", "Idempotency-Key: other").StatusCode, 200)
	is.Equal(written(a, s), int64(4))
}

// Reads pass over a key; PUT and DELETE say that they need none, with a store
// and without.
func TestKeysAreNotForReadingNorForWhatIsSafeAnyway(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a, _, store := keyed(t)
	key := "Idempotency-Key: no \"key\" at all"
	is.Equal(do(t, a.api, "GET", notePath1, "", key).StatusCode, 200)
	is.Equal(do(t, a.api, "POST", "/v1/notes/search", `{}`, key).StatusCode, 200)
	for _, api := range []*rest.API{a.api, mounted(t, nil).api} {
		for _, refused := range []answer{
			do(t, api, "PUT", notePath1, `{"title":"x","project_id":"`+id1+`"}`, "If-Match: *", key),
			do(t, api, "DELETE", notePath1, "", "If-Match: *", key),
			do(t, api, "DELETE", "/v1/notes?id="+id1, "", "If-Match: *", key),
		} {
			is.Equal(refused.StatusCode, 400)
			is.Equal(refused.problem(t).Code, "idempotency_not_needed")
			is.Equal(refused.problem(t).Errors[0].Parameter, "Idempotency-Key")
		}
		is.Equal(do(t, api, "GET", notePath1, "").StatusCode, 200)
	}
	is.Equal(store.runs, 0)
	is.Equal(do(t, a.api, "POST", "/v1/projects", `{"name":"x"}`, "Idempotency-Key: k").problem(t).Code, "no_idempotency_store") // another database, for all we know
}

// A client says the same before it sends a delete with a key.
func TestClientDeletesTakeNoKey(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	c := clientOf(t, a.api, &rest.ClientOptions{Token: asAda})
	ctx := rest.WithIdempotencyKey(t.Context(), "k")
	for _, err := range []error{
		c.Delete(ctx, noteID(1), query.AnyVersion),
		c.DeleteMany(ctx, []query.Ident{{ID: noteID(1), Version: query.AnyVersion}}),
	} {
		var e *joinery.Error
		is.True(errors.As(err, &e))
		is.Equal(e.Code, "idempotency_not_needed")
	}
	is.NoErr(c.Delete(t.Context(), noteID(1), query.AnyVersion))
}

func TestSpellingsOfAKey(t *testing.T) {
	t.Parallel()
	a, _, store := keyed(t)
	long := strings.Repeat("k", 255)
	for _, c := range []struct {
		key  []string
		same string // the key it is; empty: refused
	}{
		{[]string{"k"}, "k"}, {[]string{`"k"`}, "k"}, {[]string{"!~[]{}|"}, "!~[]{}|"}, {[]string{long}, long}, {[]string{`"` + long + `"`}, long},
		{[]string{""}, ""}, {[]string{`""`}, ""}, {[]string{`"`}, ""}, {[]string{`"k`}, ""}, {[]string{`k"`}, ""}, {[]string{`"a"b"`}, ""}, {[]string{`a\b`}, ""},
		{[]string{"a b"}, ""}, {[]string{`" "`}, ""}, {[]string{"a\tb"}, ""}, {[]string{"a\x00b"}, ""}, {[]string{"a\x7fb"}, ""}, {[]string{"schlüssel"}, ""}, {[]string{"\xff"}, ""},
		{[]string{long + "k"}, ""}, {[]string{`"` + long + `k"`}, ""}, {[]string{"k", "k"}, ""}, {[]string{"k", ""}, ""}, {[]string{}, ""},
	} {
		t.Run(fmt.Sprintf("%.20q", c.key), func(t *testing.T) {
			is := is.New(t)
			first := sendKeyed(t, a.api, c.key)
			if c.same == "" && c.key != nil && len(c.key) > 0 {
				is.Equal(first.StatusCode, 400)
				is.Equal(first.problem(t).Errors[0].Parameter, "Idempotency-Key")
				return
			}
			is.Equal(first.StatusCode, 201)
			if c.same != "" {
				is.Equal(sendKeyed(t, a.api, []string{c.same}).Header.Get("Location"), first.Header.Get("Location"))
			}
		})
	}
	is.New(t).Equal(store.runs, 3) // k, the odd one and the long one
}

func sendKeyed(t testing.TB, h http.Handler, key []string) answer {
	t.Helper()
	r := httptest.NewRequest("POST", "/v1/notes", strings.NewReader(`{"title":"x"}`))
	r.Header = http.Header{"Authorization": {"Bearer ada"}, "Content-Type": {"application/json"}, "Idempotency-Key": key}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return answer{w.Result(), w.Body.String()}
}

// FuzzIdempotencyKey sends any key twice: it is refused both times, or the
// second answer is the first.
func FuzzIdempotencyKey(f *testing.F) {
	for _, seed := range []string{"", "k", `"k"`, `"`, "8e03978e-40d5-43dd-bc93-6894a57f9324", "a\x00", "ü", strings.Repeat("k", 256)} {
		f.Add(seed)
	}
	a, _, store := keyed(f)
	f.Fuzz(func(t *testing.T, key string) {
		first, again := sendKeyed(t, a.api, []string{key}), sendKeyed(t, a.api, []string{key})
		switch first.StatusCode {
		case 400:
			if again.StatusCode != 400 {
				t.Errorf("%q: %d, then %d", key, first.StatusCode, again.StatusCode)
			}
		case 201:
			if again.StatusCode != 201 || again.body != first.body || again.Header.Get("Idempotency-Replayed") != "true" {
				t.Errorf("%q: answered anew: %s, then %s", key, first.body, again.body)
			}
		default:
			t.Errorf("%q: %d %s", key, first.StatusCode, first.body)
		}
		if len(a.notes.rows) > 1000 { // forget, for the next ones to be quick
			clear(a.notes.rows)
			clear(store.kept)
		}
	})
}

// TestTheBodyIsReadBeforeTheKeyIsClaimed: a transaction must not wait for a
// slow client.
func TestTheBodyIsReadBeforeTheKeyIsClaimed(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a, _, store := keyed(t)
	send := func(body io.Reader) answer {
		r := httptest.NewRequest("POST", "/v1/notes", body)
		r.Header = http.Header{"Authorization": {"Bearer ada"}, "Content-Type": {"application/json"}, "Idempotency-Key": {"k"}}
		w := httptest.NewRecorder()
		a.api.ServeHTTP(w, r)
		return answer{w.Result(), w.Body.String()}
	}
	cut := send(io.MultiReader(strings.NewReader(`{"title":`), failing{}))
	is.Equal(cut.StatusCode, 400)
	is.Equal(cut.problem(t).Errors[0].Code, "incomplete")
	is.Equal(send(strings.NewReader(`{"body":"`+strings.Repeat("x", 1<<20)+`"}`)).StatusCode, 413)
	is.Equal(send(io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<20+1)))).StatusCode, 413) // of unknown length
	is.Equal(store.runs, 0)
	is.Equal(send(io.MultiReader(strings.NewReader(`{"title":"x"}`))).StatusCode, 201)
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the connection is gone") }

func TestAnotherDatabaseIsRefusedAtMount(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a, s, store := keyed(t)
	for i, other := range []any{&answers{}, "a name", []int{1}, *new(struct{ db *answers })} {
		err := rest.Mount(a.api, "/v2/drafts", keyedDrafts{s, other}, nil)
		is.True(err != nil)
		is.True(strings.Contains(err.Error(), "rest: mount /v2/drafts: the service writes to another database"))
		must(t, rest.MountReader(a.api, fmt.Sprintf("/read/%d", i), keyedDrafts{s, other}, nil))
	}
	must(t, rest.Mount(a.api, "/v2/drafts", keyedDrafts{s, &answers{}}, &rest.MountOptions{NoIdempotency: true}))
	is.Equal(do(t, a.api, "POST", "/v2/drafts", `{"title":"x"}`, "Idempotency-Key: k").StatusCode, 501)
	is.Equal(store.runs, 0)
}

type tip struct {
	Cents int    `json:"cents" validate:"gte=1"`
	Note  string `header:"X-Note" json:"-"`
}

type tipped struct {
	Number int `json:"number"`
}

func TestKeysOfCustomRoutes(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a, _, store := keyed(t)
	number := 0
	give := func(context.Context, tip) (tipped, error) { number++; return tipped{number}, nil }
	must(t, rest.Handle(a.api, "POST", "/v1/tips", give, rest.WithIdempotency(store), rest.WithStatus(202)))
	must(t, rest.Handle(a.api, "POST", "/v1/gifts", give))
	must(t, rest.Handle(a.api, "POST", "/v1/pings", func(context.Context, struct{}) (struct{}, error) { number++; return struct{}{}, nil }, rest.WithIdempotency(store)))

	key := "Idempotency-Key: k"
	for range 2 {
		got := do(t, a.api, "POST", "/v1/tips", `{"cents":5}`, key, "X-Note: a")
		is.Equal(got.StatusCode, 202)
		is.Equal(got.body, `{"number":1}`)
		is.Equal(do(t, a.api, "POST", "/v1/pings", "", key).StatusCode, 204)
	}
	is.Equal(number, 2)
	is.Equal(do(t, a.api, "POST", "/v1/tips", `{"cents":5}`, key, "X-Note: b").StatusCode, 422) // it reads that header
	is.Equal(do(t, a.api, "POST", "/v1/tips", `{"cents":0}`, "Idempotency-Key: other").StatusCode, 422)
	is.Equal(do(t, a.api, "POST", "/v1/tips", `{"cents":1}`, "Idempotency-Key: other").StatusCode, 202) // given up
	is.Equal(do(t, a.api, "POST", "/v1/gifts", `{"cents":5}`, key).problem(t).Code, "no_idempotency_store")
}

type ownKeyed struct {
	Key string `header:"Idempotency-Key" json:"-"`
}

func TestWithIdempotencyIsChecked(t *testing.T) {
	t.Parallel()
	a, _, store := keyed(t)
	without := newApp(t, nil)
	empty := func(context.Context, struct{}) (struct{}, error) { return struct{}{}, nil }
	for want, err := range map[string]error{
		"is for POST and PATCH":      rest.Handle(a.api, "PUT", "/v1/a", empty, rest.WithIdempotency(store)),
		"writes to another database": rest.Handle(a.api, "POST", "/v1/b", empty, rest.WithIdempotency(&answers{})),
		"needs Options.Idempotency":  rest.Handle(without.api, "POST", "/v1/c", empty, rest.WithIdempotency(store)),
		"leave one out":              rest.Handle(a.api, "POST", "/v1/d", func(context.Context, ownKeyed) (struct{}, error) { return struct{}{}, nil }, rest.WithIdempotency(store)),
		"answers by itself":          rest.HandleFunc(a.api, "POST", "/v1/e", func(http.ResponseWriter, *http.Request) {}, rest.WithIdempotency(store)),
	} {
		t.Run(want, func(t *testing.T) { is.New(t).True(err != nil && strings.Contains(err.Error(), want)) })
	}
}

// TestTheDocumentSaysWhichWritesTakeAKey reads the parameters.
func TestTheDocumentSaysWhichWritesTakeAKey(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a, _, store := keyed(t)
	must(t, rest.Handle(a.api, "POST", "/v1/tips", func(context.Context, tip) (tipped, error) { return tipped{}, nil }, rest.WithIdempotency(store)))
	doc := document(t, a)
	var takes []string
	for path, item := range at(doc, "paths").(map[string]any) {
		for method, op := range item.(map[string]any) {
			params, _ := at(op, "parameters").([]any)
			for _, p := range params {
				if at(p, "name") == "Idempotency-Key" {
					takes = append(takes, method+" "+path)
				}
			}
		}
	}
	is.Equal(len(takes), 12) // POST, PATCH of one and many of three, copy and restore of drafts, and the custom one
	for _, route := range []string{"post /v1/notes", "patch /v1/notes", "patch /v1/notes/{id}", "post /v1/drafts/{id}/copy", "post /v1/tips"} {
		is.True(strings.Contains(strings.Join(takes, "\n"), route))
	}
	for range 2 {
		fits(t, doc, "POST", "/v1/notes", do(t, a.api, "POST", "/v1/notes", `{"title":"x","project_id":"`+id1+`"}`, "Idempotency-Key: k"))
		fits(t, doc, "POST", "/v1/tips", do(t, a.api, "POST", "/v1/tips", `{"cents":1}`, "Idempotency-Key: k"))
	}
	fits(t, doc, "POST", "/v1/tips", do(t, a.api, "POST", "/v1/tips", `{"cents":2}`, "Idempotency-Key: k"))
}
