package rest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/julienschmidt/httprouter"

	"github.com/joinery-go/joinery"
)

// Limits of every request, before anything looks at it.
const (
	maxURL    = 8 << 10
	maxHeader = 16 << 10
)

// ServeHTTP serves the API's routes, and behind the same middlewares those
// that the app has on the router.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.handler.ServeHTTP(w, r) }

// entered gives a request its id, and marks it as one that goes through the
// API's middlewares, so that it does not go through them twice.
func (a *API) entered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, name(w, r, a))
	})
}

// fromRouter is where httprouter leads requests. One that went to the router
// directly, past the API, gets the middlewares here: there is no way around
// them.
func (a *API) fromRouter(w http.ResponseWriter, r *http.Request, _ httprouter.Params) {
	if n := namedFrom(r.Context()); n != nil && n.api == a {
		a.dispatch(w, r)
		return
	}
	a.stray.ServeHTTP(w, r)
}

// limits refuses what is too long before anything else looks at it.
func (a *API) limits(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case len(r.RequestURI) > maxURL || len(r.URL.Path)+len(r.URL.RawQuery) > maxURL:
			a.problem(w, r, withStatus(http.StatusRequestURITooLong, joinery.Malformed, "url_too_long", "The URL is longer than 8 KiB. Searches with long conditions go to POST …/search."))
		case headerSize(r) > maxHeader:
			a.problem(w, r, withStatus(http.StatusRequestHeaderFieldsTooLarge, joinery.Malformed, "headers_too_large", "The headers are larger than 16 KiB."))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// headerSize is what the headers take on the wire: each line with its colon,
// space and end.
func headerSize(r *http.Request) int {
	size := len("Host: \r\n") + len(r.Host)
	for name, values := range r.Header {
		for _, v := range values {
			size += len(name) + len(v) + len(": \r\n")
		}
	}
	return size
}

// dispatch finds the request's route in the API's own table and runs it.
func (a *API) dispatch(w http.ResponseWriter, r *http.Request) {
	c := &call{api: a, w: w, r: r}
	path, ok := splitPath(r.URL, c.buffer[:0])
	if !ok {
		a.noRoute(w, r, nil)
		return
	}
	c.path, c.route = path, a.table.match(r.Method, path)
	if c.route == nil {
		a.noRoute(w, r, path)
		return
	}
	if err := a.Validate(); err != nil {
		logRequest(r.Context(), a.log, slog.LevelError, "the API is not valid", slog.String("error", err.Error()))
		a.problem(w, r, joinery.Errorf(joinery.Internal, "", ""))
		return
	}
	h := w.Header()
	h["X-Content-Type-Options"] = noSniff
	h["Vary"] = append(h["Vary"], varyAuth...)
	ctx, cancel := context.WithTimeout(joinery.TrackWrites(r.Context()), c.route.timeout)
	defer cancel()
	c.r = r.WithContext(context.WithValue(ctx, callKey{}, c))
	a.authenticate(c)
}

// authenticated continues a call below the middleware of the options, with
// the request and writer as that left them.
func (a *API) authenticated(w http.ResponseWriter, r *http.Request) {
	c := callFrom(r.Context())
	if c == nil {
		a.problem(w, r, errors.New("rest: the authentication middleware dropped the request's context"))
		return
	}
	c.w, c.r = w, r
	a.admit(c)
}

// noRoute answers for a path without a route for the method: OPTIONS and 405
// with Allow where other methods have one, else 404. Nil is a path that cannot
// have a route.
func (a *API) noRoute(w http.ResponseWriter, r *http.Request, path []string) {
	allow := a.allowed(w.Header().Get("Allow"), path)
	w.Header().Del("Allow")
	if allow == "" {
		a.problem(w, r, joinery.Errorf(joinery.NotFound, "no_such_path", "There is nothing at this path."))
		return
	}
	w.Header().Set("Allow", allow)
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	a.problem(w, r, withStatus(http.StatusMethodNotAllowed, joinery.Malformed, "method_not_allowed", "This path answers "+allow+"."))
}

// allowed are the methods of the API's routes for the path and those of the
// app's, which httprouter names. It also names the shapes that the API has
// there, which say nothing.
func (a *API) allowed(fromRouter string, path []string) string {
	if path == nil {
		return ""
	}
	own, shapes := a.table.allow(path), a.shapes.allow(path)
	for method := range strings.SplitSeq(fromRouter, ", ") {
		if method != "" && method != http.MethodOptions && !slices.Contains(shapes, method) {
			own = append(own, method)
		}
	}
	if len(own) == 0 {
		return ""
	}
	own = append(own, http.MethodOptions)
	slices.Sort(own)
	return strings.Join(slices.Compact(own), ", ")
}

// parsePattern is the pattern of a route in segments.
func parsePattern(path string) ([]string, error) {
	if path == "/" {
		return nil, nil
	}
	if !strings.HasPrefix(path, "/") {
		return nil, fmt.Errorf("rest: path %q does not begin with a slash", path)
	}
	segments := strings.Split(path[1:], "/")
	seen := map[string]bool{}
	for _, s := range segments {
		switch {
		case !goodSegment(s) || s == ":" || strings.ContainsAny(s, "*?#%{} ") || strings.LastIndexByte(s, ':') > 0:
			return nil, fmt.Errorf("rest: path %q: segment %q is neither a name nor a :parameter", path, s)
		case isParam(s) && seen[s]:
			return nil, fmt.Errorf("rest: path %q names the parameter %s twice", path, s)
		}
		seen[s] = true
	}
	return segments, nil
}

func clash(rt, old *route) error {
	return fmt.Errorf("rest: %s %s is the same as %s %s, which is mounted already", rt.method, rt.path, old.method, old.path)
}

// requestPath is the path as the client sent it, also below http.StripPrefix.
func requestPath(r *http.Request) string {
	if path, _, _ := strings.Cut(r.RequestURI, "?"); strings.HasPrefix(path, "/") {
		return path
	}
	return r.URL.EscapedPath()
}

// parseQuery reads the URL's parameters; what net/url would drop in silence is
// an error.
func parseQuery(r *http.Request) (url.Values, error) {
	if r.URL.RawQuery == "" {
		return nil, nil
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, malformedParameter("query string", "bad_query", "must be name=value pairs joined by &, percent-encoded")
	}
	return values, nil
}

// onlyParameters refuses URL parameters that the route does not know.
func onlyParameters(values url.Values, known ...string) error {
	var fields []joinery.FieldError
	for name := range values {
		if !slices.Contains(known, name) {
			fields = append(fields, joinery.FieldError{Parameter: name, Code: "unknown_parameter", Message: unknownParameter(known)})
		}
	}
	if fields == nil {
		return nil
	}
	slices.SortFunc(fields, func(a, b joinery.FieldError) int { return strings.Compare(a.Parameter, b.Parameter) })
	fields = fields[:min(len(fields), maxProblems)]
	return &joinery.Error{Kind: joinery.Malformed, Code: "unknown_parameter", Message: "The URL has parameters that are not known here.", Fields: fields}
}

func unknownParameter(known []string) string {
	if len(known) == 0 {
		return "is not known: this takes no parameters"
	}
	return "is not known: use " + strings.Join(known, ", ")
}
