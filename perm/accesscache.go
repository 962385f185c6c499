package perm

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// Limits of the access cache. An actor that reaches more is resolved in every
// statement, where a database does better than with a list that long.
const (
	cacheLife   = time.Second
	widestReach = 1000    // rows of one actor's reach
	cacheRows   = 100_000 // rows of all actors together: some 10 MB
	actorRows   = 10      // what an actor counts beside them
)

// accessCache keeps resolved reach by actor. It is used while every feed is
// heard; one that is not is subscribed to anew. Events wait in the feed until
// somebody asks, so that it needs no goroutine, and who asks after a change was
// published never gets what was before.
type accessCache struct {
	mu         sync.Mutex
	feeds      []*heardFeed
	entries    map[string]*reach
	rows       int    // what the entries count together
	generation uint64 // grows with every drop
	stats      CacheStats
}

// heardFeed is a feed of changes and the subscription to it, nil while there is
// none.
type heardFeed struct {
	subscribe func() <-chan query.Changed
	events    <-chan query.Changed
}

// CacheStats are figures of the access cache since the engine was made. See
// [Options].AccessCache.
type CacheStats struct {
	Hits   int64 // questions answered by a reach that was kept
	Misses int64 // those for which it was resolved
	Drops  int64 // how often everything was forgotten because of a change, or of a full cache
	Actors int   // whose reach is kept now
	Rows   int   // of their reaches together
}

// AccessCache tells how the cache of [Options].AccessCache does; zeros where it
// is off.
func (e *Engine) AccessCache() CacheStats {
	if e.cache == nil {
		return CacheStats{}
	}
	return e.cache.now()
}

// Hear tells the engine of a feed of changes, for [Options].AccessCache, which
// is unused until there is one. perm/teams calls it with the feed of its
// managers. subscribe begins a subscription and returns its events: those of
// every write to teams, roles, memberships and grants from then on, after the
// commit; those of other tables are passed over. A channel that is closed has
// lost events: the engine forgets what it keeps and subscribes again. A nil
// channel means that nothing can be heard now. The engine reads events only
// when it is asked something, so a channel should have room for some hundreds,
// and be closed when that is used up.
//
// With several feeds each must be heard. Without the option Hear does nothing.
func (e *Engine) Hear(subscribe func() <-chan query.Changed) {
	if e.cache != nil && subscribe != nil {
		e.cache.hear(subscribe)
	}
}

// remembered is the actor's reach as it was at most a second ago, if it may be
// used: for signed-in users, outside transactions, which may have changed it
// themselves. Nil: resolve it in the statement.
func (e *Engine) remembered(ctx context.Context, a joinery.Actor) (*reach, error) {
	c := e.cache
	if c == nil || e.classOf(a) != user || sqldb.InTransaction(ctx, e.db) {
		return nil, nil
	}
	key := cacheKey(a)
	r, generation, heard := c.find(key, e.options.Now())
	if r == nil && heard {
		var err error
		if r, err = e.resolve(ctx, a); err != nil {
			return nil, err
		}
		if !c.keep(key, r, generation) || !r.holds(e.options.Now()) {
			return nil, nil
		}
	}
	if r == nil || r.wide {
		return nil, nil
	}
	return r, nil
}

func (c *accessCache) hear(subscribe func() <-chan query.Changed) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.feeds = append(c.feeds, &heardFeed{subscribe: subscribe})
}

// find is the reach that is kept under the key and holds at the time. Without
// one, generation is what keep must be given for a reach that is resolved from
// now on. Nothing is found, nor to be kept, while a feed is not heard.
func (c *accessCache) find(key string, at time.Time) (r *reach, generation uint64, heard bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.listen() {
		return nil, c.generation, false
	}
	if r := c.entries[key]; r != nil && r.holds(at) {
		c.stats.Hits++
		return r, c.generation, true
	}
	c.stats.Misses++
	return nil, c.generation, true
}

// keep stores a reach, unless something has changed since it began to be
// resolved.
func (c *accessCache) keep(key string, r *reach, generation uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.listen() || c.generation != generation {
		return false
	}
	if old := c.entries[key]; old != nil {
		c.rows -= old.rows + actorRows
	} else if c.rows+r.rows+actorRows > cacheRows {
		c.drop() // rarely needed, and what is kept is old in a second anyhow
	}
	if c.entries == nil {
		c.entries = map[string]*reach{}
	}
	c.entries[key] = r
	c.rows += r.rows + actorRows
	return true
}

// listen takes in what the feeds have to tell, and reports whether all are
// heard.
func (c *accessCache) listen() bool {
	heard := len(c.feeds) > 0
	for _, f := range c.feeds {
		changed, hears := f.listen()
		if changed {
			c.drop()
		}
		heard = heard && hears
	}
	return heard
}

// listen reads the events that have arrived. What was lost may have been a
// change.
func (f *heardFeed) listen() (changed, heard bool) {
	for {
		if f.events == nil {
			f.events = f.subscribe()
			return true, f.events != nil
		}
		select {
		case event, open := <-f.events:
			switch {
			case !open:
				f.events = nil
			case decides(event.Model):
				changed = true
			}
		default:
			return changed, true
		}
	}
}

// decides reports whether rows of the table say who reaches what.
func decides(table string) bool {
	return slices.Contains([]string{TeamsTable, RolesTable, MembershipsTable, GrantsTable}, table)
}

// drop forgets everything.
func (c *accessCache) drop() {
	c.entries, c.rows = nil, 0
	c.generation++
	c.stats.Drops++
}

func (c *accessCache) now() CacheStats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.stats
	s.Actors, s.Rows = len(c.entries), c.rows-actorRows*len(c.entries)
	return s
}
