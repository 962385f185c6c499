package registry

import (
	"maps"
	"math"
	"reflect"

	"github.com/joinery-go/joinery"
)

var (
	schemerType  = reflect.TypeFor[Schemer]()
	optionalIntf = reflect.TypeFor[Optional]()
	actionsType  = reflect.TypeFor[joinery.Actions]()
)

// typ is the schema of a Go type as encoding/json writes it.
func (b *schemaBuilder) typ(t reflect.Type) Schema {
	if s := b.special(t); s != nil {
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return nullable(b.typ(t.Elem()))
	case reflect.String:
		return Schema{"type": "string"}
	case reflect.Bool:
		return Schema{"type": "boolean"}
	case reflect.Float32:
		return Schema{"type": "number", "format": "float"}
	case reflect.Float64:
		return Schema{"type": "number", "format": "double"}
	case reflect.Slice, reflect.Array:
		return b.list(t)
	case reflect.Map:
		return Schema{"type": "object", "additionalProperties": b.inner(t.Elem())}
	case reflect.Struct:
		return b.structure(t)
	case reflect.Interface:
		return Schema{}
	}
	return integer(t)
}

// special is the schema of types whose JSON does not follow from their kind;
// nil: there is nothing special.
func (b *schemaBuilder) special(t reflect.Type) Schema {
	if t.Kind() == reflect.Pointer {
		return nil
	}
	switch {
	case t.Implements(schemerType):
		return maps.Clone(reflect.Zero(t).Interface().(Schemer).JSONSchema()) // tags add to it
	case t.Implements(optionalIntf) && t.Kind() != reflect.Interface:
		elem, _ := optionalType(t)
		return nullable(b.typ(elem))
	case b.registry.byType[t] != nil:
		return b.entity(b.registry.byType[t])
	case t == timeType:
		return Schema{"type": "string", "format": "date-time"}
	case t == uuidType, refersTo(t) != nil:
		return Schema{"type": "string", "format": "uuid"}
	case t == actionsType:
		return actionsSchema()
	case t == rawType:
		return Schema{}
	case t.Implements(jsonType), reflect.PointerTo(t).Implements(jsonType):
		return Schema{} // only the type itself knows
	case t.Implements(textType), reflect.PointerTo(t).Implements(textType):
		return Schema{"type": "string"}
	}
	if f, form := b.registry.formOf(t); f != nil {
		return b.form(f, form)
	}
	return nil
}

func actionsSchema() Schema {
	var names []any
	for _, name := range joinery.AllActions.Names() {
		names = append(names, name)
	}
	return Schema{"type": "array", "uniqueItems": true, "items": Schema{"type": "string", "enum": names}}
}

// formOf is the recorded form of type t.
func (r *Registry) formOf(t reflect.Type) (*Form, SchemaForm) {
	for _, m := range r.models {
		if f := m.Form(t); f != nil {
			if f.update {
				return f, SchemaUpdate
			}
			return f, SchemaCreate
		}
	}
	return nil, 0
}

// nullable is s or null.
func nullable(s Schema) Schema {
	switch t := s["type"].(type) {
	case string:
		s["type"] = []any{t, "null"}
		if values, ok := s["enum"].([]any); ok {
			s["enum"] = append(values[:len(values):len(values)], nil)
		}
	case nil:
		if s["$ref"] != nil {
			return Schema{"anyOf": []any{s, Schema{"type": "null"}}}
		}
	}
	return s
}

func (b *schemaBuilder) list(t reflect.Type) Schema {
	if kind, _ := kindOfPlain(t); t.Kind() == reflect.Slice && kind == Bytes {
		return Schema{"type": "string", "format": "byte", "contentEncoding": "base64"}
	}
	s := Schema{"type": "array", "items": b.inner(t.Elem())}
	if t.Kind() == reflect.Array {
		s["minItems"], s["maxItems"] = int64(t.Len()), int64(t.Len())
	}
	return s
}

// inner is the schema of the values of a list or map, where encoding/json
// writes a nil slice or map as null, and reads null as one. A column itself is
// never null without a pointer.
func (b *schemaBuilder) inner(t reflect.Type) Schema {
	s := b.typ(t)
	if nilable(t) && b.special(t) == nil {
		return nullable(s)
	}
	return s
}

func nilable(t reflect.Type) bool { return t.Kind() == reflect.Slice || t.Kind() == reflect.Map }

// integer has the limits of types that hold less than an int64.
func integer(t reflect.Type) Schema {
	s := Schema{"type": "integer", "format": "int64"}
	bits := t.Bits()
	if unsigned := t.Kind() >= reflect.Uint; unsigned {
		s["minimum"] = int64(0)
		if bits < 64 {
			s["maximum"] = int64(1)<<bits - 1
		}
	} else if bits < 64 {
		s["minimum"], s["maximum"] = int64(math.MinInt64)>>(64-bits), int64(1)<<(bits-1)-1
	}
	if bits < 32 || bits == 32 && t.Kind() != reflect.Uint32 {
		s["format"] = "int32"
	}
	return s
}

// structure is the schema of a struct that is no model and no form: by
// reference where it has a name.
func (b *schemaBuilder) structure(t reflect.Type) Schema {
	if t.Name() == "" {
		return b.object(t)
	}
	name := cleanName(t)
	if other := b.registry.byName[name]; other != nil { // keep the model's name for the model
		name = upperFirst(lastSegment(t.PkgPath())) + name
	}
	return b.named(schemaKey{t: t, input: b.input}, name, func() Schema { return b.object(t) })
}

func (b *schemaBuilder) object(t reflect.Type) Schema {
	o := newObject()
	b.properties(o, t, t)
	if b.input {
		o.schema["additionalProperties"] = false
	}
	return o.done()
}

// properties adds the fields of t, a struct embedded in root or root itself.
func (b *schemaBuilder) properties(o *objectSchema, root, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := parseJSONTag(f)
		switch {
		case flattened(f, tag):
			b.properties(o, root, f.Type)
		case f.Anonymous && tag.name == "" && f.Type.Kind() == reflect.Pointer && f.Type.Elem().Kind() == reflect.Struct:
			b.properties(o, root, f.Type.Elem())
		case tag.skip || !f.IsExported():
		default:
			name := tag.nameOf(f)
			o.add(name, b.member(root, f, name, tag), b.requires(f, tag))
		}
	}
}

func (b *schemaBuilder) requires(f reflect.StructField, tag jsonTag) bool {
	if !b.input {
		return !tag.omits()
	}
	rules, _ := parseRules(f.Tag.Get("validate"))
	return hasRule(rules, "required")
}

// field is the schema of a field by its type and tags.
func (b *schemaBuilder) field(root reflect.Type, f reflect.StructField, name string) Schema {
	fail := func(err error) {
		b.problems = append(b.problems, fieldProblem(root, f.Name, "%v", err))
	}
	rules, err := parseRules(f.Tag.Get("validate"))
	if err != nil {
		fail(err)
	}
	base, null := f.Type, false
	if t, ok := optionalType(base); ok {
		base, null = t, true
	} else if base.Kind() == reflect.Pointer {
		base, null = base.Elem(), true
	}
	s := b.typ(base)
	constrain(s, rules, null)
	constrainItems(s, f.Tag.Get("validate"))
	err = annotate(s, name, annotation{
		doc: f.Tag.Get("doc"), deprecated: f.Tag.Get("deprecated"), example: f.Tag.Get("example"), def: f.Tag.Get("default"),
	})
	if err != nil {
		fail(err)
	}
	if null {
		s = nullable(s)
	}
	return s
}

// member is the schema of a field within a value that is JSON as a whole: null
// too where it is a list or map that may be nil by its rules.
func (b *schemaBuilder) member(root reflect.Type, f reflect.StructField, name string, tag jsonTag) Schema {
	s := b.field(root, f, name)
	rules, _ := parseRules(f.Tag.Get("validate"))
	if !nilable(f.Type) || b.special(f.Type) != nil || tag.omits() || hasRule(rules, "required") || s["minItems"] != nil || s["minProperties"] != nil {
		return s
	}
	return nullable(s)
}
