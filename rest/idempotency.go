package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/joinery-go/joinery"
)

// IdempotencyStore makes a write that is sent twice happen once. A
// *idemstore.Store (package crud/idemstore) is one, over the database that the
// writes go to. It must be safe for concurrent use.
type IdempotencyStore interface {
	// Do runs fn unless the key has an answer, and returns it or that answer,
	// which is then replayed. key stands for the client's key, its caller and
	// the route, request for what is asked; both are hashes in ASCII of less
	// than 100 bytes. fn must run in a transaction by the ctx it is given, in
	// which its answer is stored too; it may be run again after a rollback, and
	// its error is returned as it is. While another call works on the key the
	// error is of kind Conflict; for a key of another request it is of kind
	// Invalid.
	Do(ctx context.Context, key, request string, fn func(ctx context.Context) (answer []byte, err error)) (answer []byte, replayed bool, err error)

	// Database is the identity of the database, which is compared by == with
	// that of the services mounted.
	Database() any
}

const (
	idempotencyHeader = "Idempotency-Key"
	replayedHeader    = "Idempotency-Replayed"
	maxIdempotencyKey = 255
)

// keeps reports whether keys are kept for writes to the database: where the
// API has a store and the database is known. Another one than the store's is an
// error: the answer and the write would not be committed together.
func (a *API) keeps(database any) (bool, error) {
	store := a.opts.Idempotency
	if store == nil || database == nil {
		return false, nil
	}
	kept := store.Database()
	if t := reflect.TypeOf(database); !t.Comparable() || t != reflect.TypeOf(kept) || database != kept {
		return false, errors.New("the service writes to another database than that of Options.Idempotency, so that a write and its answer would not be committed together")
	}
	return true, nil
}

// once makes the handler of a write answer a request that is sent again with
// what it answered first. Without kept, a key is refused rather than ignored.
// The headers are those that the handler reads beside If-Match.
func (a *API) once(kept bool, headers []string, handler func(*call) error) func(*call) error {
	return func(c *call) error {
		values := c.r.Header[idempotencyHeader]
		if len(values) == 0 {
			return handler(c)
		}
		if !kept {
			return noIdempotency()
		}
		key, ok := parseIdempotencyKey(values)
		if !ok {
			return malformedParameter(idempotencyHeader, "bad_idempotency_key",
				fmt.Sprintf("must be one key of 1 to %d visible ASCII characters without quotes or backslashes, which may stand in double quotes", maxIdempotencyKey))
		}
		return a.keyed(c, key, headers, handler)
	}
}

// keyless makes the handler of a PUT or DELETE refuse a key: the answer to a
// request that is sent again would not be that of the first, as it promises.
func keyless(handler func(*call) error) func(*call) error {
	return func(c *call) error {
		if len(c.r.Header[idempotencyHeader]) > 0 {
			return noKeyHere()
		}
		return handler(c)
	}
}

func noKeyHere() error {
	return malformedParameter(idempotencyHeader, "idempotency_not_needed",
		"is for POST and PATCH: PUT and DELETE may be sent again without it, because what is done twice is the same as done once; leave it out")
}

func noIdempotency() error {
	return joinery.Errorf(joinery.Unsupported, "no_idempotency_store",
		"No idempotency keys are kept here: repeat the request without Idempotency-Key, after a look whether the first try arrived.")
}

// parseIdempotencyKey reads the key from the header's lines: bare, or as a
// string of structured fields (RFC 9651), which is the same key.
func parseIdempotencyKey(lines []string) (string, bool) {
	if len(lines) != 1 {
		return "", false
	}
	key := lines[0]
	if n := len(key); n >= 2 && key[0] == '"' && key[n-1] == '"' {
		key = key[1 : n-1]
	}
	if key == "" || len(key) > maxIdempotencyKey {
		return "", false
	}
	for i := range len(key) {
		if c := key[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return "", false
		}
	}
	return key, true
}

// keyed runs the handler for the key, or sends what it answered before. The
// body is read first: while the transaction is open nobody waits for a client.
func (a *API) keyed(c *call, key string, headers []string, handler func(*call) error) error {
	actor, err := joinery.ActorFrom(c.r.Context())
	if err != nil || actor.Kind == joinery.Anonymous {
		return malformedParameter(idempotencyHeader, "idempotency_needs_actor",
			"needs somebody who is signed in, whose key it is: sign in, or leave it out")
	}
	body, err := c.readBody()
	if err != nil {
		return err
	}
	w, r := c.w, c.r
	defer func() { c.w, c.r = w, r }()
	answer, replayed, err := a.opts.Idempotency.Do(r.Context(), ownKey(c, actor, key), fingerprint(c, headers, body),
		func(ctx context.Context) ([]byte, error) {
			rec := &answerRecorder{header: http.Header{}}
			c.w, c.r = rec, withBody(r.WithContext(ctx), body)
			if err := handler(c); err != nil {
				return nil, err
			}
			return rec.encode()
		})
	if err != nil {
		return err
	}
	return sendAnswer(w, r, answer, replayed)
}
