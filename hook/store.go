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

// phases is one state of a point. It is never changed once stored, so that a
// run needs no lock.
type phases struct {
	before    []entry
	after     []entry
	committed []entry
}

func (s *phases) len() int { return len(s.before) + len(s.after) + len(s.committed) }

// load gives the present hooks.
func (s *store) load() *phases {
	if now := s.now.Load(); now != nil {
		return now
	}
	return &phases{}
}

// change stores a changed copy; edit must not touch the old slices.
func (s *store) change(edit func(*phases)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := *s.load()
	edit(&next)
	s.now.Store(&next)
}

// remove takes the hooks of a name out of every phase.
func (s *store) remove(name string) (removed bool) {
	if name == "" {
		return false
	}
	s.change(func(p *phases) {
		n := p.len()
		p.before = without(p.before, name)
		p.after = without(p.after, name)
		p.committed = without(p.committed, name)
		removed = p.len() < n
	})
	return removed
}
