package rest

import (
	"container/list"
	"errors"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/joinery-go/joinery"
)

// RateLimitOptions say how often one caller may call.
type RateLimitOptions struct {
	PerSecond float64 // requests per second in the long run; must be positive
	Burst     int     // requests at once; zero: PerSecond rounded up, at least 1

	// MaxCallers bounds the memory: beyond it the caller that was quiet for
	// longest is forgotten. Zero: 100,000, which takes some 20 MB.
	MaxCallers int

	// Now is the clock. Nil: time.Now.
	Now func() time.Time
}

// RateLimit is a middleware that answers 429 with Retry-After to callers that
// call more often than the options allow. A caller is the actor of the
// request's context, else the client's address ([ClientIP]; an IPv6 /64 is one
// caller). Put it below the authentication. The API does so by itself with
// [Options].RateLimit, and there counts failed authentications by address as
// well.
func RateLimit(opts RateLimitOptions) (func(http.Handler) http.Handler, error) {
	l, err := newLimiter(opts)
	if err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			actor, _ := joinery.ActorFrom(r.Context())
			if wait := l.take(callerOf(r, actor)); wait > 0 {
				WriteProblem(w, r, tooMany(wait))
				return
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}

func tooMany(wait time.Duration) error {
	return &joinery.Error{Kind: joinery.Limited, Message: "Too many requests. Try again later.", RetryAfter: wait}
}

// limiter holds a bucket of tokens per caller, the least recently used
// forgotten first. It is safe for concurrent use.
type limiter struct {
	opts RateLimitOptions

	mu      sync.Mutex
	callers map[caller]*list.Element
	recent  list.List // of *bucket, the latest first
}

// caller is an actor or a network; one of the two. Failed authentications of a
// network have a bucket of their own, so that they do not lock out those who
// call without credentials.
type caller struct {
	actor  joinery.ActorKind
	id     [16]byte
	ip     netip.Prefix
	failed bool
}

type bucket struct {
	caller caller
	tokens *rate.Limiter
}

func newLimiter(opts RateLimitOptions) (*limiter, error) {
	if !(opts.PerSecond > 0) {
		return nil, errors.New("rest: RateLimit.PerSecond must be positive")
	}
	if opts.Burst <= 0 {
		opts.Burst = max(1, int(opts.PerSecond+0.999))
	}
	if opts.MaxCallers <= 0 {
		opts.MaxCallers = 100_000
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &limiter{opts: opts, callers: map[caller]*list.Element{}}, nil
}

func callerOf(r *http.Request, a joinery.Actor) caller {
	if a.Kind != joinery.Anonymous {
		return caller{actor: a.Kind, id: a.ID}
	}
	ip := ClientIP(r)
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	network, _ := ip.Prefix(bits) // an invalid address is the one zero network
	return caller{ip: network}
}

// take uses up one request of the caller's; what is left to wait when there is
// none.
func (l *limiter) take(c caller) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, b := l.opts.Now(), l.bucket(c)
	if b.tokens.AllowN(now, 1) {
		return 0
	}
	return l.missing(b, now)
}

// owes is how long the caller has to wait, without using up a request.
func (l *limiter) owes(c caller) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.callers[c]
	if e == nil {
		return 0
	}
	return l.missing(e.Value.(*bucket), l.opts.Now())
}

func (l *limiter) missing(b *bucket, now time.Time) time.Duration {
	lack := 1 - b.tokens.TokensAt(now)
	if lack <= 0 {
		return 0
	}
	return max(time.Millisecond, time.Duration(lack/l.opts.PerSecond*float64(time.Second)))
}

func (l *limiter) bucket(c caller) *bucket {
	if e := l.callers[c]; e != nil {
		l.recent.MoveToFront(e)
		return e.Value.(*bucket)
	}
	if len(l.callers) >= l.opts.MaxCallers {
		oldest := l.recent.Back()
		delete(l.callers, oldest.Value.(*bucket).caller)
		l.recent.Remove(oldest)
	}
	b := &bucket{c, rate.NewLimiter(rate.Limit(l.opts.PerSecond), l.opts.Burst)}
	l.callers[c] = l.recent.PushFront(b)
	return b
}

// failures is the caller that failed authentications are counted against.
// While it owes, credentials from that network are not even looked at.
func failures(r *http.Request) caller {
	c := callerOf(r, joinery.Actor{})
	c.failed = true
	return c
}

// punish counts a failed authentication. A request without credentials has
// guessed nothing.
func (a *API) punish(r *http.Request) {
	if a.limiter != nil && hasCredentials(r) {
		a.limiter.take(failures(r))
	}
}

func hasCredentials(r *http.Request) bool {
	return r.Header.Get("Authorization") != "" || r.Header.Get(apiKeyHeader) != "" || r.Header.Get("Cookie") != ""
}
