package crud

import (
	"context"
	"slices"
	"strconv"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Aggregate computes over the rows that the actor may see and q's filter
// wants: counts, sums, means, least and greatest values, of all of them or of
// groups of equal keys.
//
//	groups, err := notes.Aggregate(ctx, q, crud.Sum("priority"), crud.GroupBy("status"))
//
// It is one statement, and all of it one moment of the database. Without
// [GroupBy] there is exactly one group, also of no rows at all: its counts are
// 0, every other value nil. With it there is a group for each combination of
// keys that some row has. Groups come in the order of their keys, ascending,
// nil first, text by code point. There may be q.Limit of them, 1,000 where
// that is 0 and at most; with more the answer is an error and never a part of
// them, which would look like the whole.
//
// Hooks of List do not run, as for Count. Errors: Malformed for a part that the
// model does not know or that the kind of the field does not have (a sum of
// texts), for anything in q that is about rows or pages (Sort, After, Before,
// Include, Fields, Count), and for more groups than allowed, naming the
// parameter; Forbidden for q.Deleted of anyone but Root; Invalid for a sum
// that is beyond its type.
func (m *Manager[T, C, U]) Aggregate(ctx context.Context, q query.Query, parts ...query.Aggregate) ([]query.Group, error) {
	c := m.core
	actor, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	a, err := query.ResolveAggregate(c.model, q, parts...)
	if err != nil {
		return nil, err
	}
	if a.Deleted && actor.Kind != joinery.Root {
		return nil, joinery.Errorf(joinery.Forbidden, "", "only Root aggregates deleted rows")
	}
	groups, err := c.aggregate(ctx, a)
	if err != nil {
		return nil, err
	}
	sortGroups(a, groups)
	return groups, nil
}

// aggregate reads the groups, in no order.
func (c *core) aggregate(ctx context.Context, a *query.Aggregation) ([]query.Group, error) {
	plan, err := c.planAggregate(a)
	if err != nil {
		return nil, err
	}
	p := newParams(opAggregate, a.Shape())
	if err := c.collectAggregate(ctx, a, p); err != nil {
		return nil, err
	}
	stmt, err := c.statement(p, func(s *slots) squirrel.Sqlizer { return c.aggregateSQL(a, plan, s) })
	if err != nil {
		return nil, err
	}
	groups, dests := []query.Group{}, plan.dests()
	err = c.each(ctx, stmt, func(rows sqldb.Rows) error {
		if len(groups) == a.Limit {
			return tooManyGroups(a.Limit)
		}
		if err := rows.Scan(dests...); err != nil {
			return err
		}
		group, err := plan.group()
		groups = append(groups, group)
		return err
	})
	if err != nil {
		return nil, plan.explain(err)
	}
	return groups, nil
}

// collectAggregate adds the values of an aggregate to p, in the order in which
// aggregateSQL takes their slots.
func (c *core) collectAggregate(ctx context.Context, a *query.Aggregation, p *params) error {
	if err := c.collectScope(ctx, a.Resolved, p, mainAlias); err != nil {
		return err
	}
	for i, rel := range joinsOf(a) {
		visible, err := c.hub.core(rel.relation.Target, c).filter(ctx, joinery.View, keyed(i))
		if err == nil {
			err = p.condition(visible)
		}
		if err != nil {
			return err
		}
	}
	if len(a.Keys) > 0 {
		p.add(int64(a.Limit) + 1)
	}
	return nil
}

// aggregateSQL groups what an inner statement reads of each row. Keys and
// values stand in it under plain names, so that none is written twice: a
// database need not see that two expressions are the same.
func (c *core) aggregateSQL(a *query.Aggregation, plan *aggregatePlan, s *slots) squirrel.Sqlizer {
	inner := squirrel.Select(plan.inner...).From(c.from(mainAlias)).Where(c.scope(a.Resolved, mainAlias, s))
	for i, join := range joinsOf(a) {
		inner = inner.JoinClause(c.keyJoin(join, keyed(i), s))
	}
	outer := squirrel.Select(plan.outer()...).FromSelect(inner, "grouped")
	if len(a.Keys) == 0 {
		return outer
	}
	return outer.GroupBy(plan.outer()[:len(a.Keys)]...).Suffix(c.limited(), s.next())
}

// keyJoin joins the related row of a key: a live one that the actor may see, or
// nulls.
func (c *core) keyJoin(join keyPath, as string, s *slots) squirrel.Sqlizer {
	from := mainAlias
	if join.from >= 0 {
		from = keyed(join.from)
	}
	related := c.hub.core(join.relation.Target, c)
	on := squirrel.And{squirrel.Expr(c.relatedBy(join.relation, from, as)), liveAnd(related, as, s.condition())}
	return squirrel.Expr("LEFT JOIN "+related.from(as)+" ON ?", on)
}

// keyPath is a relation on the way to a key, and which of them it goes on from;
// -1: from the row itself.
type keyPath struct {
	from     int
	relation *registry.Relation
}

// joinsOf are the relations on the way to the keys, each way once.
func joinsOf(a *query.Aggregation) (joins []keyPath) {
	for _, key := range a.Keys {
		joins, _ = joinPath(joins, key.Path)
	}
	return joins
}

// joinPath enters a path and tells where it ends, -1 for no path.
func joinPath(joins []keyPath, path []*registry.Relation) (_ []keyPath, end int) {
	end = -1
	for _, rel := range path {
		at := slices.Index(joins, keyPath{end, rel})
		if at < 0 {
			at = len(joins)
			joins = append(joins, keyPath{end, rel})
		}
		end = at
	}
	return joins, end
}

// keyed is the alias of the i-th relation on the way to a key, apart from those
// of filters.
func keyed(i int) string { return "k" + strconv.Itoa(i) }

func tooManyGroups(limit int) error {
	n := strconv.Itoa(limit)
	message := "there are more than " + n + " groups: narrow the filter or group by less"
	if limit < query.MaxLimit {
		message += ", or raise the limit, up to " + strconv.Itoa(query.MaxLimit)
	}
	return &joinery.Error{
		Kind: joinery.Malformed, Code: "too_many_groups", Message: message,
		Fields: []joinery.FieldError{{Parameter: "limit", Code: "too_many_groups", Message: message}},
	}
}

// sortGroups puts groups in the order of their keys.
func sortGroups(a *query.Aggregation, groups []query.Group) {
	slices.SortFunc(groups, func(x, y query.Group) int {
		for _, key := range a.Keys {
			if order := compareKeys(key.Column, x.Keys[key.Name()], y.Keys[key.Name()]); order != 0 {
				return order
			}
		}
		return 0
	})
}

// named are values by the name of their part, nil for no parts.
func named(parts []query.AggregateColumn, value func(i int) (any, error)) (map[string]any, error) {
	if len(parts) == 0 {
		return nil, nil
	}
	values := make(map[string]any, len(parts))
	for i, part := range parts {
		v, err := value(i)
		if err != nil {
			return nil, err
		}
		values[part.Name()] = v
	}
	return values, nil
}
