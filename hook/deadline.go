package hook

import (
	"context"
	"sync/atomic"
	"time"
)

// deadline is the context of one hook call. It is context.WithTimeout with the
// timer and the channel made only when somebody asks for Done: most hooks
// never do, and making them costs several times what the hook itself may.
type deadline struct {
	parent context.Context
	origin *time.Time           // a reading of the clock in the past
	after  time.Duration        // from origin to the deadline
	ended  atomic.Bool          // the hook returned
	inner  atomic.Pointer[full] // nil until needed
}

// full is the standard context that a deadline stands for.
type full struct {
	context.Context
	cancel context.CancelFunc
}

// longest keeps the sum of two durations from overflowing; it is 146 years.
const longest = time.Duration(1) << 62

// newDeadline ends d from now. Counting from an earlier reading of the clock
// asks it for the monotonic time alone, which is half the price of time.Now.
func newDeadline(parent context.Context, origin *time.Time, d time.Duration) *deadline {
	return &deadline{parent: parent, origin: origin, after: time.Since(*origin) + min(d, longest)}
}

// Deadline gives the earlier one of the hook's time and the caller's.
func (c *deadline) Deadline() (time.Time, bool) {
	if t, ok := c.parent.Deadline(); ok && t.Before(c.at()) {
		return t, true
	}
	return c.at(), true
}

func (c *deadline) at() time.Time { return c.origin.Add(c.after) }

func (c *deadline) Done() <-chan struct{} { return c.full().Done() }

func (c *deadline) Err() error {
	open := c.inner.Load() == nil && !c.ended.Load()
	if open && c.parent.Err() == nil && time.Since(*c.origin) < c.after {
		return nil
	}
	return c.full().Err()
}

// Value asks the inner context once there is one: a context derived from this
// one then finds it and is cancelled by it without a goroutine in between.
func (c *deadline) Value(key any) any {
	if inner := c.inner.Load(); inner != nil {
		return inner.Value(key)
	}
	return c.parent.Value(key)
}

// full gives the inner context, and makes it the first time.
func (c *deadline) full() *full {
	if inner := c.inner.Load(); inner != nil {
		return inner
	}
	ctx, cancel := context.WithDeadline(c.parent, c.at())
	if !c.inner.CompareAndSwap(nil, &full{Context: ctx, cancel: cancel}) {
		cancel() // another goroutine was first
	}
	inner := c.inner.Load()
	// end stores first and loads then, so one of the two sees the other.
	if c.ended.Load() {
		inner.cancel()
	}
	return inner
}

// end cancels the context: its hook has returned.
func (c *deadline) end() {
	c.ended.Store(true)
	if inner := c.inner.Load(); inner != nil {
		inner.cancel()
	}
}
