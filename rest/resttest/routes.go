package resttest

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/joinery-go/joinery/rest"
)

// route is where an operation is served, below the path of the collection.
type route struct{ method, suffix string }

var routes = map[rest.Operation]route{
	rest.List: {http.MethodGet, ""}, rest.Create: {http.MethodPost, ""},
	rest.UpdateMany: {http.MethodPatch, ""}, rest.DeleteMany: {http.MethodDelete, ""},
	rest.Search: {http.MethodPost, "/search"},
	rest.Get:    {http.MethodGet, "/:id"}, rest.Update: {http.MethodPatch, "/:id"},
	rest.Replace: {http.MethodPut, "/:id"}, rest.Delete: {http.MethodDelete, "/:id"},
	rest.Copy: {http.MethodPost, "/:id/copy"}, rest.Restore: {http.MethodPost, "/:id/restore"},
	rest.Access: {http.MethodGet, "/:id/access"},
}

// operations are those with routes, in the order of their names.
func operations() []rest.Operation {
	return slices.Sorted(maps.Keys(routes))
}

// missingID is the id of no row.
const missingID = "ffffffff-ffff-7fff-bfff-ffffffffffff"

func (r route) path(collection, id string) string {
	return collection + strings.Replace(r.suffix, ":id", id, 1)
}

// documented is the operation in the document.
func (s *suite[T, C, U]) documented(op rest.Operation) (node, bool) {
	r := routes[op]
	item, _, _ := s.API.doc.find(r.method, r.path(s.Path, missingID))
	n, _, ok := operation(item, r.method)
	return n, ok
}

// routes compares the document with what the case says is served.
func (s *suite[T, C, U]) routes() {
	if s.API.doc == nil {
		s.t.Skip("there is no document")
	}
	for _, op := range operations() {
		r := routes[op]
		switch _, ok := s.documented(op); {
		case ok && slices.Contains(s.without, op):
			s.t.Errorf("the document has %s %s%s, but Case.Without names %q", r.method, s.Path, r.suffix, op)
		case !ok && s.can(op):
			s.t.Errorf("the document lacks %s %s%s: name %q in Case.Without if it is not served", r.method, s.Path, r.suffix, op)
		}
	}
}

// signedOut expects 401 of every route that the document does not call public.
func (s *suite[T, C, U]) signedOut() {
	if s.API.doc == nil {
		s.t.Skip("there is no document to tell which routes are public")
	}
	r := s.create(1)
	nobody := s.API.As(Nobody())
	for _, op := range operations() {
		doc, ok := s.documented(op)
		if !ok || public(doc.get("security")) {
			continue
		}
		a := s.askFor(nobody, op, r).Status(http.StatusUnauthorized)
		a.problem()
		if a.Headers().Get("WWW-Authenticate") == "" {
			a.fail("a 401 must have WWW-Authenticate")
		}
	}
}

// public reports whether one of the alternatives asks for nothing.
func public(security node) bool {
	list := security.elements()
	return security.value != nil && len(list) == 0 ||
		slices.ContainsFunc(list, func(n node) bool { return len(n.members()) == 0 })
}

// askFor asks for a row, or writes it, by the operation's route.
func (s *suite[T, C, U]) askFor(api *API, op rest.Operation, r row) *Answer {
	at := routes[op]
	return api.Do(at.method, at.path(s.Path, r.id), s.bodyOf(op, r))
}

// bodyOf is a body that the operation takes; nil for none.
func (s *suite[T, C, U]) bodyOf(op rest.Operation, r row) any {
	switch op {
	case rest.Create:
		return s.object(s.Create(2))
	case rest.Update:
		return s.object(s.Update(1))
	case rest.Replace:
		return s.replacement(r, 1)
	case rest.UpdateMany:
		return items(with(s.object(s.Update(1)), "id", r.id))
	case rest.DeleteMany:
		return items(s.item(r, r.version))
	case rest.Search:
		return map[string]any{}
	}
	return nil
}

// methods expects 405 for methods that have no route, and OPTIONS and HEAD to
// be answered.
func (s *suite[T, C, U]) methods() {
	for _, path := range []string{s.Path, s.Path + "/" + missingID} {
		a := s.API.Do("PURGE", path, nil).Status(http.StatusMethodNotAllowed)
		a.problem()
		allow := a.Headers().Get("Allow")
		s.API.Do(http.MethodOptions, path, nil).Status(http.StatusNoContent).Header("Allow", allow)
		for _, op := range operations() {
			if at := routes[op]; s.can(op) && at.path(s.Path, missingID) == path && !slices.Contains(strings.Split(allow, ", "), at.method) {
				a.fail("Allow lacks %s", at.method)
			}
		}
	}
	if s.can(rest.List) {
		s.API.Head(s.Path).Status(http.StatusOK)
	}
}
