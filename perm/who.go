package perm

import (
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// class is what a condition's text depends on of an actor. Everything else of
// the actor is a value.
type class uint8

const (
	nobody class = iota // to whom a Scope denies what is asked
	anonymous
	user
	known // a user whose reach is a value of the condition: text that is judged as user's is
	system
	root
)

// classOf is how the rules see a: a User without an id of its own, and every
// unknown kind, is Anonymous.
func (e *Engine) classOf(a joinery.Actor) class {
	switch a.Kind {
	case joinery.Root:
		return root
	case joinery.System:
		return system
	case joinery.User:
		if a.ID != uuid.Nil && !e.options.IDs.Contains(a.ID) {
			return user
		}
	}
	return anonymous
}
