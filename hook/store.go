package hook

import (
	"sync"
	"sync/atomic"
)

// store is what a point keeps: its hooks, and how many of them failed.
type store struct {
	mu       sync.Mutex // held by those who change hooks
	now      atomic.Pointer[phases]
	failures atomic.Uint64
}

// phase is when a hook runs.
type phase int

const (
	before phase = iota
	after
	committed
)

func (p phase) String() string { return [...]string{"before", "after", "committed"}[p] }

// phases is one state of a point, nil while it has no hooks. It is never
// changed once stored, so that a run needs no lock.
type phases [3][]entry

func (s *phases) list(p phase) []entry {
	if s == nil {
		return nil
	}
	return s[p]
}

func (s *phases) len() (n int) {
	for p := before; p <= committed; p++ {
		n += len(s.list(p))
	}
	return n
}

// add puts a hook in its turn.
func (s *store) add(p phase, h entry) {
	s.change(func(next *phases) { next[p] = h.insert(next[p]) })
}

// change stores a changed copy; edit must not touch the old slices.
func (s *store) change(edit func(*phases)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var next phases
	if now := s.now.Load(); now != nil {
		next = *now
	}
	edit(&next)
	s.now.Store(&next)
}

// remove takes the hooks of a name out of every phase.
func (s *store) remove(name string) (removed bool) {
	if name == "" {
		return false
	}
	s.change(func(next *phases) {
		for p := range next {
			n := len(next[p])
			next[p] = without(next[p], name)
			removed = removed || len(next[p]) < n
		}
	})
	return removed
}
