package registry

import (
	"reflect"
	"strings"
	"time"
)

// Side gives a row the identity of a row of T, for structs that [Attach] makes
// a relation of T. It takes the place of [Entity]. There is no creator in it,
// who would own the row: permissions are those of the row of T. Create forms
// name the id, update forms cannot.
type Side[T any] struct {
	ID        Ref[T]    `json:"id" ref:",cascade,inherit" doc:"Identifier, that of the row this one adds to."`
	CreatedAt time.Time `json:"created_at" api:"readonly" doc:"When the row was created."`
	Version   int64     `json:"version" api:"readonly" default:"1" doc:"Counts the changes of the row; updates name the version they saw."`
}

// isSide reports whether t is a Side of anything.
func isSide(t reflect.Type) bool {
	return t.PkgPath() == reflect.TypeFor[Entity]().PkgPath() && strings.HasPrefix(t.Name(), "Side[")
}
