package crudtest

import (
	"reflect"
	"strings"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// create: a row has what was sent, what every row gets, and is what Get, Exists
// and List give.
func (s *suite[T, C, U]) create() {
	in := s.input()
	row, err := s.m.Create(s.maker, in)
	s.must(err, s.creation())
	s.sent(&in, s.model.Create, row)
	s.stamped(row)
	got, err := s.m.Get(s.maker, s.id(row))
	s.must(err, "Get")
	s.equal(got, row, "Get")
	found, err := s.m.Exists(s.maker, s.id(row))
	s.must(err, "Exists")
	if !found {
		s.Error("Exists does not find the row")
	}
	page, err := s.m.List(s.maker, s.within(row, query.Query{Filter: query.Eq(s.model.ID.JSON, s.id(row))}))
	s.must(err, "List")
	if len(page.Items) != 1 {
		s.Fatalf("List finds the row %d times", len(page.Items))
	}
	s.equal(page.Items[0], row, "List")
}

// sent checks that the row has the values of the input's fields that are set.
func (s *suite[T, C, U]) sent(in any, form *registry.Form, row T) {
	s.Helper()
	p := reflect.ValueOf(in).UnsafePointer()
	for _, f := range form.Fields {
		v, set := f.Get(p)
		if !set || v == nil || reflect.ValueOf(v).IsZero() {
			continue // what is left out may have a default
		}
		if want, got := kept(f.Column, v), kept(f.Column, s.of(row).Value(f.Column.Name)); !same(got, want) {
			s.Errorf("%s was sent as %v and is %v", f.JSON, want, got)
		}
	}
}

// stamped checks the columns that nobody sends.
func (s *suite[T, C, U]) stamped(row T) {
	s.Helper()
	if id := s.id(row); id == uuid.Nil || id.Version() != 7 && s.model.ID.Ref == nil {
		s.Errorf("the id is %s, want a UUIDv7", id)
	}
	if s.model.Version != nil && s.version(row) != 1 {
		s.Errorf("the version of a new row is %d", s.version(row))
	}
	if c := s.model.CreatedAt; c != nil && s.of(row).Value(c.Name) == nil {
		s.Errorf("%s is null", c.JSON)
	}
	for _, c := range []*registry.Column{s.model.CreatedBy, s.model.Owner} {
		if c == nil || s.closed() {
			continue
		}
		if by, _ := s.of(row).UUID(c.Name); by != personID("ann") {
			s.Errorf("%s is %s, want the actor", c.JSON, by)
		}
	}
}

// createNeedsAnActor: nobody is refused, and nothing is written.
func (s *suite[T, C, U]) createNeedsAnActor() {
	in := s.input()
	_, err := s.m.Create(s.Context(), in)
	s.wants(err, joinery.Unauthenticated, "Create without an actor")
	_, err = s.m.Create(joinery.WithActor(s.Context(), joinery.Actor{}), in)
	s.wants(err, joinery.Unauthenticated, "Create by Anonymous")
	_, err = s.m.List(s.Context(), query.Query{})
	s.wants(err, joinery.Unauthenticated, "List without an actor")
	s.none("a refused create")
}

// requiredFields: each required text is missed, by name, and nothing is
// written.
func (s *suite[T, C, U]) requiredFields() {
	for _, f := range s.model.Create.Fields {
		if f.Column.Kind != registry.Text || f.Column.HasDefault || !strings.Contains(","+f.Column.Validate+",", ",required,") {
			continue
		}
		in := s.input()
		s.must(f.Set(reflect.ValueOf(&in).UnsafePointer(), ""), "an empty "+f.JSON)
		_, err := s.m.Create(s.maker, in)
		s.wants(err, joinery.Invalid, "Create without "+f.JSON)
		if !names(err, "/"+f.JSON) {
			s.Errorf("the error does not name /%s: %v", f.JSON, err)
		}
	}
	s.none("invalid creates")
}

// none checks that there is no row.
func (s *suite[T, C, U]) none(after string) {
	s.Helper()
	if s.entity.Within != nil {
		return // such rows cannot be listed
	}
	n, err := s.m.Count(s.app.root("ann"), query.Query{})
	s.must(err, "Count")
	if n != 0 {
		s.Errorf("after %s there are %d rows", after, n)
	}
}
