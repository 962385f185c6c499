package rest

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// Reader is a service that can be mounted read-only.
type Reader[T any] interface {
	Get(ctx context.Context, id uuid.UUID, opts ...query.GetOption) (T, error)
	List(ctx context.Context, q query.Query) (query.Page[T], error)
}

// Resource is a service that can be mounted: rows of type T, created from C
// and changed by U. *crud.Manager is one.
//
// Further abilities are found on the service, or on what its method
// Unwrap() any leads to, when it is mounted:
//
//	CreateMany(ctx context.Context, in []C) ([]T, error)
//	UpdateMany(ctx context.Context, changes []query.Change[U]) ([]T, error)
//	DeleteMany(ctx context.Context, rows []query.Ident) error
//	Copy(ctx context.Context, id uuid.UUID, overrides func(*C) error) (T, error)
//	Restore(ctx context.Context, id uuid.UUID, version int64) (T, error)
//	Access(ctx context.Context, id uuid.UUID) (joinery.Actions, error)
//	Explain(ctx context.Context, who joinery.Actor, id uuid.UUID, a joinery.Actions) (registry.Explanation, error)
//	Model() *registry.Model
//	Database() any
//
// Restore has no route where Model says that rows are deleted for real.
//
// Update returns the zero T when the change took the row out of the actor's
// sight: the answer is 204, and UpdateMany's rows of that sort are left out.
//
// Database is the identity of the database that the service writes to, by
// transactions in the ctx: where it is that of [Options].Idempotency, the
// writes take the header Idempotency-Key.
//
// The rules in T's validate tags stand in the document. To enforce them is the
// service's part, as it is a manager's: with an error of kind Invalid that
// names each field at fault.
//
// A decorator that embeds a Resource hides those abilities; with Unwrap it
// offers them again, undecorated, so one that guards Create must guard
// CreateMany by itself.
type Resource[T, C, U any] interface {
	Reader[T]
	Create(ctx context.Context, in C) (T, error)
	Update(ctx context.Context, id uuid.UUID, version int64, in U) (T, error)
	Delete(ctx context.Context, id uuid.UUID, version int64) error
}

// Ops are the operations of a resource as functions, any subset of them, for
// app types without a service. A nil function leaves its routes out.
type Ops[T, C, U any] struct {
	// Get serves GET of one row.
	Get func(ctx context.Context, id uuid.UUID, opts ...query.GetOption) (T, error)

	// List serves GET of the collection, and searches.
	List func(ctx context.Context, q query.Query) (query.Page[T], error)

	// Create serves POST of an object.
	Create func(ctx context.Context, in C) (T, error)

	// Update serves PATCH and PUT of one row; version may be query.AnyVersion.
	Update func(ctx context.Context, id uuid.UUID, version int64, in U) (T, error)

	// Delete serves DELETE of one row; version as in Update.
	Delete func(ctx context.Context, id uuid.UUID, version int64) error

	// CreateMany serves POST of an array: all rows or none, in order.
	CreateMany func(ctx context.Context, in []C) ([]T, error)

	// UpdateMany serves PATCH of the collection: all rows or none, in order.
	// Pointers in its errors begin with the index, as "/3/title".
	UpdateMany func(ctx context.Context, changes []query.Change[U]) ([]T, error)

	// DeleteMany serves DELETE of the collection, errors as in UpdateMany.
	DeleteMany func(ctx context.Context, rows []query.Ident) error

	// Copy serves POST …/:id/copy: it creates a row like another. The function
	// it is given sets what the client wants to differ, and is called once with
	// the input as the other row would have it. The copy is answered.
	Copy func(ctx context.Context, id uuid.UUID, overrides func(*C) error) (T, error)

	// Restore serves POST …/:id/restore: it takes back a soft deletion; version
	// as in Update.
	Restore func(ctx context.Context, id uuid.UUID, version int64) (T, error)

	// Access serves GET …/:id/access: what the actor may do to the row.
	Access func(ctx context.Context, id uuid.UUID) (joinery.Actions, error)

	// Explain serves GET …/:id/access?explain=edit, and needs Access: why who,
	// the actor itself or a user that it asks about, may do a to the row or
	// not. What the actor of ctx may be told is for the function to decide.
	Explain func(ctx context.Context, who joinery.Actor, id uuid.UUID, a joinery.Actions) (registry.Explanation, error)

	// Database is the identity of the database that the functions write to,
	// joining the transaction of their ctx, as a *sqldb.DB. With it they take
	// the header Idempotency-Key, if it is that of [Options].Idempotency;
	// another one is an error. Nil: they do not take it.
	Database any
}

func opsOf[T, C, U any](svc Resource[T, C, U]) Ops[T, C, U] {
	ops := Ops[T, C, U]{Get: svc.Get, List: svc.List, Create: svc.Create, Update: svc.Update, Delete: svc.Delete}
	if s, ok := ability[interface {
		CreateMany(ctx context.Context, in []C) ([]T, error)
	}](svc); ok {
		ops.CreateMany = s.CreateMany
	}
	if s, ok := ability[interface {
		UpdateMany(ctx context.Context, changes []query.Change[U]) ([]T, error)
	}](svc); ok {
		ops.UpdateMany = s.UpdateMany
	}
	if s, ok := ability[interface {
		DeleteMany(ctx context.Context, rows []query.Ident) error
	}](svc); ok {
		ops.DeleteMany = s.DeleteMany
	}
	return ops.withLife(svc)
}

// withLife adds the abilities that concern one row's life and access.
func (ops Ops[T, C, U]) withLife(svc any) Ops[T, C, U] {
	if s, ok := ability[interface {
		Copy(ctx context.Context, id uuid.UUID, overrides func(*C) error) (T, error)
	}](svc); ok {
		ops.Copy = s.Copy
	}
	if s, ok := ability[interface {
		Restore(ctx context.Context, id uuid.UUID, version int64) (T, error)
	}](svc); ok {
		ops.Restore = s.Restore
	}
	if s, ok := ability[interface {
		Access(ctx context.Context, id uuid.UUID) (joinery.Actions, error)
	}](svc); ok {
		ops.Access = s.Access
	}
	if s, ok := ability[interface {
		Explain(ctx context.Context, who joinery.Actor, id uuid.UUID, a joinery.Actions) (registry.Explanation, error)
	}](svc); ok {
		ops.Explain = s.Explain
	}
	if s, ok := ability[interface{ Database() any }](svc); ok {
		ops.Database = s.Database()
	}
	return ops
}

// ability finds an optional interface on svc or on what it wraps.
func ability[A any](svc any) (A, bool) {
	for range 32 { // a chain that bites its tail ends
		if a, ok := svc.(A); ok {
			return a, true
		}
		w, ok := svc.(interface{ Unwrap() any })
		if !ok {
			break
		}
		svc = w.Unwrap()
	}
	var none A
	return none, false
}

func modelOf(svc any) *registry.Model {
	if s, ok := ability[interface{ Model() *registry.Model }](svc); ok {
		return s.Model()
	}
	return nil
}

// Operation names a route of a mounted resource.
type Operation string

// The operations of a mounted resource, each with its route.
const (
	List       Operation = "list"        // GET    /notes
	Search     Operation = "search"      // POST   /notes/search
	Get        Operation = "get"         // GET    /notes/:id
	Create     Operation = "create"      // POST   /notes
	Update     Operation = "update"      // PATCH  /notes/:id
	Replace    Operation = "replace"     // PUT    /notes/:id
	Delete     Operation = "delete"      // DELETE /notes/:id
	UpdateMany Operation = "update_many" // PATCH  /notes
	DeleteMany Operation = "delete_many" // DELETE /notes
	Copy       Operation = "copy"        // POST   /notes/:id/copy
	Restore    Operation = "restore"     // POST   /notes/:id/restore
	Access     Operation = "access"      // GET    /notes/:id/access
)

// methodOf and suffixOf make an operation's route.
var methodOf = map[Operation]string{
	List: http.MethodGet, Search: http.MethodPost, Get: http.MethodGet, Create: http.MethodPost, Update: http.MethodPatch,
	Replace: http.MethodPut, Delete: http.MethodDelete, UpdateMany: http.MethodPatch, DeleteMany: http.MethodDelete,
	Copy: http.MethodPost, Restore: http.MethodPost, Access: http.MethodGet,
}

var suffixOf = map[Operation]string{
	Search: "/search", Get: "/:id", Update: "/:id", Replace: "/:id", Delete: "/:id",
	Copy: "/:id/copy", Restore: "/:id/restore", Access: "/:id/access",
}
