package crud

import (
	"context"
	"fmt"
	"time"
	"unsafe"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// rowMemory is a manager's use of a [RowCache].
type rowMemory struct {
	cache *RowCache
	core  *core
	plan  *copyPlan
}

// newRowMemory checks that the rows of c can be kept; nil cache: none are.
func newRowMemory(c *core, cache *RowCache) (*rowMemory, error) {
	if cache == nil {
		return nil, nil
	}
	m := c.model
	if m.Version == nil || m.CreatedAt == nil || m.CreatedAt.Nullable {
		return nil, fmt.Errorf("crud.New: Options.RowCache needs a version and a created_at that is never null, by which a row's content is known; %s has not both: embed crud.Entity, or leave the cache out", m.Name)
	}
	plan, err := newCopyPlan(m)
	if err != nil {
		return nil, err
	}
	return &rowMemory{cache: cache, core: c, plan: plan}, nil
}

func (m *rowMemory) key(id uuid.UUID) rowKey { return rowKey{m.core.db, m.core.model, id} }

// forget drops the content of a row that was changed; m may be nil.
func (m *rowMemory) forget(id uuid.UUID) {
	if m != nil {
		m.cache.forget(m.key(id))
	}
}

// readRow is readOne by way of the cache, where there is one. In a transaction
// it is not used: what is read there may never be committed.
func (c *core) readRow(ctx context.Context, id uuid.UUID, columns []*registry.Column, into unsafe.Pointer) (found bool, err error) {
	if c.memory == nil || len(columns) < len(c.columns) || sqldb.InTransaction(ctx, c.db) {
		return c.readOne(ctx, id, columns, into)
	}
	return c.memory.read(ctx, id, into)
}

// read reads the row with the given id, if the actor may see it: from memory
// where the database says that its content is the one kept there.
func (m *rowMemory) read(ctx context.Context, id uuid.UUID, into unsafe.Pointer) (found bool, err error) {
	known := m.cache.get(m.key(id))
	stmt, err := m.statement(ctx, id, known)
	if err != nil {
		return false, err
	}
	fetched := false
	err = m.core.each(ctx, stmt, func(rows sqldb.Rows) (err error) {
		found = true
		fetched, err = m.scan(rows, known != nil, into)
		return err
	})
	if err != nil || !found {
		return false, err
	}
	m.cache.count(!fetched)
	if fetched {
		m.keep(id, into)
		return true, nil
	}
	return true, m.plan.copy(into, known.row)
}

// statement asks for the row, with its content unless that is what is known of
// it. With nothing known it is the same statement: nobody can tell by it which
// rows others have read.
func (m *rowMemory) statement(ctx context.Context, id uuid.UUID, known *cachedRow) (sqldb.Stmt, error) {
	c := m.core
	p := newParams(opGet, "\x00remembered")
	visible, err := c.filter(ctx, joinery.View, mainAlias)
	if err == nil {
		p.add(id)
		err = p.condition(visible)
	}
	if err != nil {
		return sqldb.Stmt{}, err
	}
	version, created, always := int64(0), time.Unix(0, 0).UTC(), int64(1)
	if known != nil {
		version, created, always = known.version, known.created, 0
	}
	p.add(version)
	p.add(created)
	p.add(always)
	return c.statement(p, m.sql)
}

// contentAlias is the alias of the table from which content is read.
const contentAlias = "whole"

// sql looks for the row first and joins its content, so that the content's
// columns come as the table declares them, or as nulls.
func (m *rowMemory) sql(s *slots) squirrel.Sqlizer {
	c := m.core
	id, version, created := c.col(contentAlias, c.model.ID), c.col(contentAlias, c.model.Version), c.col(contentAlias, c.model.CreatedAt)
	row := squirrel.Select(c.col(mainAlias, c.model.ID)+" AS seen_id").From(c.from(mainAlias)).
		Where(c.col(mainAlias, c.model.ID)+" = ?", s.next()).Where(s.condition())
	return squirrel.Select(id).Columns(c.names(c.columns, contentAlias)...).FromSelect(row, "seen").
		LeftJoin(c.from(contentAlias)+" ON "+id+" = seen.seen_id AND ("+version+" <> ? OR "+created+" <> ? OR ? > 0)", s.next(), s.next(), s.next())
}

// scan reads the row's content into the struct at p, if it came.
func (m *rowMemory) scan(rows sqldb.Rows, known bool, p unsafe.Pointer) (came bool, err error) {
	var id *uuid.UUID
	if known {
		dests := make([]any, 1, len(m.core.columns)+1)
		dests[0] = &id
		for range m.core.columns {
			dests = append(dests, &ignored{})
		}
		if err := rows.Scan(dests...); err != nil || id == nil {
			return false, err
		}
	}
	return true, m.core.scanner(m.core.columns, &id).scan(rows, p)
}

// ignored is a destination for what is not looked at.
type ignored struct{}

// Scan implements sql.Scanner.
func (*ignored) Scan(any) error { return nil }

// keep remembers a copy of the row at p, unless it holds something that cannot
// be copied.
func (m *rowMemory) keep(id uuid.UUID, p unsafe.Pointer) {
	row := m.core.newRow()
	if m.plan.copy(row, p) != nil {
		return
	}
	created, _ := m.core.model.CreatedAt.Value(p).(time.Time)
	m.cache.put(&cachedRow{key: m.key(id), row: row, version: m.core.version(p), created: created})
}
