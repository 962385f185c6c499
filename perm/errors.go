package perm

import (
	"strings"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// notFound is the answer for rows that are missing or may not be viewed.
func notFound(m *registry.Model) error {
	return joinery.Errorf(joinery.NotFound, "", "there is no such row in "+m.Table)
}

// forbidden is the answer for what may be viewed, but not done. Whoever is
// anonymous may try again signed in.
func (e *Engine) forbidden(a joinery.Actor, m *registry.Model) error {
	if e.classOf(a) == anonymous {
		return joinery.Errorf(joinery.Unauthenticated, "", "sign in to do this")
	}
	return joinery.Errorf(joinery.Forbidden, "", "you may not do this in "+m.Table)
}

// fieldError is what is wrong with a column's value in an input.
func fieldError(m *registry.Model, column, code, message string) joinery.FieldError {
	name := column
	if c := m.Column(column); c != nil && c.JSON != "" {
		name = c.JSON
	}
	return joinery.FieldError{Pointer: "/" + escapePointer.Replace(name), Code: code, Message: message}
}

// escapePointer writes a name as one step of a JSON pointer (RFC 6901).
var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")
