package resttest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// pages goes through a list by next to its end and by prev back to its
// beginning, and expects every row once, in the order of the whole list.
func (s *suite[T, C, U]) pages() {
	for n := range 7 {
		s.create(n)
	}
	for _, sort := range []string{"", "&sort=id", "&sort=-id"} {
		whole := s.ids(s.list("?limit=1000" + sort))
		if len(whole) < 7 {
			s.t.Fatalf("7 rows were created, but the list has %d", len(whole))
		}
		var forward [][]string
		last := s.list("?limit=3" + sort)
		for forward = append(forward, s.ids(last)); last.Next != ""; forward = append(forward, s.ids(last)) {
			last = s.follow("?limit=3"+sort, "after", last.Next)
		}
		if got := slices.Concat(forward...); !slices.Equal(got, whole) {
			s.t.Fatalf("by next the list is\n%v\nand as a whole\n%v", got, whole)
		}
		backward := [][]string{s.ids(last)}
		for p := last; p.Prev != ""; backward = append(backward, s.ids(p)) {
			p = s.follow("?limit=3"+sort, "before", p.Prev)
		}
		slices.Reverse(backward)
		if got := slices.Concat(backward...); !slices.Equal(got, whole) {
			s.t.Fatalf("by prev the list is\n%v\nand as a whole\n%v", got, whole)
		}
	}
	s.cursors()
}

// follow is the page after or before a cursor, which must have rows.
func (s *suite[T, C, U]) follow(query, parameter, cursor string) page {
	s.t.Helper()
	p := s.list(query + "&" + parameter + "=" + url.QueryEscape(cursor))
	if len(p.Items) == 0 {
		s.t.Fatalf("the page %s a cursor has no rows", parameter)
	}
	return p
}

// cursors expects Link to say what next says, and a damaged or foreign cursor
// to be refused.
func (s *suite[T, C, U]) cursors() {
	var p page
	a := s.API.Get(s.Path + "?limit=3").Status(http.StatusOK).JSON(&p)
	link := a.Headers().Get("Link")
	target, _, ok := strings.Cut(strings.TrimPrefix(link, "<"), `>; rel="next"`)
	if !ok {
		a.fail("Link does not name the next page: %q", link)
	}
	var next page
	s.API.Get(target).Status(http.StatusOK).JSON(&next)
	if !slices.Equal(s.ids(next), s.ids(s.follow("?limit=3", "after", p.Next))) {
		a.fail("Link and next lead to different pages")
	}
	damaged := []byte(p.Next)
	damaged[len(damaged)/2] ^= 1
	s.API.Get(s.Path+"?limit=3&after="+url.QueryEscape(string(damaged))).Status(http.StatusBadRequest).Problem("bad_query", "after")
	s.API.Get(s.Path+"?sort=id&limit=3&after="+url.QueryEscape(p.Next)).Status(http.StatusBadRequest).Problem("bad_query", "after")
	s.API.Get(s.Path + "?limit=3&after=" + url.QueryEscape(p.Next) + "&before=" + url.QueryEscape(p.Next)).Status(http.StatusBadRequest).Problem("bad_query")
}

func (s *suite[T, C, U]) ids(p page) []string {
	s.t.Helper()
	ids := make([]string, len(p.Items))
	for i, item := range p.Items {
		ids[i] = s.idOf(item)
	}
	return ids
}

// searches expects a search to answer what the list does.
func (s *suite[T, C, U]) searches() {
	r := s.create(1)
	s.create(2)
	for query, body := range map[string]any{
		"":                         map[string]any{},
		"?limit=1&count=exact":     map[string]any{"limit": 1, "count": "exact"},
		"?sort=id&count=capped":    map[string]any{"sort": []string{"id"}, "count": "capped"},
		"?id=" + r.id:              map[string]any{"filter": map[string]any{"id": r.id}},
		"?id.ne=" + r.id:           map[string]any{"filter": map[string]any{"id": map[string]any{"ne": r.id}}},
		"?id.in=" + r.id:           map[string]any{"filter": map[string]any{"or": []any{map[string]any{"id": r.id}}}},
		"?fields=id&id.null=false": map[string]any{"fields": []string{"id"}, "filter": map[string]any{"id": map[string]any{"null": false}}},
	} {
		list := s.API.Get(s.Path + query).Status(http.StatusOK)
		search := s.API.Post(s.Path+"/search", body).Status(http.StatusOK)
		if string(list.Body()) != string(search.Body()) {
			search.fail("the list %q answers\n%s", query, excerpt(list.Body()))
		}
	}
}
