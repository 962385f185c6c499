package registry

import (
	"errors"
	"reflect"
)

// Option changes what [Add] reads from a type.
type Option func(*addConfig)

type addConfig struct {
	name  string
	table *Table
}

// WithTable describes T's table in place of its method Table, for types that
// cannot have one.
func WithTable(t Table) Option { return func(c *addConfig) { c.table = &t } }

// WithName gives the model another name in API schemas than its Go type's, for
// types of two packages that share one.
func WithName(name string) Option { return func(c *addConfig) { c.name = name } }

// Add reads the struct type T and adds its model. The same T again returns the
// same model, also after [Registry.Validate]; only a new T is an error then,
// and so are options for a T that is already there. The error joins every
// problem of T, each with the Go type and field; Validate then fails too, and
// names these without their reasons.
func Add[T any](r *Registry, opts ...Option) (*Model, error) {
	return r.add(reflect.TypeFor[T](), opts)
}

// MustAdd is [Add] for registrations at start-up: it panics where Add returns
// an error.
func MustAdd[T any](r *Registry, opts ...Option) *Model {
	m, err := Add[T](r, opts...)
	if err != nil {
		panic(err)
	}
	return m
}

func (r *Registry) add(t reflect.Type, opts []Option) (*Model, error) {
	if m := r.byType[t]; m != nil {
		if len(opts) > 0 {
			return m, typeProblem(t, "is already registered: give its options to the first Add")
		}
		return m, nil
	}
	if r.frozen.Load() {
		return nil, typeProblem(t, "is added after Validate or first use: add every model first")
	}
	var cfg addConfig
	for _, o := range opts {
		o(&cfg)
	}
	m, problems := readModel(r, t, cfg)
	problems = append(problems, r.clashes(m)...)
	if len(problems) > 0 {
		r.problems = append(r.problems, problems...)
		r.failed[m.Table] = true
		return nil, errors.Join(problems...)
	}
	r.models = append(r.models, m)
	r.byType[t], r.byTable[m.Table], r.byName[m.Name] = m, m, m
	return m, nil
}

// clashes are the names of m that another model already has.
func (r *Registry) clashes(m *Model) []error {
	var problems []error
	for _, o := range r.models {
		if foldIdent(o.Table) == foldIdent(m.Table) {
			problems = append(problems, typeProblem(m.Type, "has table %q, which is %s's: name another in Table()", m.Table, typeName(o.Type)))
		}
		if o.Name == m.Name {
			problems = append(problems, typeProblem(m.Type, "has the name %q, which is %s's: name another with registry.WithName", m.Name, typeName(o.Type)))
		}
	}
	return problems
}
