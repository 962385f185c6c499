package crudtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// search: every operator of every column finds the rows that a walk over all
// of them finds, by values that they have; so do count and exists.
func (s *suite[T, C, U]) search() {
	rows := s.rows(6)
	s.varied(rows)
	for _, c := range s.model.Columns {
		if !c.Visible() {
			continue
		}
		for _, op := range query.Operators(c.Kind) {
			for _, operand := range s.operands(c, op, rows) {
				s.finds(rows, c, op, operand)
			}
		}
	}
}

// operands are values to compare a column with.
func (s *suite[T, C, U]) operands(c *registry.Column, op query.Op, rows []T) (all []any) {
	if op == query.OpNull {
		return []any{true, false}
	}
	for _, row := range []T{rows[0], rows[len(rows)-1]} {
		if v := s.of(row).Value(c.Name); v != nil {
			all = append(all, operand(op, v))
		}
	}
	return all
}

// operand makes what an operator is given out of a row's value: a list of it,
// a part of it, or with other letters.
func operand(op query.Op, v any) any {
	text, isText := v.(string)
	switch op {
	case query.OpIn, query.OpIIn:
		return []any{v}
	case query.OpStarts, query.OpIStarts:
		text = text[:half(text)]
	case query.OpEnds, query.OpIEnds, query.OpContains, query.OpIContains:
		text = text[half(text):]
	}
	if !isText {
		return v
	}
	if strings.HasPrefix(string(op), "i") {
		text = strings.ToUpper(lower(text))
	}
	return text
}

// half is a place in the middle of a text, between two characters.
func half(text string) int {
	n := len(text) / 2
	for n > 0 && text[n]&0xC0 == 0x80 {
		n--
	}
	return n
}

func (s *suite[T, C, U]) finds(rows []T, c *registry.Column, op query.Op, operand any) {
	s.Helper()
	var want []uuid.UUID
	for _, row := range rows {
		if holds(op, c.Kind, s.of(row).Value(c.Name), operand) && s.near(rows[0], row) {
			want = append(want, s.id(row))
		}
	}
	q := s.within(rows[0], query.Query{Filter: query.Where(c.JSON, op, operand), Count: query.CountExact, Limit: query.MaxLimit})
	page, err := s.m.List(s.maker, q)
	if err != nil {
		s.Errorf("%s %s %v: %v", c.JSON, op, operand, err)
		return
	}
	got := s.ids(page.Items)
	slices.SortFunc(got, byBytes)
	slices.SortFunc(want, byBytes)
	if !slices.Equal(got, want) {
		s.Errorf("%s %s %v finds %v, want %v", c.JSON, op, operand, got, want)
	}
	if page.Total == nil || *page.Total != int64(len(want)) {
		s.Errorf("%s %s %v counts %s rows, want %d", c.JSON, op, operand, total(page.Total), len(want))
	}
}

// total is a page's total in words.
func total(n *int64) string {
	if n == nil {
		return "unknown"
	}
	return strconv.FormatInt(*n, 10)
}

func byBytes(a, b uuid.UUID) int { return compare(registry.UUID, a, b) }

// near tells whether a list within the first row would have the other one.
func (s *suite[T, C, U]) near(first, other T) bool {
	if s.entity.Within == nil {
		return true
	}
	a, b := s.entity.Within(first), s.entity.Within(other)
	return sameFilter(a, b)
}

func sameFilter(a, b query.Filter) bool {
	return a.Op == b.Op && a.Field == b.Field && same(a.Value, b.Value) && slices.EqualFunc(a.Filters, b.Filters, sameFilter)
}
