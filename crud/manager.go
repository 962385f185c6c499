package crud

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Manager reads and writes the rows of T for the context's actor. C is what a
// caller may send to create a row, U what it may send to change one; their
// fields are fields of T by JSON name. Make one with [New]. It is safe for
// concurrent use.
type Manager[T, C, U any] struct {
	core       *core
	hooks      Hooks[T, C, U]
	createForm *registry.Form
	updateForm *registry.Form
}

// New makes the manager of T, and adds T to the registry where it is absent.
// access decides who may do what: a *perm.Engine, or [Unrestricted]. Errors
// name the Go type and field at fault; what can only be told with all models
// known (a reference to a missing table) is reported by registry.Validate, at
// the latest by the manager's first call.
func New[T, C, U any](reg *registry.Registry, db *sqldb.DB, access Access, opts *Options) (*Manager[T, C, U], error) {
	if reg == nil || db == nil || access == nil {
		return nil, errors.New("crud.New: registry, database and access are required; access may be crud.Unrestricted")
	}
	if opts == nil {
		opts = &Options{}
	}
	model, err := registry.Add[T](reg)
	if err != nil {
		return nil, err
	}
	if err := reg.SetForms(model, reflect.TypeFor[C](), reflect.TypeFor[U]()); err != nil {
		return nil, err
	}
	h := hubOf(reg)
	if err := h.validator.Check(model.Type, reflect.TypeFor[C](), reflect.TypeFor[U]()); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(opts.Search)) {
		s := opts.Search[name]
		if s.SQL == nil {
			return nil, fmt.Errorf("crud.New: search field %q of %s has no SQL", name, model.Name)
		}
		if err := reg.SetSearch(model, name, registry.SearchField{Doc: s.Doc, Example: s.Example}); err != nil {
			return nil, err
		}
	}
	m := &Manager[T, C, U]{core: newCore(reg, db, access, model, opts), createForm: model.Form(reflect.TypeFor[C]()), updateForm: model.Form(reflect.TypeFor[U]())}
	m.nameHooks(model.Table)
	m.core.openRun, m.core.touched, m.core.hooked = m.openRun, m.touched, m.hooked
	if m.core.memory, err = newRowMemory(m.core, opts.RowCache); err != nil {
		return nil, err
	}
	m.core.hub.join(m.core)
	return m, nil
}

func newCore(reg *registry.Registry, db *sqldb.DB, access Access, model *registry.Model, opts *Options) *core {
	h := hubOf(reg)
	c := &core{
		reg: reg, db: db, dialect: db.Dialect(), model: model, access: access,
		now: opts.Now, newID: opts.NewID, search: opts.Search, feed: opts.Feed, hub: h, validator: h.validator,
	}
	c.placeCond, _ = access.(PlaceConder)
	c.armer, _ = access.(Armer)
	c.forgetter, _ = access.(Forgetter)
	if c.now == nil {
		c.now = time.Now
	}
	if c.newID == nil {
		c.newID = uuid.NewV7
	}
	if c.feed == nil {
		c.feed = h.feed
	}
	return c
}

// Model is what the registry knows of T.
func (m *Manager[T, C, U]) Model() *registry.Model { return m.core.model }

// DB is the database the manager works on.
func (m *Manager[T, C, U]) DB() *sqldb.DB { return m.core.db }

// Database is the identity of the database, which is its *sqldb.DB, for
// packages that only compare it: rest keeps idempotency keys where it is that
// of the keys.
func (m *Manager[T, C, U]) Database() any { return m.core.db }

// Feed is where the manager publishes its changes.
func (m *Manager[T, C, U]) Feed() *Feed { return m.core.feed }

// Hooks are the points of the manager's operations.
func (m *Manager[T, C, U]) Hooks() *Hooks[T, C, U] { return &m.hooks }

func (m *Manager[T, C, U]) nameHooks(table string) {
	m.hooks.Create.Name = table + ".create"
	m.hooks.Update.Name = table + ".update"
	m.hooks.Delete.Name = table + ".delete"
	m.hooks.Restore.Name = table + ".restore"
	m.hooks.Purge.Name = table + ".purge"
	m.hooks.Get.Name = table + ".get"
	m.hooks.List.Name = table + ".list"
	m.hooks.All.Name = table
}

// touched runs the All hooks of a row whose reference became null because the
// row it named was deleted.
func (m *Manager[T, C, U]) touched(ctx context.Context, row unsafe.Pointer) error {
	e := Event[T]{Op: query.OpUpdate, ID: m.core.id(row), Row: (*T)(row)}
	if err := hookError(m.hooks.All.RunAfter(ctx, &e)); err != nil {
		return err
	}
	m.core.committed(ctx, func(ctx context.Context) { m.hooks.All.RunCommitted(ctx, e) }, false, query.OpUpdate, row)
	return nil
}

// inputOf is the Create input that a whole row amounts to, with defaults where
// the row is zero.
func (m *Manager[T, C, U]) inputOf(row *T) (in C, err error) {
	if err = m.core.fillDefaults(unsafe.Pointer(row), nothingGiven); err == nil {
		err = project(m.createForm, unsafe.Pointer(row), unsafe.Pointer(&in))
	}
	return in, err
}

// changeOf is the Update input that a whole row amounts to.
func (m *Manager[T, C, U]) changeOf(row *T) (in U, err error) {
	err = project(m.updateForm, unsafe.Pointer(row), unsafe.Pointer(&in))
	return in, err
}

// project fills a form from a row.
func project(form *registry.Form, row, in unsafe.Pointer) error {
	for _, f := range form.Fields {
		if err := f.Set(in, f.Column.Value(row)); err != nil {
			return err
		}
	}
	return nil
}
