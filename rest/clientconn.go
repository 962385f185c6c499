package rest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/joinery-go/joinery"
)

// conn sends requests to one collection: the part of a client without types.
type conn struct {
	base string
	opts ClientOptions
	http http.Client
}

func newConn(base string, opts ClientOptions) *conn {
	c := &conn{base: base, opts: opts, http: *opts.HTTP}
	c.http.Timeout = 0
	// A redirect would take the credentials elsewhere, and make GET of POST.
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// request is one call of the API.
type request struct {
	method  string
	path    string // below the collection, with its query
	body    []byte // JSON; nil: none
	ifMatch string // empty: none

	keyed  bool // takes an idempotency key
	repeat bool // changes nothing, so that it may be repeated
}

// reply is an answer, read whole.
type reply struct {
	method, path string
	status       int
	header       http.Header
	body         []byte
}

type keyKey struct{}

// WithIdempotencyKey returns a context in which a [Client] sends the key with
// the create, change, copy or restore it is used for. A key that the caller has
// stored before the call makes it safe to repeat after a crash, too: the server
// does it once. It needs no [ClientOptions].IdempotencyKeys. A context is for
// one write: another write with the same key is refused, and so is every delete.
func WithIdempotencyKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, keyKey{}, key)
}

// key is the idempotency key of a call; empty where it has none.
func (c *conn) key(ctx context.Context, r *request) string {
	if !r.keyed {
		return ""
	}
	if key, _ := ctx.Value(keyKey{}).(string); key != "" {
		return key
	}
	if c.opts.IdempotencyKeys {
		return c.opts.NewKey()
	}
	return ""
}

// do sends the request, again where that is safe, and returns an answer that is
// a success.
func (c *conn) do(ctx context.Context, r request) (*reply, error) {
	key := c.key(ctx, &r)
	for tried := 0; ; tried++ {
		a, err := c.try(ctx, &r, key)
		if err == nil {
			return a, nil
		}
		wait, again := c.wait(tried, err)
		if !again || !r.repeat && key == "" || tried >= c.opts.Retries || !sleep(ctx, wait) {
			return nil, err
		}
	}
}

// wait is how long to wait before another try, and whether there is any use in
// one.
func (c *conn) wait(tried int, err error) (time.Duration, bool) {
	var e *joinery.Error
	switch {
	case !errors.As(err, &e), errors.Is(err, context.Canceled):
		return 0, false
	case e.Code == "idempotency_key_in_use": // the try before is still under way
	case e.Kind != joinery.Limited && e.Kind != joinery.Unavailable:
		return 0, false
	}
	if e.RetryAfter > 0 {
		return e.RetryAfter, e.RetryAfter <= c.opts.MaxBackoff
	}
	wait := min(c.opts.Backoff<<min(tried, 16), c.opts.MaxBackoff)
	return wait - rand.N(wait/2+1), true
}

// sleep waits, and reports whether the context is still good.
func sleep(ctx context.Context, wait time.Duration) bool {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// try sends the request once.
func (c *conn) try(parent context.Context, r *request, key string) (*reply, error) {
	ctx, cancel := context.WithTimeout(parent, c.opts.Timeout)
	defer cancel()
	req, err := c.build(ctx, r, key)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(req)
	if err != nil {
		return nil, unreachable(parent, err)
	}
	defer response.Body.Close() //nolint:errcheck // read to its end, or given up
	a := &reply{method: r.method, path: req.URL.Path, status: response.StatusCode, header: response.Header}
	if a.body, err = readAll(io.LimitReader(response.Body, c.opts.MaxAnswer+1), response.ContentLength); err != nil {
		return nil, unreachable(parent, err)
	}
	switch {
	case int64(len(a.body)) > c.opts.MaxAnswer:
		return nil, joinery.Errorf(joinery.Internal, "answer_too_large", "The server's answer is larger than the client takes. Ask for fewer rows, or for fewer fields.")
	case a.status < 200 || a.status > 299:
		return nil, a.err()
	}
	return a, nil
}

func (c *conn) build(ctx context.Context, r *request, key string) (*http.Request, error) {
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, c.base+r.path, body)
	if err != nil {
		return nil, joinery.Errorf(joinery.Internal, "", "The request cannot be made.", err)
	}
	h := req.Header
	h.Set("Accept", "application/json, application/problem+json")
	h.Set("User-Agent", c.opts.UserAgent)
	if r.body != nil {
		h.Set("Content-Type", typeJSON)
	}
	for name, value := range map[string]string{"If-Match": r.ifMatch, "Idempotency-Key": key, requestIDHeader: RequestIDFrom(ctx)} {
		if value != "" {
			h.Set(name, value)
		}
	}
	return req, c.authorize(ctx, h)
}

// authorize adds what the options say of who calls. Their errors stay what they
// are.
func (c *conn) authorize(ctx context.Context, h http.Header) error {
	if c.opts.Token != nil {
		token, err := c.opts.Token(ctx)
		if err != nil {
			return err
		}
		if token != "" {
			h.Set("Authorization", "Bearer "+token)
		}
	}
	if c.opts.Header != nil {
		return c.opts.Header(ctx, h)
	}
	return nil
}
