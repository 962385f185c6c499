package registry

import (
	"reflect"
	"sync"
	"sync/atomic"
)

// Registry is a set of models that may refer to each other. Make one with
// [New], fill it with [Add], then [Registry.Validate] freezes it. Two
// registries share nothing. Adding is not safe for concurrent use; a validated
// registry is.
type Registry struct {
	external map[string]bool

	models  []*Model
	byType  map[reflect.Type]*Model
	byTable map[string]*Model
	byName  map[string]*Model
	failed  map[string]bool // tables of types that Add refused: references to them need no second complaint

	attached []attaching
	problems []error // of Add, Attach and SetForms, which Validate names

	frozen   atomic.Bool
	validate sync.Once
	err      error

	sharedMu sync.Mutex
	shared   map[any]any // see Shared
}

// Options are the settings of a [Registry]. Nil and the zero value mean the
// defaults.
type Options struct {
	// ExternalTables are tables that references may name although no model of
	// the registry maps them: such a reference has no Target, and no foreign
	// key in the DDL. Nil means "users" and "teams", so that an app may keep
	// its own users and use [InTeam] without package perm; an empty slice
	// means none. A table that has a model is never external.
	ExternalTables []string
}

// New returns an empty registry. Nil options mean the defaults.
func New(opts *Options) *Registry {
	r := &Registry{
		external: map[string]bool{"users": true, "teams": true},
		byType:   map[reflect.Type]*Model{},
		byTable:  map[string]*Model{},
		byName:   map[string]*Model{},
		failed:   map[string]bool{},
	}
	if opts != nil && opts.ExternalTables != nil {
		r.external = map[string]bool{}
		for _, table := range opts.ExternalTables {
			r.external[table] = true
		}
	}
	return r
}

// Models are the models in the order in which they were added. The slice is
// the caller's own.
func (r *Registry) Models() []*Model { return append([]*Model(nil), r.models...) }

// Model is the model of the table, nil where there is none.
func (r *Registry) Model(table string) *Model { return r.byTable[table] }

// ModelByName is the model by the name of its Go type, nil where there is
// none.
func (r *Registry) ModelByName(name string) *Model { return r.byName[name] }

// ModelByType is the model of the struct type t or a pointer to it, nil where
// there is none.
func (r *Registry) ModelByType(t reflect.Type) *Model {
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return r.byType[t]
}

// ModelOf is the model of T; false where T was not added.
func ModelOf[T any](r *Registry) (*Model, bool) {
	m, ok := r.byType[reflect.TypeFor[T]()]
	return m, ok
}
