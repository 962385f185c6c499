package joinery_test

import (
	"context"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
)

func TestTrackWrites(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	plain := t.Context()
	joinery.MarkWrite(plain)
	is.True(!joinery.HasWritten(plain)) // nobody tracks

	one, other := joinery.TrackWrites(plain), joinery.TrackWrites(plain)
	is.True(!joinery.HasWritten(one))
	inner, cancel := context.WithCancel(joinery.TrackWrites(one)) // the same one again
	defer cancel()
	joinery.MarkWrite(inner)
	is.True(joinery.HasWritten(one))
	is.True(joinery.HasWritten(inner))
	is.True(joinery.HasWritten(context.WithoutCancel(inner)))
	is.True(!joinery.HasWritten(other)) // another request
	is.True(!joinery.HasWritten(plain))
}

func TestTrackWritesConcurrently(t *testing.T) {
	t.Parallel()
	ctx := joinery.TrackWrites(t.Context())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			joinery.MarkWrite(ctx)
			if !joinery.HasWritten(ctx) {
				t.Error("forgotten")
			}
		})
	}
	wg.Wait()
}
