package idemstore

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Options change how long keys are kept. Nil and the zero value mean the
// defaults.
type Options struct {
	// Lease is for how long a claim keeps others out while its answer is not
	// there. Zero: 60 s. It should be longer than a request may take: one that
	// is overtaken is rolled back, and its work was for nothing.
	Lease time.Duration

	Keep time.Duration // how long an answer is kept, from the claim on; zero: 24 h

	Now   func() time.Time          // the clock; nil: time.Now
	NewID func() (uuid.UUID, error) // ids of rows and claims; nil: uuid.NewV7
}

// Store keeps idempotency keys in one table of one database. Make one with
// [New]. It is safe for concurrent use, also by several processes at once. It
// starts nothing and need not be closed.
type Store struct {
	db     *sqldb.DB
	model  *registry.Model
	table  string // quoted
	opts   Options
	claims atomic.Uint64 // so far, to clean up now and then
}

// New makes a store and adds [IdempotencyKey] to the registry, whose DDL then
// makes the table. It is to be called before the registry is validated.
func New(reg *registry.Registry, db *sqldb.DB, opts *Options) (*Store, error) {
	if reg == nil || db == nil {
		return nil, errors.New("idemstore.New: registry and database are required")
	}
	s := &Store{db: db}
	if opts != nil {
		s.opts = *opts
	}
	if err := s.opts.fill(); err != nil {
		return nil, err
	}
	model, err := registry.Add[IdempotencyKey](reg)
	if err != nil {
		return nil, err
	}
	s.model, s.table = model, db.Dialect().Quote(model.Table)
	return s, nil
}

func (o *Options) fill() error {
	if o.Lease < 0 || o.Keep < 0 {
		return errors.New("idemstore.New: Lease and Keep must not be negative")
	}
	if o.Lease == 0 {
		o.Lease = 60 * time.Second
	}
	if o.Keep == 0 {
		o.Keep = 24 * time.Hour
	}
	if o.Keep < o.Lease {
		return fmt.Errorf("idemstore.New: Keep (%s) must be at least the Lease (%s)", o.Keep, o.Lease)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = uuid.NewV7
	}
	return nil
}

// DB is the database that the keys are kept in, which must be the one that the
// functions given to [Store.Do] write to.
func (s *Store) DB() *sqldb.DB { return s.db }

// Database is the identity of the database, for package rest to compare with
// that of what it serves.
func (s *Store) Database() any { return s.db }

// Do runs fn for the key unless that has been done: once for all calls with the
// key that return without an error, whichever process they are made in. key and
// request are texts of 1 to 100 bytes, as the hash of caller, route and client's
// key, and the hash of what is asked. The answer is fn's, or with replayed
// that of the call that ran it.
//
// fn runs in a transaction on the store's database, by the ctx it gets; what it
// writes with that ctx is committed together with its answer. It may be run
// again from its beginning when the database asks for that (sqldb.Repeatable).
// Its error is returned as it is, everything is rolled back, and the key is
// free. In a ctx with a transaction of the caller's, all of it is a savepoint
// there.
//
// While another call works on the key the error is of kind Conflict
// ("idempotency_key_in_use"); for a key that was used for another request it is of
// kind Invalid ("idempotency_key_reused").
func (s *Store) Do(ctx context.Context, key, request string, fn func(ctx context.Context) ([]byte, error)) (answer []byte, replayed bool, err error) {
	if err := checkTexts(key, request); err != nil {
		return nil, false, err
	}
	c, stored, err := s.claim(ctx, key, request)
	switch {
	case err != nil:
		return nil, false, err
	case stored != nil:
		return *stored, true, nil
	}
	answer, err = c.run(ctx, fn)
	if err == nil {
		s.cleanNowAndThen(ctx)
	}
	return answer, false, err
}

func checkTexts(texts ...string) error {
	for _, text := range texts {
		if text == "" || len(text) > maxText {
			return fmt.Errorf("idemstore: key and request must have 1 to %d bytes, not %d", maxText, len(text))
		}
	}
	return nil
}
