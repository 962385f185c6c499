package seed

import (
	"context"
	"reflect"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// Seed is rows of one table and how they are to be written. Make one with [For]
// or [Discover]. It is immutable, and may be run on any database.
type Seed struct {
	typ   reflect.Type // of the rows of For
	table string       // of a file
	file  string       // its path; empty: no file
	load  func(ctx context.Context, run *session, m *registry.Model) ([]*row, error)
	spec
}

// For is a seed of rows of T, a model of the registry, which rows returns. rows
// is called by each run when it is the table's turn, with a ctx that is in the
// run's transaction, has System for its actor and is the one for [Ref]. Zero
// fields with a default get it. What is missing or does not fit is told by the
// run.
func For[T any](rows func(ctx context.Context) ([]T, error), opts ...Option) *Seed {
	s := &Seed{typ: reflect.TypeFor[T](), spec: specOf(opts)}
	s.load = func(ctx context.Context, _ *session, m *registry.Model) ([]*row, error) {
		list, err := rows(ctx)
		if err != nil {
			return nil, err
		}
		all := make([]*row, len(list))
		for i := range list {
			copied := list[i] // the caller's stays as it is
			all[i] = &row{seed: s, model: m, n: i + 1, p: unsafe.Pointer(&copied), says: seeded(m)}
			if err := all[i].fillDefaults(); err != nil {
				return nil, all[i].fail("", err)
			}
		}
		return all, nil
	}
	return s
}

// Option says how the rows of a seed are to be written.
type Option func(*spec)

// spec is what the options of a seed say.
type spec struct {
	key   []string
	owner owner
	envs  []string
	typed []typed
}

func specOf(opts []Option) (s spec) {
	for _, opt := range opts {
		opt(&s)
	}
	return s
}

// Key names the columns by which a row of the seed is known, as they are called
// in the database or in the API. Every seed needs a key; together its columns
// should be unique in the table.
func Key(columns ...string) Option {
	return func(s *spec) { s.key = columns }
}

// Env says for which environments the seed is: it runs where [Options].Env is
// one of them. Without it a seed runs everywhere. Several options add up.
func Env(names ...string) Option {
	return func(s *spec) { s.envs = append(s.envs, names...) }
}

// owner is who owns rows that name nobody themselves.
type owner struct {
	id  uuid.UUID
	ref *reference
}

// Owner names who owns the rows that say nothing of it: their user_id, or
// their created_by_id where the table has no owner column.
func Owner(id uuid.UUID) Option {
	return func(s *spec) { s.owner = owner{id: id} }
}

// OwnedBy is [Owner] by natural key, as [Ref] has it.
func OwnedBy(table, column string, value any, more ...any) Option {
	return func(s *spec) { s.owner = owner{ref: newReference(table, nil, column, value, more)} }
}
