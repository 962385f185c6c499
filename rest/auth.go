package rest

import (
	"context"
	"net/http"
	"strings"

	"github.com/joinery-go/joinery"
)

// AuthMode says who may call a route. The zero AuthMode is Required: a route
// of which nothing is said is closed to the anonymous.
type AuthMode uint8

// The modes of authentication.
const (
	Required AuthMode = iota // somebody is signed in, by whatever scheme
	Optional                 // signed in or anonymous; bad credentials are still refused by the middleware
	None                     // the authentication middleware is not asked
	APIKey                   // signed in by an API key
	Basic                    // signed in by user name and password: login routes
	Root                     // the operator
)

var authModeNames = [...]string{
	Required: "required", Optional: "optional", None: "none", APIKey: "api key", Basic: "basic", Root: "root",
}

// String is the mode's name in lower case.
func (m AuthMode) String() string {
	if int(m) < len(authModeNames) {
		return authModeNames[m]
	}
	return "unknown"
}

// AuthModeFrom is the mode of the route that the request of ctx goes to. An
// authentication middleware given as [Options].Auth may look at it, to take a
// password only where the mode is Basic, say. False outside of a route of an
// [API].
func AuthModeFrom(ctx context.Context) (AuthMode, bool) {
	if c := callFrom(ctx); c != nil {
		return c.route.auth, true
	}
	return Required, false
}

// authenticate lets the request reach next when it satisfies the route's mode.
// The middleware of the options puts the actor into the context; that there is
// one is enforced here, so that a middleware that lets everything pass opens
// nothing.
func (a *API) authenticate(c *call) {
	if a.limiter != nil && c.route.auth != None && hasCredentials(c.r) {
		if wait := a.limiter.owes(failures(c.r)); wait > 0 {
			c.fail(tooMany(wait))
			return
		}
	}
	switch mode := c.route.auth; {
	case mode == None || a.auth == nil:
		a.admit(c)
	case !hasScheme(c.r, mode):
		c.fail(unauthenticated())
	default:
		rec := record(c.w)
		rec.challenge = c.route.challenge
		a.auth.ServeHTTP(rec, c.r)
		if !c.admitted && rec.status == http.StatusUnauthorized {
			a.punish(c.r)
		}
	}
}

// admit enforces the route's mode on the actor found, and runs the route.
func (a *API) admit(c *call) {
	c.admitted = true
	actor, err := joinery.ActorFrom(c.r.Context())
	if err != nil {
		if !c.route.auth.admitsAnonymous() {
			c.fail(unauthenticated())
			return
		}
		c.r = c.r.WithContext(joinery.WithActor(c.r.Context(), joinery.Actor{}))
	}
	if err := c.route.auth.check(actor); err != nil {
		c.fail(err)
		return
	}
	if actor.Kind != joinery.Anonymous {
		c.w.Header()["Cache-Control"] = noStore
	}
	if a.limiter != nil && !c.route.unlimited {
		if wait := a.limiter.take(callerOf(c.r, actor)); wait > 0 {
			c.fail(tooMany(wait))
			return
		}
	}
	c.serve()
}

func (m AuthMode) admitsAnonymous() bool { return m == Optional || m == None }

func (m AuthMode) check(a joinery.Actor) error {
	switch {
	case m.admitsAnonymous():
		return nil
	case a.Kind == joinery.Anonymous:
		return unauthenticated()
	case m == Root && a.Kind != joinery.Root:
		return joinery.Errorf(joinery.Forbidden, "root_only", "Only the operator may do this.")
	}
	return nil
}

// hasScheme reports whether the request carries the only scheme that the mode
// admits, whatever else a middleware would accept.
func hasScheme(r *http.Request, m AuthMode) bool {
	scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch m {
	case APIKey:
		return strings.EqualFold(scheme, "ApiKey") || r.Header.Get(apiKeyHeader) != ""
	case Basic:
		return strings.EqualFold(scheme, "Basic")
	}
	return true
}

const apiKeyHeader = "X-API-Key"

func unauthenticated() error {
	return joinery.Errorf(joinery.Unauthenticated, "", "Sign in to do this: the request names nobody who acts.")
}

// challenge is the WWW-Authenticate header of a 401 on a route of mode m.
func (a *API) challenge(m AuthMode) string {
	realm := ` realm="` + strings.NewReplacer(`\`, "", `"`, "").Replace(a.opts.Title) + `"`
	switch m {
	case Basic:
		return "Basic" + realm + `, charset="UTF-8"`
	case APIKey, Root:
		return "ApiKey" + realm
	}
	return "Bearer" + realm
}
