package crud

import (
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// The mixins of entity structs; see package registry.
type (
	Entity     = registry.Entity
	Updated    = registry.Updated
	SoftDelete = registry.SoftDelete
	Owned      = registry.Owned
	InTeam     = registry.InTeam
	Tree       = registry.Tree
	Named      = registry.Named
	Described  = registry.Described
	Imaged     = registry.Imaged
	Attachable = registry.Attachable
)

// Side gives a row the identity of a row of T; see registry.Attach.
type Side[T any] = registry.Side[T]

// Attached is the row of X that include attached to row, false for none; see
// registry.Attached.
func Attached[X any](row registry.Carrier) (*X, bool) { return registry.Attached[X](row) }

// Opt is a field of an update that may be absent, null or a value.
type Opt[X any] = query.Opt[X]

// Page is one page of a list.
type Page[T any] = query.Page[T]

// Change is one row's part of [Manager.UpdateMany].
type Change[U any] = query.Change[U]

// Ident names a row and the version of it that the caller saw.
type Ident = query.Ident

// AnyVersion in place of a version changes the row whatever its version is.
const AnyVersion = query.AnyVersion

// Set is a present value.
func Set[X any](v X) Opt[X] { return query.Set(v) }

// Null is a present null.
func Null[X any]() Opt[X] { return query.Null[X]() }

// Ref is the reference to the row with the given id.
func Ref[T any](id uuid.UUID) registry.Ref[T] { return registry.Ref[T](id) }
