package crudtest

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// Run tests the entity on each database, in parallel subtests.
func Run[T, C, U any](t *testing.T, c Case[T, C, U]) {
	t.Helper()
	if c.New == nil {
		t.Fatal("crudtest: Case.New is required")
	}
	databases := c.Databases
	if len(databases) == 0 {
		databases = []Database{SQLite()}
	}
	for _, db := range databases {
		t.Run(db.Name, func(t *testing.T) {
			t.Parallel()
			for _, test := range battery[T, C, U]() {
				t.Run(test.name, func(t *testing.T) {
					t.Parallel()
					test.run(newSuite(t, c, db))
				})
			}
		})
	}
}

type test[T, C, U any] struct {
	name string
	run  func(*suite[T, C, U])
}

// battery is every test there is.
func battery[T, C, U any]() []test[T, C, U] {
	type s = *suite[T, C, U]
	return []test[T, C, U]{
		{"create", s.create},
		{"create needs an actor", s.createNeedsAnActor},
		{"required fields", s.requiredFields},
		{"search", s.search},
		{"sort and page", s.sortAndPage},
		{"aggregate", s.aggregate},
		{"update", s.update},
		{"stale", s.stale},
		{"delete", s.delete},
		{"restore and purge", s.restoreAndPurge},
		{"copy", s.copies},
		{"batch", s.batch},
		{"hooks", s.hooks},
		{"isolation of users", s.users},
		{"isolation of teams", s.teams},
		{"grants", s.grants},
	}
}

// suite is one test in an app of its own.
type suite[T, C, U any] struct {
	testing.TB
	app    *App
	entity Entity[T, C, U]
	m      *crud.Manager[T, C, U]
	model  *registry.Model
	maker  context.Context // who makes the rows
	made   int
}

func newSuite[T, C, U any](t testing.TB, c Case[T, C, U], db Database) *suite[T, C, U] {
	t.Helper()
	app := newApp(t, db)
	e := c.New(app)
	if e.Manager == nil || e.Create == nil {
		t.Fatal("crudtest: Entity.Manager and Create are required")
	}
	app.Must(crud.CreateTables(t.Context(), app.Registry, app.DB))
	app.Must(app.Teams.EnsureRoles(t.Context()))
	s := &suite[T, C, U]{TB: t, app: app, entity: e, m: e.Manager, model: e.Manager.Model()}
	if e.Update == nil && !s.fixed() {
		t.Fatalf("crudtest: Entity.Update is required, since %s has fields", reflect.TypeFor[U]())
	}
	s.maker = app.User("ann")
	if s.closed() {
		s.maker = app.root("ann")
	}
	return s
}

// closed tells whether only System and Root make rows.
func (s *suite[T, C, U]) closed() bool {
	return s.model.Policy.System || s.model.Policy.Private || s.model.Table == "users"
}

// input is the next valid input.
func (s *suite[T, C, U]) input() C {
	s.made++
	return s.entity.Create(s.maker, s.made)
}

// row makes a row.
func (s *suite[T, C, U]) row() T {
	s.Helper()
	row, err := s.m.Create(s.maker, s.input())
	s.must(err, s.creation())
	return row
}

func (s *suite[T, C, U]) rows(n int) (all []T) {
	s.Helper()
	for range n {
		all = append(all, s.row())
	}
	return all
}

// within adds to a query what every list of the entity needs.
func (s *suite[T, C, U]) within(row T, q query.Query) query.Query {
	switch {
	case s.entity.Within == nil:
	case q.Filter.IsZero():
		q.Filter = s.entity.Within(row)
	default:
		q.Filter = query.And(s.entity.Within(row), q.Filter)
	}
	return q
}

// of is the row as the registry reads it.
func (s *suite[T, C, U]) of(row T) registry.Row { return s.model.RowOf(&row) }

func (s *suite[T, C, U]) id(row T) uuid.UUID {
	id, _ := s.of(row).UUID(s.model.ID.Name)
	return id
}

// version is the row's version; AnyVersion for models without one.
func (s *suite[T, C, U]) version(row T) int64 {
	if s.model.Version == nil {
		return crud.AnyVersion
	}
	return s.of(row).Value(s.model.Version.Name).(int64)
}

// must ends the test when what was done failed.
func (s *suite[T, C, U]) must(err error, what string) {
	s.Helper()
	if err != nil {
		s.Fatalf("%s: %v", what, err)
	}
}

// creation names the creation of the last input.
func (s *suite[T, C, U]) creation() string { return fmt.Sprintf("Create of n = %d", s.made) }

// change is the n-th change; none where nothing of the entity can be changed.
func (s *suite[T, C, U]) change(n int) (u U) {
	if s.fixed() {
		return u
	}
	return s.entity.Update(s.maker, n)
}

// fixed tells whether updates have no fields.
func (s *suite[T, C, U]) fixed() bool {
	form := s.model.Update
	return form == nil || len(form.Fields)+len(form.Extra) == 0
}

// skipFixed skips what is about changes where there can be none.
func (s *suite[T, C, U]) skipFixed() {
	s.Helper()
	if s.fixed() {
		s.Skipf("%s has no fields: what the updates of %s do is not tested", reflect.TypeFor[U](), s.model.Table)
	}
}

// wants ends the test unless err is of the kind.
func (s *suite[T, C, U]) wants(err error, kind joinery.Kind, what string) {
	s.Helper()
	if !joinery.IsKind(err, kind) {
		s.Fatalf("%s: got %v, want an error of kind %v", what, err, kind)
	}
}

// equal checks that both rows have the same values.
func (s *suite[T, C, U]) equal(got, want T, what string) {
	s.Helper()
	for _, c := range s.model.Columns {
		g, w := s.of(got).Value(c.Name), s.of(want).Value(c.Name)
		if !same(g, w) {
			s.Errorf("%s: %s is %v, want %v", what, c.JSON, g, w)
		}
	}
}

// same tells whether two values of a column are the same; times to the
// microsecond, which is what databases keep, wherever they are.
func same(a, b any) bool {
	x, isTime := a.(time.Time)
	y, areTimes := b.(time.Time)
	if isTime && areTimes {
		return x.Truncate(time.Microsecond).Equal(y.Truncate(time.Microsecond))
	}
	return reflect.DeepEqual(a, b)
}
