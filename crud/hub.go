package crud

import (
	"sync"

	"github.com/joinery-go/joinery/internal/validate"
	"github.com/joinery-go/joinery/registry"
)

// hub is what the managers of one registry know of each other: a delete runs
// the hooks of the rows that go with it, and they share one feed.
type hub struct {
	mu        sync.RWMutex
	cores     map[*registry.Model]*core
	feed      *Feed
	validator *validate.Validator
}

type hubKey struct{}

// hubOf is the hub of a registry, made at the first call.
func hubOf(reg *registry.Registry) *hub {
	return reg.Shared(hubKey{}, func() any {
		return &hub{cores: map[*registry.Model]*core{}, feed: &Feed{}, validator: validate.New()}
	}).(*hub)
}

// FeedOf is the feed that the managers of reg publish to unless their options
// name another.
func FeedOf(reg *registry.Registry) *Feed { return hubOf(reg).feed }

func (h *hub) join(c *core) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, taken := h.cores[c.model]; !taken {
		h.cores[c.model] = c
	}
}

// core is the manager of m, or one without hooks made after like, which is
// the manager of a model that refers to m or that m refers to.
func (h *hub) core(m *registry.Model, like *core) *core {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c, ok := h.cores[m]; ok {
		return c
	}
	c := &core{
		reg: like.reg, db: like.db, dialect: like.dialect, model: m, access: like.access, placeCond: like.placeCond,
		now: like.now, newID: like.newID, feed: like.feed, hub: h, validator: h.validator,
	}
	h.cores[m] = c
	return c
}
