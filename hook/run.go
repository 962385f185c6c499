package hook

import (
	"context"
	"log/slog"
	"time"
)

// site is where a hook runs: what it shares with the others of its phase.
type site struct {
	point   string
	phase   string
	timeout time.Duration
}

// RunBefore runs the Before hooks in their order. It stops at the first error
// and returns it unchanged, or a *[PanicError]; it stops without error when
// the event is a [Stopper] that says so.
func (p *Point[E]) RunBefore(ctx context.Context, e *E) error {
	list := p.load().before
	if len(list) == 0 {
		return nil
	}
	at := p.site("before")
	for i := range list {
		if err := invoke(ctx, &list[i], &at, e); err != nil {
			return err
		}
		if stopped(e) {
			return nil
		}
	}
	return nil
}

// RunAfter runs the After hooks in their order. It stops at the first error
// and returns it unchanged, or a *[PanicError].
func (p *Point[E]) RunAfter(ctx context.Context, e *E) error {
	list := p.load().after
	if len(list) == 0 {
		return nil
	}
	at := p.site("after")
	for i := range list {
		if err := invoke(ctx, &list[i], &at, e); err != nil {
			return err
		}
	}
	return nil
}

// RunCommitted runs all Committed hooks in their order, with the values of ctx
// but not its cancellation. Call it after the outermost commit with a ctx that
// is in no transaction, once per operation. It returns when the last hook did;
// what they fail with is logged and counted in [Point.Failures].
func (p *Point[E]) RunCommitted(ctx context.Context, e E) {
	list := p.load().committed
	if len(list) == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx)
	for i := range list {
		p.runCommitted(ctx, &list[i], e)
	}
}

func (p *Point[E]) runCommitted(ctx context.Context, h *entry[E], e E) {
	at := p.site("committed")
	err := invoke(ctx, h, &at, e)
	if err == nil {
		return
	}
	p.failures.Add(1)
	p.logger().LogAttrs(ctx, slog.LevelError, "committed hook failed",
		slog.String("point", p.Name), slog.String("hook", h.name), slog.Any("error", err))
}

func (p *Point[E]) site(phase string) site {
	if p == nil {
		return site{}
	}
	timeout := p.Timeout
	if timeout == 0 {
		timeout = DefaultTimeout
	}
	return site{point: p.Name, phase: phase, timeout: timeout}
}

func (p *Point[E]) logger() *slog.Logger {
	if p.Logger != nil {
		return p.Logger
	}
	return slog.Default()
}
