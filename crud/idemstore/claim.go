package idemstore

import (
	"context"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// claim is the right to work on a key until the lease is over. Its holder tells
// it from every other claim of the key.
type claim struct {
	store  *Store
	key    string
	holder uuid.UUID
}

// tries is how often a claim looks again when the row that was in its way has
// changed meanwhile.
const tries = 3

// claim takes the key, or returns the answer stored for it.
func (s *Store) claim(ctx context.Context, key, request string) (*claim, *[]byte, error) {
	for range tries {
		holder, err := s.opts.NewID()
		if err != nil {
			return nil, nil, err
		}
		c := &claim{s, key, holder}
		if taken, err := c.insert(ctx, request); err != nil || taken {
			return c, nil, err
		}
		row, found, err := s.find(ctx, key)
		if err != nil {
			return nil, nil, err
		}
		if !found {
			continue // given up meanwhile
		}
		if stored, err := s.judge(row, request); err != nil || stored != nil {
			return nil, stored, err
		}
		if taken, err := c.takeOver(ctx, row.Holder, request); err != nil || taken {
			return c, nil, err
		}
	}
	return nil, nil, inUse()
}

// judge says what the row means for a call: an answer, an error, or neither
// when it may be taken over.
func (s *Store) judge(row IdempotencyKey, request string) (*[]byte, error) {
	now := s.opts.Now()
	switch {
	case !now.Before(row.ExpiresAt):
		return nil, nil
	case row.Request != request:
		return nil, reused()
	case row.Answer == nil && now.Before(row.HeldUntil):
		return nil, inUse()
	}
	return row.Answer, nil
}

func inUse() error {
	return joinery.Errorf(joinery.Conflict, "idempotency_key_in_use",
		"A request with this idempotency key is being worked on. Repeat it in a moment to get its answer.")
}

func reused() error {
	return &joinery.Error{
		Kind: joinery.Invalid, Code: "idempotency_key_reused", Message: "The idempotency key belongs to another request.",
		Fields: []joinery.FieldError{{
			Parameter: "Idempotency-Key", Code: "idempotency_key_reused",
			Message: "was sent with another request before: repeat that one as it was, or take a new key",
		}},
	}
}

// insert claims a key of which there is no row; false where there is one.
func (c *claim) insert(ctx context.Context, request string) (bool, error) {
	s := c.store
	id, err := s.opts.NewID()
	if err != nil {
		return false, err
	}
	held, expires := s.times()
	stmt := squirrel.Insert(s.table).
		Columns("id", "key_text", "request", "holder", "held_until", "expires_at").
		Values(id, c.key, request, c.holder, held, expires)
	if s.db.Dialect().Has(sqldb.OnConflict) { // an error would be noise in the server's log, and end a transaction around it
		stmt = stmt.Suffix("ON CONFLICT DO NOTHING")
	}
	n, err := s.db.Exec(ctx, stmt)
	if sqldb.ClassOf(err) == sqldb.Unique {
		return false, nil
	}
	return n == 1, err
}

// takeOver claims a key whose row may be taken over, unless another call was
// quicker or the answer has come after all.
func (c *claim) takeOver(ctx context.Context, from uuid.UUID, request string) (bool, error) {
	s := c.store
	held, expires := s.times()
	n, err := s.db.Exec(ctx, squirrel.Update(s.table).
		Set("holder", c.holder).Set("request", request).Set("held_until", held).Set("expires_at", expires).Set("answer", nil).
		Where("key_text = ? AND holder = ? AND (answer IS NULL OR expires_at <= ?)", c.key, from, s.opts.Now()))
	return n == 1, err
}

func (s *Store) times() (held, expires time.Time) {
	now := s.opts.Now()
	return now.Add(s.opts.Lease), now.Add(s.opts.Keep)
}

// find reads a key's row, from the primary: a replica may be behind.
func (s *Store) find(ctx context.Context, key string) (row IdempotencyKey, found bool, err error) {
	stmt := squirrel.Select("request", "holder", "held_until", "expires_at", "answer").From(s.table).Where("key_text = ?", key)
	found, err = sqldb.Row(ctx, s.db, sqldb.Write(stmt), &row.Request, &row.Holder, &row.HeldUntil, &row.ExpiresAt, &row.Answer)
	return row, found, err
}
