package hook_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/joinery-go/joinery/hook"
	"github.com/matryer/is"
)

// No t.Parallel here: AllocsPerRun counts those of every goroutine.

func TestWithoutHooksNothingIsAllocated(t *testing.T) {
	is := is.New(t)
	var p hook.Point[event]
	var s hook.Set[event]
	var w hook.Point[call]
	constant := func(context.Context, int) (string, error) { return "", nil }
	wrapped := hook.Wrap(&w, constant, hook.OnCommit(func(context.Context, func(context.Context)) {}))
	ctx, e := t.Context(), new(event)
	for name, run := range map[string]func(){
		"point": func() { _ = p.RunBefore(ctx, e); _ = p.RunAfter(ctx, e); p.RunCommitted(ctx, *e) },
		"set":   func() { _ = s.Run(ctx, "create", e, pass) },
		"both": func() {
			_ = hook.RunBeforeBoth(ctx, &p, e, &p, e)
			_ = hook.RunAfterBoth(ctx, &p, e, &p, e)
			hook.RunCommittedBoth(ctx, &p, *e, &p, *e)
		},
		"wrap": func() { _, _ = wrapped(ctx, 1) },
	} {
		if n := testing.AllocsPerRun(100, run); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}

	p.Before(pass)
	is.Equal(testing.AllocsPerRun(100, func() { _ = p.RunBefore(ctx, e) }), 1.0) // the context of the hook
	p.Before(pass, hook.Name("untimed"), hook.Timeout(-1))
	is.Equal(testing.AllocsPerRun(100, func() { _ = p.RunBefore(ctx, e) }), 1.0) // this one needs none
}

func BenchmarkRunBefore(b *testing.B) {
	for _, n := range []int{0, 1, 10} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var p hook.Point[event]
			for range n {
				p.Before(pass)
			}
			ctx, e := b.Context(), new(event)
			b.ReportAllocs()
			for b.Loop() {
				if err := p.RunBefore(ctx, e); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*max(n, 1)), "ns/hook")
		})
	}
}

func BenchmarkSetWithoutHooks(b *testing.B) {
	var s hook.Set[event]
	s.On("create")
	s.All()
	ctx, e := b.Context(), new(event)
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Run(ctx, "create", e, pass); err != nil {
			b.Fatal(err)
		}
	}
}
