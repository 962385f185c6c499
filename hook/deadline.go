package hook

import (
	"context"
	"sync"
	"time"
)

// deadline is the context of one hook call. It is context.WithTimeout with the
// timer and the channel made only when somebody asks for Done: most hooks
// never do, and making them costs several times what the hook itself may.
type deadline struct {
	parent context.Context
	at     time.Time

	mu     sync.Mutex
	ended  bool            // the hook returned
	inner  context.Context // nil until needed
	cancel context.CancelFunc
}

func newDeadline(parent context.Context, d time.Duration) *deadline {
	return &deadline{parent: parent, at: time.Now().Add(d)}
}

// Deadline gives the earlier one of the hook's time and the caller's.
func (c *deadline) Deadline() (time.Time, bool) {
	if t, ok := c.parent.Deadline(); ok && t.Before(c.at) {
		return t, true
	}
	return c.at, true
}

func (c *deadline) Done() <-chan struct{} { return c.full().Done() }

func (c *deadline) Err() error {
	c.mu.Lock()
	open := c.inner == nil && !c.ended
	c.mu.Unlock()
	if open && c.parent.Err() == nil && time.Now().Before(c.at) {
		return nil
	}
	return c.full().Err()
}

// Value asks the inner context once there is one: a context derived from this
// one then finds it and is cancelled by it without a goroutine in between.
func (c *deadline) Value(key any) any {
	c.mu.Lock()
	inner := c.inner
	c.mu.Unlock()
	if inner != nil {
		return inner.Value(key)
	}
	return c.parent.Value(key)
}

// full gives the standard context that this one stands for.
func (c *deadline) full() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inner == nil {
		c.inner, c.cancel = context.WithDeadline(c.parent, c.at)
		if c.ended {
			c.cancel()
		}
	}
	return c.inner
}

// end cancels the context: its hook has returned.
func (c *deadline) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	if c.cancel != nil {
		c.cancel()
	}
}
