package validate

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/joinery-go/joinery"
)

// Validator checks structs. It reads each type once. Make one with [New] and
// share it: it is safe for concurrent use.
type Validator struct {
	v     *validator.Validate
	plans sync.Map // of struct types
}

// New makes a Validator.
func New() *Validator {
	return &Validator{v: validator.New(validator.WithRequiredStructEnabled())}
}

// Struct is what is wrong with s, a struct or a pointer to one: every field at
// fault, in the order of the fields, nil where there is none. A field that
// breaks several rules is told once, for the first; the elements of a list that
// is itself at fault are not looked at. Messages go on where the name of the
// field ends: "must have at most 200 characters". Struct panics on anything
// but a struct, and on tags that [Validator.Check] refuses.
func (v *Validator) Struct(s any) []joinery.FieldError {
	p := v.planOf(s)
	if p.idle {
		return nil
	}
	return told(s, v.v.StructFiltered(s, p.without))
}

// Fields is [Validator.Struct] for the fields of s with these names alone, those
// of embedded structs among them.
func (v *Validator) Fields(s any, names []string) []joinery.FieldError {
	p := v.planOf(s)
	if p.idle {
		return nil
	}
	return told(s, v.v.StructFiltered(s, p.except(names)))
}

// planOf is the plan of what s is.
func (v *Validator) planOf(s any) *plan {
	t := reflect.TypeOf(s)
	if t != nil && t.Kind() == reflect.Pointer && !reflect.ValueOf(s).IsNil() {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return &plan{} // nothing to look at, which validator says
	}
	return v.plan(t)
}

// told is what validator found wrong with s.
func told(s any, err error) []joinery.FieldError {
	if err == nil {
		return nil
	}
	var problems validator.ValidationErrors
	if !errors.As(err, &problems) {
		panic(fmt.Sprintf("validate: Struct needs a struct, not a %T", s))
	}
	fields := make([]joinery.FieldError, len(problems))
	for i, p := range problems {
		place := locate(s, p.StructNamespace())
		code, message := describe(p, place.siblings)
		fields[i] = joinery.FieldError{Pointer: place.pointer, Code: code, Message: message}
	}
	return fields
}

// Check says what is wrong with the validate tags of struct types and of the
// structs in them, of each once: rules that do not exist, that do not fit the
// type of their field, or that name fields that are not there. Ask it at
// start-up: Struct finds out only with the value that first comes along.
func (v *Validator) Check(types ...reflect.Type) error {
	var structs []reflect.Type
	for _, t := range types {
		structs = structsIn(t, structs)
	}
	faults := make(map[reflect.Type]any, len(structs))
	for _, s := range structs {
		faults[s] = v.try(s)
	}
	var problems []error
	for _, s := range structs {
		if faults[s] != nil && !inherited(s, faults) {
			problems = append(problems, fmt.Errorf("%s has a validate tag that cannot be: %v", s, faults[s]))
		}
		problems = append(problems, dangling(s)...)
	}
	return errors.Join(problems...)
}

// try is what validator panics with for a zero t, as it does on bad tags; nil
// where it does not.
func (v *Validator) try(t reflect.Type) (fault any) {
	defer func() { fault = recover() }()
	_ = v.v.Struct(reflect.New(t).Interface())
	return nil
}

// inherited reports whether the fault of t is that of a struct in it.
func inherited(t reflect.Type, faults map[reflect.Type]any) bool {
	return slices.ContainsFunc(structsIn(t, nil), func(s reflect.Type) bool {
		return s != t && faults[s] == faults[t] && !slices.Contains(structsIn(s, nil), t)
	})
}

// dangling are the rules of t that name fields that t lacks. Rules such as
// eqcsfield look from the outermost struct, which t need not be.
func dangling(t reflect.Type) []error {
	var problems []error
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("validate")
		if strings.Contains(tag, "csfield") {
			continue
		}
		for _, name := range mentioned(tag) {
			first, _, _ := strings.Cut(name, ".")
			if _, ok := t.FieldByName(first); !ok {
				problems = append(problems, fmt.Errorf("%s.%s has a validate rule that names the field %s, which is not there", t, f.Name, name))
			}
		}
	}
	return problems
}

// structsIn are t and the struct types that validation may reach from it.
func structsIn(t reflect.Type, seen []reflect.Type) []reflect.Type {
	t = held(t)
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() || slices.Contains(seen, t) {
		return seen
	}
	seen = append(seen, t)
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() || f.Anonymous {
			seen = structsIn(f.Type, seen)
		}
	}
	return seen
}

// held is the type of the values that a t holds: elements of lists and maps,
// values behind pointers and in optional fields.
func held(t reflect.Type) reflect.Type {
	for {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
			t = t.Elem()
			continue
		}
		o, ok := reflect.Zero(t).Interface().(interface{ OptType() reflect.Type })
		if !ok {
			return t
		}
		t = o.OptType()
	}
}
