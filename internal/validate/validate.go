// Package validate checks structs by their validate tags (go-playground's
// validator) and tells every field at fault by its JSON pointer.
package validate

import (
	"errors"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"

	"github.com/joinery-go/joinery"
)

// Validator checks structs. It reads a type once. Make one with [New]; it is
// safe for concurrent use.
type Validator struct {
	v *validator.Validate
}

// embedded stands for the name of an embedded struct, whose fields appear in
// JSON as fields of the outer one.
const embedded = "\x00"

// New makes a Validator.
func New() *Validator {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(jsonName)
	return &Validator{v: v}
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case f.Anonymous && name == "":
		return embedded
	case name == "-" || name == "":
		return f.Name
	}
	return name
}

// Struct is what is wrong with the struct or pointer to a struct v: nil where
// nothing is. A field that fails several rules is told once, for the first.
func (v *Validator) Struct(s any) []joinery.FieldError {
	err := v.v.Struct(s)
	var problems validator.ValidationErrors
	if !errors.As(err, &problems) {
		return nil
	}
	fields := make([]joinery.FieldError, len(problems))
	for i, p := range problems {
		code, message := describe(p)
		fields[i] = joinery.FieldError{Pointer: pointer(p.Namespace()), Code: code, Message: message}
	}
	return fields
}

// pointer turns validator's path, "Note.tags[2].name", into a JSON pointer.
func pointer(namespace string) string {
	_, path, _ := strings.Cut(namespace, ".")
	var b strings.Builder
	for part := range strings.SplitSeq(path, ".") {
		if part == embedded {
			continue
		}
		name, index, ok := strings.Cut(part, "[")
		b.WriteString("/" + escape(name))
		for ok {
			var key string
			key, index, _ = strings.Cut(index, "]")
			b.WriteString("/" + escape(key))
			_, index, ok = strings.Cut(index, "[")
		}
	}
	return b.String()
}

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

func escape(s string) string { return escaper.Replace(s) }
