package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/joinery-go/joinery"
)

// route is one method and path of the API, with what runs there and what the
// document says of it.
type route struct {
	method    string
	path      string // as given, with named parameters
	segments  []string
	auth      AuthMode
	timeout   time.Duration
	handler   func(c *call) error
	unlimited bool // not part of the rate limit: probes
	raw       bool // the handler speaks for itself: no Accept check, no Cache-Control
	doc       *operation
	challenge string // WWW-Authenticate of a 401
}

// call is one request on its way through a route. It belongs to the request's
// goroutine.
type call struct {
	api   *API
	route *route
	w     http.ResponseWriter
	r     *http.Request
	path  []string // decoded segments

	buffer   [8]string // room for path
	admitted bool      // the authentication middleware let the request pass
}

type callKey struct{}

func callFrom(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// param is the value of the path parameter with the given name; empty where
// the route has none.
func (c *call) param(name string) string {
	for i, segment := range c.route.segments {
		if isParam(segment) && segment[1:] == name {
			return c.path[i]
		}
	}
	return ""
}

// serve runs the route's handler, for a caller who has been admitted.
func (c *call) serve() {
	if !c.route.raw && !acceptsJSON(c.r.Header["Accept"]) {
		c.fail(notAcceptable())
		return
	}
	if err := c.route.handler(c); err != nil {
		c.fail(err)
	}
}

// fail answers with a problem document.
func (c *call) fail(err error) {
	if joinery.IsKind(err, joinery.Unauthenticated) {
		c.w.Header().Set("WWW-Authenticate", c.route.challenge)
		c.api.punish(c.r)
	}
	c.api.problem(c.w, c.r, err)
}

// send answers with a JSON body.
func (c *call) send(status int, body []byte) {
	h := c.w.Header()
	h["Content-Type"] = jsonType
	writeBody(c.w, c.r, status, body)
}

// Headers that never vary; shared, because a header map takes slices.
var (
	jsonType    = []string{"application/json; charset=utf-8"}
	problemType = []string{"application/problem+json; charset=utf-8"}
	noStore     = []string{"no-store"}
	noSniff     = []string{"nosniff"}
	varyAuth    = []string{"Authorization, X-API-Key, Cookie"}

	varyEncoding = []string{"Accept-Encoding"}
)
