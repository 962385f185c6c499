package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"time"
	"unsafe"

	"github.com/joinery-go/joinery"
)

// RouteOption changes a route added by [Handle] or [HandleFunc].
type RouteOption func(*routeConfig)

type routeConfig struct {
	auth                 AuthMode
	status               int
	timeout              time.Duration
	summary, description string
	tag, operationID     string
	database             any // of WithIdempotency
	keepsKey             bool
}

// WithAuth sets who may call the route; without it somebody must be signed in.
func WithAuth(mode AuthMode) RouteOption { return func(c *routeConfig) { c.auth = mode } }

// WithStatus sets the status of a successful answer; without it 200, or 204
// where there is no body.
func WithStatus(status int) RouteOption { return func(c *routeConfig) { c.status = status } }

// WithTimeout sets how long a request may take; without it the API's Timeout.
func WithTimeout(d time.Duration) RouteOption { return func(c *routeConfig) { c.timeout = d } }

// WithSummary sets the route's title in the document; without it method and
// path.
func WithSummary(text string) RouteOption { return func(c *routeConfig) { c.summary = text } }

// WithDescription sets the route's text in the document, in Markdown.
func WithDescription(text string) RouteOption { return func(c *routeConfig) { c.description = text } }

// WithTag sets the group of the route in the document; without it that of the
// resource mounted above it, else "other".
func WithTag(name string) RouteOption { return func(c *routeConfig) { c.tag = name } }

// WithOperationID sets the route's name in the document; without it one is
// made of method and path.
func WithOperationID(id string) RouteOption { return func(c *routeConfig) { c.operationID = id } }

// WithIdempotency makes a POST or PATCH of [Handle] take the header
// Idempotency-Key; without it the header is refused, unless In has a field for
// it. database is the identity of the one that the function writes to by the
// ctx it gets, as a *sqldb.DB: it must be that of [Options].Idempotency. The
// function runs in a transaction, which is committed together with its answer,
// and may be run again after a rollback: what it does beyond the database it
// should do once that is committed (sqldb.AfterCommit).
func WithIdempotency(database any) RouteOption {
	return func(c *routeConfig) { c.database = database }
}

// Handle adds a typed route, which may stand beside the routes of a resource:
// POST /v1/notes/:id/publish, GET /v1/notes/export. Static segments go before
// parameters.
//
// In must be a struct. Fields with a tag path, query or header are filled from
// there and must have json:"-"; the others are the JSON body, read as strictly
// as that of a resource. All are validated by their validate tags; query and
// header fields are optional unless a tag says required, and slices take
// repeated parameters. Out is written as JSON, rows of registered models
// without their hidden columns; struct{} is 204 without a body.
func Handle[In, Out any](api *API, method, path string, fn func(ctx context.Context, in In) (Out, error), opts ...RouteOption) error {
	rt, cfg, err := newRoute(method, path, opts)
	if err != nil {
		return err
	}
	bind, err := newBinder(reflect.TypeFor[In](), rt)
	if err != nil {
		return fmt.Errorf("rest: %s %s: %w", method, path, err)
	}
	out := reflect.TypeFor[Out]()
	if cfg.status == 0 {
		cfg.status = http.StatusOK
		if out == reflect.TypeFor[struct{}]() {
			cfg.status = http.StatusNoContent
		}
	}
	if err := cfg.keepKeys(api, rt, bind); err != nil {
		return fmt.Errorf("rest: %s %s: %w", method, path, err)
	}
	rt.doc = &operation{custom: cfg, in: bind, out: out}
	var write appender
	handler := func(c *call) error {
		var in In
		if err := bind.read(c, &in); err != nil {
			return err
		}
		result, err := fn(c.r.Context(), in)
		if err != nil {
			return err
		}
		return c.sendValue(cfg.status, write, unsafe.Pointer(&result))
	}
	switch rt.handler = handler; {
	case bind.bindsKey || method == http.MethodGet:
	case rt.takesKey():
		rt.handler = api.once(cfg.keepsKey, bind.headers(), handler)
	default:
		rt.handler = keyless(handler)
	}
	if err := api.add(rt); err != nil {
		return err
	}
	api.prepare = append(api.prepare, func() (err error) {
		write, err = api.plans.appender(out)
		return err
	})
	return nil
}

// HandleFunc adds a route whose handler reads the request and writes the
// answer itself: downloads, raw bodies. Authentication, the request's timeout
// and the middlewares are the API's; the limit of the body is the handler's
// own affair. Path parameters are found with [PathParam].
func HandleFunc(api *API, method, path string, h http.HandlerFunc, opts ...RouteOption) error {
	rt, cfg, err := newRoute(method, path, opts)
	if err != nil {
		return err
	}
	setDefault(&cfg.status, http.StatusOK)
	if cfg.database != nil {
		return fmt.Errorf("rest: %s %s: HandleFunc cannot keep idempotency keys: its handler answers by itself", method, path)
	}
	rt.raw, rt.doc = true, &operation{custom: cfg}
	rt.handler = func(c *call) error {
		h(c.w, c.r)
		return nil
	}
	return api.add(rt)
}

// PathParam is the value of the route's path parameter with the given name, in
// a handler below an [API]; empty where there is none.
func PathParam(r *http.Request, name string) string {
	if c := callFrom(r.Context()); c != nil {
		return c.param(name)
	}
	return ""
}

var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

func newRoute(method, path string, opts []RouteOption) (*route, *routeConfig, error) {
	if !slices.Contains(methods, method) {
		return nil, nil, fmt.Errorf("rest: %s %s: the method must be one of %v; HEAD and OPTIONS are answered by themselves", method, path, methods)
	}
	segments, err := parsePattern(path)
	if err != nil {
		return nil, nil, err
	}
	cfg := &routeConfig{}
	for _, o := range opts {
		o(cfg)
	}
	return &route{method: method, path: path, segments: segments, auth: cfg.auth, timeout: cfg.timeout}, cfg, nil
}

// takesKey reports whether the route has a method that Idempotency-Key is for.
func (rt *route) takesKey() bool {
	return rt.method == http.MethodPost || rt.method == http.MethodPatch
}

// keepKeys checks the option WithIdempotency.
func (cfg *routeConfig) keepKeys(api *API, rt *route, bind *binder) (err error) {
	switch {
	case cfg.database == nil:
		return nil
	case !rt.takesKey():
		return errors.New("WithIdempotency is for POST and PATCH")
	case bind.bindsKey:
		return fmt.Errorf("WithIdempotency together with a field for the header Idempotency-Key in %s: leave one out", bind.typ)
	case api.opts.Idempotency == nil:
		return errors.New("WithIdempotency needs Options.Idempotency, which keeps the answers")
	}
	cfg.keepsKey, err = api.keeps(cfg.database)
	return err
}

// headers are the names of those that the route reads.
func (b *binder) headers() (names []string) {
	for _, f := range b.fields {
		if f.source == "header" {
			names = append(names, f.name)
		}
	}
	return names
}

// read fills the input of a typed route.
func (b *binder) read(c *call, in any) error {
	if c.r.Method != http.MethodGet && c.r.Method != http.MethodHead && (b.hasBody || c.hasBody()) {
		body, err := c.body(typeJSON)
		if err != nil {
			return err
		}
		if err := decode(body, in, ""); err != nil {
			return err
		}
	}
	if err := b.bind(c, reflect.ValueOf(in).Elem()); err != nil {
		return err
	}
	if fields := c.api.validator.Struct(in); len(fields) > 0 {
		return &joinery.Error{Kind: joinery.Invalid, Fields: b.locate(fields)}
	}
	return nil
}

// sendValue answers with any value.
func (c *call) sendValue(status int, write appender, p unsafe.Pointer) error {
	if status == http.StatusNoContent {
		c.w.WriteHeader(status)
		return nil
	}
	buf := buffers.Get().(*[]byte)
	b, err := write((*buf)[:0], p)
	if err != nil {
		return fmt.Errorf("rest: encode the answer: %w", err)
	}
	c.send(status, b)
	release(buf, b)
	return nil
}
