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
	if _, ok := ctx.Value(writesKey{}).(*writes); ok {
		return ctx
	}
	return &writes{Context: ctx}
}

// writes is a ctx that remembers.
type writes struct {
	context.Context
	written atomic.Bool
}

// Value implements context.Context.
func (w *writes) Value(key any) any {
	if key == (writesKey{}) {
		return w
	}
	return w.Context.Value(key)
}

// MarkWrite notes that something is written in ctx. crud/sqldb does it for each
// statement that writes; call it for writes by other ways, before the reads
// that must see them. Without [TrackWrites] it does nothing.
func MarkWrite(ctx context.Context) {
	if w, ok := ctx.Value(writesKey{}).(*writes); ok && !w.written.Load() {
		w.written.Store(true)
	}
}

// HasWritten reports whether something was written in ctx since [TrackWrites];
// false in a context that does not track.
func HasWritten(ctx context.Context) bool {
	w, ok := ctx.Value(writesKey{}).(*writes)
	return ok && w.written.Load()
}
