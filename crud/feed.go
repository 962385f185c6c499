package crud

import (
	"sync"

	"github.com/joinery-go/joinery/crud/query"
)

// Feed tells its subscribers what has been changed, after the commit, within
// this process. The zero value is ready; methods are safe for concurrent use.
// Events say which row, not what is in it: a subscriber reads the row with its
// own permissions.
type Feed struct {
	mu   sync.Mutex
	subs map[*Subscription]struct{}
}

// Subscription is one subscriber's end of a [Feed].
type Subscription struct {
	feed   *Feed
	events chan query.Changed
	lagged bool
}

// Subscribe begins to deliver events, up to buffer of which wait to be read.
// A subscriber that lets the buffer overflow is dropped, see
// [Subscription.Lagged]: writers never wait. Close ends it.
func (f *Feed) Subscribe(buffer int) *Subscription {
	s := &Subscription{feed: f, events: make(chan query.Changed, max(buffer, 1))}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.subs == nil {
		f.subs = map[*Subscription]struct{}{}
	}
	f.subs[s] = struct{}{}
	return s
}

// Events delivers in the order of the commits' end. It is closed by Close, and
// when the subscriber lagged.
func (s *Subscription) Events() <-chan query.Changed { return s.events }

// Lagged reports whether the subscription ended because its buffer was full:
// events were lost, and what depends on them must be read anew.
func (s *Subscription) Lagged() bool {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	return s.lagged
}

// Close ends the subscription. It may be called more than once.
func (s *Subscription) Close() {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	s.feed.drop(s)
}

func (f *Feed) drop(s *Subscription) {
	if _, ok := f.subs[s]; ok {
		delete(f.subs, s)
		close(s.events)
	}
}

// publish hands the events to every subscriber without waiting.
func (f *Feed) publish(events ...query.Changed) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subs {
		for _, e := range events {
			select {
			case s.events <- e:
				continue
			default:
			}
			s.lagged = true
			f.drop(s)
			break
		}
	}
}
