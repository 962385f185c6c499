package crud

import (
	"reflect"
	"sync"

	"github.com/joinery-go/joinery/internal/validate"
	"github.com/joinery-go/joinery/registry"
)

// hub is what the managers of one registry know of each other: a delete runs
// the hooks of the rows that go with it, and they share one feed.
type hub struct {
	mu        sync.RWMutex
	managers  map[*registry.Model][]*core // in the order in which they were made
	others    map[*registry.Model][]*core // made for models that have no manager on the database
	feed      *Feed
	validator *validate.Validator
}

type hubKey struct{}

// hubOf is the hub of a registry, made at the first call.
func hubOf(reg *registry.Registry) *hub {
	return reg.Shared(hubKey{}, func() any {
		return &hub{
			managers: map[*registry.Model][]*core{}, others: map[*registry.Model][]*core{},
			feed: &Feed{}, validator: validate.New(),
		}
	}).(*hub)
}

// FeedOf is the feed that the managers of reg publish to unless their options
// name another.
func FeedOf(reg *registry.Registry) *Feed { return hubOf(reg).feed }

func (h *hub) join(c *core) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.managers[c.model] = append(h.managers[c.model], c)
}

// core is the manager of m for like, the manager of a model that refers to m or
// that m refers to: one on the same database, with the same Access where there
// is one. Where there is none it is one without hooks made after like.
func (h *hub) core(m *registry.Model, like *core) *core {
	if m == like.model {
		return like
	}
	h.mu.RLock()
	c := h.find(m, like)
	h.mu.RUnlock()
	if c != nil {
		return c
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if c := h.find(m, like); c != nil {
		return c
	}
	c = &core{
		reg: like.reg, db: like.db, dialect: like.dialect, model: m, access: like.access, placeCond: like.placeCond, armer: like.armer, forgetter: like.forgetter,
		now: like.now, newID: like.newID, feed: like.feed, hub: h, validator: h.validator,
	}
	h.others[m] = append(h.others[m], c)
	return c
}

func (h *hub) find(m *registry.Model, like *core) *core {
	var near *core
	for _, c := range h.managers[m] {
		switch {
		case c.db != like.db:
		case sameAccess(c.access, like.access):
			return c
		case near == nil:
			near = c
		}
	}
	if near != nil {
		return near
	}
	for _, c := range h.others[m] {
		if c.db == like.db && sameAccess(c.access, like.access) {
			return c
		}
	}
	return nil
}

// sameAccess takes those that cannot be compared for the same when they are of
// one type.
func sameAccess(a, b Access) bool {
	if reflect.TypeOf(a) != reflect.TypeOf(b) {
		return false
	}
	return !reflect.ValueOf(a).Comparable() || !reflect.ValueOf(b).Comparable() || a == b
}

// search is the custom search field that some manager of m has.
func (h *hub) search(m *registry.Model, name string) Search {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, c := range h.managers[m] {
		if s, ok := c.search[name]; ok {
			return s
		}
	}
	return Search{}
}
