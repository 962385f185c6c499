package rest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"unsafe"

	"github.com/joinery-go/joinery/registry"
)

// plan writes a struct as JSON, above all the rows of a model. It is made once
// per type, from the struct's fields in their order: columns that the API may
// show, relations, and whatever else the struct carries for the API. It is
// immutable and safe for concurrent use.
type plan struct {
	name   string          // of the type
	model  *registry.Model // nil: a struct that holds rows of models
	fields []*fieldPlan
}

// fieldPlan writes one field, or nothing where its tag says so.
type fieldPlan struct {
	name     string
	key      []byte // `"name":`
	offset   uintptr
	relation bool
	omit     func(p unsafe.Pointer) bool // nil: never
	append   appender
}

// plans holds the plan of each struct type of an API that is a model or holds
// rows of one. Types refer to each other in circles, so a plan knows those of
// its fields by pointer. It is safe for concurrent use.
type plans struct {
	mu     sync.Mutex
	byType map[reflect.Type]*plan
	models func(reflect.Type) *registry.Model
}

// of is the plan of a model.
func (ps *plans) of(m *registry.Model) (*plan, error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return ps.make(m.Type, m)
}

// appender writes values of any type: rows by the plan of their model, also
// inside of other structs and lists, everything else as encoding/json does.
func (ps *plans) appender(t reflect.Type) (appender, error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return ps.appenderFor(t)
}

func (ps *plans) appenderFor(t reflect.Type) (appender, error) {
	m := ps.models(t)
	switch {
	case m == nil && !ps.holdsRows(t, map[reflect.Type]bool{}):
		return appenderFor(t), nil
	case t.Kind() == reflect.Struct:
		p, err := ps.make(t, m)
		return func(b []byte, q unsafe.Pointer) ([]byte, error) { return p.append(b, q, nil) }, err
	case t.Kind() == reflect.Pointer:
		elem, err := ps.appenderFor(t.Elem())
		return pointerTo(elem), err
	case t.Kind() == reflect.Slice:
		elem, err := ps.appenderFor(t.Elem())
		return sliceOf(elem, t.Elem().Size()), err
	}
	return nil, fmt.Errorf("rest: %s holds rows of a model where their hidden columns would show: use a slice", t)
}

// holdsRows reports whether values of type t hold rows of a model somewhere.
func (ps *plans) holdsRows(t reflect.Type, seen map[reflect.Type]bool) bool {
	if ps.models(t) != nil {
		return true
	}
	if seen[t] || ownJSON(t) {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return ps.holdsRows(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); (f.IsExported() || f.Anonymous) && f.Tag.Get("json") != "-" && ps.holdsRows(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

func (ps *plans) make(t reflect.Type, m *registry.Model) (*plan, error) {
	if p := ps.byType[t]; p != nil {
		return p, nil
	}
	if ps.byType == nil {
		ps.byType = map[reflect.Type]*plan{}
	}
	p := &plan{model: m, name: t.Name()}
	ps.byType[t] = p
	err := p.walk(ps, t, 0)
	if err == nil {
		err = p.addAttached(ps)
	}
	if err != nil {
		delete(ps.byType, t)
		return nil, err
	}
	return p, nil
}

// walk adds the fields of a struct, those of embedded structs in their place,
// as encoding/json does.
func (p *plan) walk(ps *plans, t reflect.Type, base uintptr) error {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" && options == "" || !f.IsExported() && !f.Anonymous:
			continue
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			if err := p.walk(ps, f.Type, base+f.Offset); err != nil {
				return err
			}
			continue
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Pointer:
			return fmt.Errorf("rest: %s embeds the pointer %s: embed the struct itself", t, f.Type)
		}
		if name == "" {
			name = f.Name
		}
		if err := p.add(ps, f, name, options, base+f.Offset); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) add(ps *plans, f reflect.StructField, name, options string, offset uintptr) error {
	fp := &fieldPlan{name: name, key: append(appendString(nil, name), ':'), offset: offset}
	if p.model != nil {
		if rel := p.model.Relation(name); rel != nil && rel.Field == f.Name {
			return p.addRelation(ps, fp, rel, f.Type)
		}
		if hides(p.model, f.Name) {
			return nil
		}
	}
	write, err := ps.appenderFor(f.Type)
	if err != nil {
		return err
	}
	fp.omit, fp.append = omitter(f.Type, options), write
	if strings.Contains(","+options+",", ",string,") {
		fp.append = quoted(f)
	}
	p.fields = append(p.fields, fp)
	return nil
}

// hides reports whether the field is a column that no answer may show,
// whatever its json tag says.
func hides(m *registry.Model, field string) bool {
	for _, c := range m.Columns {
		if c.Field == field {
			return !c.Visible()
		}
	}
	return false
}

// addRelation plans a field that include fills: nothing while it is nil, else
// the related rows by the plan of their own model.
func (p *plan) addRelation(ps *plans, fp *fieldPlan, rel *registry.Relation, t reflect.Type) error {
	if rel.Target == nil {
		return fmt.Errorf("rest: %s.%s: the related model is not in the registry", p.model.Name, rel.Field)
	}
	target, err := ps.make(rel.Target.Type, rel.Target)
	if err != nil {
		return err
	}
	row := appender(func(b []byte, q unsafe.Pointer) ([]byte, error) { return target.append(b, q, nil) })
	switch {
	case t.Kind() == reflect.Slice && t.Elem() == rel.Target.Type:
		fp.append = sliceOf(row, t.Elem().Size())
	case t.Kind() == reflect.Slice:
		fp.append = sliceOf(pointerTo(row), t.Elem().Size())
	default:
		fp.append = pointerTo(row)
	}
	fp.relation = true
	fp.omit = func(q unsafe.Pointer) bool { return *(*unsafe.Pointer)(q) == nil }
	p.fields = append(p.fields, fp)
	return nil
}

// addAttached plans the relations that have no field: nothing while there is no
// related row, else that row by the plan of its own model.
func (p *plan) addAttached(ps *plans) error {
	if p.model == nil {
		return nil
	}
	for _, rel := range p.model.Relations {
		if !rel.Attached {
			continue
		}
		target, err := ps.make(rel.Target.Type, rel.Target)
		if err != nil {
			return err
		}
		p.fields = append(p.fields, &fieldPlan{
			name: rel.Name, key: append(appendString(nil, rel.Name), ':'), relation: true,
			omit:   func(row unsafe.Pointer) bool { return rel.One(row) == nil },
			append: func(b []byte, row unsafe.Pointer) ([]byte, error) { return target.append(b, rel.One(row), nil) },
		})
	}
	return nil
}

func sliceOf(elem appender, size uintptr) appender {
	return func(b []byte, q unsafe.Pointer) ([]byte, error) {
		list := *(*[]struct{})(q) // only for its pointer and length
		data := unsafe.Pointer(unsafe.SliceData(list))
		if data == nil {
			return append(b, "null"...), nil
		}
		b = append(b, '[')
		var err error
		for i := range len(list) {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = elem(b, unsafe.Add(data, uintptr(i)*size)); err != nil {
				return nil, err
			}
		}
		return append(b, ']'), nil
	}
}

// quoted is the rare json option "string": encoding/json writes a struct of
// the one field, which then loses its braces and key.
func quoted(f reflect.StructField) appender {
	single := reflect.StructOf([]reflect.StructField{{Name: "X", Type: f.Type, Tag: `json:"x,string"`}})
	return func(b []byte, p unsafe.Pointer) ([]byte, error) {
		data, err := json.Marshal(reflect.NewAt(single, p).Interface())
		if err != nil {
			return nil, err
		}
		return append(b, data[len(`{"x":`):len(data)-1]...), nil
	}
}

// omitter is the question whether a field is left out, by the json options
// omitempty and omitzero; nil where it never is.
func omitter(t reflect.Type, options string) func(unsafe.Pointer) bool {
	empty, zero := strings.Contains(","+options+",", ",omitempty,"), strings.Contains(","+options+",", ",omitzero,")
	if t.Kind() == reflect.Pointer && (empty || zero) {
		return func(p unsafe.Pointer) bool { return *(*unsafe.Pointer)(p) == nil }
	}
	value := func(p unsafe.Pointer) reflect.Value { return reflect.NewAt(t, p).Elem() }
	switch {
	case empty && zero:
		return func(p unsafe.Pointer) bool { return isEmpty(value(p)) || isZero(value(p)) }
	case empty:
		return func(p unsafe.Pointer) bool { return isEmpty(value(p)) }
	case zero:
		return func(p unsafe.Pointer) bool { return isZero(value(p)) }
	}
	return nil
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

func isZero(v reflect.Value) bool {
	if z, ok := v.Interface().(interface{ IsZero() bool }); ok {
		return z.IsZero()
	}
	if z, ok := v.Addr().Interface().(interface{ IsZero() bool }); ok {
		return z.IsZero()
	}
	return v.IsZero()
}

// choose is the plan's fields for fields=a,b: those columns and every
// relation. Nil names choose all.
func (p *plan) choose(names []string) []*fieldPlan {
	if len(names) == 0 {
		return nil
	}
	chosen := make([]*fieldPlan, 0, len(p.fields))
	for _, f := range p.fields {
		if f.relation {
			chosen = append(chosen, f)
			continue
		}
		for _, name := range names {
			if name == f.name {
				chosen = append(chosen, f)
				break
			}
		}
	}
	return chosen
}

// append writes the row at p, which points to a value of the model's struct.
// Nil fields mean all of them.
func (p *plan) append(b []byte, row unsafe.Pointer, fields []*fieldPlan) ([]byte, error) {
	if row == nil {
		return append(b, "null"...), nil
	}
	if fields == nil {
		fields = p.fields
	}
	b = append(b, '{')
	start := len(b)
	var err error
	for _, f := range fields {
		at := unsafe.Add(row, f.offset)
		if f.omit != nil && f.omit(at) {
			continue
		}
		if len(b) > start {
			b = append(b, ',')
		}
		if b, err = f.append(append(b, f.key...), at); err != nil {
			return nil, fmt.Errorf("rest: encode %s.%s: %w", p.name, f.name, err)
		}
	}
	return append(b, '}'), nil
}
