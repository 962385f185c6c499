package validate

import (
	"reflect"
	"slices"
	"strings"

	"github.com/go-playground/validator/v10"
)

// plan is which fields of a struct type are worth a look. Validator looks at
// each, and takes its value out of the struct to do so.
type plan struct {
	idle   bool              // there is no rule in the whole struct
	idles  map[string]bool   // the fields without, by validator's path: "Note.Body"
	fields map[string]string // by path the names of all fields, those of embedded structs among them
}

// plan is that of a struct type, made once.
func (v *Validator) plan(t reflect.Type) *plan {
	if known, ok := v.plans.Load(t); ok {
		return known.(*plan)
	}
	p := &plan{idles: map[string]bool{}, fields: map[string]string{}}
	prefix := ""
	if t.Name() != "" {
		prefix = t.Name() + "."
	}
	p.idle = p.read(t, prefix)
	known, _ := v.plans.LoadOrStore(t, p)
	return known.(*plan)
}

// read enters the fields of t, and reports whether none has a rule.
func (p *plan) read(t reflect.Type, prefix string) (idle bool) {
	idle = true
	for i := range t.NumField() {
		f := t.Field(i)
		path := prefix + f.Name
		without := !ruled(f)
		idle = idle && without
		switch {
		case without:
			p.idles[path] = true
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			p.read(f.Type, path+".")
			continue
		}
		p.fields[path] = f.Name
	}
	return idle
}

// without leaves out the fields without rules.
func (p *plan) without(path []byte) bool { return p.idles[string(path)] }

// except leaves out all but the named fields.
func (p *plan) except(names []string) validator.FilterFunc {
	return func(path []byte) bool {
		if p.idles[string(path)] {
			return true
		}
		name, ok := p.fields[string(path)]
		return ok && !slices.Contains(names, name)
	}
}

// ruled reports whether the field may break a rule, its own or one of what it
// holds.
func ruled(f reflect.StructField) bool {
	if hasTag(f) || open(f.Type) {
		return true
	}
	return slices.ContainsFunc(structsIn(f.Type, nil), func(t reflect.Type) bool {
		for i := range t.NumField() {
			if inner := t.Field(i); hasTag(inner) || open(inner.Type) {
				return true
			}
		}
		return false
	})
}

func hasTag(f reflect.StructField) bool {
	tag := strings.TrimSpace(f.Tag.Get("validate"))
	return tag != "" && tag != "-"
}

// open reports whether a field of the type may hold what the type does not
// tell.
func open(t reflect.Type) bool {
	if h := held(t); h != t {
		return open(h)
	}
	return t.Kind() == reflect.Interface || t.Implements(valuer) || reflect.PointerTo(t).Implements(valuer)
}

var valuer = reflect.TypeFor[interface{ ValidatorValue() any }]()
