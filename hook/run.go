package hook

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

// RunBefore runs the Before hooks in their order. It stops at the first error
// and returns it unchanged, or a *[PanicError]; it stops without error when
// the event is a [Stopper] that says so.
func (p *Point[E]) RunBefore(ctx context.Context, e *E) error {
	if list := p.list(before); len(list) > 0 {
		t := turns{own: p.run(list, e)}
		return t.before(ctx)
	}
	return nil
}

// RunAfter runs the After hooks in their order. It stops at the first error
// and returns it unchanged, or a *[PanicError].
func (p *Point[E]) RunAfter(ctx context.Context, e *E) error {
	if list := p.list(after); len(list) > 0 {
		t := turns{own: p.run(list, e)}
		return t.after(ctx)
	}
	return nil
}

// RunCommitted runs all Committed hooks in their order, with the values of ctx
// but not its cancellation. Call it after the outermost commit with a ctx that
// is in no transaction, once per operation. It returns when the last hook did;
// what they fail with is logged and counted in [Point.Failures].
func (p *Point[E]) RunCommitted(ctx context.Context, e E) {
	if list := p.list(committed); len(list) > 0 {
		event := e // on the heap, where a run without hooks does not get
		t := turns{own: p.run(list, &event)}
		t.committed(ctx)
	}
}

// site is where hooks run: what they share with the others of their point.
type site struct {
	point    string
	phase    phase
	timeout  time.Duration
	logger   *slog.Logger
	failures *atomic.Uint64
}

// run is the hooks of one point for one phase, and their event.
type run struct {
	list  []entry
	at    site
	event any // *E
}

// run gives the hooks of p their event; a nil point has no hooks.
func (p *Point[E]) run(list []entry, e *E) (r run) {
	if p != nil {
		r = run{list, site{point: p.Name, timeout: p.Timeout, logger: p.Logger, failures: &p.hooks.failures}, e}
	}
	return r
}

// turns are the hooks of an operation that may share a point with its siblings.
// They run as one list.
type turns struct {
	shared, own run
}

// next takes the hook whose turn it is, nil after the last.
func (t *turns) next() (*entry, *run) {
	r := &t.own
	if t.sharedFirst() {
		r = &t.shared
	}
	if len(r.list) == 0 {
		return nil, nil
	}
	h := &r.list[0]
	r.list = r.list[1:]
	return h, r
}

func (t *turns) sharedFirst() bool {
	if len(t.shared.list) == 0 || len(t.own.list) == 0 {
		return len(t.shared.list) > 0
	}
	return t.shared.list[0].precedes(&t.own.list[0].spec)
}

// phase names the phase that both runs are in.
func (t *turns) phase(p phase) {
	t.shared.at.phase, t.own.at.phase = p, p
}

func (t *turns) before(ctx context.Context) error {
	t.phase(before)
	for h, r := t.next(); h != nil; h, r = t.next() {
		if err := invoke(ctx, h, &r.at, r.event); err != nil || stopped(r.event) {
			return err
		}
	}
	return nil
}

func (t *turns) after(ctx context.Context) error {
	t.phase(after)
	for h, r := t.next(); h != nil; h, r = t.next() {
		if err := invoke(ctx, h, &r.at, r.event); err != nil {
			return err
		}
	}
	return nil
}

func (t *turns) committed(ctx context.Context) {
	t.phase(committed)
	ctx = context.WithoutCancel(ctx)
	for h, r := t.next(); h != nil; h, r = t.next() {
		if err := invoke(ctx, h, &r.at, r.event); err != nil {
			r.at.failed(ctx, h, err)
		}
	}
}

// failed counts and logs the failure of a Committed hook.
func (s *site) failed(ctx context.Context, h *entry, err error) {
	s.failures.Add(1)
	logger := s.logger
	if logger == nil {
		logger = slog.Default()
	}
	logger.LogAttrs(ctx, slog.LevelError, "committed hook failed",
		slog.String("point", s.point), slog.String("hook", h.name), slog.Any("error", err))
}
