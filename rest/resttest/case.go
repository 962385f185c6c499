package resttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// Case is the mounted resource that [Run] tests: rows of T, created from C and
// changed by U.
type Case[T, C, U any] struct {
	// New opens the app with the resource, over a database of its own. It is
	// called once for each test, for several tests at once. Required.
	New func(t testing.TB) Resource[C, U]

	// Without are the operations that the resource does not serve. All others
	// must be in the document, and these must not be.
	Without []rest.Operation
}

// Resource is a mounted resource, and inputs for it.
type Resource[C, U any] struct {
	// API asks as somebody who may create rows, and may then do everything to
	// them. Required.
	API *API

	// Path is that of the collection, as "/v1/notes". Required.
	Path string

	// Create is the n-th valid input. No two may clash. It is asked once for
	// each n of a test, and may send requests of its own. Required.
	Create func(n int) C

	// Update is a valid change of any row, which changes something. For each n
	// it is another one, asked once as with Create. Required, unless no
	// operation changes rows.
	Update func(n int) U

	// SeesDeleted says that API asks as Root, who may read deleted rows: those
	// of models with SoftDelete are answered after a delete, with the time of
	// it. False: they must not be found.
	SeesDeleted bool

	// Stranger asks as somebody who may not see the rows of API. Nil: what is
	// hidden is not tested.
	Stranger Identity

	// Invalid are inputs that are refused as Invalid, by the JSON pointer to
	// the field at fault, as "/title". Nil: not tested.
	Invalid map[string]C
}

// Run tests a resource in every way that package rest promises, each in a
// subtest over an app of its own, in parallel.
func Run[T, C, U any](t *testing.T, c Case[T, C, U]) {
	t.Helper()
	for _, one := range battery[T, C, U]() {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			if s := c.suite(t); s.can(one.needs...) {
				one.run(s)
			} else {
				t.Skipf("the case is without one of %v", one.needs)
			}
		})
	}
}

// test is one part of the battery, and the operations that it cannot do
// without.
type test[T, C, U any] struct {
	name  string
	needs []rest.Operation
	run   func(s *suite[T, C, U])
}

func battery[T, C, U any]() []test[T, C, U] {
	type s = suite[T, C, U]
	type ops = []rest.Operation
	return []test[T, C, U]{
		{"Routes", nil, (*s).routes},
		{"Create", ops{rest.Create}, (*s).creates},
		{"Get", ops{rest.Create, rest.Get}, (*s).gets},
		{"Conditional", ops{rest.Create, rest.Get}, (*s).conditional},
		{"Update", ops{rest.Create, rest.Get, rest.Update}, func(x *s) { x.changes(http.MethodPatch) }},
		{"Replace", ops{rest.Create, rest.Get, rest.Replace}, func(x *s) { x.changes(http.MethodPut) }},
		{"Delete", ops{rest.Create, rest.Get, rest.Delete}, (*s).deletes},
		{"Copy", ops{rest.Create, rest.Get, rest.Copy}, (*s).copies},
		{"Restore", ops{rest.Create, rest.Delete, rest.Restore}, (*s).restores},
		{"Access", ops{rest.Create, rest.Access}, (*s).access},
		{"Invalid", ops{rest.Create}, (*s).invalid},
		{"Bodies", ops{rest.Create}, (*s).bodies},
		{"MassAssignment", ops{rest.Create, rest.Get}, (*s).massAssignment},
		{"CreateMany", ops{rest.Create, rest.List}, (*s).createsMany},
		{"UpdateMany", ops{rest.Create, rest.Get, rest.UpdateMany}, (*s).changesMany},
		{"DeleteMany", ops{rest.Create, rest.Get, rest.DeleteMany}, (*s).deletesMany},
		{"Pages", ops{rest.Create, rest.List}, (*s).pages},
		{"Search", ops{rest.Create, rest.List, rest.Search}, (*s).searches},
		{"BadQueries", ops{rest.List}, (*s).badQueries},
		{"Hidden", ops{rest.Create}, (*s).hidden},
		{"HiddenFromLists", ops{rest.Create}, (*s).hiddenFromLists},
		{"SignedOut", ops{rest.Create}, (*s).signedOut},
		{"Methods", nil, (*s).methods},
	}
}

// suite is what one test works with.
type suite[T, C, U any] struct {
	Resource[C, U]
	t       testing.TB
	model   *registry.Model
	without []rest.Operation
}

func (c Case[T, C, U]) suite(t testing.TB) *suite[T, C, U] {
	t.Helper()
	if c.New == nil {
		t.Fatal("resttest: Case.New is required")
	}
	model, err := registry.Add[T](registry.New(nil))
	if err != nil {
		t.Fatalf("resttest: %v", err)
	}
	r := c.New(t)
	if r.API == nil || r.Path == "" || r.Create == nil {
		t.Fatal("resttest: Resource.API, Path and Create are required")
	}
	s := &suite[T, C, U]{Resource: r, t: t, model: model, without: c.Without}
	s.API, s.Path = r.API.In(t), strings.TrimSuffix(r.Path, "/")
	if s.Update == nil {
		for _, op := range []rest.Operation{rest.Update, rest.Replace, rest.UpdateMany} {
			if s.can(op) {
				t.Fatalf("resttest: Resource.Update is required, for the operation %q: name it in Case.Without if it is not served", op)
			}
		}
		s.Update = func(int) (zero U) { return zero }
	}
	s.Create, s.Update = remembered(s.Create), remembered(s.Update)
	return s
}

// remembered asks once for each n: what f makes beside its input must not be
// there twice.
func remembered[V any](f func(n int) V) func(n int) V {
	made := map[int]V{}
	return func(n int) V {
		v, ok := made[n]
		if !ok {
			v = f(n)
			made[n] = v
		}
		return v
	}
}

// can reports whether the resource serves all of ops. What a model has no
// columns for is not expected of it.
func (s *suite[T, C, U]) can(ops ...rest.Operation) bool {
	return !slices.ContainsFunc(ops, func(op rest.Operation) bool {
		return slices.Contains(s.without, op) || op == rest.Restore && s.model.DeletedAt == nil
	})
}

// versioned reports whether rows have a version that clients see.
func (s *suite[T, C, U]) versioned() bool { return s.model.Version != nil && s.model.Version.Visible() }

// row is a row as an answer had it.
type row struct {
	id      string
	version int64
	path    string
	body    []byte
	members map[string]json.RawMessage
}

// etag is the row's version as an entity tag; empty where rows have none.
func (r row) etag() string {
	if r.version == 0 {
		return ""
	}
	return `"` + strconv.FormatInt(r.version, 10) + `"`
}

// read is the row that an answer holds, which must fit T.
func (s *suite[T, C, U]) read(a *Answer) row {
	s.t.Helper()
	var typed T
	r := row{body: bytes.Clone(a.JSON(&typed).Body())}
	a.JSON(&r.members)
	if json.Unmarshal(r.members[s.model.ID.JSON], &r.id) != nil || r.id == "" {
		a.fail("the row has no id")
	}
	if s.versioned() && (json.Unmarshal(r.members[s.model.Version.JSON], &r.version) != nil || r.version < 1) {
		a.fail("the row has no version")
	}
	r.path = s.Path + "/" + r.id
	return r
}

// create makes the n-th row.
func (s *suite[T, C, U]) create(n int) row {
	s.t.Helper()
	return s.read(s.API.Post(s.Path, s.Create(n)).Status(http.StatusCreated))
}

// seen is the row as GET has it.
func (s *suite[T, C, U]) seen(r row) row {
	s.t.Helper()
	return s.read(s.API.Get(r.path).Status(http.StatusOK))
}

// same expects that a row has not changed.
func (s *suite[T, C, U]) same(before row, after string) {
	s.t.Helper()
	if now := s.seen(before); !bytes.Equal(now.body, before.body) {
		s.t.Fatalf("%s the row was\n%s\nand became\n%s", after, before.body, now.body)
	}
}

// matching is the API with the row's version in If-Match.
func (s *suite[T, C, U]) matching(r row) *API { return s.API.With("If-Match", r.etag()) }

// page is a page of a list.
type page struct {
	Items []json.RawMessage `json:"items"`
	Next  string            `json:"next"`
	Prev  string            `json:"prev"`
	Total *int64            `json:"total"`
}

// list is the page at the path, which may have a query.
func (s *suite[T, C, U]) list(query string) (p page) {
	s.t.Helper()
	s.API.Get(s.Path + query).Status(http.StatusOK).JSON(&p)
	return p
}

// count is how many rows there are.
func (s *suite[T, C, U]) count() int64 {
	s.t.Helper()
	p := s.list("?limit=1&count=exact")
	if p.Total == nil {
		s.t.Fatalf("GET %s?count=exact answers no total", s.Path)
	}
	return *p.Total
}

// rows is how many rows there are, where the resource tells.
func (s *suite[T, C, U]) rows() int64 {
	s.t.Helper()
	if !s.can(rest.List) {
		return 0
	}
	return s.count()
}

// object is an input as a JSON object, to add members to.
func (s *suite[T, C, U]) object(in any) map[string]any {
	s.t.Helper()
	data := s.API.encode(in)
	var m map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&m); err != nil || m == nil {
		s.t.Fatalf("resttest: %T must be written as a JSON object, not %s", in, excerpt(data))
	}
	return m
}

// with is an input with further members.
func with(object map[string]any, more ...any) map[string]any {
	for i := 0; i < len(more); i += 2 {
		object[fmt.Sprint(more[i])] = more[i+1]
	}
	return object
}
