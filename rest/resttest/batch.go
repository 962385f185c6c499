package resttest

import (
	"encoding/json"
	"maps"
	"net/http"
)

// createsMany expects an array to make all rows, in order, or none.
func (s *suite[T, C, U]) createsMany() {
	var in []map[string]any
	for n := range 6 { // before the count: an input may make rows of its own
		in = append(in, s.object(s.Create(n)))
	}
	before := s.count()
	var answer page
	a := s.API.Post(s.Path, in[1:4]).Status(http.StatusCreated).JSON(&answer)
	if len(answer.Items) != 3 {
		a.fail("want 3 rows")
	}
	if n := s.count(); n != before+3 {
		s.t.Fatalf("an array of 3 made %d rows of %d", n, before)
	}
	bad := []any{in[4], with(in[5], "no_such_field", 1)}
	s.API.Post(s.Path, bad).Status(http.StatusBadRequest).Problem("malformed_body", "/1/no_such_field")
	for pointer, invalid := range s.Invalid {
		s.API.Post(s.Path, []any{in[4], s.object(invalid)}).Status(http.StatusUnprocessableEntity).Problem("invalid", "/1"+pointer)
	}
	if n := s.count(); n != before+3 {
		s.t.Fatalf("arrays that were refused made %d rows of %d", n, before+3)
	}
}

// item names a row in a batch.
func (s *suite[T, C, U]) item(r row, version int64) map[string]any {
	item := map[string]any{"id": r.id}
	if s.versioned() {
		item["version"] = version
	}
	return item
}

func items(list ...any) map[string]any { return map[string]any{"items": list} }

// changesMany expects a batch to change all rows or none.
func (s *suite[T, C, U]) changesMany() {
	a, b := s.create(1), s.create(2)
	change := func(r row, version int64, n int) map[string]any {
		object := s.object(s.Update(n))
		maps.Copy(object, s.item(r, version))
		return object
	}
	missing := row{id: missingID, version: 1}
	s.API.Patch(s.Path, items(change(a, a.version, 1), change(missing, 1, 2))).Status(http.StatusNotFound).problem()
	s.API.Patch(s.Path, items(change(a, a.version, 1), with(change(b, b.version, 2), "no_such_field", 1))).
		Status(http.StatusBadRequest).Problem("malformed_body", "/items/1/no_such_field")
	s.API.Patch(s.Path, items(change(a, a.version, 1), change(a, a.version, 2))).Status(http.StatusUnprocessableEntity).Problem("invalid")
	s.API.Patch(s.Path, items()).Status(http.StatusBadRequest).Problem("malformed_body", "/items")
	if s.versioned() {
		s.API.Patch(s.Path, items(change(a, a.version, 1), change(b, 77, 2))).Status(http.StatusPreconditionFailed).Problem("stale")
		s.API.Patch(s.Path, items(with(s.object(s.Update(1)), "id", a.id))).Status(http.StatusPreconditionRequired).Problem("version_required")
	}
	s.same(a, "after batches that were refused")
	s.same(b, "after batches that were refused")

	var answer page
	got := s.API.Patch(s.Path, items(change(b, b.version, 1), change(a, a.version, 2))).Status(http.StatusOK).JSON(&answer)
	if len(answer.Items) != 2 || s.idOf(answer.Items[0]) != b.id || s.idOf(answer.Items[1]) != a.id {
		got.fail("want both rows, in the order of the batch")
	}
	s.same(row{id: b.id, path: b.path, body: answer.Items[0]}, "after a batch")
	s.same(row{id: a.id, path: a.path, body: answer.Items[1]}, "after a batch")
}

// deletesMany expects a batch to delete all rows or none.
func (s *suite[T, C, U]) deletesMany() {
	a, b, c, d := s.create(1), s.create(2), s.create(3), s.create(4)
	s.API.Delete(s.Path, items(s.item(a, a.version), s.item(row{id: missingID}, 1))).Status(http.StatusNotFound).problem()
	s.API.Delete(s.Path, items(s.item(a, a.version), with(s.item(b, b.version), "no_such_field", 1))).
		Status(http.StatusBadRequest).Problem("malformed_body", "/items/1/no_such_field")
	s.API.With("If-Match", "*").Delete(s.Path+"?id="+a.id+"&id="+missingID, nil).Status(http.StatusNotFound).problem()
	if s.versioned() {
		s.API.Delete(s.Path, items(s.item(a, a.version), s.item(b, 77))).Status(http.StatusPreconditionFailed).Problem("stale")
		s.API.Delete(s.Path+"?id="+a.id, nil).Status(http.StatusPreconditionRequired).Problem("version_required")
	}
	s.same(a, "after batches that were refused")
	s.same(b, "after batches that were refused")

	s.API.Delete(s.Path, items(s.item(a, a.version), s.item(b, b.version))).Status(http.StatusNoContent)
	s.API.With("If-Match", "*").Delete(s.Path+"?id="+c.id+"&id="+d.id, nil).Status(http.StatusNoContent)
	for _, r := range []row{a, b, c, d} {
		s.isGone(r)
	}
}

func (s *suite[T, C, U]) idOf(item json.RawMessage) (id string) {
	var members map[string]json.RawMessage
	if json.Unmarshal(item, &members) != nil || json.Unmarshal(members[s.model.ID.JSON], &id) != nil {
		s.t.Fatalf("no row: %s", excerpt(item))
	}
	return id
}
