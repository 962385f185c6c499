package hook

import (
	"context"
	"log/slog"
	"time"
)

// DefaultTimeout is how long the context of a hook lasts where neither
// [Point.Timeout] nor the option [Timeout] says otherwise.
const DefaultTimeout = 5 * time.Second

// Point is a place in an operation where hooks run. Its zero value is ready
// and has no hooks; a nil *Point can be run and has none either. Methods are
// safe for concurrent use. A Point must not be copied after first use. The
// fields are read while hooks run: set them before.
type Point[E any] struct {
	// Name says which operation this is ("notes.create") in logs and in
	// [PanicError]. Empty is fine.
	Name string
	// Timeout ends the context of each hook. Zero means [DefaultTimeout],
	// negative means none of its own.
	Timeout time.Duration
	// Logger receives what Committed hooks fail with, at level Error. Nil
	// means [slog.Default] at the time of the failure.
	Logger *slog.Logger

	hooks store
}

// Before adds a hook that runs before the operation. Its error is returned to
// the caller of the operation as it is, and the operation does not happen. It
// may change *e. It panics when fn is nil.
func (p *Point[E]) Before(fn func(ctx context.Context, e *E) error, opts ...Option) {
	p.hooks.add(before, onPointer(fn, opts))
}

// After adds a hook that runs after the operation succeeded or was skipped,
// and before its commit. Its error is returned to the caller of the operation
// as it is, and undoes the operation where that has a transaction. It may
// change *e. It panics when fn is nil.
func (p *Point[E]) After(fn func(ctx context.Context, e *E) error, opts ...Option) {
	p.hooks.add(after, onPointer(fn, opts))
}

// Committed adds a hook that runs once the outcome of the operation stands.
// Its ctx outlives the request and is in no transaction. Its error is logged
// and counted, and changes nothing. What e points to is shared with the caller
// and the other hooks: read it only. It panics when fn is nil.
func (p *Point[E]) Committed(fn func(ctx context.Context, e E) error, opts ...Option) {
	p.hooks.add(committed, onValue(fn, opts))
}

// Remove takes the hooks of this name out of every phase and reports whether
// there was one. Hooks without a name stay: the empty name removes nothing.
func (p *Point[E]) Remove(name string) bool {
	return p.hooks.remove(name)
}

// HasBefore reports whether the point has a Before hook now.
func (p *Point[E]) HasBefore() bool { return len(p.list(before)) > 0 }

// HasAfter reports whether the point has an After hook now.
func (p *Point[E]) HasAfter() bool { return len(p.list(after)) > 0 }

// HasCommitted reports whether the point has a Committed hook now.
func (p *Point[E]) HasCommitted() bool { return len(p.list(committed)) > 0 }

// Failures counts the Committed hooks of this point that returned an error or
// panicked, since the process started.
func (p *Point[E]) Failures() uint64 {
	if p == nil {
		return 0
	}
	return p.hooks.failures.Load()
}

// list gives the present hooks of a phase, none for a nil point.
func (p *Point[E]) list(at phase) []entry {
	if p == nil {
		return nil
	}
	return p.hooks.now.Load().list(at)
}
