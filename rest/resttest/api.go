package resttest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/joinery-go/joinery"
)

// API sends requests to a handler, in process, for one test. It is immutable:
// [API.As] and [API.With] return another. It is safe for concurrent use.
type API struct {
	t       testing.TB
	handler http.Handler
	doc     *Document
	edits   []Identity
}

// Options change how a handler is tested. Nil and the zero value mean the
// defaults named on each field.
type Options struct {
	// Document is where the handler serves its OpenAPI document. Empty:
	// "/openapi.json".
	Document string

	// NoDocument compares no exchange with a document.
	NoDocument bool

	// Undocumented are paths that the document leaves out, as "/" and
	// "/assets/*", beside those of the document itself and its page.
	Undocumented []string
}

// New makes the API of a handler, nobody signed in. The test ends where the
// handler serves no document that can be read, unless opts says that it has
// none.
func New(t testing.TB, h http.Handler, opts *Options) *API {
	t.Helper()
	if opts == nil {
		opts = &Options{}
	}
	a := &API{t: t, handler: h}
	if opts.NoDocument {
		return a
	}
	path := opts.Document
	if path == "" {
		path = "/openapi.json"
	}
	doc, err := ParseDocument(a.Get(path).Status(http.StatusOK).Body(), append([]string{path}, opts.Undocumented...)...)
	if err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	a.doc = doc
	return a
}

// Identity says in a request who sends it.
type Identity func(r *http.Request) *http.Request

// Nobody signs nobody in.
func Nobody() Identity { return func(r *http.Request) *http.Request { return r } }

// Bearer signs in by a token in the Authorization header.
func Bearer(token string) Identity { return Header("Authorization", "Bearer "+token) }

// Header signs in by any header.
func Header(name, value string) Identity {
	return func(r *http.Request) *http.Request {
		r.Header.Set(name, value)
		return r
	}
}

// Actor puts an actor into the request's context, for handlers that have no
// authentication of their own in front.
func Actor(who joinery.Actor) Identity {
	return func(r *http.Request) *http.Request { return r.WithContext(joinery.WithActor(r.Context(), who)) }
}

// As is the same API with another sender of its requests: what [API.With] has
// added before is gone.
func (a *API) As(who Identity) *API {
	b := *a
	b.edits = []Identity{who}
	return &b
}

// With is the same API with one more header in its requests. An empty value
// removes the header.
func (a *API) With(name, value string) *API {
	b := *a
	b.edits = append(a.edits[:len(a.edits):len(a.edits)], func(r *http.Request) *http.Request {
		if r.Header.Set(name, value); value == "" {
			r.Header.Del(name)
		}
		return r
	})
	return &b
}

// In is the same API for another test, as for a subtest.
func (a *API) In(t testing.TB) *API {
	b := *a
	b.t = t
	return &b
}

// Get sends GET.
func (a *API) Get(path string) *Answer { a.t.Helper(); return a.Do(http.MethodGet, path, nil) }

// Head sends HEAD.
func (a *API) Head(path string) *Answer { a.t.Helper(); return a.Do(http.MethodHead, path, nil) }

// Post sends POST with a body as in [API.Do].
func (a *API) Post(path string, body any) *Answer {
	a.t.Helper()
	return a.Do(http.MethodPost, path, body)
}

// Put sends PUT with a body as in [API.Do].
func (a *API) Put(path string, body any) *Answer {
	a.t.Helper()
	return a.Do(http.MethodPut, path, body)
}

// Patch sends PATCH with a body as in [API.Do].
func (a *API) Patch(path string, body any) *Answer {
	a.t.Helper()
	return a.Do(http.MethodPatch, path, body)
}

// Delete sends DELETE with a body as in [API.Do]; nil, as mostly: none.
func (a *API) Delete(path string, body any) *Answer {
	a.t.Helper()
	return a.Do(http.MethodDelete, path, body)
}

// Do sends a request and compares what happens with the document. The path may
// have a query. A body that is a string or []byte is sent as it is, nil is
// none, and anything else is sent as JSON, without the fields of a struct that
// are a nil list or map: Go writes null for those, which no list takes.
func (a *API) Do(method, path string, body any) *Answer {
	a.t.Helper()
	if u, err := url.Parse(path); err != nil || u.Path == "" || u.Path[0] != '/' || u.Host != "" {
		a.t.Fatalf("%s %s: a path begins with a slash, and its query must be escaped", method, path)
	}
	data := a.encode(body)
	r := httptest.NewRequestWithContext(a.t.Context(), method, path, reader(data))
	if data != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, edit := range a.edits {
		r = edit(r)
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	result := w.Result()
	x := Exchange{
		Method: method, URL: r.URL, RequestHeader: r.Header, RequestBody: data,
		Status: result.StatusCode, Header: result.Header, Body: w.Body.Bytes(),
	}
	if a.doc != nil {
		report(a.t, a.doc, x)
	}
	return &Answer{a.t, x}
}

func (a *API) encode(body any) []byte {
	a.t.Helper()
	switch body := body.(type) {
	case nil:
		return nil
	case string:
		return []byte(body)
	case []byte:
		return body
	}
	data, err := json.Marshal(body)
	if err != nil {
		a.t.Fatalf("the body cannot be written as JSON: %v", err)
	}
	return withoutNilLists(data, reflect.ValueOf(body))
}

func withoutNilLists(data []byte, in reflect.Value) []byte {
	var members map[string]json.RawMessage
	if in.Kind() != reflect.Struct || !bytes.Contains(data, []byte("null")) || json.Unmarshal(data, &members) != nil {
		return data
	}
	for _, f := range reflect.VisibleFields(in.Type()) {
		if k := f.Type.Kind(); k != reflect.Slice && k != reflect.Map {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if v, err := in.FieldByIndexErr(f.Index); err == nil && v.IsNil() {
			delete(members, cmp.Or(name, f.Name))
		}
	}
	data, _ = json.Marshal(members) // it has just been read: cannot fail
	return data
}

// reader is nil for no body, so that the request has none either.
func reader(data []byte) io.Reader {
	if data == nil {
		return nil
	}
	return bytes.NewReader(data)
}

// excerpt is a body for a message.
func excerpt(body []byte) string {
	const most = 2000
	text := strings.TrimSpace(string(body))
	if len(text) > most {
		text = text[:most] + "…"
	}
	return text
}
