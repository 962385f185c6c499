package rest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// Client reads and writes a resource of another process over HTTP, with the
// methods of a manager: it is a [Resource], so it can stand in a manager's
// place, or be mounted itself. T, C and U are the types that the server mounts
// there, or others with the same JSON.
//
// Errors are *joinery.Error, as those of a manager: with the kind, code,
// fields, version and RetryAfter that the server's problem document tells, and
// an [*AnswerError] in the chain that names the request in the server's log.
// What is no answer of an API, and a connection that fails, is of kind
// Unavailable or Internal, and its message shows nothing of what came back.
//
// Two things do not travel. Who acts is for the server to find out, by the
// token and headers of [ClientOptions], not by the context's actor. And a
// transaction of the context does not reach the server. What is attached to
// rows travels where [ClientOptions].Registry knows it.
//
// Make one with [NewClient]. It is safe for concurrent use.
type Client[T, C, U any] struct {
	conn    *conn
	id      *registry.Column
	version *registry.Column // nil: rows have none

	creates, updates []input // of C and U
}

var _ Resource[struct{}, struct{}, struct{}] = (*Client[struct{}, struct{}, struct{}])(nil)

// ClientOptions configure a [Client]. Nil and the zero value mean the defaults
// named on each field. Functions must be safe for concurrent use.
type ClientOptions struct {
	// HTTP sends the requests. Its redirect policy and its Timeout are not
	// used: redirects are errors, and Timeout below holds. Nil:
	// http.DefaultClient.
	HTTP *http.Client

	// Token is the bearer token of a request; the empty string sends none. It
	// is asked for each try, and its error ends the call. Nil: no token.
	Token func(ctx context.Context) (string, error)

	// Header adds headers to each try of a request, an API key for example.
	// What Joinery sets itself it may change. Nil: none.
	Header func(ctx context.Context, h http.Header) error

	UserAgent string        // empty: "joinery-go"
	Timeout   time.Duration // of one try. Zero: 35 s, which is a little more than a server takes
	MaxAnswer int64         // bytes of an answer's body. Zero: 16 MiB

	// Retries is how often a call is tried again after a failed connection, or
	// an answer of kind Limited or Unavailable. Only what is safe to repeat is:
	// reads always; creates, changes, copies and restores with an idempotency
	// key; deletes never. Zero: 2. Negative: none.
	Retries int

	// Backoff is the wait before the second try; it doubles from then on, and
	// up to half of it is taken off at random. A server's Retry-After goes
	// before it; one of more than MaxBackoff ends the call. Zero: 100 ms.
	Backoff time.Duration

	// MaxBackoff is the longest wait between two tries. Zero: 5 s.
	MaxBackoff time.Duration

	// IdempotencyKeys sends a key with each create, change, copy and restore, so
	// that the server does it once however often it is asked. The key is made for
	// the call and kept over its retries; [WithIdempotencyKey] gives one that
	// outlives the call. The server needs an idempotency store: without one it
	// refuses the key as Unsupported.
	IdempotencyKeys bool

	// NewKey makes an idempotency key. Nil: a random UUID.
	NewKey func() string

	// Registry has what is attached to T, and to what T includes, so that
	// registry.Attached finds it in rows that were read with include. T is added
	// where it is absent, and NewClient validates it: add and attach everything
	// before. Nil: nothing is attached, and an include of it is Malformed.
	Registry *registry.Registry
}

func (o *ClientOptions) fill() {
	setDefault(&o.UserAgent, "joinery-go")
	setDefault(&o.Timeout, 35*time.Second)
	setDefault(&o.MaxAnswer, 16<<20)
	o.MaxAnswer = min(o.MaxAnswer, math.MaxInt64-1) // one byte more is read, to tell that there is more
	setDefault(&o.Retries, 2)
	setDefault(&o.Backoff, 100*time.Millisecond)
	setDefault(&o.MaxBackoff, 5*time.Second)
	if o.HTTP == nil {
		o.HTTP = http.DefaultClient
	}
	if o.NewKey == nil {
		o.NewKey = uuid.NewString
	}
}

// NewClient makes the client of the resource at baseURL, which is the URL of
// the collection, as "https://api.example.com/v1/notes". It sends nothing yet.
// The error says what is wrong with the URL, or with T as a row.
func NewClient[T, C, U any](baseURL string, opts *ClientOptions) (*Client[T, C, U], error) {
	base, err := parseBase(baseURL)
	if err != nil {
		return nil, fmt.Errorf("rest: new client: %w", err)
	}
	o := ClientOptions{}
	if opts != nil {
		o = *opts
	}
	o.fill()
	model, err := clientModel[T](o.Registry)
	if err != nil {
		return nil, fmt.Errorf("rest: new client of %s: %w", base, err)
	}
	return &Client[T, C, U]{
		conn: newConn(base, o), id: model.ID, version: model.Version,
		creates: inputsOf(reflect.TypeFor[C]()), updates: inputsOf(reflect.TypeFor[U]()),
	}, nil
}

// clientModel is that of T in the registry, nil for one of T alone. The latter
// is not validated: what T refers to is not in it.
func clientModel[T any](r *registry.Registry) (*registry.Model, error) {
	alone := r == nil
	if alone {
		r = registry.New(nil)
	}
	model, err := registry.Add[T](r)
	if err == nil && model.ID == nil {
		err = fmt.Errorf("%s has no id column", reflect.TypeFor[T]())
	}
	if err == nil && !alone {
		err = r.Validate()
	}
	return model, err
}

// parseBase is the collection's URL without a slash at its end.
func parseBase(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "", errors.New("the base URL cannot be read") // the error would repeat it, with a password in it
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return "", errors.New("the base URL must begin with http:// or https:// and name a host")
	case u.User != nil:
		return "", errors.New("the base URL must not have a user: give credentials by Token or Header")
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return "", errors.New("the base URL must be the path of the collection, without query and fragment")
	}
	return strings.TrimRight(u.String(), "/"), nil
}
