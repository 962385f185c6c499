package crudtest

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
)

// batch: many rows are written in order, all of them or none.
func (s *suite[T, C, U]) batch() {
	var in []C
	for range 3 {
		in = append(in, s.input())
	}
	rows, err := s.m.CreateMany(s.maker, in)
	s.must(err, fmt.Sprintf("CreateMany of n = %d to %d", s.made-2, s.made))
	for i, row := range rows {
		s.sent(&in[i], s.model.Create, row)
	}
	missing := uuid.Must(uuid.NewV7())
	_, err = s.m.UpdateMany(s.maker, []crud.Change[U]{
		{ID: s.id(rows[0]), Version: s.version(rows[0]), Update: s.change(1)},
		{ID: missing, Version: 1, Update: s.change(2)},
	})
	s.wants(err, joinery.NotFound, "UpdateMany with a missing row")
	s.wants(s.m.DeleteMany(s.maker, []crud.Ident{{ID: s.id(rows[0]), Version: s.version(rows[0])}, {ID: missing, Version: 1}}), joinery.NotFound, "DeleteMany with a missing row")
	s.untouched(rows)

	changed, err := s.m.UpdateMany(s.maker, []crud.Change[U]{
		{ID: s.id(rows[0]), Version: s.version(rows[0]), Update: s.change(1)},
		{ID: s.id(rows[1]), Version: s.version(rows[1]), Update: s.change(2)},
	})
	s.must(err, "UpdateMany of n = 1 and 2")
	var idents []crud.Ident
	for _, row := range append(changed, rows[2]) {
		idents = append(idents, crud.Ident{ID: s.id(row), Version: s.version(row)})
	}
	s.must(s.m.DeleteMany(s.maker, idents), "DeleteMany")
	s.none("DeleteMany")
}

func (s *suite[T, C, U]) untouched(rows []T) {
	s.Helper()
	for _, row := range rows {
		got, err := s.m.Get(s.maker, s.id(row))
		s.must(err, "Get after a refused batch")
		s.equal(got, row, "after a refused batch")
	}
}
