package rest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
)

// Create makes a row.
func (c *Client[T, C, U]) Create(ctx context.Context, in C) (row T, err error) {
	body, err := encodeInput(in, c.creates)
	if err != nil {
		return row, err
	}
	err = c.conn.write(ctx, request{method: http.MethodPost, keyed: true}, body, &row)
	return row, err
}

// CreateMany makes rows, all or none, and returns them in order.
func (c *Client[T, C, U]) CreateMany(ctx context.Context, in []C) ([]T, error) {
	if len(in) == 0 {
		return []T{}, nil
	}
	items := make([]json.RawMessage, len(in))
	for i := range in {
		item, err := encodeInput(in[i], c.creates)
		if err != nil {
			return nil, err
		}
		items[i] = item
	}
	return c.many(ctx, request{method: http.MethodPost, keyed: true}, items)
}

// Update changes the fields of the row that in names, if its version is the
// one given, which is that of the row as it was read: row.Version.
// query.AnyVersion overwrites whatever is there. It returns the row as it is
// now, or the zero T where the change took it out of the caller's sight.
func (c *Client[T, C, U]) Update(ctx context.Context, id uuid.UUID, version int64, in U) (row T, err error) {
	r := request{method: http.MethodPatch, path: "/" + id.String(), keyed: true}
	if r.ifMatch, err = c.ifMatch(version); err != nil {
		return row, err
	}
	body, err := encodeInput(in, c.updates)
	if err != nil {
		return row, err
	}
	err = c.conn.write(ctx, r, body, &row)
	return row, err
}

// Delete deletes the row, if its version is the one given; as in Update. It
// takes no key of [WithIdempotencyKey]: a context with one is Malformed.
func (c *Client[T, C, U]) Delete(ctx context.Context, id uuid.UUID, version int64) error {
	match, err := c.ifMatch(version)
	if err == nil {
		err = refuseKey(ctx)
	}
	if err != nil {
		return err
	}
	return c.conn.read(ctx, request{method: http.MethodDelete, path: "/" + id.String(), ifMatch: match}, nil)
}

// refuseKey says of a key that a delete does not take it, as the server would.
func refuseKey(ctx context.Context) error {
	if key, _ := ctx.Value(keyKey{}).(string); key != "" {
		return noKeyHere()
	}
	return nil
}

// Restore takes back the deletion of a row, if its version is the one given; as
// in Update.
func (c *Client[T, C, U]) Restore(ctx context.Context, id uuid.UUID, version int64) (row T, err error) {
	r := request{method: http.MethodPost, path: "/" + id.String() + "/restore", keyed: true}
	if r.ifMatch, err = c.ifMatch(version); err != nil {
		return row, err
	}
	err = notServed(c.conn.write(ctx, r, nil, &row))
	return row, err
}

// Copy creates a row like another. overrides changes what shall differ; nil:
// nothing. A function cannot travel: it is given the fields of C as the caller
// may read them in the source, and those it changes are sent. What no answer
// shows, a write-only field, is zero for it, and copied all the same.
func (c *Client[T, C, U]) Copy(ctx context.Context, id uuid.UUID, overrides func(*C) error) (row T, err error) {
	r := request{method: http.MethodPost, path: "/" + id.String() + "/copy", keyed: true}
	var changed any
	if overrides != nil {
		if changed, err = c.overridden(ctx, id, overrides); err != nil {
			return row, err
		}
	}
	err = notServed(c.conn.write(ctx, r, changed, &row))
	return row, err
}

// overridden are the members of C that overrides changes. It works on a copy of
// its own, for it may change what a list or map holds.
func (c *Client[T, C, U]) overridden(ctx context.Context, id uuid.UUID, overrides func(*C) error) (map[string]json.RawMessage, error) {
	a, err := c.conn.do(ctx, rowRequest(id, nil))
	if err != nil {
		return nil, err
	}
	var before, after C
	if err := errors.Join(a.decode(&before), a.decode(&after)); err != nil {
		return nil, err
	}
	if err := overrides(&after); err != nil {
		return nil, err
	}
	return overridesOf(before, after, c.creates)
}

// ifMatch is the header for a version. A row that has one is not written
// without, whatever the server allows.
func (c *Client[T, C, U]) ifMatch(version int64) (string, error) {
	switch {
	case version == query.AnyVersion:
		return "*", nil
	case c.version == nil:
		return "", nil
	case version < 1:
		return "", versionRequired("Name the version that was read, or query.AnyVersion to overwrite whatever is there.")
	}
	return etag(version), nil
}

// write sends in, nil for no body, and decodes the row that comes back, where
// one does.
func (c *conn) write(ctx context.Context, r request, in, row any) (err error) {
	if in != nil {
		if r.body, err = encode(in); err != nil {
			return err
		}
	}
	a, err := c.do(ctx, r)
	if err != nil || a.status == http.StatusNoContent {
		return err
	}
	return a.decode(row)
}

// notServed says of an ability whose route the server lacks that it is
// unsupported.
func notServed(err error) error {
	var e *joinery.Error
	if errors.As(err, &e) && (e.Code == "no_such_path" || e.Code == "method_not_allowed") {
		return joinery.Errorf(joinery.Unsupported, "", "The server does not offer this.", err)
	}
	return err
}

func (c *Client[T, C, U]) idOf(row *T) uuid.UUID {
	id, _ := c.id.Value(unsafe.Pointer(row)).(uuid.UUID)
	return id
}
