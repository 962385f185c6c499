package crudtest

import (
	"context"
	"errors"

	"github.com/joinery-go/joinery/crud"
)

// hooks: a veto leaves nothing behind, whether it comes before or after the
// statement; what runs after the commit runs once for each row, and not at all
// where nothing was committed.
func (s *suite[T, C, U]) hooks() {
	no := errors.New("no")
	var vetoBefore, vetoAfter, committed = true, true, 0
	h := s.m.Hooks()
	h.Create.Before(func(context.Context, *crud.CreateEvent[T, C]) error {
		if vetoBefore {
			return no
		}
		return nil
	})
	h.Create.After(func(context.Context, *crud.CreateEvent[T, C]) error {
		if vetoAfter {
			return no
		}
		return nil
	})
	h.Create.Committed(func(context.Context, crud.CreateEvent[T, C]) error { committed++; return nil })

	for _, veto := range []*bool{&vetoBefore, &vetoAfter} {
		if _, err := s.m.Create(s.maker, s.input()); !errors.Is(err, no) {
			s.Errorf("Create with a veto: %v", err)
		}
		*veto = false
	}
	s.none("vetoes")
	if committed != 0 {
		s.Errorf("%d hooks ran after a commit that there was not", committed)
	}
	row := s.row()
	if committed != 1 {
		s.Errorf("%d hooks ran after the commit of one row", committed)
	}
	h.Update.After(func(context.Context, *crud.UpdateEvent[T, U]) error { return no })
	if _, err := s.m.Update(s.maker, s.id(row), s.version(row), s.change(1)); !errors.Is(err, no) {
		s.Errorf("Update with a veto: %v", err)
	}
	h.Delete.After(func(context.Context, *crud.DeleteEvent[T]) error { return no })
	if err := s.m.Delete(s.maker, s.id(row), s.version(row)); !errors.Is(err, no) {
		s.Errorf("Delete with a veto: %v", err)
	}
	s.untouched([]T{row})
}
