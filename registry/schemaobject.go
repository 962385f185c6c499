package registry

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/joinery-go/joinery/registry/internal/sample"
)

// objectSchema collects the properties of an object.
type objectSchema struct {
	schema     Schema
	properties Schema
	required   []any
}

func newObject() *objectSchema {
	return &objectSchema{schema: Schema{"type": "object"}, properties: Schema{}}
}

func (o *objectSchema) add(name string, s Schema, required bool) {
	o.properties[name] = s
	if required {
		o.required = append(o.required, name)
	}
}

func (o *objectSchema) done() Schema {
	o.schema["properties"] = o.properties
	if len(o.required) > 0 {
		o.schema["required"] = o.required
	}
	return o.schema
}

// annotation is what tags say of a property beside its values.
type annotation struct {
	doc, deprecated, example, def string
}

// annotate adds description, default and an example to the schema of a
// property, before null is allowed in it. The default and the example must fit
// the schema.
func annotate(s Schema, name string, a annotation) error {
	describe(s, a)
	if a.def != "" {
		v, err := valueFor(s, a.def)
		if err != nil {
			return fmt.Errorf("has tag default:%q, which does not fit: %w", a.def, err)
		}
		s["default"] = v
	}
	if a.example != "" {
		v, err := valueFor(s, a.example)
		if err != nil {
			return fmt.Errorf("has tag example:%q, which does not fit: %w", a.example, err)
		}
		s["examples"] = []any{v}
		return nil
	}
	if s["$ref"] != nil {
		return nil // the properties there have examples of their own
	}
	if v, ok := sample.Of(name, s); ok {
		s["examples"] = []any{v}
	}
	return nil
}

func describe(s Schema, a annotation) {
	doc := a.doc
	if a.deprecated != "" {
		s["deprecated"] = true
		if doc != "" {
			doc += " "
		}
		doc += "Deprecated: " + a.deprecated
	}
	if doc != "" {
		s["description"] = doc
	}
}

// valueFor reads the text of a tag as a value of the schema's type.
func valueFor(s Schema, text string) (v any, err error) {
	switch s["type"] {
	case "string":
		v = text
	case "integer":
		v, err = strconv.ParseInt(text, 10, 64)
	case "number":
		v, err = strconv.ParseFloat(text, 64)
	case "boolean":
		v, err = strconv.ParseBool(text)
	default:
		err = json.Unmarshal([]byte(text), &v)
	}
	if err != nil {
		return nil, err
	}
	return v, sample.Check(s, v)
}

// plainSchemaValue is a value of a column in the types of a [Schema].
func plainSchemaValue(v any) (any, error) {
	switch v.(type) {
	case string, bool, int64, float64:
		return v, nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var plain any
	return plain, json.Unmarshal(data, &plain)
}
