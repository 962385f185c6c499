package hook_test

import (
	"context"
	"testing"

	"github.com/joinery-go/joinery/hook"
)

type event struct {
	hook.Skipper[string]
	Op   string
	Seen []string
}

func pass(context.Context, *event) error { return nil }

func BenchmarkRunBefore(b *testing.B) {
	for _, n := range []int{0, 1, 10} {
		b.Run(map[int]string{0: "none", 1: "one", 10: "ten"}[n], func(b *testing.B) {
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
		})
	}
}
