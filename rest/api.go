package rest

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/julienschmidt/httprouter"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/internal/validate"
	"github.com/joinery-go/joinery/registry"
)

// Options configure an [API]. Nil and the zero value mean the defaults named
// on each field.
type Options struct {
	Title       string   // of the document and of authentication challenges. Empty: "API"
	Version     string   // of the API, for the document. Empty: "1.0.0"
	Description string   // of the API, for the document, in Markdown
	License     string   // SPDX identifier, for the document. Empty: "MIT"
	Contact     string   // where to turn, a URL, for the document
	Servers     []string // base URLs, for the document. Empty: "/"

	// Auth is the middleware that puts the actor into the request's context
	// (joinery.WithActor). It is asked on every route but those of mode None,
	// and finds the route's mode with AuthModeFrom. It refuses bad credentials
	// by itself, with 401; that somebody is signed in where the mode asks for
	// it is enforced by the API. Nil: the actor is in the context already, put
	// there by a handler in front of the API, or every closed route is 401.
	Auth func(http.Handler) http.Handler

	// Schemes are what Auth accepts, for the document. Empty: BearerScheme.
	Schemes []Scheme

	// Registry is where models are looked up and added whose service has no
	// method Model. Nil: a registry of the API's own.
	Registry *registry.Registry

	Log         *slog.Logger // nil: slog.Default
	NoAccessLog bool         // leaves requests out of the log

	TrustedProxies []string          // networks whose X-Forwarded-For is believed, as "10.0.0.0/8"
	CORS           *CORSOptions      // nil: no other origin may call
	RateLimit      *RateLimitOptions // nil: no limit
	NoGzip         bool              // never compresses

	// Idempotency keeps the answers of writes by the header Idempotency-Key,
	// for resources and routes whose database is that of the store. Nil: the
	// header is refused.
	Idempotency IdempotencyStore

	Health *Health // of /healthz and /readyz. Nil: one without checks
	NoDocs bool    // no /openapi.json, /openapi.yaml and /docs

	MaxBody  int64         // bytes of a request's body. Zero: 1 MiB
	MaxBatch int           // rows of one batch, at most 500. Zero: 500
	Timeout  time.Duration // of a request, through its context. Zero: 30 s
}

// maxBatch is what the lists of package query can hold, too.
const maxBatch = query.MaxList

func (o *Options) fill() {
	setDefault(&o.Title, "API")
	setDefault(&o.Version, "1.0.0")
	setDefault(&o.License, "MIT")
	setDefault(&o.MaxBody, 1<<20)
	setDefault(&o.MaxBatch, maxBatch)
	setDefault(&o.Timeout, 30*time.Second)
	if len(o.Servers) == 0 {
		o.Servers = []string{"/"}
	}
	if len(o.Schemes) == 0 {
		o.Schemes = []Scheme{BearerScheme()}
	}
	if o.Registry == nil {
		o.Registry = registry.New(nil)
	}
	if o.Health == nil {
		o.Health = &Health{Log: o.Log}
	}
}

func setDefault[V comparable](v *V, fallback V) {
	var zero V
	if *v == zero {
		*v = fallback
	}
}

// API serves resources over HTTP. It is an http.Handler that mounts under any
// mux. Make one with [New], add resources with [Mount], [MountReader],
// [MountOps] and [Handle], then serve it. Adding is not safe for concurrent
// use, nor while requests are served; serving is.
type API struct {
	opts      Options
	log       *slog.Logger
	validator *validate.Validator
	router    *httprouter.Router
	handler   http.Handler // the middlewares and, below them, the router
	stray     http.Handler // the middlewares and, below them, dispatch: for requests that came by the router
	auth      http.Handler // Options.Auth, then admit; nil without Auth
	limiter   *limiter

	table        table           // every route
	routes       []*route        // in the order of their registration
	shapes       table           // what httprouter knows of them
	registered   map[string]bool // method and shape, as httprouter took them
	collections  map[string]bool // paths below which every segment is positional
	ownsFallback bool            // NotFound and MethodNotAllowed of the router lead here
	plans        plans
	mounts       []*mounted
	prepare      []func() error // what routes need of the validated registries

	problems []error // of New, for Mount or Validate to return
	blamed   bool    // whether one of them has

	document documents

	validating sync.Mutex
	validated  atomic.Int64 // 1 more than the number of routes when Validate last ran; 0: never
	invalid    error
}

// New makes an API on the router, which may have routes of the app's own; nil
// makes a router. Of the app's router only NotFound, MethodNotAllowed and
// GlobalOPTIONS are set, where they are nil. A mistake in the options is returned by
// [API.Validate] and by every call that adds a route.
func New(router *httprouter.Router, opts *Options) *API {
	a := &API{validator: validate.New(), registered: map[string]bool{}, collections: map[string]bool{}}
	if opts != nil {
		a.opts = *opts
	}
	a.opts.fill()
	a.log, a.plans.models = orDefault(a.opts.Log), a.modelByType
	if a.opts.MaxBatch < 0 || a.opts.MaxBatch > maxBatch {
		a.problems = append(a.problems, fmt.Errorf("rest: Options.MaxBatch is %d: it may be 1 to %d", a.opts.MaxBatch, maxBatch))
	}
	a.adopt(router)
	a.stack()
	a.houseRoutes()
	return a
}

// adopt takes over the router, as far as the app left it open.
func (a *API) adopt(router *httprouter.Router) {
	if router == nil {
		router = httprouter.New()
		router.RedirectTrailingSlash, router.RedirectFixedPath, router.HandleOPTIONS = false, false, false
	}
	a.router = router
	a.ownsFallback = router.NotFound == nil && router.MethodNotAllowed == nil
	fallback := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.fromRouter(w, r, nil) })
	if router.NotFound == nil {
		router.NotFound = fallback
	}
	if router.MethodNotAllowed == nil {
		router.MethodNotAllowed = fallback
	}
	if router.GlobalOPTIONS == nil {
		router.GlobalOPTIONS = fallback
	}
}

// stack builds the middlewares, the outermost last.
func (a *API) stack() {
	if a.opts.Auth != nil {
		a.auth = a.opts.Auth(http.HandlerFunc(a.authenticated))
	}
	if a.opts.RateLimit != nil {
		a.limiter = must(a, newLimiter, *a.opts.RateLimit)
	}
	layers := []func(http.Handler) http.Handler{a.limits, Recover(a.log)}
	if !a.opts.NoGzip {
		layers = append(layers, Gzip)
	}
	if a.opts.CORS != nil {
		layers = append(layers, must(a, CORS, *a.opts.CORS))
	}
	if !a.opts.NoAccessLog {
		layers = append(layers, AccessLog(a.log))
	}
	if len(a.opts.TrustedProxies) > 0 {
		layers = append(layers, must(a, func(n []string) (func(http.Handler) http.Handler, error) { return TrustedProxies(n...) }, a.opts.TrustedProxies))
	}
	layers = append(layers, a.entered)
	a.handler, a.stray = http.Handler(a.router), http.HandlerFunc(a.dispatch)
	for _, layer := range layers {
		if layer != nil {
			a.handler, a.stray = layer(a.handler), layer(a.stray)
		}
	}
}

// must keeps the error of an option for Validate.
func must[O, R any](a *API, build func(O) (R, error), opts O) R {
	r, err := build(opts)
	if err != nil {
		a.problems = append(a.problems, err)
	}
	return r
}

// refusal is what was wrong with the options of New, which is said once; nil
// where nothing was.
func (a *API) refusal() error {
	if a.blamed {
		return errors.New("rest: the options of New were refused, as said")
	}
	a.blamed = len(a.problems) > 0
	return errors.Join(a.problems...)
}

// Health is the state behind /healthz and /readyz, to add checks to.
func (a *API) Health() *Health { return a.opts.Health }

// Validate checks everything that was mounted and makes what requests need:
// the registries, the plans of the rows, the document. Call it once all is
// mounted, to have problems reported at start-up; [Server] does, and else the
// first request does. Every problem comes at once. Later calls return the same
// until a route is added.
func (a *API) Validate() error {
	if a.validated.Load() == int64(len(a.routes))+1 {
		return a.invalid
	}
	a.validating.Lock()
	defer a.validating.Unlock()
	if a.validated.Load() != int64(len(a.routes))+1 {
		a.invalid = a.validate()
		a.validated.Store(int64(len(a.routes)) + 1)
	}
	return a.invalid
}

func (a *API) validate() error {
	errs := []error{a.refusal()}
	seen := map[*registry.Registry]bool{}
	for _, m := range a.mounts {
		if r := m.model.Registry(); !seen[r] {
			seen[r] = true
			errs = append(errs, r.Validate())
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for _, prepare := range a.prepare {
		errs = append(errs, prepare())
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	_, err := a.Document()
	return err
}

// modelByType is the model of a struct type among those that were mounted and
// their registries; nil where there is none.
func (a *API) modelByType(t reflect.Type) *registry.Model {
	if t.Kind() != reflect.Struct {
		return nil
	}
	for _, m := range a.mounts {
		if model := m.model.Registry().ModelByType(t); model != nil {
			return model
		}
	}
	return a.opts.Registry.ModelByType(t)
}

// registryOf is the registry that knows the models a type of the app's holds:
// the first that has one, else the API's own.
func (a *API) registryOf(t reflect.Type) *registry.Registry {
	for _, m := range a.mounts {
		r := m.model.Registry()
		models := plans{models: r.ModelByType}
		if models.holdsRows(t, map[reflect.Type]bool{}) {
			return r
		}
	}
	return a.opts.Registry
}

// add puts a route into the API: into its own table, and its shape into the
// router.
func (a *API) add(rt *route) error {
	if err := a.refusal(); err != nil {
		return err
	}
	segments, err := parsePattern(rt.path)
	if err != nil {
		return err
	}
	rt.segments, rt.challenge = segments, a.challenge(rt.auth)
	setDefault(&rt.timeout, a.opts.Timeout)
	if err := a.register(rt); err != nil {
		return err
	}
	if old := a.table.add(rt); old != nil {
		return clash(rt, old)
	}
	a.routes = append(a.routes, rt)
	return nil
}
