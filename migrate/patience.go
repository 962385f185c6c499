package migrate

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// patience waits for what somebody else has.
type patience struct {
	run   *run
	since time.Time
	pause time.Duration
}

const (
	firstPause   = 10 * time.Millisecond
	longestPause = 250 * time.Millisecond
)

func (r *run) patience() *patience { return &patience{run: r, pause: firstPause} }

// wait pauses until another try is due; false when ctx ended, or when waiting
// has taken too long.
func (p *patience) wait(ctx context.Context) bool {
	if p.since.IsZero() {
		p.since = time.Now()
		p.run.m.opts.Progress(Event{Kind: Waiting, Number: p.run.number, Total: p.run.total})
	}
	if time.Since(p.since) > p.run.m.opts.LockWait {
		return false
	}
	timer := time.NewTimer(p.pause/2 + rand.N(p.pause))
	defer timer.Stop()
	p.pause = min(2*p.pause, longestPause)
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// patiently runs fn again while it fails for a reason that passes, all of it
// having been undone.
func (r *run) patiently(ctx context.Context, fn func() error) error {
	for p := r.patience(); ; {
		err := fn()
		if err == nil || !passing(err) || !p.wait(ctx) {
			return err
		}
	}
}

// passing reports whether somebody else was in the way.
func passing(err error) bool {
	switch sqldb.ClassOf(err) {
	case sqldb.Busy, sqldb.Deadlock, sqldb.Serialization, sqldb.Exhausted:
		return true
	}
	return false
}
