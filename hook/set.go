package hook

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"
)

// Set holds the points of several operations that share an event type, by
// operation name, and one more for all of them. Its zero value is ready.
// Methods are safe for concurrent use. A Set must not be copied after first
// use. Its fields are given to each point when that is first asked for: set
// them before.
type Set[E any] struct {
	// Name is put before the operation's in [Point.Name]: "orders" gives
	// "orders.place". Empty gives the operation's name alone.
	Name string
	// Timeout is the [Point.Timeout] of every point.
	Timeout time.Duration
	// Logger is the [Point.Logger] of every point.
	Logger *slog.Logger

	mu     sync.Mutex // held by those who add points
	points atomic.Pointer[points[E]]
}

// points is one state of a set, never changed once stored.
type points[E any] struct {
	all *Point[E]
	on  map[string]*Point[E]
}

// On gives the point of an operation, the same one each time. Any name is
// good; it exists from the first call on.
func (s *Set[E]) On(op string) *Point[E] {
	if p := s.load().on[op]; p != nil {
		return p
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.load()
	if p := now.on[op]; p != nil {
		return p
	}
	p := s.newPoint(op)
	next := points[E]{all: now.all, on: map[string]*Point[E]{op: p}}
	maps.Copy(next.on, now.on)
	s.points.Store(&next)
	return p
}

// All gives the point whose hooks run for every operation of the set, among
// the operation's own by priority.
func (s *Set[E]) All() *Point[E] {
	if p := s.load().all; p != nil {
		return p
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.load()
	if now.all == nil {
		now.all = s.newPoint("all")
		s.points.Store(&now)
	}
	return now.all
}

// Failures sums [Point.Failures] over the points of the set.
func (s *Set[E]) Failures() uint64 {
	now := s.load()
	n := now.all.Failures()
	for _, p := range now.on {
		n += p.Failures()
	}
	return n
}

// Run runs an operation with its hooks: Before; fn, unless the event was
// skipped; After; Committed. The hooks are those of All and of the operation,
// by priority. An error of Before, fn or After ends it and is returned.
// Committed hooks run before Run returns, or when the queue given by
// [OnCommit] calls them.
func (s *Set[E]) Run(ctx context.Context, op string, e *E, fn func(ctx context.Context, e *E) error, opts ...RunOption) error {
	now := s.load()
	all, own := now.all, now.on[op]
	if err := RunBeforeBoth(ctx, all, e, own, e); err != nil {
		return err
	}
	if !stopped(e) {
		if err := fn(ctx, e); err != nil {
			return err
		}
	}
	if err := RunAfterBoth(ctx, all, e, own, e); err != nil {
		return err
	}
	if all.HasCommitted() || own.HasCommitted() {
		event := *e
		queue(ctx, opts, func(ctx context.Context) { RunCommittedBoth(ctx, all, event, own, event) })
	}
	return nil
}

func (s *Set[E]) load() (now points[E]) {
	if p := s.points.Load(); p != nil {
		return *p
	}
	return now
}

func (s *Set[E]) newPoint(op string) *Point[E] {
	if s.Name != "" {
		op = s.Name + "." + op
	}
	return &Point[E]{Name: op, Timeout: s.Timeout, Logger: s.Logger}
}
