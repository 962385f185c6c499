package sqldb

import "sync"

// Cache keeps what is dear to make, such as templates by query shape. It holds
// at most Limit entries; a new one beyond that displaces some other. The zero
// Cache is ready and holds 1,024. It is safe for concurrent use and must not
// be copied.
type Cache[K comparable, V any] struct {
	Limit int // 0: 1,024; set it before the first use

	mu      sync.RWMutex
	entries map[K]V
}

// Get is the entry for k.
func (c *Cache[K, V]) Get(k K) (v V, ok bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	v, ok = c.entries[k]
	return v, ok
}

// GetOr is the entry for k, made by make where it is missing. Two goroutines
// may both make it; then the first one stored is given to both. An error is
// returned and nothing stored.
func (c *Cache[K, V]) GetOr(k K, make func() (V, error)) (V, error) {
	if v, ok := c.Get(k); ok {
		return v, nil
	}
	v, err := make()
	if err != nil {
		return v, err
	}
	return c.store(k, v), nil
}

func (c *Cache[K, V]) store(k K, v V) V {
	c.mu.Lock()
	defer c.mu.Unlock()
	if first, ok := c.entries[k]; ok {
		return first
	}
	if c.entries == nil {
		c.entries = map[K]V{}
	}
	c.shrink()
	c.entries[k] = v
	return v
}

// shrink makes room for one entry. Which one goes is up to the map's order:
// keeping count of uses would cost every reader a write.
func (c *Cache[K, V]) shrink() {
	limit := c.Limit
	if limit <= 0 {
		limit = 1024
	}
	for k := range c.entries {
		if len(c.entries) < limit {
			return
		}
		delete(c.entries, k)
	}
}

// Len is the number of entries.
func (c *Cache[K, V]) Len() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.entries)
}
