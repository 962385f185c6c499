package hook_test

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"testing"

	"github.com/joinery-go/joinery/hook"
	"github.com/matryer/is"
)

type call = hook.Call[int, string]

func itoa(_ context.Context, n int) (string, error) { return strconv.Itoa(n), nil }

func TestWrapChangesInAndOut(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	p := hook.Point[call]{Logger: slog.New(slog.DiscardHandler)}
	wrapped := hook.Wrap(&p, itoa)
	out, err := wrapped(t.Context(), 1)
	is.NoErr(err)
	is.Equal(out, "1")

	p.Before(func(_ context.Context, c *call) error { c.In++; return nil })
	p.After(func(_ context.Context, c *call) error { c.Out += "!"; return nil })
	var event call
	p.Committed(func(_ context.Context, c call) error { event = c; return errors.New("ignored") })
	out, err = wrapped(t.Context(), 1)
	is.NoErr(err)
	is.Equal(out, "2!")
	is.Equal(event.In, 2)
	is.Equal(event.Out, "2!")
	is.Equal(p.Failures(), uint64(1))
}

func TestWrapSkip(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var p hook.Point[call]
	wrapped := hook.Wrap(&p, func(context.Context, int) (string, error) { t.Error("fn ran"); return "", nil })
	p.Before(func(_ context.Context, c *call) error { c.Skip("cached"); return nil })
	p.After(func(_ context.Context, c *call) error { c.Out += "!"; return nil })
	out, err := wrapped(t.Context(), 1)
	is.NoErr(err)
	is.Equal(out, "cached!")
}

func TestWrapErrorsGiveNoOut(t *testing.T) {
	t.Parallel()
	veto := errors.New("veto")
	no := func(context.Context, *call) error { return veto }
	for name, c := range map[string]struct {
		arrange func(*hook.Point[call])
		fnErr   error
	}{
		"before": {func(p *hook.Point[call]) { p.Before(no) }, nil},
		"fn":     {func(p *hook.Point[call]) { p.Before(func(context.Context, *call) error { return nil }) }, veto},
		"after":  {func(p *hook.Point[call]) { p.After(no) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			var p hook.Point[call]
			c.arrange(&p)
			p.Committed(func(context.Context, call) error { t.Error("not committed"); return nil })
			out, err := hook.Wrap(&p, func(context.Context, int) (string, error) { return "partial", c.fnErr })(t.Context(), 1)
			is.Equal(err, veto)
			is.Equal(out, "")
		})
	}
}

func TestWrapQueuesCommitted(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var p hook.Point[call]
	ran := 0
	p.Committed(func(context.Context, call) error { ran++; return nil })
	var queue []func(context.Context)
	wrapped := hook.Wrap(&p, itoa, hook.OnCommit(func(_ context.Context, run func(context.Context)) { queue = append(queue, run) }))
	_, err := wrapped(t.Context(), 1)
	is.NoErr(err)
	is.Equal(ran, 0)
	queue[0](t.Context())
	is.Equal(ran, 1)
}
