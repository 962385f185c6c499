package crudtest

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// sortAndPage: every declared order, as it is and reversed, page by page and
// back, gives the rows as a sort in Go does.
func (s *suite[T, C, U]) sortAndPage() {
	rows := s.rows(7)
	s.varied(rows)
	rows = slices.DeleteFunc(rows, func(row T) bool { return !s.near(rows[0], row) })
	for _, keys := range append(s.model.Sorts, []registry.SortKey{{Column: s.model.ID}}) {
		for _, turned := range []bool{false, true} {
			order := turn(keys, turned)
			want := slices.Clone(rows)
			slices.SortFunc(want, func(a, b T) int { return s.byKeys(order, a, b) })
			s.pages(order, want)
		}
	}
}

// turn reverses an order.
func turn(keys []registry.SortKey, turned bool) []registry.SortKey {
	keys = slices.Clone(keys)
	for i := range keys {
		keys[i].Desc = keys[i].Desc != turned
	}
	return keys
}

// byKeys compares by the keys, and by id in the direction of the last one.
// Null comes before everything else.
func (s *suite[T, C, U]) byKeys(keys []registry.SortKey, a, b T) int {
	last := keys[len(keys)-1]
	for _, k := range append(slices.Clone(keys), registry.SortKey{Column: s.model.ID, Desc: last.Desc}) {
		order := compareNull(k.Column.Kind, s.of(a).Value(k.Column.Name), s.of(b).Value(k.Column.Name))
		if k.Desc {
			order = -order
		}
		if order != 0 {
			return order
		}
	}
	return 0
}

func compareNull(kind registry.Kind, a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return compare(kind, a, b)
}

// pages walks through all rows by pages of two, and back.
func (s *suite[T, C, U]) pages(order []registry.SortKey, want []T) {
	s.Helper()
	var names []string
	for _, k := range order {
		name := k.Column.JSON
		if k.Desc {
			name = "-" + name
		}
		names = append(names, name)
	}
	q := s.within(want[0], query.Query{Sort: names, Limit: 2})
	prev := ""
	there := s.walk(q, func(p query.Page[T], q *query.Query) bool {
		q.After, prev = p.Next, p.Prev
		return p.Next != ""
	})
	s.inOrder(fmt.Sprint("pages by ", names), slices.Concat(there...), s.ids(want))
	if prev == "" {
		return
	}
	q.Before = prev
	pages := s.walk(q, func(p query.Page[T], q *query.Query) bool {
		q.Before = p.Prev
		return p.Prev != ""
	})
	slices.Reverse(pages)
	back := slices.Concat(pages...)
	s.inOrder(fmt.Sprint("pages back by ", names), back, s.ids(want[:min(len(back), len(want))]))
	if len(back) < len(want)-2 {
		s.Errorf("pages back by %v end after %d rows of %d", names, len(back), len(want))
	}
}

// walk lists page after page, as long as next leads on, and returns the ids on
// each.
func (s *suite[T, C, U]) walk(q query.Query, next func(query.Page[T], *query.Query) bool) (pages [][]uuid.UUID) {
	s.Helper()
	for range 100 {
		page, err := s.m.List(s.maker, q)
		s.must(err, "List")
		pages = append(pages, s.ids(page.Items))
		if !next(page, &q) {
			return pages
		}
	}
	s.Fatal("the pages do not end")
	return nil
}

func (s *suite[T, C, U]) ids(rows []T) []uuid.UUID {
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = s.id(row)
	}
	return ids
}

func (s *suite[T, C, U]) inOrder(what string, got, want []uuid.UUID) {
	s.Helper()
	if !slices.Equal(got, want) {
		s.Errorf("%s: got %v, want %v", what, got, want)
	}
}
