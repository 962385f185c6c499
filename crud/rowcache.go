package crud

import (
	"container/list"
	"sync"
	"time"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// DefaultCachedRows is how many rows a [RowCache] keeps that does not say.
const DefaultCachedRows = 1000

// RowCache keeps the content of rows in memory, so that Get of a row that has
// not changed need not transfer and decode it again. Set it in
// [Options].RowCache:
//
//	notes, err := crud.New[Note, CreateNote, UpdateNote](reg, db, access, &crud.Options{RowCache: &crud.RowCache{}})
//
// Nothing is answered that the database did not confirm. A Get is one statement
// as without a cache: it looks for the row by the same Access.Filter, and sends
// its content unless version and creation time are those of the content in
// memory. So permission is decided by the database each time, a row that is
// hidden and one that is missing run the same statement, and what other
// processes write is seen at once, as long as it counts the version: statements
// that change rows by hand must do so too, and so must what the database does
// by itself (a trigger; ON DELETE SET NULL when the row referred to was deleted
// by hand). A database that went back in time, restored from a backup or after
// a failover that lost commits, needs [RowCache.Clear].
//
// It is worth it where rows are wide. BenchmarkRowCache, on one machine: JSON of
// 10 kB takes half of the time and of 100 kB a third, as there is nothing to
// decode; text of 200 kB a quarter of the time on SQLite and a tenth on
// PostgreSQL. It saves little or nothing where rows are narrow: up to a few kB
// of text a Get takes as long on PostgreSQL, and half as long again on SQLite,
// which reads a row faster than it joins two. So measure. Lists, and Get within
// a transaction or with query.Fields, do not use it.
//
// The rows handed out are copies that share no memory with the cache. A model
// must have version and created_at, and its JSON columns types that can be
// copied; [New] says what is wrong.
//
// The zero value is ready. Its methods are safe for concurrent use, and several
// managers may share it; it must not be copied. The rows read longest ago go
// first when it is full, and those that a manager with this cache changed go
// when that is committed.
type RowCache struct {
	Rows int // how many rows are kept; 0: DefaultCachedRows; set it before use

	mu    sync.Mutex
	byKey map[rowKey]*list.Element // of *cachedRow
	order list.List                // the row read last in front
	stats RowCacheStats
}

// RowCacheStats are the counts of a [RowCache] since it was made.
type RowCacheStats struct {
	Rows   int   // kept now
	Hits   int64 // Gets whose content came from memory
	Misses int64 // Gets of a visible row whose content came from the database
}

// rowKey names a row among all that share a cache.
type rowKey struct {
	db    *sqldb.DB
	model *registry.Model
	id    uuid.UUID
}

// cachedRow is the content of a row as it once was. It is never changed.
type cachedRow struct {
	key     rowKey
	row     unsafe.Pointer // a value of the model's type
	version int64
	created time.Time
}

// Stats are the counts so far.
func (r *RowCache) Stats() RowCacheStats {
	r.mu.Lock()
	defer r.mu.Unlock()
	stats := r.stats
	stats.Rows = len(r.byKey)
	return stats
}

// Clear forgets all rows.
func (r *RowCache) Clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.byKey)
	r.order.Init()
}

// get is what is known of a row, nil for nothing.
func (r *RowCache) get(key rowKey) *cachedRow {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.byKey[key]
	if !ok {
		return nil
	}
	r.order.MoveToFront(at)
	return at.Value.(*cachedRow)
}

// put keeps a row in place of what was known of it.
func (r *RowCache) put(row *cachedRow) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byKey == nil {
		r.byKey = map[rowKey]*list.Element{}
	}
	if at, ok := r.byKey[row.key]; ok {
		at.Value = row
		r.order.MoveToFront(at)
		return
	}
	most := r.Rows
	if most <= 0 {
		most = DefaultCachedRows
	}
	for len(r.byKey) >= most {
		r.drop(r.order.Back())
	}
	r.byKey[row.key] = r.order.PushFront(row)
}

func (r *RowCache) drop(at *list.Element) {
	delete(r.byKey, at.Value.(*cachedRow).key)
	r.order.Remove(at)
}

// forget drops a row that has changed. Its content would not be used again.
func (r *RowCache) forget(key rowKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at, ok := r.byKey[key]; ok {
		r.drop(at)
	}
}

// count counts a Get of a visible row.
func (r *RowCache) count(hit bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if hit {
		r.stats.Hits++
	} else {
		r.stats.Misses++
	}
}
