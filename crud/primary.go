package crud

import (
	"context"

	"github.com/joinery-go/joinery"
)

// onPrimary is ctx for the reads that a write goes by, or is explained by: they
// are of rows as they are, not as a replica that lags behind still has them,
// also where the caller's ctx does not track its writes.
func onPrimary(ctx context.Context) context.Context {
	ctx = joinery.TrackWrites(ctx)
	joinery.MarkWrite(ctx)
	return ctx
}
