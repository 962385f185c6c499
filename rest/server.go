package rest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// ServerOptions configure a [GracefulServer]. The zero value means the
// defaults named on each field.
type ServerOptions struct {
	Addr string // to listen on. Empty: ":8080"

	ReadHeaderTimeout time.Duration // to read the headers. Zero: 5 s
	ReadTimeout       time.Duration // to read the whole request. Zero: 15 s
	WriteTimeout      time.Duration // from the headers to the end of the answer. Zero: 35 s
	IdleTimeout       time.Duration // between requests of a connection. Zero: 60 s

	// Delay is how long the server goes on accepting after it has said that it
	// is not ready, for balancers to notice. Zero: no delay.
	Delay time.Duration

	// Drain is how long requests in flight may take to finish. Zero: 25 s.
	Drain time.Duration

	// Health is told to drain. Nil: the health of the [API], where the handler
	// is one.
	Health *Health

	Log *slog.Logger // of the address that is served, and of what net/http finds wrong. Nil: slog.Default
}

// GracefulServer is an http.Server with time limits on everything and a
// graceful end. Make one with [Server].
type GracefulServer struct {
	*http.Server

	opts ServerOptions
	once sync.Once
	done chan struct{}
	err  error
}

// Server sets up a server for h, which it does not start: that is Run. Nil
// options mean the defaults.
func Server(h http.Handler, opts *ServerOptions) *GracefulServer {
	o := ServerOptions{}
	if opts != nil {
		o = *opts
	}
	o.fill(h)
	return &GracefulServer{
		Server: &http.Server{
			Addr: o.Addr, Handler: h,
			ReadHeaderTimeout: o.ReadHeaderTimeout, ReadTimeout: o.ReadTimeout,
			WriteTimeout: o.WriteTimeout, IdleTimeout: o.IdleTimeout,
			MaxHeaderBytes: maxURL + maxHeader, // net/http counts the URL too
			ErrorLog:       slog.NewLogLogger(orDefault(o.Log).Handler(), slog.LevelWarn),
		},
		opts: o, done: make(chan struct{}),
	}
}

func (o *ServerOptions) fill(h http.Handler) {
	if o.Addr == "" {
		o.Addr = ":8080"
	}
	for field, fallback := range map[*time.Duration]time.Duration{
		&o.ReadHeaderTimeout: 5 * time.Second, &o.ReadTimeout: 15 * time.Second, &o.WriteTimeout: 35 * time.Second,
		&o.IdleTimeout: 60 * time.Second, &o.Drain: 25 * time.Second,
	} {
		if *field == 0 {
			*field = fallback
		}
	}
	if api, ok := h.(*API); ok && o.Health == nil {
		o.Health = api.Health()
	}
}

// Run listens on the address and serves until ctx ends, then shuts down
// gracefully. An [API] is validated first. The error is nil when every request
// in flight was answered.
func (s *GracefulServer) Run(ctx context.Context) error {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("rest: listen: %w", err)
	}
	return s.RunOn(ctx, ln)
}

// RunOn is Run on a listener that is open already. It closes the listener.
func (s *GracefulServer) RunOn(ctx context.Context, ln net.Listener) error {
	if api, ok := s.Handler.(*API); ok {
		if err := api.Validate(); err != nil {
			return errors.Join(err, ln.Close())
		}
	}
	orDefault(s.opts.Log).LogAttrs(ctx, slog.LevelInfo, "listening", slog.String("address", ln.Addr().String()))
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(ln) }()
	select {
	case err := <-failed:
		if !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("rest: serve: %w", err)
		}
		return s.Shutdown(context.WithoutCancel(ctx)) // somebody else's Shutdown: wait for it
	case <-ctx.Done():
		err := s.Shutdown(context.WithoutCancel(ctx))
		<-failed
		return err
	}
}

// Shutdown says that the process is not ready, waits for the Delay, stops
// accepting, lets requests in flight finish for up to Drain, then closes what
// is left; the error says when that was necessary. An end of ctx makes it
// close at once. A second call waits for the first and returns the same.
func (s *GracefulServer) Shutdown(ctx context.Context) error {
	s.once.Do(func() {
		defer close(s.done)
		s.err = s.shutdown(ctx)
	})
	<-s.done
	return s.err
}

func (s *GracefulServer) shutdown(ctx context.Context) error {
	if s.opts.Health != nil {
		s.opts.Health.Drain()
	}
	if s.opts.Delay > 0 {
		select {
		case <-time.After(s.opts.Delay):
		case <-ctx.Done():
		}
	}
	ctx, cancel := context.WithTimeout(ctx, s.opts.Drain)
	defer cancel()
	if err := s.Server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("rest: requests were cut off: %w", err), s.Close())
	}
	return nil
}
