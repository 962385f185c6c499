package perm

import (
	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// Mutate makes the engine compile every named clause through mutate; nil makes
// it whole again.
func Mutate(e *Engine, mutate func(clause string, cond squirrel.Sqlizer) squirrel.Sqlizer) {
	e.mutate = mutate
	e.filters = sqldb.Cache[filterKey, *compiled]{}
	e.places = sqldb.Cache[placeKey, *statement]{}
	e.checks = sqldb.Cache[checkKey, *statement]{}
	e.explains = sqldb.Cache[bitsKey, *bitsText]{}
	if e.cache != nil {
		e.cache = &accessCache{feeds: e.cache.feeds}
	}
}

// CacheKey is the key of an actor in the access cache.
func CacheKey(a joinery.Actor) string { return cacheKey(a) }
