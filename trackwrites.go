package joinery

import (
	"context"
	"sync/atomic"
)

type writesKey struct{}

// TrackWrites returns a context that remembers whether anything was written in
// it or in a context made from it: from then on its reads go to the primary
// database, never to a replica that may not have the write yet. Make one per
// request, session or job, as rest does per request. A ctx that tracks writes
// already is returned as it is. It is safe for concurrent use; in a context
// that does not track, reads outside transactions always go to the replica,
// where there is one.
func TrackWrites(ctx context.Context) context.Context {
	if _, ok := ctx.Value(writesKey{}).(*atomic.Bool); ok {
		return ctx
	}
	return context.WithValue(ctx, writesKey{}, new(atomic.Bool))
}

// MarkWrite notes that something is written in ctx. crud/sqldb does it for each
// statement that writes; call it for writes by other ways, before the reads
// that must see them. Without [TrackWrites] it does nothing.
func MarkWrite(ctx context.Context) {
	if written, ok := ctx.Value(writesKey{}).(*atomic.Bool); ok && !written.Load() {
		written.Store(true)
	}
}

// HasWritten reports whether something was written in ctx since [TrackWrites];
// false in a context that does not track.
func HasWritten(ctx context.Context) bool {
	written, ok := ctx.Value(writesKey{}).(*atomic.Bool)
	return ok && written.Load()
}
