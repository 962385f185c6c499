package interference_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
)

// aggregator is a manager's Aggregate.
type aggregator func(ctx context.Context, q query.Query, parts ...query.Aggregate) ([]query.Group, error)

// aggregates asks both twins for sums over groups of what a caller may see:
// the same are there, and the same come out.
func (c *chance) aggregates(t *testing.T) {
	t.Helper()
	actor := pick(c, c.w.callers)
	on := pick(c, []resource{shelves, books, reviews})
	parts := c.parts(on)
	var q query.Query
	if c.IntN(2) == 0 {
		q.Filter = query.Eq("user_id", actor.ID)
	}
	told := func(l *library) string {
		ask := map[string]aggregator{"shelves": l.shelves.Aggregate, "books": l.books.Aggregate, "reviews": l.reviews.Aggregate}[on.table]
		groups, err := ask(joinery.WithActor(t.Context(), actor), q, parts...)
		if err != nil {
			t.Fatalf("%v of %s as %v: %v", parts, on.table, actor, err)
		}
		text, _ := json.Marshal(groups)
		return string(text)
	}
	if want, got := told(c.w.plain), told(c.w.crowded); want != got {
		t.Fatalf("%v of %s as %v:\n\nwithout hidden rows: %s\n\nwith hidden rows: %s", parts, on.table, actor, want, got)
	}
}

// parts are some keys and some values.
func (c *chance) parts(on resource) []query.Aggregate {
	parts := []query.Aggregate{crud.Count()}
	of := map[string]struct{ keys, values []string }{
		"shelves": {[]string{"kind", "priority", "team_id", "title"}, []string{"priority", "budget"}},
		"books":   {[]string{"pages", "shelf.title", "sequel.pages", "sequel.shelf.kind"}, []string{"pages"}},
		"reviews": {[]string{"stars", "book.title", "book.shelf.kind", "user_id"}, []string{"stars"}},
	}[on.table]
	for _, i := range c.Perm(len(of.keys))[:c.IntN(3)] {
		parts = append(parts, crud.GroupBy(of.keys[i]))
	}
	field := pick(c, of.values)
	return append(parts, crud.Sum(field), crud.Min(field), crud.Max(field), crud.Avg(field))
}
