package crud

import (
	"context"
	"iter"
	"slices"
	"unsafe"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// List is one page of the rows that the actor may see, by filter, sort and
// cursor. It is one statement, one more per relation included, and one more
// for a count when asked for. Root sees deleted rows only with q.Deleted.
// Errors: Malformed for a query that the model does not know, naming the
// parameter; Forbidden for q.Deleted of anyone but Root.
func (m *Manager[T, C, U]) List(ctx context.Context, q query.Query) (query.Page[T], error) {
	var none query.Page[T]
	if _, err := m.core.begin(ctx); err != nil {
		return none, err
	}
	e := ListEvent[T]{Query: q}
	run := phases[T, ListEvent[T]]{all: &m.hooks.All, own: &m.hooks.List, event: &e, view: Event[T]{Op: query.OpList}}
	if err := run.before(ctx); err != nil {
		return none, err
	}
	if page, skipped := e.Skipped(); skipped {
		e.Page = page
	} else if err := m.list(ctx, &e); err != nil {
		return none, err
	}
	if err := run.after(ctx); err != nil {
		return none, err
	}
	run.afterCommit(ctx, m.core.db)
	return e.Page, nil
}

func (m *Manager[T, C, U]) list(ctx context.Context, e *ListEvent[T]) error {
	c := m.core
	r, err := c.resolve(ctx, e.Query)
	if err != nil {
		return err
	}
	items := rows[T]{list: make([]T, 0, r.Limit+1)}
	l, err := c.readList(ctx, r, c.selected(r), &items)
	if err != nil {
		return err
	}
	page := items.list[:min(l.rows, r.Limit)]
	if r.Backward {
		slices.Reverse(page)
	}
	e.Page = query.Page[T]{Items: page}
	if err := m.cursors(ctx, r, l, &e.Page); err != nil {
		return err
	}
	if err := c.include(ctx, r.Include, addresses(page)); err != nil {
		return err
	}
	e.Page.Total, err = c.total(ctx, r)
	return err
}

// rows collects the rows of a list; its capacity is made for them all, so that
// their addresses stay.
type rows[T any] struct{ list []T }

func (r *rows[T]) next() unsafe.Pointer {
	var zero T
	r.list = append(r.list, zero)
	return unsafe.Pointer(&r.list[len(r.list)-1])
}

func addresses[T any](list []T) []unsafe.Pointer {
	all := make([]unsafe.Pointer, len(list))
	for i := range list {
		all[i] = unsafe.Pointer(&list[i])
	}
	return all
}

// cursors sets Next and Prev where there is a way on: where more rows were read
// than the page takes, and back to where a cursor came from.
func (m *Manager[T, C, U]) cursors(ctx context.Context, r *query.Resolved, l listing, page *query.Page[T]) (err error) {
	if len(page.Items) == 0 {
		return nil
	}
	further, back := l.rows > r.Limit, l.there
	if r.Cursor != nil && !back {
		if back, err = m.precedes(ctx, r); err != nil {
			return err
		}
	}
	if r.Backward {
		further, back = back, further
	}
	first, last := unsafe.Pointer(&page.Items[0]), unsafe.Pointer(&page.Items[len(page.Items)-1])
	if further {
		page.Next = query.EncodeCursor(r, keyOf(r, last))
	}
	if back {
		page.Prev = query.EncodeCursor(r, keyOf(r, first))
	}
	return nil
}

// precedes reports whether a row lies before the cursor, seen from the page.
func (m *Manager[T, C, U]) precedes(ctx context.Context, r *query.Resolved) (bool, error) {
	back := *r
	back.Backward, back.Limit = !r.Backward, 0
	var one rows[T]
	l, err := m.core.readList(ctx, &back, []*registry.Column{m.core.model.ID}, &one)
	return l.rows > 0, err
}

// keyOf are the values of the sort's columns in the row at p.
func keyOf(r *query.Resolved, p unsafe.Pointer) []any {
	key := make([]any, len(r.Sort))
	for i, k := range r.Sort {
		key[i] = k.Column.Value(p)
	}
	return key
}

// resolve checks a query against the model, and that only Root asks for
// deleted rows.
func (c *core) resolve(ctx context.Context, q query.Query) (*query.Resolved, error) {
	actor, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	r, err := query.Resolve(c.model, q)
	if err == nil && r.Deleted && actor.Kind != joinery.Root {
		return nil, joinery.Errorf(joinery.Forbidden, "", "only Root lists deleted rows")
	}
	return r, err
}

// total is the count that the query asks for, nil for none.
func (c *core) total(ctx context.Context, r *query.Resolved) (*int64, error) {
	switch r.Count {
	case query.CountNone:
		return nil, nil
	case query.CountCapped:
		n, err := c.countUpTo(ctx, r, CappedCount)
		return &n, err
	}
	n, err := c.count(ctx, r, 0)
	return &n, err
}

// Count is how many rows the actor may see of those that q's filter wants,
// exactly; page and sort are ignored.
func (m *Manager[T, C, U]) Count(ctx context.Context, q query.Query) (int64, error) {
	r, err := m.core.resolve(ctx, query.Query{Filter: q.Filter, Deleted: q.Deleted})
	if err != nil {
		return 0, err
	}
	return m.core.count(ctx, r, 0)
}

// allRows is how many rows All reads at a time where the query does not say.
const allRows = 500

// All is every row of a list, page by page, from q.After on where that is set.
// Rows that are there throughout come exactly once, whatever is written in the
// meantime. It ends after an error. List hooks run once per page.
func (m *Manager[T, C, U]) All(ctx context.Context, q query.Query) iter.Seq2[T, error] {
	if q.Limit == 0 {
		q.Limit = allRows
	}
	return func(yield func(T, error) bool) {
		for {
			page, err := m.List(ctx, q)
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, row := range page.Items {
				if !yield(row, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			q.After, q.Before = page.Next, ""
		}
	}
}
