package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/rest"
	"github.com/joinery-go/joinery/rest/resttest"
)

// The headers by which the tests say who acts, in place of credentials.
const (
	actorHeader = "X-Actor"
	ownerHeader = "X-Created-For"
)

// signIn believes the headers. System is let in too, which no real middleware
// may do, so that its rules can be tested over HTTP.
func signIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if text := r.Header.Get(actorHeader); text != "" {
			var actor joinery.Actor
			if err := json.Unmarshal([]byte(text), &actor); err != nil {
				rest.WriteProblem(w, r, joinery.Errorf(joinery.Unauthenticated, "bad_actor", "who is that?", err))
				return
			}
			ctx = joinery.WithActor(ctx, actor)
		}
		if owner, err := uuid.Parse(r.Header.Get(ownerHeader)); err == nil {
			ctx = crud.CreatedFor(ctx, owner)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func user(id uuid.UUID) joinery.Actor { return joinery.Actor{ID: id, Kind: joinery.User} }

// newUser is somebody whom nobody knows yet.
func newUser() joinery.Actor { return user(uuid.Must(uuid.NewV7())) }

// client sends requests to one server.
type client struct {
	base string
	http *http.Client
}

// serve runs the handler on a port of its own until the test ends.
func serve(t testing.TB, h http.Handler) *client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return newClient(t, server.URL)
}

// newClient is a client of a server that runs. All that it sends and gets is
// compared with the server's OpenAPI document, so that every test here is one
// of the document too.
func newClient(t testing.TB, base string) *client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 128}
	t.Cleanup(transport.CloseIdleConnections)
	return &client{base, &http.Client{Transport: resttest.Transport(t, documentOf(t, base, transport), transport)}}
}

// documentOf is the document that a server says it keeps to.
func documentOf(t testing.TB, base string, transport http.RoundTripper) *resttest.Document {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/openapi.json", nil)
	must(t, err)
	response, err := transport.RoundTrip(r)
	must(t, err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	must(t, err)
	doc, err := resttest.ParseDocument(data)
	must(t, err)
	return doc
}

// answer is what came back, whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request as the actor; body is sent as JSON, nil sends none.
// Headers are names and values in turn.
func (c *client) do(t testing.TB, actor joinery.Actor, method, path string, body any, headers ...string) answer {
	t.Helper()
	a, err := c.try(t.Context(), actor, method, path, body, headers...)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// try is do for servers that may be gone.
func (c *client) try(ctx context.Context, actor joinery.Actor, method, path string, body any, headers ...string) (answer, error) {
	r, err := c.request(ctx, actor, method, path, body)
	if err != nil {
		return answer{}, err
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.http.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, data}, err
}

func (c *client) request(ctx context.Context, actor joinery.Actor, method, path string, body any) (*http.Request, error) {
	var reader io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		reader = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, reader)
	if err != nil {
		return nil, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	who, err := json.Marshal(actor)
	r.Header.Set(actorHeader, string(who))
	return r, err
}

// into reads a JSON body.
func (a answer) into(t testing.TB, dst any) {
	t.Helper()
	if err := json.Unmarshal(a.body, dst); err != nil {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
}

// want ends the test when the status is another one.
func (a answer) want(t testing.TB, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("got %d %s, want %d", a.status, a.body, status)
	}
	return a
}

// err is the answer as the error that the server had; nil for a success.
func (a answer) err(t testing.TB) error {
	t.Helper()
	if a.status < 300 {
		return nil
	}
	var p rest.Problem
	a.into(t, &p)
	e := joinery.Errorf(kindOf(t, a), p.Code, p.Detail)
	for _, f := range p.Errors {
		e.Fields = append(e.Fields, joinery.FieldError{Pointer: f.Pointer, Parameter: f.Parameter, Code: f.Code, Message: f.Detail})
	}
	return e
}

func kindOf(t testing.TB, a answer) joinery.Kind {
	t.Helper()
	switch a.status {
	case http.StatusBadRequest:
		return joinery.Malformed
	case http.StatusUnauthorized:
		return joinery.Unauthenticated
	case http.StatusForbidden:
		return joinery.Forbidden
	case http.StatusNotFound:
		return joinery.NotFound
	case http.StatusConflict:
		return joinery.Conflict
	case http.StatusPreconditionFailed:
		return joinery.Stale
	case http.StatusUnprocessableEntity:
		return joinery.Invalid
	}
	t.Fatalf("unexpected answer %d %s", a.status, a.body)
	return joinery.Internal
}
