package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/rest"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := newApp(t, nil)
	healthy := true
	a.api.Health().Add("database", func(context.Context) error { return nil })
	a.api.Health().Add("queue", func(context.Context) error {
		if !healthy {
			return errors.New("dial tcp CANARY")
		}
		return nil
	})
	alive := do(t, a.api, "GET", "/healthz", "", "Authorization:")
	is.Equal(alive.StatusCode, 200)
	is.Equal(alive.body, `{"status":"alive"}`)
	ready := do(t, a.api, "GET", "/readyz", "", "Authorization:")
	is.Equal(ready.StatusCode, 200)
	is.Equal(ready.body, `{"status":"ready","checks":{"database":"ok","queue":"ok"}}`)

	healthy = false
	is.Equal(do(t, a.api, "GET", "/readyz", "").StatusCode, 200) // remembered for a second
	a.api.Health().Add("panics", func(context.Context) error { panic("x") })
	down := do(t, a.api, "GET", "/readyz", "")
	is.Equal(down.StatusCode, 503)
	is.Equal(down.body, `{"status":"unavailable","checks":{"database":"ok","panics":"failed","queue":"failed"}}`)
	is.True(strings.Contains(a.log.String(), "CANARY")) // the log has the reason
	is.Equal(do(t, a.api, "GET", "/healthz", "").StatusCode, 200)

	a.api.Health().Drain()
	is.Equal(do(t, a.api, "GET", "/readyz", "").body, `{"status":"draining"}`)
	is.Equal(do(t, a.api, "HEAD", "/readyz", "").StatusCode, 503)
}

// TestHealthTellsReasons: a message that is for clients is told, and no other.
func TestHealthTellsReasons(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := newApp(t, nil)
	a.api.Health().Add("migrations", func(context.Context) error {
		return fmt.Errorf("CANARY: %w", joinery.Errorf(joinery.Unavailable, "migrations_pending", "1 migration is pending: 0002_b of app", errors.New("CANARY")))
	})
	a.api.Health().Add("queue", func(context.Context) error { return joinery.Errorf(joinery.Internal, "", "CANARY") })
	down := do(t, a.api, "GET", "/readyz", "", "Authorization:")
	is.Equal(down.StatusCode, 503)
	is.Equal(down.body, `{"status":"unavailable","checks":{"migrations":"failed","queue":"failed"},"reasons":{"migrations":"1 migration is pending: 0002_b of app"}}`)
}

func TestAHangingCheckEndsByTimeout(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	h := &rest.Health{Timeout: 20 * time.Millisecond, Log: discard()}
	h.Add("hangs", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	is.True(!h.Ready(context.Background()))
}

func TestServerDefaults(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	s := rest.Server(http.NotFoundHandler(), nil)
	is.Equal(s.Addr, ":8080")
	is.Equal(s.ReadHeaderTimeout, 5*time.Second)
	is.Equal(s.ReadTimeout, 15*time.Second)
	is.Equal(s.WriteTimeout, 35*time.Second)
	is.Equal(s.IdleTimeout, 60*time.Second)
	is.Equal(s.MaxHeaderBytes, 24<<10)
}

// running is an API with a slow route, on a port of its own.
type running struct {
	url     string
	entered chan struct{}
	leave   chan struct{}
	stop    context.CancelFunc
	done    chan error
	server  *rest.GracefulServer
	api     *rest.API
	client  *http.Client
}

func run(t *testing.T, opts rest.ServerOptions) *running {
	t.Helper()
	s := &running{entered: make(chan struct{}, 600), leave: make(chan struct{}), done: make(chan error, 1)}
	s.api = rest.New(nil, &rest.Options{Log: discard(), NoAccessLog: true})
	must(t, rest.Handle(s.api, "GET", "/slow", func(ctx context.Context, _ struct{}) (said, error) {
		s.entered <- struct{}{}
		<-s.leave
		return said{"done"}, nil
	}, rest.WithAuth(rest.None)))
	opts.Log = discard()
	s.server = rest.Server(s.api, &opts)
	ln, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	s.url = "http://" + ln.Addr().String()
	ctx, stop := context.WithCancel(t.Context())
	s.stop = stop
	s.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 600}}
	t.Cleanup(s.client.CloseIdleConnections)
	go func() { s.done <- s.server.RunOn(ctx, ln) }()
	return s
}

func (s *running) get(path string) (int, string, error) {
	res, err := s.client.Get(s.url + path)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	return res.StatusCode, string(data), err
}

func TestShutdownFinishesWhatIsInFlight(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	s := run(t, rest.ServerOptions{})
	const n = 100
	results := make(chan string, n)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			_, body, err := s.get("/slow")
			if err != nil {
				body = err.Error()
			}
			results <- body
		})
	}
	for range n {
		<-s.entered
	}
	s.stop()
	for s.api.Health().Ready(t.Context()) {
		time.Sleep(time.Millisecond)
	}
	for { // no longer accepting
		if _, _, err := s.get("/healthz"); err != nil {
			break
		}
	}
	close(s.leave)
	wg.Wait()
	for range n {
		is.Equal(<-results, `{"said":"done"}`)
	}
	is.NoErr(<-s.done)
	is.NoErr(s.server.Shutdown(t.Context())) // a second call is harmless
}

func TestShutdownCutsOffWhatTakesTooLong(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	s := run(t, rest.ServerOptions{Drain: 30 * time.Millisecond})
	failed := make(chan error, 1)
	go func() { _, _, err := s.get("/slow"); failed <- err }()
	<-s.entered
	s.stop()
	err := <-s.done
	is.True(errors.Is(err, context.DeadlineExceeded))
	is.True(<-failed != nil)
	close(s.leave)
	is.Equal(s.server.Shutdown(t.Context()), err)
}

func TestReadinessIsFalseDuringTheDelay(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	s := run(t, rest.ServerOptions{Delay: 300 * time.Millisecond})
	status, _, err := s.get("/readyz")
	is.NoErr(err)
	is.Equal(status, 200)
	s.stop()
	for status == 200 {
		status, _, err = s.get("/readyz")
		is.NoErr(err) // still accepting
	}
	is.Equal(status, 503)
	is.NoErr(<-s.done)
}

func TestAnInvalidAPIDoesNotStart(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	api := rest.New(nil, &rest.Options{TrustedProxies: []string{"x"}, Log: discard()})
	err := rest.Server(api, &rest.ServerOptions{Addr: "127.0.0.1:0", Log: discard()}).Run(t.Context())
	is.True(err != nil && strings.Contains(err.Error(), "trusted proxy"))
}

func TestHeadersAreBoundedByTheServerToo(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	s := run(t, rest.ServerOptions{})
	for size, want := range map[int]int{15 << 10: 200, 17 << 10: 431, 64 << 10: 431} {
		r, err := http.NewRequest("GET", s.url+"/healthz", nil)
		must(t, err)
		r.Header.Set("X-Long", strings.Repeat("x", size))
		r.URL.RawQuery = strings.Repeat("x", 8<<10-len("/healthz?")) // the longest there may be
		res, err := s.client.Do(r)
		must(t, err)
		_ = res.Body.Close()
		is.Equal(res.StatusCode, want)
	}
	s.stop()
	is.NoErr(<-s.done)
}
