package crudtest

import (
	"reflect"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// aggregate: counts, and the least and greatest value of each column that has
// them, are those of a walk over the rows.
func (s *suite[T, C, U]) aggregate() {
	rows := s.rows(5)
	kept := rows[:0:0]
	for _, row := range rows {
		if s.near(rows[0], row) {
			kept = append(kept, row)
		}
	}
	q := s.within(rows[0], query.Query{})
	n, err := s.m.Count(s.maker, q)
	s.must(err, "Count")
	if n != int64(len(kept)) {
		s.Errorf("Count: %d, want %d", n, len(kept))
	}
	for _, c := range s.model.Columns {
		if !c.Visible() || !ordered(c) {
			continue
		}
		groups, err := s.m.Aggregate(s.maker, q, query.Count(), query.Min(c.JSON), query.Max(c.JSON))
		s.must(err, "Aggregate of "+c.JSON)
		if len(groups) != 1 || !number(groups[0].Value(query.Count()), int64(len(kept))) {
			s.Errorf("aggregates of %s: %v, want one group of %d rows", c.JSON, groups, len(kept))
			continue
		}
		least, greatest := s.extremes(c, kept)
		for part, want := range map[query.Aggregate]any{query.Min(c.JSON): least, query.Max(c.JSON): greatest} {
			if got := groups[0].Value(part); !(got == nil && want == nil) && (got == nil || want == nil || compare(c.Kind, got, want) != 0) {
				s.Errorf("%s: got %v, want %v", part.Name(), got, want)
			}
		}
	}
}

// ordered tells whether a column has a least value that means something.
func ordered(c *registry.Column) bool {
	switch c.Kind {
	case registry.Int:
		return c.Base() != reflect.TypeFor[joinery.Actions]()
	case registry.Time, registry.Decimal:
		return true
	}
	return false
}

func number(got any, want int64) bool {
	n, ok := got.(int64)
	return ok && n == want
}

// extremes are the least and greatest value; nil where all are null.
func (s *suite[T, C, U]) extremes(c *registry.Column, rows []T) (least, greatest any) {
	for _, row := range rows {
		v := s.of(row).Value(c.Name)
		if v == nil {
			continue
		}
		if least == nil || compare(c.Kind, v, least) < 0 {
			least = v
		}
		if greatest == nil || compare(c.Kind, v, greatest) > 0 {
			greatest = v
		}
	}
	return least, greatest
}
