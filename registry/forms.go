package registry

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"unsafe"
)

// SetForms records what a caller may send to create and to update rows of m:
// two struct types, nil where there is none. Their fields must be columns that
// m shows and lets be written, of the same type, *type or an [Optional] of it;
// uuid.UUID and Ref count as one type. The first forms recorded are m.Create
// and m.Update; those of further managers over the same model are found by
// [Model.Form]. The same forms again change nothing, also after
// [Registry.Validate]; new ones are an error then. The error joins every
// problem; Validate then fails too, and names these without their reasons.
func (r *Registry) SetForms(m *Model, create, update reflect.Type) error {
	err := r.setForm(m, create, &m.Create)
	if err != nil && update == create {
		return err // what is wrong with the one is wrong with the other
	}
	return errors.Join(err, r.setForm(m, update, &m.Update), r.checkUpdate(m, update))
}

// checkUpdate refuses an update form with a field that cannot be absent: what a
// caller leaves out would be overwritten by the zero value.
func (r *Registry) checkUpdate(m *Model, t reflect.Type) error {
	if t == nil || m.Form(t) == nil {
		return nil
	}
	var problems []error
	for _, f := range m.Form(t).Fields {
		if f.Column == m.ID {
			problems = append(problems, typeProblem(t, "field %s is the key of %s, which no update changes: leave it out", f.Field, typeName(m.Type)))
		} else if !f.Optional {
			problems = append(problems, typeProblem(t, "field %s is a %s, so an update that leaves it out would clear it: make it a crud.Opt[%s]", f.Field, f.Type, f.base))
		}
	}
	r.problems = append(r.problems, problems...)
	return errors.Join(problems...)
}

func (r *Registry) setForm(m *Model, t reflect.Type, slot **Form) error {
	if t == nil || m.Form(t) != nil && *slot != nil {
		return nil
	}
	if r.frozen.Load() {
		return typeProblem(t, "is recorded as a form of %s after Validate or first use: make every manager first", typeName(m.Type))
	}
	form := m.Form(t)
	if form == nil {
		var problems []error
		if form, problems = readForm(m, t); len(problems) > 0 {
			r.problems = append(r.problems, problems...)
			return errors.Join(problems...)
		}
		form.update = slot == &m.Update
		m.forms = append(m.forms, form)
	}
	if *slot == nil {
		*slot = form
	}
	return nil
}

// Form is the form of the model with the given type, nil where none is
// recorded.
func (m *Model) Form(t reflect.Type) *Form {
	for _, f := range m.forms {
		if f.Type == t {
			return f
		}
	}
	return nil
}

// SetSearch records a custom search field of m, which its manager answers
// beside the columns. A name that a column or relation has, or that is no
// plain name, is an error; so is any new one after [Registry.Validate].
func (r *Registry) SetSearch(m *Model, name string, f SearchField) error {
	if old, ok := m.Search[name]; ok && old == f {
		return nil
	}
	problem := func(format string, args ...any) error {
		return typeProblem(m.Type, "has a search field %q that %s", name, fmt.Sprintf(format, args...))
	}
	switch {
	case r.frozen.Load():
		return problem("is recorded after Validate or first use")
	case checkJSONName(name) != nil:
		return problem("is not allowed: %v", checkJSONName(name))
	case name == "and" || name == "or" || name == "not":
		return problem("is a word of filters")
	case slices.Contains(listParameters, name):
		return problem("is a parameter of lists already, so that no URL could name it")
	case m.byJSON[name] != nil || m.byRel[name] != nil:
		return problem("is already the name of a field")
	}
	m.Search[name] = f
	return nil
}

// listParameters are the parameters of a list in a URL that are no fields;
// package crud/query reads them.
var listParameters = []string{"sort", "limit", "after", "before", "include", "fields", "count", "deleted"}

// formReader reads one form and collects every problem.
type formReader struct {
	form     *Form
	seen     map[string]bool
	problems []error
}

func readForm(m *Model, t reflect.Type) (*Form, []error) {
	form := &Form{Model: m, Name: cleanName(t), Type: t}
	if t.Kind() != reflect.Struct {
		return form, []error{typeProblem(t, "is no struct: the forms of %s must be", typeName(m.Type))}
	}
	rd := &formReader{form: form, seen: map[string]bool{}}
	rd.walk(t, 0)
	return form, rd.problems
}

func (rd *formReader) fail(field, format string, args ...any) {
	rd.problems = append(rd.problems, fieldProblem(rd.form.Type, field, format, args...))
}

func (rd *formReader) walk(t reflect.Type, offset uintptr) {
	for i := range t.NumField() {
		f := t.Field(i)
		f.Offset += offset
		tag := parseJSONTag(f)
		switch {
		case flattened(f, tag):
			rd.walk(f.Type, f.Offset)
		case tag.skip || !f.IsExported(): // nothing a caller can send
		default:
			rd.field(f, tag)
		}
	}
}

func (rd *formReader) field(f reflect.StructField, tag jsonTag) {
	ff := &FormField{JSON: tag.nameOf(f), Field: f.Name, Type: f.Type, Validate: f.Tag.Get("validate"),
		offset: f.Offset, doc: f.Tag.Get("doc"), sample: f.Tag.Get("example")}
	if rd.seen[ff.JSON] {
		rd.fail(f.Name, "has the JSON name %q, which another field has already", ff.JSON)
		return
	}
	rd.seen[ff.JSON] = true
	var err error
	if ff.rules, err = parseRules(ff.Validate); err != nil {
		rd.fail(f.Name, "%v", err)
		return
	}
	ff.base = f.Type
	if t, ok := optionalType(f.Type); ok {
		ff.Optional, ff.base = true, t
	} else if f.Type.Kind() == reflect.Pointer {
		ff.base = f.Type.Elem()
	}
	if f.Tag.Get("db") == "-" {
		rd.form.Extra = append(rd.form.Extra, ff)
		return
	}
	rd.column(ff)
}

// column ties the field to its column.
func (rd *formReader) column(ff *FormField) {
	m := rd.form.Model
	c := m.byJSON[ff.JSON]
	switch {
	case c == nil:
		rd.fail(ff.Field, `has the JSON name %q, which is no visible column of %s: mark it db:"-" if it is input for hooks`, ff.JSON, typeName(m.Type))
	case c.Visibility == ReadOnly:
		rd.fail(ff.Field, "is %s.%s, which is readonly: leave readonly columns out of %s", typeName(m.Type), c.Field, rd.form.Name)
	case !sameType(c.base, ff.base):
		rd.fail(ff.Field, "has type %s, but %s.%s is a %s", ff.base, typeName(m.Type), c.Field, c.base)
	case ff.Type.Kind() == reflect.Pointer && !c.Nullable:
		rd.fail(ff.Field, "is a pointer, but %s.%s cannot be null: use %s, or an Opt of it for a field that may be absent", typeName(m.Type), c.Field, ff.base)
	case loosens(c.rules, ff.rules) != "":
		rd.fail(ff.Field, "%s: a form may only tighten", loosens(c.rules, ff.rules))
	default:
		ff.Column, ff.plain = c, accessorOf(ff.base, c.Kind)
		rd.form.Fields = append(rd.form.Fields, ff)
	}
}

// sameType reports whether a form's field fits a column. Ids may be given as
// uuid.UUID whatever they refer to.
func sameType(column, field reflect.Type) bool {
	if column == field {
		return true
	}
	if column != uuidType && refersTo(column) == nil {
		return false
	}
	return field == uuidType || column == uuidType && refersTo(field) != nil
}

// optionalType is the type of the value of an [Optional] type.
func optionalType(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return nil, false
	}
	o, ok := reflect.Zero(t).Interface().(Optional)
	if !ok {
		return nil, false
	}
	return o.OptType(), true
}

// Get is the field's value in the form at p, which must point to a value of
// the form's type, as [Column.Value] gives it. Absent optional fields are not
// set; present null is nil and set. Other fields are always set, nil pointers
// as nil. It is for fields with a column.
func (f *FormField) Get(p unsafe.Pointer) (value any, set bool) {
	p = unsafe.Add(p, f.offset)
	if f.Optional {
		return f.optional(p)
	}
	if f.Type.Kind() == reflect.Pointer {
		if p = *(*unsafe.Pointer)(p); p == nil {
			return nil, true
		}
	}
	return f.plain.get(p), true
}

func (f *FormField) optional(p unsafe.Pointer) (value any, set bool) {
	o := reflect.NewAt(f.Type, p).Interface().(Optional)
	switch {
	case !o.IsSet():
		return nil, false
	case o.IsNull():
		return nil, true
	}
	return plainOf(o.OptValue(), f.Column.Kind), true
}

// plainOf is v, a value of a column's Go type in an interface, in the form of
// [Column.Value].
func plainOf(v any, k Kind) any {
	rv := reflect.ValueOf(v)
	switch k {
	case Text, Enum, Decimal:
		if s, ok := v.(string); ok {
			return s
		}
		return rv.String()
	case Bool:
		return rv.Bool()
	case Int:
		if rv.CanUint() {
			return int64(rv.Uint())
		}
		return rv.Int()
	case Float:
		return rv.Float()
	case UUID:
		return rv.Convert(uuidType).Interface()
	case Bytes:
		if rv.IsNil() {
			return []byte{}
		}
		return rv.Bytes()
	case JSON:
		return notNil(rv).Interface()
	}
	return v
}
