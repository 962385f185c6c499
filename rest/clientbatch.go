package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
)

// UpdateMany changes rows, all or none, and returns them in order; as in Update
// a row that went out of the caller's sight is the zero T. Pointers in errors
// begin with the index. Either all changes name a version, or all are of
// query.AnyVersion: a batch that mixes them is Unsupported.
func (c *Client[T, C, U]) UpdateMany(ctx context.Context, changes []query.Change[U]) ([]T, error) {
	if len(changes) == 0 {
		return []T{}, nil
	}
	idents := make([]query.Ident, len(changes))
	for i, ch := range changes {
		idents[i] = query.Ident{ID: ch.ID, Version: ch.Version}
	}
	match, err := c.batchMatch(idents)
	if err != nil {
		return nil, err
	}
	items := make([]json.RawMessage, len(changes))
	for i, ch := range changes {
		if items[i], err = c.item(idents[i], ch.Update, c.updates); err != nil {
			return nil, err
		}
	}
	rows, err := c.many(ctx, request{method: http.MethodPatch, ifMatch: match, keyed: true}, envelope{items})
	if err != nil {
		return nil, outOfItems(err)
	}
	return c.inOrder(rows, idents), nil
}

// DeleteMany deletes rows, all or none. Errors and versions as in UpdateMany,
// keys as in Delete.
func (c *Client[T, C, U]) DeleteMany(ctx context.Context, rows []query.Ident) error {
	if len(rows) == 0 {
		return nil
	}
	match, err := c.batchMatch(rows)
	if err == nil {
		err = refuseKey(ctx)
	}
	if err != nil {
		return err
	}
	items := make([]json.RawMessage, len(rows))
	for i, row := range rows {
		if items[i], err = c.item(row, struct{}{}, nil); err != nil {
			return err
		}
	}
	body, err := encode(envelope{items})
	if err != nil {
		return err
	}
	return outOfItems(c.conn.read(ctx, request{method: http.MethodDelete, body: body, ifMatch: match}, nil))
}

// many sends a batch and reads the rows that come back.
func (c *Client[T, C, U]) many(ctx context.Context, r request, in any) ([]T, error) {
	page := query.Page[T]{Items: []T{}}
	err := c.conn.write(ctx, r, in, &page)
	if err != nil {
		return nil, err
	}
	return page.Items, nil
}

// batchMatch is the If-Match of a batch, which holds for all of it.
func (c *Client[T, C, U]) batchMatch(rows []query.Ident) (string, error) {
	if c.version == nil {
		return "", nil
	}
	blind := 0
	for i, row := range rows {
		switch {
		case row.Version == query.AnyVersion:
			blind++
		case row.Version < 1:
			return "", malformedBody("/"+strconv.Itoa(i)+"/version", "version_required", "must be the version that was read, or query.AnyVersion")
		}
	}
	switch blind {
	case 0:
		return "", nil
	case len(rows):
		return "*", nil
	}
	return "", joinery.Errorf(joinery.Unsupported, "mixed_versions", "Over HTTP either all rows of a batch name their version, or none does: send two batches.")
}

// item is one row of a batch: id and version before the members of in.
func (c *Client[T, C, U]) item(row query.Ident, in any, inputs []input) ([]byte, error) {
	data, err := encodeInput(in, inputs)
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(data, []byte("{")) {
		return nil, unwritable(nil)
	}
	b := append([]byte(`{"id":`), quoteID(row.ID)...)
	if c.version != nil && row.Version != query.AnyVersion {
		b = strconv.AppendInt(append(b, `,"version":`...), row.Version, 10)
	}
	if len(data) > len("{}") {
		b = append(b, ',')
	}
	return append(b, data[1:]...), nil
}

// inOrder puts the rows of an answer, which leaves out those that are gone,
// where they were asked for.
func (c *Client[T, C, U]) inOrder(rows []T, asked []query.Ident) []T {
	byID := make(map[uuid.UUID]*T, len(rows))
	for i := range rows {
		byID[c.idOf(&rows[i])] = &rows[i]
	}
	all := make([]T, len(asked))
	for i, row := range asked {
		if found := byID[row.ID]; found != nil {
			all[i] = *found
		}
	}
	return all
}
