package registry

import (
	"database/sql/driver"
	"reflect"

	"github.com/google/uuid"
)

// Ref is the id of a row of T's model: a reference. The zero Ref is the nil
// UUID, which no row has; a nullable reference is a *Ref[T]. In JSON and SQL
// it is the UUID.
type Ref[T any] uuid.UUID

// To is the reference to the row with the given id.
func To[T any](id uuid.UUID) Ref[T] { return Ref[T](id) }

// UUID is the id that r refers to.
func (r Ref[T]) UUID() uuid.UUID { return uuid.UUID(r) }

// IsZero reports whether r refers to nothing.
func (r Ref[T]) IsZero() bool { return r == Ref[T]{} }

// String is the id in its usual form.
func (r Ref[T]) String() string { return uuid.UUID(r).String() }

// MarshalText writes the id in its usual form.
func (r Ref[T]) MarshalText() ([]byte, error) { return uuid.UUID(r).MarshalText() }

// UnmarshalText reads any form that uuid.Parse accepts.
func (r *Ref[T]) UnmarshalText(data []byte) error { return (*uuid.UUID)(r).UnmarshalText(data) }

// Value is the id for a database.
func (r Ref[T]) Value() (driver.Value, error) { return uuid.UUID(r).Value() }

// Scan reads the id from a database.
func (r *Ref[T]) Scan(src any) error { return (*uuid.UUID)(r).Scan(src) }

// refersTo is X, for the registry to find the model.
func (Ref[T]) refersTo() reflect.Type { return reflect.TypeFor[T]() }

// reference is implemented by every Ref and nothing else.
type reference interface{ refersTo() reflect.Type }
