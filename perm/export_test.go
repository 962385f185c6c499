package perm

import (
	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
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

// ActionsQuery is the statement of Actions.
func ActionsQuery(e *Engine, a joinery.Actor, m *registry.Model, ids ...uuid.UUID) (sqldb.Stmt, error) {
	s, err := e.checkText(question{actor: a, m: m})
	if err != nil {
		return sqldb.Stmt{}, err
	}
	stmt, err := s.of(e, a, ids, int64(joinery.AllActions))
	if err != nil {
		return sqldb.Stmt{}, err
	}
	return stmt.(sqldb.Stmt), nil
}

// CacheKey is the key of an actor in the access cache.
func CacheKey(a joinery.Actor) string { return cacheKey(a) }

// NullColumns reads which columns a partial index holds only nulls of.
func NullColumns(where string) (names []string, understood bool) { return nullColumns(where) }
