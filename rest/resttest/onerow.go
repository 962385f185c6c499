package resttest

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"strconv"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// creates expects 201 with the row, where it is and which version it has.
func (s *suite[T, C, U]) creates() {
	a := s.API.Post(s.Path, s.object(s.Create(1))).Status(http.StatusCreated)
	r := s.read(a)
	a.Header("Location", r.path).Header("ETag", r.etag())
	if s.can(rest.Get) {
		got := s.API.Get(a.Headers().Get("Location")).Status(http.StatusOK).Header("ETag", r.etag())
		if !bytes.Equal(got.Body(), r.body) {
			got.fail("the row that was created was answered as\n%s", r.body)
		}
	}
}

// gets expects a row whole and in part, and 404 for all that names none.
func (s *suite[T, C, U]) gets() {
	r := s.create(1)
	s.same(r, "after it was created")
	head := s.API.Head(r.path).Status(http.StatusOK).Header("ETag", r.etag())
	if want := strconv.Itoa(len(r.body)); len(head.Body()) > 0 || head.Headers().Get("Content-Length") != want {
		head.fail("HEAD has no body, and the Content-Length %s of GET", want)
	}
	id := s.model.ID.JSON
	var some map[string]json.RawMessage
	a := s.API.Get(r.path + "?fields=" + id).Status(http.StatusOK).JSON(&some)
	if len(some) != 1 || some[id] == nil {
		a.fail("fields=%s asks for that alone", id)
	}
	s.API.Get(s.Path + "/" + missingID).Status(http.StatusNotFound).Problem("not_found")
	for _, bad := range []string{"x", "0", r.id[:35], r.id + "0", "%00"} {
		s.API.Get(s.Path + "/" + bad).Status(http.StatusNotFound).problem()
	}
	s.API.Get(r.path+"?fields=no_such_field").Status(http.StatusBadRequest).Problem("bad_query", "fields")
	s.API.Get(r.path + "?no_such_parameter=1").Status(http.StatusBadRequest).problem()
	s.API.With("Accept", "text/html").Get(r.path).Status(http.StatusNotAcceptable).problem()
}

// conditional expects 304 for the version that the client has.
func (s *suite[T, C, U]) conditional() {
	r := s.create(1)
	if !s.versioned() {
		s.API.With("If-None-Match", `"1"`).Get(r.path).Status(http.StatusOK).Header("ETag", "")
		return
	}
	for _, has := range []string{r.etag(), "W/" + r.etag(), `"77", ` + r.etag(), "*"} {
		a := s.API.With("If-None-Match", has).Get(r.path).Status(http.StatusNotModified).Header("ETag", r.etag())
		if len(a.Body()) > 0 {
			a.fail("a 304 has no body")
		}
	}
	for _, has := range []string{`"77"`, "nonsense"} {
		s.API.With("If-None-Match", has).Get(r.path).Status(http.StatusOK)
	}
	s.API.With("If-None-Match", "*").Get(s.Path + "/" + missingID).Status(http.StatusNotFound)
}

// changes expects PATCH or PUT to need the version, to count it up, and to
// change nothing that it refuses.
func (s *suite[T, C, U]) changes(method string) {
	r := s.create(1)
	change := func(n int, more ...any) any {
		if method == http.MethodPut {
			return with(s.replacement(r, n), more...)
		}
		return with(s.object(s.Update(n)), more...)
	}
	if s.versioned() {
		s.refusesVersions(r, method, func(more ...any) any { return change(1, more...) })
	}
	a := s.matching(r).Do(method, r.path, change(1)).Status(http.StatusOK)
	now := s.read(a)
	a.Header("ETag", now.etag())
	if bytes.Equal(now.body, r.body) {
		a.fail("the change changed nothing")
	}
	if s.versioned() && now.version != r.version+1 {
		a.fail("the version went from %d to %d", r.version, now.version)
	}
	s.same(now, "after its change")
	if s.versioned() {
		s.matching(r).Do(method, r.path, change(2)).Status(http.StatusPreconditionFailed)
		now = s.read(s.API.Do(method, r.path, change(2, "version", now.version)).Status(http.StatusOK))
		now = s.read(s.API.With("If-Match", "*").Do(method, r.path, change(3)).Status(http.StatusOK))
	}
	s.same(now, "after its changes")
	s.API.With("If-Match", "*").Do(method, s.Path+"/"+missingID, change(1)).Status(http.StatusNotFound).Problem("not_found")
}

// replacement is the body of a PUT with the n-th change of a row that the first
// input made. What it lacked would become its default, null or empty, and what
// no answer shows would be missed: that is as the row was created, else empty.
func (s *suite[T, C, U]) replacement(r row, n int) map[string]any {
	body, created := map[string]any{}, s.object(s.Create(1))
	for _, name := range namesOf(reflect.TypeFor[U]()) {
		if value, ok := r.members[name]; ok {
			body[name] = value
			continue
		}
		c := s.model.Field(name)
		if c == nil || c.Visibility != registry.WriteOnly {
			continue
		}
		if value, ok := created[name]; ok {
			body[name] = value
		} else if !c.Nullable && !c.HasDefault {
			body[name] = emptyOf(c.Base())
		}
	}
	maps.Copy(body, s.object(s.Update(n)))
	return body
}

// emptyOf is the zero value of t as a column that takes no null has it.
func emptyOf(t reflect.Type) any {
	switch {
	case t.Kind() == reflect.Map:
		return map[string]any{}
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		return []any{}
	case t.Kind() == reflect.Slice:
		return ""
	}
	return reflect.Zero(t).Interface()
}

// refusesVersions expects a write to be refused without the version, with one
// that is old, and with two that differ.
func (s *suite[T, C, U]) refusesVersions(r row, method string, body func(more ...any) any) {
	s.API.Do(method, r.path, body()).Status(http.StatusPreconditionRequired).Problem("version_required")
	stale := s.API.With("If-Match", `"77"`).Do(method, r.path, body()).Status(http.StatusPreconditionFailed)
	if p := stale.problem(); p.Version != r.version {
		stale.fail("the problem must tell version %d", r.version)
	}
	s.API.Do(method, r.path, body("version", 77)).Status(http.StatusPreconditionFailed).Problem("stale")
	s.matching(r).Do(method, r.path, body("version", 77)).Status(http.StatusBadRequest).Problem("versions_differ")
	for _, bad := range []string{"1", `"x"`, `"0"`, `"-1"`} {
		s.API.With("If-Match", bad).Do(method, r.path, body()).Status(http.StatusBadRequest).problem()
	}
	s.same(r, "after changes that were refused")
}

// deletes expects DELETE to need the version, and the row to be gone.
func (s *suite[T, C, U]) deletes() {
	r := s.create(1)
	if s.versioned() {
		s.refusesVersions(r, http.MethodDelete, func(more ...any) any {
			if len(more) == 0 {
				return nil
			}
			return with(map[string]any{}, more...)
		})
	}
	s.matching(r).Delete(r.path, nil).Status(http.StatusNoContent).Header("ETag", "")
	s.isGone(r)
	status, code := http.StatusNotFound, "not_found"
	if s.seesDeleted() {
		status, code = http.StatusConflict, "already_deleted"
	}
	s.API.With("If-Match", "*").Delete(r.path, nil).Status(status).Problem(code)
}

// seesDeleted reports whether deleted rows are answered.
func (s *suite[T, C, U]) seesDeleted() bool { return s.SeesDeleted && s.model.DeletedAt != nil }

// isGone expects a deleted row not to be found; Root sees it with the time.
func (s *suite[T, C, U]) isGone(r row) {
	s.t.Helper()
	a := s.API.Get(r.path)
	if s.seesDeleted() {
		now := s.read(a.Status(http.StatusOK))
		if at, ok := now.members[s.model.DeletedAt.JSON]; ok && string(at) == "null" {
			a.fail("the row was deleted, and has no %s", s.model.DeletedAt.JSON)
		}
		return
	}
	if a.Code() == http.StatusOK && s.model.DeletedAt != nil {
		a.fail("want status 404 of a deleted row: set Resource.SeesDeleted if API asks as Root, who may see it")
	}
	a.Status(http.StatusNotFound).Problem("not_found")
}

// copies expects a copy to be a row of its own, with what the body overrides.
func (s *suite[T, C, U]) copies() {
	r := s.create(1)
	a := s.API.Post(r.path+"/copy", s.object(s.Create(2))).Status(http.StatusCreated)
	c := s.read(a)
	a.Header("Location", c.path).Header("ETag", c.etag())
	if c.id == r.id {
		a.fail("the copy has the id of the row")
	}
	s.same(r, "after it was copied")
	s.same(c, "after it was made")
	s.API.Post(s.Path+"/"+missingID+"/copy", nil).Status(http.StatusNotFound).Problem("not_found")
}

// restores expects whoever may not restore to find nothing, and never a 5xx.
func (s *suite[T, C, U]) restores() {
	r := s.create(1)
	s.matching(r).Delete(r.path, nil).Status(http.StatusNoContent)
	a := s.API.With("If-Match", "*").Post(r.path+"/restore", nil)
	switch a.Code() {
	case http.StatusOK:
		s.same(s.read(a), "after it was restored")
	case http.StatusNotFound, http.StatusForbidden:
		a.problem()
	default:
		a.fail("want 200 of who may restore, else 404 or 403")
	}
	s.API.With("If-Match", "*").Post(s.Path+"/"+missingID+"/restore", nil).Status(http.StatusNotFound).problem()
}

// access expects the row's creator to be told that it may view the row.
func (s *suite[T, C, U]) access() {
	r := s.create(1)
	var answer struct{ Can joinery.Actions }
	a := s.API.Get(r.path + "/access").Status(http.StatusOK).JSON(&answer)
	if !answer.Can.Has(joinery.View) {
		a.fail("who created the row may view it")
	}
	s.API.Get(s.Path + "/" + missingID + "/access").Status(http.StatusNotFound).Problem("not_found")
}
