package crudtest

import (
	"strconv"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
)

// delete: the row is gone for everybody; a soft-deleted one is there for Root.
func (s *suite[T, C, U]) delete() {
	kept, row := s.row(), s.row()
	s.must(s.m.Delete(s.maker, s.id(row), s.version(row)), "Delete")
	_, err := s.m.Get(s.maker, s.id(row))
	if !s.closed() { // there the maker is Root
		s.wants(err, joinery.NotFound, "Get of a deleted row")
		s.wants(s.m.Delete(s.maker, s.id(row), crud.AnyVersion), joinery.NotFound, "Delete of a deleted row")
	}
	page, err := s.m.List(s.maker, s.within(row, query.Query{Filter: query.Eq(s.model.ID.JSON, s.id(row))}))
	s.must(err, "List")
	if len(page.Items) != 0 {
		s.Error("List has the deleted row")
	}
	_, err = s.m.Get(s.maker, s.id(kept))
	s.must(err, "Get of a row beside a deleted one")
	got, err := s.m.Get(s.app.root("ann"), s.id(row))
	if s.model.DeletedAt == nil {
		s.wants(err, joinery.NotFound, "Get of a removed row by Root")
		return
	}
	s.must(err, "Get of a deleted row by Root")
	if s.of(got).Value(s.model.DeletedAt.Name) == nil {
		s.Errorf("%s is null", s.model.DeletedAt.JSON)
	}
}

// restoreAndPurge: Root, and nobody else, takes a deletion back, and removes a
// row for good.
func (s *suite[T, C, U]) restoreAndPurge() {
	if s.model.DeletedAt == nil {
		return
	}
	row, root := s.row(), s.app.root("ann")
	s.must(s.m.Delete(s.maker, s.id(row), s.version(row)), "Delete")
	if !s.closed() {
		_, err := s.m.Restore(s.maker, s.id(row), crud.AnyVersion)
		s.refused(err, "Restore by the owner")
	}
	restored, err := s.m.Restore(root, s.id(row), crud.AnyVersion)
	s.must(err, "Restore by Root")
	row, err = s.m.Get(s.maker, s.id(row))
	s.must(err, "Get after Restore")
	s.equal(row, restored, "Get after Restore")
	if !s.closed() {
		s.refused(s.m.Purge(s.maker, s.id(row), crud.AnyVersion), "Purge by the owner")
	}
	s.must(s.m.Purge(root, s.id(row), crud.AnyVersion), "Purge by Root")
	_, err = s.m.Get(root, s.id(row))
	s.wants(err, joinery.NotFound, "Get of a purged row by Root")
}

// refused wants an error that says no: that nothing is there, or that it is
// forbidden.
func (s *suite[T, C, U]) refused(err error, what string) {
	s.Helper()
	if !joinery.IsKind(err, joinery.NotFound) && !joinery.IsKind(err, joinery.Forbidden) {
		s.Errorf("%s: got %v, want it refused", what, err)
	}
}

// copies: a copy is a row of its own, with what a caller may send.
func (s *suite[T, C, U]) copies() {
	row, other := s.row(), s.input()
	twin, err := s.m.Copy(s.maker, s.id(row), func(in *C) error { *in = other; return nil })
	if joinery.IsKind(err, joinery.Forbidden) {
		return // the policy does not let its owner copy
	}
	s.must(err, "Copy with the input of n = "+strconv.Itoa(s.made))
	if s.id(twin) == s.id(row) {
		s.Error("the copy has the id of its source")
	}
	s.stamped(twin)
	got, err := s.m.Get(s.maker, s.id(row))
	s.must(err, "Get of the source of a copy")
	s.equal(got, row, "the source of a copy")
}
