package registry

import (
	"fmt"
	"reflect"
)

// problem is what is wrong with a type or one of its fields.
type problem struct {
	place string // "notes.Note" or "notes.Note.Title"
	text  string // goes on where place ends
}

func (p *problem) Error() string { return "registry: " + p.place + " " + p.text }

// typeProblem is a problem with a type as a whole.
func typeProblem(t reflect.Type, format string, args ...any) error {
	return &problem{typeName(t), fmt.Sprintf(format, args...)}
}

// fieldProblem is a problem with one field of a type.
func fieldProblem(t reflect.Type, field, format string, args ...any) error {
	return &problem{typeName(t) + "." + field, fmt.Sprintf(format, args...)}
}

// typeName is how problems name a type: with the last part of its package.
func typeName(t reflect.Type) string {
	if t == nil {
		return "nil"
	}
	return t.String()
}
