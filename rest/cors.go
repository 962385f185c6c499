package rest

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/rs/cors"
)

// CORSOptions say which web pages of other origins may call the API.
type CORSOptions struct {
	// Origins that are allowed, as "https://app.example.com". At least one;
	// "*" allows all.
	Origins []string

	// Credentials lets those pages send cookies. Refused together with "*".
	Credentials bool

	// MaxAge is how long a browser may remember the answer to a preflight.
	// Zero: 10 minutes.
	MaxAge time.Duration
}

// CORS is a middleware that answers preflights and marks answers for the
// origins allowed. Options without an origin, and "*" with credentials, are an
// error.
func CORS(opts CORSOptions) (func(http.Handler) http.Handler, error) {
	switch {
	case len(opts.Origins) == 0:
		return nil, errors.New("rest: CORS needs at least one origin, as https://app.example.com")
	case opts.Credentials && slices.Contains(opts.Origins, "*"):
		return nil, errors.New(`rest: CORS origin "*" together with credentials would let every page act as the user: name the origins`)
	}
	if opts.MaxAge == 0 {
		opts.MaxAge = 10 * time.Minute
	}
	return cors.New(cors.Options{
		AllowedOrigins:   opts.Origins,
		AllowCredentials: opts.Credentials,
		AllowedMethods:   []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"},
		AllowedHeaders:   []string{"Accept", "Authorization", "Content-Type", idempotencyHeader, "If-Match", "If-None-Match", apiKeyHeader, requestIDHeader},
		ExposedHeaders:   []string{"ETag", "Link", "Location", "Retry-After", "WWW-Authenticate", replayedHeader, requestIDHeader},
		MaxAge:           int(opts.MaxAge / time.Second),
	}).Handler, nil
}
