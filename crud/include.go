package crud

import (
	"context"
	"unsafe"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// includedRows is how many rows of a has-many relation each parent gets, the
// newest first.
const includedRows = 100

// include fills relations of the rows at parents, with one statement per
// relation. Related rows that the actor may not see are left out.
func (c *core) include(ctx context.Context, includes []*query.Inclusion, parents []unsafe.Pointer) error {
	for _, in := range includes {
		if len(parents) == 0 {
			return nil
		}
		related := c.hub.core(in.Relation.Target, c)
		if err := related.prepare(); err != nil {
			return err
		}
		children, err := related.related(ctx, in.Relation, c.linkIDs(in.Relation, parents))
		if err != nil {
			return err
		}
		if err := related.include(ctx, in.Children, children); err != nil {
			return err
		}
		c.link(in.Relation, parents, children)
	}
	return nil
}

// linkIDs are the distinct ids by which the related rows are found: those the
// parents refer to, or the parents' own.
func (c *core) linkIDs(rel *registry.Relation, parents []unsafe.Pointer) []uuid.UUID {
	col := c.model.ID
	if !rel.Many {
		col = rel.Column
	}
	seen := make(map[uuid.UUID]bool, len(parents))
	ids := make([]uuid.UUID, 0, len(parents))
	for _, p := range parents {
		if id, ok := col.Value(p).(uuid.UUID); ok && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// related reads the live rows of this model on the far side of a relation that
// the actor may see.
func (c *core) related(ctx context.Context, rel *registry.Relation, ids []uuid.UUID) (children []unsafe.Pointer, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	p := newParams(opInclude, rel.Model.Table+"."+rel.Name)
	visible, err := c.filter(ctx, joinery.View, mainAlias)
	if err == nil {
		err = p.condition(visible)
	}
	if err != nil {
		return nil, err
	}
	p.add(ids)
	if rel.Many {
		p.add(int64(includedRows))
	}
	stmt, err := c.statement(p, func(s *slots) squirrel.Sqlizer { return c.relatedSQL(rel, s) })
	if err != nil {
		return nil, err
	}
	return c.readAll(ctx, stmt)
}

// nthOfParent is the number of a row among those of its parent. It stands beside
// the columns of an app's table, so it is no name that one has.
const nthOfParent = "joinery_nth_of_parent"

// relatedSQL is the statement of related. Of a has-many relation it numbers
// the rows of each parent and keeps the newest.
func (c *core) relatedSQL(rel *registry.Relation, s *slots) squirrel.Sqlizer {
	key := c.model.ID
	if rel.Many {
		key = rel.Column
	}
	visible := liveAnd(c, mainAlias, s.condition())
	list := squirrel.Select(c.names(c.columns, mainAlias)...).From(c.from(mainAlias)).Where(visible).
		Where(sqldb.In(c.dialect, c.col(mainAlias, key), s.next()))
	if !rel.Many {
		return list
	}
	list = list.Column("row_number() OVER (PARTITION BY " + c.col(mainAlias, key) + " ORDER BY " + c.col(mainAlias, c.model.ID) + " DESC) AS " + nthOfParent)
	return squirrel.Select(c.names(c.columns, "ranked")...).FromSelect(list, "ranked").
		Where("ranked."+nthOfParent+" <= ?", s.next()).OrderBy("ranked." + c.quote(c.model.ID) + " DESC")
}

// link hands each parent the related rows that are its own.
func (c *core) link(rel *registry.Relation, parents, children []unsafe.Pointer) {
	if rel.Many {
		c.linkMany(rel, parents, children)
		return
	}
	byID := make(map[uuid.UUID]unsafe.Pointer, len(children))
	for _, child := range children {
		byID[idOf(rel.Target.ID, child)] = child
	}
	for _, p := range parents {
		if child, ok := byID[idOf(rel.Column, p)]; ok {
			rel.SetOne(p, child)
		}
	}
}

func (c *core) linkMany(rel *registry.Relation, parents, children []unsafe.Pointer) {
	byParent := make(map[uuid.UUID][]unsafe.Pointer, len(parents))
	for _, child := range children {
		id := idOf(rel.Column, child)
		byParent[id] = append(byParent[id], child)
	}
	for _, p := range parents {
		rel.Clear(p)
		for _, child := range byParent[idOf(c.model.ID, p)] {
			rel.Append(p, child)
		}
	}
}

// idOf is the id that a column of the row at p holds, nil for null.
func idOf(col *registry.Column, p unsafe.Pointer) uuid.UUID {
	id, _ := col.Value(p).(uuid.UUID)
	return id
}
