package rest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

const schemaPrefix = "#/components/schemas/"

// schemas gathers the named schemas of the document. The registry makes those
// of models, forms and app types; here are the shapes that only HTTP knows:
// pages, batches, versions.
type schemas struct {
	api *API
	set *registry.Components

	// changed are schemas of the registry's that HTTP adds a member to.
	changed map[string]registry.Schema
}

func newSchemas(a *API) *schemas {
	return &schemas{api: a, set: registry.NewComponents(schemaPrefix), changed: map[string]registry.Schema{}}
}

// components are all schemas by name.
func (s *schemas) components() map[string]map[string]any {
	all := s.set.Schemas()
	maps.Copy(all, s.changed)
	return all
}

func (s *schemas) options(input bool) *registry.SchemaOptions {
	return &registry.SchemaOptions{Components: s.set, Input: input}
}

func (s *schemas) entity(m *registry.Model) (registry.Schema, error) {
	return m.Registry().JSONSchema(m, registry.SchemaEntity, s.options(false))
}

// partial is a row, or some fields of one, as fields asks for.
func (s *schemas) partial(m *registry.Model, row registry.Schema) registry.Schema {
	some := s.set.Add(m.Name+"Fields", func() registry.Schema {
		schema := maps.Clone(s.resolve(row))
		delete(schema, "required")
		schema["description"] = "Those fields of a " + m.Name + " that the request asked for."
		return schema
	})
	return registry.Schema{"anyOf": []any{row, some}}
}

func (s *schemas) page(m *registry.Model, row registry.Schema) registry.Schema {
	return s.set.Add(m.Name+"Page", func() registry.Schema {
		return object(registry.Schema{
			"items": registry.Schema{"type": "array", "items": s.partial(m, row), "maxItems": 1000},
			"next":  registry.Schema{"type": "string", "description": "Cursor of the next page, for `after`; absent on the last."},
			"prev":  registry.Schema{"type": "string", "description": "Cursor of the page before, for `before`; absent on the first."},
			"total": registry.Schema{"type": "integer", "minimum": 0, "description": "How many there are, where `count` asked for it; a capped count stops at 1,001."},
		}, "items")
	})
}

// form is the schema of an input type: the model's form, or another type that
// is mounted beside it.
func (s *schemas) form(m *registry.Model, form *registry.Form, kind registry.SchemaForm, t reflect.Type) (registry.Schema, error) {
	if form != nil && form.Type == t {
		return m.Registry().JSONSchema(m, kind, s.options(true))
	}
	return m.Registry().TypeSchema(t, s.options(true))
}

// create is the body that creates one row. In a nested resource the parent is
// in the path, so that the body need not name it.
func (s *schemas) create(m *mounted) (registry.Schema, error) {
	schema, err := s.form(m.model, m.model.Create, registry.SchemaCreate, m.create)
	if err != nil || m.parent == nil {
		return schema, err
	}
	name := refName(schema) + "Under" + camel(strings.TrimSuffix(m.opts.Parent, "_id"))
	return s.set.Add(name, func() registry.Schema {
		nested := maps.Clone(s.resolve(schema))
		required, _ := nested["required"].([]any)
		required = slices.DeleteFunc(slices.Clone(required), func(v any) bool { return v == m.opts.Parent })
		if nested["required"] = required; len(required) == 0 {
			delete(nested, "required")
		}
		return nested
	}), nil
}

// overrides is the body of a copy: what create takes, all of it optional.
func (s *schemas) overrides(m *mounted) (registry.Schema, error) {
	schema, err := s.form(m.model, m.model.Create, registry.SchemaCreate, m.create)
	if err != nil {
		return nil, err
	}
	return s.set.Add(refName(schema)+"Overrides", func() registry.Schema {
		some := maps.Clone(s.resolve(schema))
		delete(some, "required")
		some["properties"] = withoutDefaults(some["properties"])
		some["description"] = "What the copy of a " + m.model.Name + " shall have instead of the values of the other; without a field it has the other's."
		return some
	}), nil
}

// withoutDefaults takes the defaults out of an object's properties: what a body
// lacks is not that here.
func withoutDefaults(properties any) registry.Schema {
	all, _ := properties.(registry.Schema)
	all = maps.Clone(all)
	for name, p := range all {
		if property, ok := p.(registry.Schema); ok {
			property = maps.Clone(property)
			delete(property, "default")
			all[name] = property
		}
	}
	return all
}

// access is what the route access answers.
func (s *schemas) access(m *mounted) (registry.Schema, error) {
	can := s.set.Add("RowAccess", func() registry.Schema {
		names := registry.Schema{"type": "string", "enum": joinery.AllActions.Names()}
		return object(registry.Schema{"can": registry.Schema{"type": "array", "items": names, "description": "What the caller may do to the row.", "examples": []any{[]any{"view", "edit"}}}}, "can")
	})
	if !m.explains {
		return can, nil
	}
	why, err := s.typ(reflect.TypeFor[registry.Explanation](), false)
	return registry.Schema{"oneOf": []any{can, why}}, err
}

// update is the body that changes one row. HTTP adds the version to it.
func (s *schemas) update(m *mounted) (registry.Schema, error) {
	schema, err := s.form(m.model, m.model.Update, registry.SchemaUpdate, m.update)
	if err != nil || m.model.Version == nil {
		return schema, err
	}
	s.changed[refName(schema)] = withProperties(s.resolve(schema), registry.Schema{"version": versionSchema()})
	return schema, nil
}

// change is one item of a batch of changes.
func (s *schemas) change(m *mounted) (registry.Schema, error) {
	schema, err := s.form(m.model, m.model.Update, registry.SchemaUpdate, m.update)
	if err != nil {
		return nil, err
	}
	return s.set.Add(refName(schema)+"Item", func() registry.Schema {
		item := withProperties(s.resolve(schema), identProperties(m.model))
		item["required"] = m.identRequired()
		return item
	}), nil
}

// ident is one item of a batch of deletes.
func (s *schemas) ident(m *mounted) registry.Schema {
	return s.set.Add(m.model.Name+"Ident", func() registry.Schema {
		schema := object(identProperties(m.model))
		schema["required"] = m.identRequired()
		return schema
	})
}

func identProperties(m *registry.Model) registry.Schema {
	p := registry.Schema{"id": uuidSchema()}
	if m.Version != nil {
		p["version"] = versionSchema()
	}
	return p
}

// identRequired leaves the version out: If-Match: * stands for it.
func (m *mounted) identRequired() []any { return []any{"id"} }

// versionOnly is the body of a delete.
func (s *schemas) versionOnly(m *mounted) registry.Schema {
	if m.model.Version == nil {
		return object(registry.Schema{})
	}
	return s.set.Add("RowVersion", func() registry.Schema { return object(registry.Schema{"version": versionSchema()}) })
}

func (s *schemas) search(m *registry.Model) (registry.Schema, error) {
	return m.Registry().JSONSchema(m, registry.SchemaSearch, s.options(true))
}

// typ is any type of the app's, as an input or an output.
func (s *schemas) typ(t reflect.Type, input bool) (registry.Schema, error) {
	return s.api.registryOf(t).TypeSchema(t, s.options(input))
}

// body is the part of a typed route's input that is the body.
func (s *schemas) body(t reflect.Type) (registry.Schema, error) { return s.typ(t, true) }

// field is a parameter of a typed route.
func (s *schemas) field(f reflect.StructField) (registry.Schema, error) {
	f.Tag = reflect.StructTag(strings.ReplaceAll(string(f.Tag), `json:"-"`, ""))
	schema, err := s.api.opts.Registry.FieldSchema(f, s.options(true))
	if err != nil {
		return nil, fmt.Errorf("field %s: %w", f.Name, err)
	}
	return schema, nil
}

// resolve is the schema that a reference names.
func (s *schemas) resolve(schema registry.Schema) registry.Schema {
	if name := refName(schema); name != "" {
		return s.set.Schemas()[name]
	}
	return schema
}

func refName(schema registry.Schema) string {
	ref, _ := schema["$ref"].(string)
	return strings.TrimPrefix(ref, schemaPrefix)
}

func withProperties(schema, more registry.Schema) registry.Schema {
	clone := maps.Clone(schema)
	properties, _ := clone["properties"].(registry.Schema)
	properties = maps.Clone(properties)
	maps.Copy(properties, more)
	clone["properties"] = properties
	return clone
}

func versionSchema() registry.Schema {
	return registry.Schema{"type": "integer", "minimum": 1, "description": "The version that the client saw.", "examples": []any{3}}
}

func object(properties registry.Schema, required ...string) registry.Schema {
	o := registry.Schema{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		o["required"] = required
	}
	return o
}
