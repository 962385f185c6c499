package resttest

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/joinery-go/joinery/rest"
)

// invalid expects 422 for each of the case's invalid inputs, alone and within
// a batch, and nothing to be written.
func (s *suite[T, C, U]) invalid() {
	if len(s.Invalid) == 0 {
		s.t.Skip("Resource.Invalid has no inputs")
	}
	s.Create(1) // before the count: it may make rows of its own
	before := s.rows()
	for pointer, in := range s.Invalid {
		s.API.Post(s.Path, s.object(in)).Status(http.StatusUnprocessableEntity).Problem("invalid", pointer)
		s.API.Post(s.Path, []any{s.object(s.Create(1)), s.object(in)}).Status(http.StatusUnprocessableEntity).Problem("invalid", "/1"+pointer)
	}
	if s.rows() != before {
		s.t.Fatal("a refused input left a row")
	}
}

// bodies expects what is no proper JSON to be refused as a client's mistake.
func (s *suite[T, C, U]) bodies() {
	s.Create(1)
	before := s.rows()
	for _, body := range []string{
		"", "null", "1", "{", "{}{}", "[]", "[1]",
		`{"x":"` + "\xff" + `"}`,
		`{"x":NaN}`,
		strings.Repeat("[", 10_000),
		`{"no_such_field":1,"no_such_field":2}`,
	} {
		s.API.Post(s.Path, body).Status(http.StatusBadRequest).Problem("malformed_body")
	}
	unknown := with(s.object(s.Create(1)), "no_such_field", 1)
	s.API.Post(s.Path, unknown).Status(http.StatusBadRequest).Problem("malformed_body", "/no_such_field")
	s.API.Post(s.Path, []any{s.object(s.Create(1)), unknown}).Status(http.StatusBadRequest).Problem("malformed_body", "/1/no_such_field")
	for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", ""} {
		s.API.With("Content-Type", media).Post(s.Path, s.object(s.Create(1))).Status(http.StatusUnsupportedMediaType).problem()
	}
	s.API.Post(s.Path+"?x=1", s.object(s.Create(1))).Status(http.StatusBadRequest).problem()
	if s.rows() != before {
		s.t.Fatal("a refused body left a row")
	}
}

// massAssignment sends every column that the forms do not have to every route
// that writes: each must be refused, and nothing written.
func (s *suite[T, C, U]) massAssignment() {
	r := s.create(1)
	creates, updates := namesOf(reflect.TypeFor[C]()), append(namesOf(reflect.TypeFor[U]()), "version")
	s.Create(2)
	s.Update(1)
	before, tried := s.rows(), 0
	for _, column := range s.columns() {
		value := any(r.members[column])
		if r.members[column] == nil {
			value = "x"
		}
		if !slices.Contains(creates, column) {
			tried += s.refuses(column, rest.Create, r, with(s.object(s.Create(2)), column, value), "")
			tried += s.refuses(column, rest.Create, r, []any{with(s.object(s.Create(2)), column, value)}, "/0")
			tried += s.refuses(column, rest.Copy, r, map[string]any{column: value}, "")
		}
		if !slices.Contains(updates, column) {
			tried += s.refuses(column, rest.Update, r, with(s.object(s.Update(1)), column, value), "")
			tried += s.refuses(column, rest.Replace, r, with(s.object(s.Update(1)), column, value), "")
			if column != s.model.ID.JSON {
				item := with(s.object(s.Update(1)), column, value, "id", r.id)
				tried += s.refuses(column, rest.UpdateMany, r, items(item), "/items/0")
			}
		}
	}
	if tried == 0 {
		s.t.Error("no column was tried")
	}
	s.same(r, "after writes that were refused")
	if s.rows() != before {
		s.t.Fatalf("refused writes made %d rows of %d", s.rows(), before)
	}
}

// refuses expects a write of a column to be refused with its name; it is 1
// where the resource has such a write.
func (s *suite[T, C, U]) refuses(column string, op rest.Operation, r row, body any, prefix string) int {
	if !s.can(op) {
		return 0
	}
	at := routes[op]
	api := s.API
	if op != rest.Create && op != rest.Copy {
		api = api.With("If-Match", "*")
	}
	api.Do(at.method, at.path(s.Path, r.id), body).Status(http.StatusBadRequest).Problem("malformed_body", prefix+"/"+column)
	return 1
}

// columns are all that T has, also those that no answer shows, and its
// relations.
func (s *suite[T, C, U]) columns() []string {
	var names []string
	for _, c := range s.model.Columns {
		if names = append(names, c.Name); c.JSON != "" && c.JSON != c.Name {
			names = append(names, c.JSON)
		}
	}
	for _, r := range s.model.Relations {
		names = append(names, r.Name)
	}
	return names
}

// namesOf are the members that a form takes.
func namesOf(form reflect.Type) []string {
	if form.Kind() != reflect.Struct {
		return nil
	}
	var names []string
	for _, f := range reflect.VisibleFields(form) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "-" && f.IsExported() {
			names = append(names, cmp.Or(name, f.Name))
		}
	}
	return names
}

// badQueries expects 400 for parameters that the query language does not have.
func (s *suite[T, C, U]) badQueries() {
	for _, query := range []string{
		"no_such_field=1", "limit=0", "limit=1001", "limit=x", "limit=1&limit=2", "sort=no_such_field", "include=no_such_relation",
		"fields=no_such_field", "after=x", "before=x", "count=all", "deleted=maybe", "id.contains=x", "id=x", "limit=", "%zz=1", "id=%00",
	} {
		s.API.Get(s.Path + "?" + query).Status(http.StatusBadRequest).problem()
	}
	long := s.API.Get(s.Path + "?id=" + strings.Repeat("x", 9000))
	long.Status(http.StatusRequestURITooLong).problem()
	if !s.can(rest.Search) {
		return
	}
	for _, body := range []string{
		`{"limit":0}`, `{"limit":"1"}`, `{"no_such_member":1}`, `{"filter":[]}`, `{"filter":{"no_such_field":1}}`, `{"sort":"id"}`,
		`{"filter":{"or":[]}}`, `{"after":""}`, `{"limit":1,"limit":2}`, fmt.Sprintf(`{"filter":%s{}%s}`, strings.Repeat(`{"not":`, 40), strings.Repeat("}", 40)),
	} {
		s.API.Post(s.Path+"/search", body).Status(http.StatusBadRequest).problem()
	}
}
