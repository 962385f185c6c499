package registry

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
)

// Schema is a JSON Schema 2020-12, the dialect of OpenAPI 3.1, made of maps,
// []any, strings, bools, int64 and float64.
type Schema = map[string]any

// SchemaForm says of which form of a model a schema is.
type SchemaForm uint8

// The forms of a model that have a schema.
const (
	SchemaEntity SchemaForm = iota // a row in an answer
	SchemaCreate                   // the body that creates one
	SchemaUpdate                   // the body that changes one
	SchemaSearch                   // the body that searches

	schemaFilter // the filter within it
)

var schemaFormNames = [...]string{"entity", "create", "update", "search"}

// String is the form's name in lower case.
func (f SchemaForm) String() string {
	if int(f) < len(schemaFormNames) {
		return schemaFormNames[f]
	}
	return "invalid"
}

// Schemer is implemented by types of an app that say themselves how they look
// in JSON, because they marshal themselves.
type Schemer interface{ JSONSchema() Schema }

// SchemaOptions are the settings of a schema. Nil and the zero value mean the
// defaults.
type SchemaOptions struct {
	// Components collects the schemas of all named types, and the schema
	// returned is a reference into it. Nil: the schema stands alone, with
	// those it needs under $defs.
	Components *Components

	// Input says that TypeSchema describes what a caller sends: a property is
	// required where its rules say so, and others are refused. Without it a
	// property is required where it is always written.
	Input bool
}

// Components is a set of named schemas that refer to each other. It is not
// safe for concurrent use.
type Components struct {
	prefix  string
	schemas map[string]Schema
	names   map[schemaKey]string
}

// schemaKey tells apart what one type looks like in several roles.
type schemaKey struct {
	t     reflect.Type
	form  SchemaForm
	input bool
}

// NewComponents is an empty set whose schemas are referred to as prefix+name:
// "#/components/schemas/" in OpenAPI. The empty prefix means "#/$defs/".
func NewComponents(prefix string) *Components {
	if prefix == "" {
		prefix = "#/$defs/"
	}
	return &Components{prefix: prefix, schemas: map[string]Schema{}, names: map[schemaKey]string{}}
}

// Schemas are the schemas by name. The map is the caller's own, the schemas
// in it are not.
func (c *Components) Schemas() map[string]Schema { return maps.Clone(c.schemas) }

// Ref is the schema that refers to the one with the given name.
func (c *Components) Ref(name string) Schema { return Schema{"$ref": c.prefix + name} }

// Add puts a schema of the caller's own into the set, for shapes that no Go
// type stands for, and returns the reference to it. A name that is taken gets
// the schema that is there.
func (c *Components) Add(name string, build func() Schema) Schema {
	if _, ok := c.schemas[name]; !ok {
		c.schemas[name] = Schema{} // taken, also while build refers back to it
		c.schemas[name] = build()
	}
	return c.Ref(name)
}

// claim is a free name for t: its own, else with its package in front, else
// with a number behind.
func (c *Components) claim(name string, t reflect.Type) string {
	if _, taken := c.schemas[name]; !taken {
		return name
	}
	qualified := upperFirst(lastSegment(t.PkgPath())) + name
	name = qualified
	for i := 2; ; i++ {
		if _, taken := c.schemas[name]; !taken {
			return name
		}
		name = fmt.Sprintf("%s%d", qualified, i)
	}
}

// JSONSchema is the schema of a form of m: of a row as answers show it, or of
// the bodies that create, change and search rows. It names things as Go does:
// Note, CreateNote, UpdateNote, NoteSearch. Types that contain themselves
// refer to themselves. It validates the registry. A form that m does not have
// is an error.
func (r *Registry) JSONSchema(m *Model, form SchemaForm, opts *SchemaOptions) (Schema, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	return r.schema(opts, func(b *schemaBuilder) (Schema, error) {
		switch {
		case form == SchemaEntity:
			return b.entity(m), nil
		case form == SchemaCreate && m.Create != nil:
			return b.form(m.Create, SchemaCreate), nil
		case form == SchemaUpdate && m.Update != nil:
			return b.form(m.Update, SchemaUpdate), nil
		case form == SchemaSearch:
			return b.search(m), nil
		}
		return nil, typeProblem(m.Type, "has no %s form: record it with SetForms", form)
	})
}

// TypeSchema is the schema of any type of an app, by its json, doc, validate,
// example, default and deprecated tags. Models and forms of the registry
// appear in it under their own names. It validates the registry. A type that
// JSON cannot hold is an error.
func (r *Registry) TypeSchema(t reflect.Type, opts *SchemaOptions) (Schema, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	if err := checkJSON(t, nil); err != nil {
		return nil, typeProblem(t, "%v", err)
	}
	return r.schema(opts, func(b *schemaBuilder) (Schema, error) { return b.typ(t), nil })
}

// FieldSchema is the schema of one struct field by its type and tags, for
// parameters outside a body. It validates the registry. Its tags are checked:
// a bad rule, default or example is an error.
func (r *Registry) FieldSchema(f reflect.StructField, opts *SchemaOptions) (Schema, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	if err := checkJSON(f.Type, nil); err != nil {
		return nil, fmt.Errorf("registry: field %s %w", f.Name, err)
	}
	return r.schema(opts, func(b *schemaBuilder) (Schema, error) {
		return b.field(reflect.TypeFor[struct{}](), f, parseJSONTag(f).nameOf(f)), nil
	})
}

// schema runs build over the components of opts, or over its own, which it
// then puts under $defs.
func (r *Registry) schema(opts *SchemaOptions, build func(*schemaBuilder) (Schema, error)) (Schema, error) {
	var o SchemaOptions
	if opts != nil {
		o = *opts
	}
	b := &schemaBuilder{registry: r, set: o.Components, input: o.Input}
	if b.set == nil {
		b.set = NewComponents("")
	}
	s, err := build(b)
	if err = errors.Join(append(b.problems, err)...); err != nil {
		return nil, err
	}
	if o.Components != nil {
		return s, nil
	}
	s = maps.Clone(s)
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	if len(b.set.schemas) > 0 {
		defs := Schema{}
		for name, def := range b.set.schemas {
			defs[name] = def
		}
		s["$defs"] = defs
	}
	return s, nil
}

// schemaBuilder makes schemas and collects problems of tags.
type schemaBuilder struct {
	registry *Registry
	set      *Components
	input    bool
	problems []error
}

// named is a reference to the schema of key, which is built at first use.
func (b *schemaBuilder) named(key schemaKey, name string, build func() Schema) Schema {
	if known, ok := b.set.names[key]; ok {
		return b.set.Ref(known)
	}
	if _, other := b.set.names[schemaKey{t: key.t, form: key.form, input: !key.input}]; other {
		name += map[bool]string{true: "Input", false: "Output"}[key.input] // the same type both ways
	}
	name = b.set.claim(name, key.t)
	b.set.names[key] = name
	return b.set.Add(name, build)
}

// as runs build for a shape that is input or output whatever the caller's
// option says: a form is always input, a row never.
func (b *schemaBuilder) as(input bool, build func() Schema) func() Schema {
	return func() Schema {
		outer := b.input
		b.input = input
		defer func() { b.input = outer }()
		return build()
	}
}
