package seed

import (
	"context"
	"reflect"
	"unsafe"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/hook"
)

// typed is an option for the rows of one type.
type typed struct {
	typ            reflect.Type
	database       any // that of the manager, where it tells
	create, update writer
	around         around
}

// writer writes the row at p and returns the row as it is stored.
type writer func(ctx context.Context, p unsafe.Pointer) (unsafe.Pointer, error)

// around runs hooks about a write.
type around func(ctx context.Context, db *sqldb.DB, a Action, key string, p unsafe.Pointer, write writer) (unsafe.Pointer, error)

// Manager writes whole rows, as crud.Manager does: with its hooks, validation
// and permissions, in the transaction of ctx, whose actor is System. What they
// return is the row as it is stored.
type Manager[T any] interface {
	CreateRow(ctx context.Context, row T) (T, error)
	UpdateRow(ctx context.Context, row T) (T, error)
}

// Through lets a manager of T write the rows, which must be one of the same
// database; one that tells its database, by a method Database, and is of
// another is an error of the run. For [Discover] it is about the files of T's table.
func Through[T any](m Manager[T]) Option {
	return func(s *spec) {
		t := typed{typ: reflect.TypeFor[T](), create: writerOf(m.CreateRow), update: writerOf(m.UpdateRow)}
		if db, ok := m.(interface{ Database() any }); ok {
			t.database = db.Database()
		}
		s.typed = append(s.typed, t)
	}
}

func writerOf[T any](write func(context.Context, T) (T, error)) writer {
	return func(ctx context.Context, p unsafe.Pointer) (unsafe.Pointer, error) {
		row, err := write(ctx, *(*T)(p))
		return unsafe.Pointer(&row), err
	}
}

// Event is a row of T that a seed inserts or updates.
type Event[T any] struct {
	Action Action // Insert or Update
	Key    string // the row's key, as email="ada@example.com"
	Row    T      // Before: as it is going to be written, and may be changed; then: as it is stored
}

// Hooks runs the point's hooks for each row of T that is inserted or updated:
// Before and After in the transaction, which their error rolls back as a whole,
// Committed once it is committed. Rows that are kept have no hooks, and a plan
// runs none. Several options run in their order, each inside the one before.
// For [Discover] it is about the files of T's table.
func Hooks[T any](point *hook.Point[Event[T]]) Option {
	return func(s *spec) { s.typed = append(s.typed, typed{typ: reflect.TypeFor[T](), around: aroundOf(point)}) }
}

func aroundOf[T any](point *hook.Point[Event[T]]) around {
	return func(ctx context.Context, db *sqldb.DB, a Action, key string, p unsafe.Pointer, write writer) (unsafe.Pointer, error) {
		e := &Event[T]{Action: a, Key: key, Row: *(*T)(p)}
		if err := point.RunBefore(ctx, e); err != nil {
			return nil, err
		}
		stored, err := write(ctx, unsafe.Pointer(&e.Row))
		if err != nil {
			return nil, err
		}
		e.Row = *(*T)(stored)
		if err := point.RunAfter(ctx, e); err != nil {
			return nil, err
		}
		if point.HasCommitted() {
			sqldb.AfterCommit(ctx, db, func(ctx context.Context) { point.RunCommitted(ctx, *e) })
		}
		return stored, nil
	}
}

// hooked is write inside the hooks of the row's seed.
func (s *session) hooked(r *row, a Action, write writer) writer {
	for i := len(r.seed.typed) - 1; i >= 0; i-- {
		t, inner := r.seed.typed[i], write
		if t.around == nil || t.typ != r.model.Type {
			continue
		}
		write = func(ctx context.Context, p unsafe.Pointer) (unsafe.Pointer, error) {
			return t.around(ctx, s.db, a, r.key.text, p, inner)
		}
	}
	return write
}

// manager is the option by which the row's seed names a manager; nil: none.
func (r *row) manager() *typed {
	for i := range r.seed.typed {
		if t := &r.seed.typed[i]; t.create != nil && t.typ == r.model.Type {
			return t
		}
	}
	return nil
}
