package registry

import (
	"fmt"
	"reflect"

	"github.com/joinery-go/joinery/registry/internal/sample"
)

// entity is a reference to the schema of a row of m.
func (b *schemaBuilder) entity(m *Model) Schema {
	return b.named(schemaKey{t: m.Type}, m.Name, b.as(false, func() Schema {
		o := newObject()
		if m.Comment != "" {
			o.schema["description"] = m.Comment
		}
		b.rowProperties(o, m, m.Type)
		for _, rel := range m.Relations {
			if rel.Attached {
				o.add(rel.Name, b.relation(rel), false)
			}
		}
		return o.done()
	}))
}

// rowProperties adds what answers show of a row: columns that may be seen,
// relations, and fields of T that are neither but have a JSON name.
func (b *schemaBuilder) rowProperties(o *objectSchema, m *Model, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := parseJSONTag(f)
		if flattened(f, tag) {
			b.rowProperties(o, m, f.Type)
			continue
		}
		if tag.skip || !f.IsExported() {
			continue
		}
		name := tag.nameOf(f)
		c, rel := m.byJSON[name], m.byRel[name]
		switch {
		case c != nil && c.Visible():
			s := b.column(c, c.rules, c.Nullable && !c.OmitEmpty)
			if c.Visibility == ReadOnly {
				s["readOnly"] = true
			}
			o.add(name, s, !c.OmitEmpty)
		case c != nil: // writeonly: never in an answer
		case rel != nil:
			o.add(name, b.relation(rel), false)
		default:
			o.add(name, b.member(m.Type, f, name, tag), !tag.omits())
		}
	}
}

func (b *schemaBuilder) relation(rel *Relation) Schema {
	if rel.Target == nil {
		return Schema{} // Validate says why
	}
	s := b.entity(rel.Target)
	if rel.Many {
		s = Schema{"type": "array", "items": s}
	}
	if rel.Doc != "" {
		s["description"] = rel.Doc
	}
	s["readOnly"] = true
	return s
}

// column is the schema of a column's value under the given rules.
func (b *schemaBuilder) column(c *Column, rules []rule, null bool) Schema {
	s, err := b.columnValue(c, rules)
	if err == nil {
		err = annotate(s, c.JSON, annotation{doc: c.Doc, deprecated: c.Deprecated, example: c.Example})
	}
	if err != nil {
		b.problems = append(b.problems, fieldProblem(c.Model.Type, c.Field, "%v", err))
	}
	if null {
		s = nullable(s)
	}
	return s
}

func (b *schemaBuilder) columnValue(c *Column, rules []rule) (Schema, error) {
	s := b.typ(c.base)
	if c.Kind == Decimal {
		s["format"], s["pattern"] = "decimal", decimalPattern(c.precision, c.scale)
	} else {
		constrain(s, rules, c.Nullable)
		constrainItems(s, c.Validate)
	}
	v, ok := c.DefaultValue()
	if !ok {
		return s, nil
	}
	if c.base.Implements(jsonType) && c.Kind == Int { // Actions are stored as a number and shown as names
		p := reflect.New(c.base)
		if err := c.plain.set(p.UnsafePointer(), v); err != nil {
			return s, err
		}
		v = p.Elem().Interface()
	}
	plain, err := plainSchemaValue(v)
	if err == nil {
		err = sample.Check(s, plain)
	}
	if err != nil {
		return s, fmt.Errorf("has tag default:%q, which does not fit: %w", c.Default, err)
	}
	s["default"] = plain
	return s, nil
}

// decimalPattern is the text of a decimal(precision, scale).
func decimalPattern(precision, scale int) string {
	whole := max(precision-scale, 1)
	if scale == 0 {
		return fmt.Sprintf(`^-?[0-9]{1,%d}$`, whole)
	}
	return fmt.Sprintf(`^-?[0-9]{1,%d}(\.[0-9]{1,%d})?$`, whole, scale)
}

// form is a reference to the schema of an input.
func (b *schemaBuilder) form(f *Form, form SchemaForm) Schema {
	name := f.Name
	if f.Type.Name() == "" {
		name = upperFirst(form.String()) + f.Model.Name
	}
	if form == SchemaUpdate && f == f.Model.Create { // one type for both
		name = "Update" + f.Model.Name
	}
	if f.Type == f.Model.Type {
		name += "Input"
	}
	return b.named(schemaKey{t: f.Type, form: form}, name, b.as(true, func() Schema {
		o := newObject()
		o.schema["additionalProperties"] = false
		for _, ff := range f.Fields {
			s := b.formField(ff)
			if form == SchemaUpdate {
				delete(s, "default") // what is absent stays as it is
			}
			o.add(ff.JSON, s, form == SchemaCreate && ff.required())
		}
		for _, ff := range f.Extra {
			o.add(ff.JSON, b.extra(f, ff), form == SchemaCreate && hasRule(ff.rules, "required"))
		}
		return o.done()
	}))
}

func (b *schemaBuilder) formField(ff *FormField) Schema {
	c := ff.Column
	s := b.column(c, append(c.rules[:len(c.rules):len(c.rules)], ff.rules...), false)
	if ff.sample != "" {
		v, err := valueFor(s, ff.sample)
		if err != nil {
			b.problems = append(b.problems, fieldProblem(c.Model.Type, ff.Field, "has in a form tag example:%q, which does not fit: %v", ff.sample, err))
		}
		s["examples"] = []any{v}
	}
	if c.Nullable && (ff.Optional || ff.Type.Kind() == reflect.Pointer) {
		s = nullable(s)
	}
	if ff.doc != "" {
		s["description"] = ff.doc
	}
	if c.Visibility == WriteOnly {
		s["writeOnly"] = true
	}
	return s
}

// extra is the schema of an input that hooks read.
func (b *schemaBuilder) extra(f *Form, ff *FormField) Schema {
	s := b.typ(ff.base)
	null := ff.Optional || ff.Type.Kind() == reflect.Pointer
	constrain(s, ff.rules, null)
	constrainItems(s, ff.Validate)
	if err := annotate(s, ff.JSON, annotation{doc: ff.doc, example: ff.sample}); err != nil {
		b.problems = append(b.problems, fieldProblem(f.Type, ff.Field, "%v", err))
	}
	s["writeOnly"] = true
	if null {
		return nullable(s)
	}
	return s
}

// required reports whether a body without the field would be refused: it has
// no default, and its empty value breaks the rules.
func (f *FormField) required() bool {
	c := f.Column
	if c.Nullable || c.HasDefault {
		return false
	}
	switch {
	case hasRule(c.rules, "required"), hasRule(f.rules, "required"):
		return true
	case f.Optional || c.emptyAllowed() || hasRule(f.rules, "omitempty"):
		return false
	case c.Ref != nil && c.Kind == UUID:
		return true // no row has the nil id
	}
	return c.Kind == Enum && c.checkMember("") != nil
}

// schemaProblems are the examples and defaults of all models and forms that do
// not fit their own rules.
func (r *Registry) schemaProblems() []error {
	b := &schemaBuilder{registry: r, set: NewComponents("")}
	for _, m := range r.models {
		b.entity(m)
		for _, f := range m.forms {
			b.typ(f.Type)
		}
	}
	var problems []error
	seen := map[string]bool{}
	for _, err := range b.problems { // a column and the forms that have it say the same
		if !seen[err.Error()] {
			seen[err.Error()] = true
			problems = append(problems, err)
		}
	}
	return problems
}
