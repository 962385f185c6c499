package crudtest

import (
	"errors"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
)

// update: the fields that are sent change, the version counts, and all else
// stays as it was; an update without fields writes nothing.
func (s *suite[T, C, U]) update() {
	s.skipFixed()
	before := s.row()
	in := s.change(1)
	after, err := s.m.Update(s.maker, s.id(before), s.version(before), in)
	s.must(err, "Update of n = 1")
	s.sent(&in, s.model.Update, after)
	s.unsent(before, after, &in)
	if s.model.Version != nil && s.version(after) != s.version(before)+1 {
		s.Errorf("the version is %d after an update of version %d", s.version(after), s.version(before))
	}
	got, err := s.m.Get(s.maker, s.id(before))
	s.must(err, "Get after Update")
	s.equal(got, after, "Get after Update")

	var nothing U
	same, err := s.m.Update(s.maker, s.id(after), s.version(after), nothing)
	s.must(err, "an update without fields")
	s.equal(same, after, "an update without fields")
	_, err = s.m.Update(s.maker, uuid.Must(uuid.NewV7()), crud.AnyVersion, in)
	s.wants(err, joinery.NotFound, "Update of no row")
}

// unsent checks the columns that the update does not name.
func (s *suite[T, C, U]) unsent(before, after T, in *U) {
	s.Helper()
	sent := map[string]bool{}
	for _, f := range s.model.Update.Fields {
		if _, set := f.Get(reflect.ValueOf(in).UnsafePointer()); set {
			sent[f.Column.Name] = true
		}
	}
	for _, c := range s.model.Columns {
		if sent[c.Name] || c == s.model.Version || c == s.model.UpdatedAt || c == s.model.UpdatedBy {
			continue
		}
		if was, is := s.of(before).Value(c.Name), s.of(after).Value(c.Name); !same(was, is) {
			s.Errorf("%s was not sent and went from %v to %v", c.JSON, was, is)
		}
	}
}

// stale: whoever saw another version is refused and told the current one, and
// nothing is written; AnyVersion forces.
func (s *suite[T, C, U]) stale() {
	s.skipFixed()
	if s.model.Version == nil {
		return
	}
	first := s.row()
	second, err := s.m.Update(s.maker, s.id(first), 1, s.change(1))
	s.must(err, "Update of n = 1")
	_, err = s.m.Update(s.maker, s.id(first), 1, s.change(2))
	s.wants(err, joinery.Stale, "Update of an old version")
	var e *joinery.Error
	if !errors.As(err, &e) || e.Version != 2 {
		s.Errorf("the error does not carry version 2: %v", err)
	}
	s.wants(s.m.Delete(s.maker, s.id(first), 1), joinery.Stale, "Delete of an old version")
	got, err := s.m.Get(s.maker, s.id(first))
	s.must(err, "Get after refused writes")
	s.equal(got, second, "after refused writes")
	_, err = s.m.Update(s.maker, s.id(first), crud.AnyVersion, s.change(3))
	s.must(err, "Update of any version, of n = 3")
}

// names tells whether the error has a field with the pointer.
func names(err error, pointer string) bool {
	var e *joinery.Error
	return errors.As(err, &e) && slices.ContainsFunc(e.Fields, func(f joinery.FieldError) bool { return f.Pointer == pointer })
}
