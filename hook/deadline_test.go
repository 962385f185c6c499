package hook_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/joinery-go/joinery/hook"
	"github.com/matryer/is"
)

// wait is a hook that honors its context and says how long it had.
func wait(took *time.Duration) func(context.Context, *event) error {
	return func(ctx context.Context, _ *event) error {
		start := time.Now()
		<-ctx.Done()
		*took = time.Since(start)
		return context.Cause(ctx)
	}
}

func TestAHangingHookEndsWithItsContext(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		point time.Duration
		opts  []hook.Option
		want  time.Duration
	}{
		{"default", 0, nil, hook.DefaultTimeout},
		{"of the point", time.Second, nil, time.Second},
		{"of the hook", time.Second, []hook.Option{hook.Timeout(time.Minute)}, time.Minute},
		{"hook leaves it to the point", time.Second, []hook.Option{hook.Timeout(0)}, time.Second},
		{"hook has a limit, point none", -1, []hook.Option{hook.Timeout(2 * time.Second)}, 2 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				p := hook.Point[event]{Timeout: c.point}
				var first, second time.Duration
				p.Before(func(ctx context.Context, e *event) error {
					_ = wait(&first)(ctx, e)
					return nil
				}, c.opts...)
				p.Before(wait(&second), c.opts...)
				err := p.RunBefore(t.Context(), &event{})
				is.True(errors.Is(err, context.DeadlineExceeded))
				is.Equal(first, c.want)
				is.Equal(second, c.want) // each hook has its own time
			})
		})
	}
}

func TestNoTimeoutMeansTheCallersContext(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	for _, add := range []func(p *hook.Point[event], fn func(context.Context, *event) error){
		func(p *hook.Point[event], fn func(context.Context, *event) error) { p.Timeout = -1; p.Before(fn) },
		func(p *hook.Point[event], fn func(context.Context, *event) error) { p.Before(fn, hook.Timeout(-1)) },
	} {
		var p hook.Point[event]
		add(&p, func(ctx context.Context, _ *event) error {
			_, limited := ctx.Deadline()
			is.True(!limited)
			return nil
		})
		is.NoErr(p.RunBefore(context.Background(), &event{}))
	}
}

// inHook runs look in a hook whose caller's ctx is parent, and gives the ctx
// that the hook had.
func inHook(t *testing.T, parent context.Context, look func(ctx context.Context)) (had context.Context) {
	t.Helper()
	var p hook.Point[event]
	p.Before(func(ctx context.Context, _ *event) error {
		had = ctx
		look(ctx)
		return nil
	})
	is.New(t).NoErr(p.RunBefore(parent, &event{}))
	return had
}

func TestTheContextIsAStandardOne(t *testing.T) {
	t.Parallel()
	type key struct{}
	t.Run("values and deadline", func(t *testing.T) {
		is := is.New(t)
		soon := time.Now().Add(time.Second)
		parent, cancel := context.WithDeadline(context.WithValue(t.Context(), key{}, 1), soon)
		defer cancel()
		inHook(t, parent, func(ctx context.Context) {
			at, ok := ctx.Deadline()
			is.True(ok && at.Equal(soon)) // the caller's is earlier
			is.Equal(ctx.Value(key{}), 1)
			_ = ctx.Done()
			is.Equal(ctx.Value(key{}), 1)
			is.NoErr(ctx.Err())
		})
	})
	t.Run("its own deadline", func(t *testing.T) {
		is := is.New(t)
		parent, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		inHook(t, parent, func(ctx context.Context) {
			at, ok := ctx.Deadline()
			left := time.Until(at)
			is.True(ok && left > 4*time.Second && left <= hook.DefaultTimeout)
		})
	})
	t.Run("longest timeout", func(t *testing.T) {
		is := is.New(t)
		var p hook.Point[event]
		p.Before(func(ctx context.Context, _ *event) error { return ctx.Err() }, hook.Timeout(1<<63-1))
		is.NoErr(p.RunBefore(t.Context(), &event{}))
	})
	t.Run("ends with the caller's", func(t *testing.T) {
		is := is.New(t)
		parent, cancel := context.WithCancelCause(t.Context())
		gone := errors.New("client gone")
		inHook(t, parent, func(ctx context.Context) {
			derived, stop := context.WithCancel(ctx)
			defer stop()
			is.NoErr(ctx.Err())
			cancel(gone)
			is.Equal(derived.Err(), context.Canceled) // at once, by no goroutine in between
			is.Equal(ctx.Err(), context.Canceled)
			is.Equal(context.Cause(derived), gone)
		})
		inHook(t, parent, func(ctx context.Context) { is.Equal(ctx.Err(), context.Canceled) }) // already ended
	})
	t.Run("ends when the hook returns", func(t *testing.T) {
		is := is.New(t)
		unused := inHook(t, t.Context(), func(context.Context) {})
		is.Equal(unused.Err(), context.Canceled)
		<-unused.Done()

		var done <-chan struct{}
		used := inHook(t, t.Context(), func(ctx context.Context) { done = ctx.Done() })
		<-done
		is.Equal(used.Done(), done) // the same channel each time
		is.Equal(used.Err(), context.Canceled)
	})
	t.Run("err alone tells the time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			is := is.New(t)
			inHook(t, t.Context(), func(ctx context.Context) {
				time.Sleep(hook.DefaultTimeout - time.Nanosecond)
				is.NoErr(ctx.Err())
				time.Sleep(time.Nanosecond)
				is.Equal(ctx.Err(), context.DeadlineExceeded)
				<-ctx.Done()
			})
		})
	})
	t.Run("many goroutines at once", func(t *testing.T) {
		is := is.New(t)
		for range 50 {
			got := make(chan (<-chan struct{}), 4)
			ctx := inHook(t, t.Context(), func(ctx context.Context) {
				for range cap(got) {
					go func() { got <- ctx.Done() }()
				}
			})
			for range cap(got) {
				is.Equal(<-got, ctx.Done())
			}
			<-ctx.Done()
		}
	})
}
