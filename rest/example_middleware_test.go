package rest_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/joinery-go/joinery/rest"
)

// The middlewares of an API serve any handler; an API has them by its Options.
func ExampleCORS() {
	var log bytes.Buffer
	cors, errCORS := rest.CORS(rest.CORSOptions{Origins: []string{"https://app.example.com"}, MaxAge: time.Hour})
	proxies, errProxies := rest.TrustedProxies("192.0.2.0/24") // where httptest calls from
	limit, errLimit := rest.RateLimit(rest.RateLimitOptions{PerSecond: 0.1, Burst: 2})
	if err := errors.Join(errCORS, errProxies, errLimit); err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(slog.NewTextHandler(&log, nil))
	var h http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/panic" {
			panic("out of paper")
		}
		fmt.Fprintln(w, "hello", rest.ClientIP(r), "in request", rest.RequestIDFrom(r.Context()))
	})
	for _, wrap := range []func(http.Handler) http.Handler{limit, rest.Recover(logger), rest.Gzip, cors, rest.AccessLog(logger), proxies, rest.RequestID} {
		h = wrap(h) // the last one is the outermost
	}

	const page = "https://app.example.com"
	first := ask(h, "GET", "/", "", "Origin", page, "X-Forwarded-For", "203.0.113.9", "X-Request-Id", "r1")
	fmt.Print(first.Body)
	fmt.Println(first.Header().Get("Access-Control-Allow-Origin"))
	preflight := ask(h, "OPTIONS", "/", "", "Origin", page, "Access-Control-Request-Method", "PATCH")
	fmt.Println(preflight.Code, preflight.Header().Get("Access-Control-Max-Age"))
	fmt.Println(ask(h, "GET", "/panic", "").Code)
	fmt.Println(ask(h, "GET", "/", "").Code, ask(h, "GET", "/", "").Code)
	fmt.Println("logged with the stack:", strings.Contains(log.String(), "out of paper"))
	// Output:
	// hello 203.0.113.9 in request r1
	// https://app.example.com
	// 204 3600
	// 500
	// 200 429
	// logged with the stack: true
}
