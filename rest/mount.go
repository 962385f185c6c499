package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// MountOptions configure a mounted resource. Nil and the zero value mean the
// defaults named on each field.
type MountOptions struct {
	Auth    AuthMode               // of every route. Zero: Required
	AuthOf  map[Operation]AuthMode // of single routes, before Auth
	Without []Operation            // routes that are left out

	// AllowBlindWrites lets a write that names no version overwrite whatever
	// is there; without it the answer is 428.
	AllowBlindWrites bool

	// NoIdempotency refuses the header Idempotency-Key, for a service that
	// writes to another database than that of Options.Idempotency.
	NoIdempotency bool

	// Parent nests the resource: the JSON name of the column that refers to
	// the parent, which is also the name of the path's parameter, as
	// "project_id" for /v1/projects/:project_id/notes. The parent's id is then
	// a filter on every route, and is set on create. Empty: not nested.
	Parent string

	// ParentOf says whether the caller may see the parent; a manager of the
	// parents does. Required with Parent.
	ParentOf Exister

	Model       *registry.Model // of T. Nil: the service's Model(), else the registry's, where T is added if need be
	Description string          // for the document. Empty: the model's comment
	Timeout     time.Duration   // of a request. Zero: that of the API
}

// Mount serves svc at path, which is the path of the collection. The service's
// abilities decide which routes there are: see the package comment. Types are
// inferred from svc. The error names what is wrong with path, options or
// model, or with which route of the router it clashes.
func Mount[T, C, U any](api *API, path string, svc Resource[T, C, U], opts *MountOptions) error {
	if isNil(svc) {
		return fmt.Errorf("rest: mount %s: the service is nil", path)
	}
	ops, model := opsOf(svc), modelOf(svc)
	if opts != nil && opts.Model != nil {
		model = opts.Model
	}
	if model != nil && model.DeletedAt == nil {
		ops.Restore = nil // a manager has the method whatever its model
	}
	return mountOps(api, path, ops, model, opts)
}

// MountReader serves a service that only reads.
func MountReader[T any](api *API, path string, svc Reader[T], opts *MountOptions) error {
	if isNil(svc) {
		return fmt.Errorf("rest: mount %s: the service is nil", path)
	}
	return mountOps(api, path, Ops[T, struct{}, struct{}]{Get: svc.Get, List: svc.List}, modelOf(svc), opts)
}

// MountOps serves those operations that ops has functions for.
func MountOps[T, C, U any](api *API, path string, ops Ops[T, C, U], opts *MountOptions) error {
	return mountOps(api, path, ops, nil, opts)
}

func isNil(v any) bool {
	rv := reflect.ValueOf(v)
	return !rv.IsValid() || rv.Kind() == reflect.Pointer && rv.IsNil()
}

// mounted is a resource without its types: what the routes share.
type mounted struct {
	api     *API
	path    string
	opts    MountOptions
	model   *registry.Model
	plan    *plan // from prepare on
	parent  *registry.Column
	create  reflect.Type // of C; nil: none
	update  reflect.Type // of U; nil: none
	replace []absence    // what PUT does with fields that the body lacks

	explains bool // the route of access takes explain
	keepsKey bool // writes take Idempotency-Key

	current func(ctx context.Context, id uuid.UUID) (version int64, err error) // of a row; nil: rows cannot be got
}

// resource is a mounted resource with its types: a thin shell.
type resource[T, C, U any] struct {
	*mounted
	ops Ops[T, C, U]
}

func mountOps[T, C, U any](api *API, path string, ops Ops[T, C, U], model *registry.Model, opts *MountOptions) error {
	m := &mounted{api: api, path: path, model: model, explains: ops.Explain != nil}
	if opts != nil {
		m.opts = *opts
	}
	if ops.Create != nil || ops.CreateMany != nil || ops.Copy != nil {
		m.create = reflect.TypeFor[C]()
	}
	if ops.Update != nil || ops.UpdateMany != nil {
		m.update = reflect.TypeFor[U]()
	}
	if m.explains && ops.Access == nil {
		return fmt.Errorf("rest: mount %s: Explain needs Access, whose route it belongs to", path)
	}
	if err := m.keepKeys(ops.Database); err != nil {
		return fmt.Errorf("rest: mount %s: %w", path, err)
	}
	err := m.resolve(func(r *registry.Registry) (*registry.Model, error) { return registry.Add[T](r) })
	if err == nil {
		err = m.checkType(reflect.TypeFor[T]())
	}
	if err == nil {
		err = m.checkRules()
	}
	if err == nil {
		err = m.nest()
	}
	if err != nil {
		return fmt.Errorf("rest: mount %s: %w", path, err)
	}
	api.collections[strings.TrimSuffix(path, "/")] = true // rows stand below it
	s := &resource[T, C, U]{m, ops}
	if ops.Get != nil {
		m.current = s.currentVersion
	}
	if err := m.addRoutes(s.handlers()); err != nil {
		return err
	}
	api.mounts, api.prepare = append(api.mounts, m), append(api.prepare, m.prepare)
	return nil
}

// resolve finds the model, and records the forms on it where it has none yet.
func (m *mounted) resolve(add func(*registry.Registry) (*registry.Model, error)) error {
	if m.opts.Model != nil {
		m.model = m.opts.Model
	}
	if m.model == nil {
		model, err := add(m.api.opts.Registry)
		if err != nil {
			return err
		}
		m.model = model
	}
	create, update := m.create, m.update
	if m.model.Create != nil {
		create = nil
	}
	if m.model.Update != nil {
		update = nil
	}
	if create == nil && update == nil {
		return nil
	}
	return m.model.Registry().SetForms(m.model, create, update)
}

func (m *mounted) checkType(t reflect.Type) error {
	switch {
	case m.model.Type != t:
		return fmt.Errorf("the model %s is of %s, but the rows are %s", m.model.Name, m.model.Type, t)
	case m.model.ID == nil:
		return fmt.Errorf("%s has no id column", m.model.Name)
	}
	return nil
}

// checkRules refuses validate tags with rules that nobody knows.
func (m *mounted) checkRules() error {
	types := []reflect.Type{m.model.Type}
	for _, form := range []reflect.Type{m.create, m.update} {
		if form != nil {
			types = append(types, form)
		}
	}
	return m.api.validator.Check(types...)
}

// operations are in the order of the document.
var operations = []Operation{List, Create, UpdateMany, DeleteMany, Search, Get, Update, Replace, Delete, Copy, Restore, Access}

func (m *mounted) addRoutes(handlers map[Operation]func(*call) error) error {
	for _, op := range m.opts.Without {
		if methodOf[op] == "" {
			return fmt.Errorf("rest: mount %s: Without names an unknown operation %q", m.path, op)
		}
	}
	for op := range m.opts.AuthOf {
		if handlers[op] == nil || slices.Contains(m.opts.Without, op) {
			return fmt.Errorf("rest: mount %s: AuthOf names %q, which is not served", m.path, op)
		}
	}
	if err := m.api.refusal(); err != nil {
		return err // which each route would say
	}
	var errs []error
	for _, op := range operations {
		if handlers[op] != nil && !slices.Contains(m.opts.Without, op) {
			errs = append(errs, m.addRoute(op, handlers[op]))
		}
	}
	return errors.Join(errs...)
}

func (m *mounted) addRoute(op Operation, handler func(*call) error) error {
	rt := &route{
		method: methodOf[op], path: strings.TrimSuffix(m.path, "/") + suffixOf[op],
		auth: m.opts.Auth, timeout: m.opts.Timeout,
		handler: m.guard(op, handler),
		doc:     &operation{mounted: m, op: op},
	}
	if mode, ok := m.opts.AuthOf[op]; ok {
		rt.auth = mode
	}
	return m.api.add(rt)
}

// keepKeys decides whether the resource's writes take idempotency keys.
func (m *mounted) keepKeys(database any) (err error) {
	if m.opts.NoIdempotency {
		return nil
	}
	if m.keepsKey, err = m.api.keeps(database); err != nil {
		err = fmt.Errorf("%w: give the resource MountOptions.NoIdempotency", err)
	}
	return err
}

// takesKey reports whether the operation is one that a key makes safe to
// repeat: by POST or PATCH, and writing.
func takesKey(op Operation) bool {
	return op != Search && (methodOf[op] == http.MethodPost || methodOf[op] == http.MethodPatch)
}

// guard does what every route of the operation's sort does first.
func (m *mounted) guard(op Operation, handler func(*call) error) func(*call) error {
	switch {
	case takesKey(op):
		handler = m.api.once(m.keepsKey, nil, handler)
	case op == Replace || op == Delete || op == DeleteMany:
		handler = keyless(handler)
	}
	return func(c *call) error {
		if op != List && op != Get && op != DeleteMany && op != Access {
			values, err := parseQuery(c.r)
			if err == nil {
				err = onlyParameters(values)
			}
			if err != nil {
				return err
			}
		}
		return handler(c)
	}
}

// prepare makes what requests need of the validated registry.
func (m *mounted) prepare() (err error) {
	if m.plan, err = m.api.plans.of(m.model); err != nil {
		return err
	}
	if m.update != nil {
		m.replace, err = absences(m.model, m.update)
	}
	return err
}
