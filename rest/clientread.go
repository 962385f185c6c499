package rest

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// Get is one row. Errors: NotFound where there is none, or the caller may not
// see it; Malformed for fields and relations that the model does not have, and
// for relations that T has no place for.
func (c *Client[T, C, U]) Get(ctx context.Context, id uuid.UUID, opts ...query.GetOption) (row T, err error) {
	var q query.Query
	for _, o := range opts {
		o(&q)
	}
	attached := c.attachments(q.Include)
	a, err := c.conn.do(ctx, rowRequest(id, parameters{"include": q.Include, "fields": c.withID(q.Fields)}))
	if err == nil {
		err = a.decode(&row)
	}
	if err == nil {
		err = attached.read(reflect.ValueOf(&row), a.body)
	}
	return row, err
}

// withID adds the id to the fields that are asked for: a manager reads it
// always, a server answers what it is asked.
func (c *Client[T, C, U]) withID(fields []string) []string {
	if len(fields) == 0 || slices.Contains(fields, c.id.JSON) {
		return fields
	}
	return append(fields[:len(fields):len(fields)], c.id.JSON)
}

// Exists reports whether there is a row with the id that the caller may see.
func (c *Client[T, C, U]) Exists(ctx context.Context, id uuid.UUID) (bool, error) {
	err := c.conn.read(ctx, rowRequest(id, parameters{"fields": {c.id.JSON}}), nil)
	if joinery.IsKind(err, joinery.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// List is one page. The query goes into the URL where that can say it, and is
// short enough; else it is posted to …/search. Values in a filter should be of
// the column's Go type, because in a search a text does not stand for a number.
// Errors as with a manager, but the places in a Malformed query are those of
// the form that was sent.
func (c *Client[T, C, U]) List(ctx context.Context, q query.Query) (page query.Page[T], err error) {
	q.Fields = c.withID(q.Fields)
	attached := c.attachments(q.Include)
	r, err := c.conn.list(q)
	if err == nil {
		page, err = c.page(ctx, r, attached)
	}
	if err != nil {
		return query.Page[T]{}, err
	}
	if page.Items == nil {
		page.Items = []T{}
	}
	return page, nil
}

func (c *Client[T, C, U]) page(ctx context.Context, r request, attached attachments) (page query.Page[T], err error) {
	a, err := c.conn.do(ctx, r)
	if err != nil {
		return page, err
	}
	if err := a.decode(&page); err != nil {
		return page, err
	}
	return page, attached.readPage(reflect.ValueOf(page.Items), a)
}

// Count is how many rows the caller may see of those that q's filter wants,
// exactly; page and sort are ignored.
func (c *Client[T, C, U]) Count(ctx context.Context, q query.Query) (int64, error) {
	r, err := c.conn.list(query.Query{Filter: q.Filter, Deleted: q.Deleted, Limit: 1, Fields: []string{c.id.JSON}, Count: query.CountExact})
	if err != nil {
		return 0, err
	}
	var page struct {
		Total *int64 `json:"total"`
	}
	if err := c.conn.read(ctx, r, &page); err != nil {
		return 0, err
	}
	if page.Total == nil {
		return 0, unreadable(nil)
	}
	return *page.Total, nil
}

// allRows is how many rows All reads at a time where the query does not say.
const allRows = 500

// All is every row of a list, page by page, from q.After on where that is set.
// Rows that are there throughout come exactly once, whatever is written in the
// meantime. It ends after an error; of kind Internal is that of a server which
// names the page that was just read as the next one.
func (c *Client[T, C, U]) All(ctx context.Context, q query.Query) iter.Seq2[T, error] {
	if q.Limit == 0 {
		q.Limit = allRows
	}
	return func(yield func(T, error) bool) {
		for q := q; ; {
			page, err := c.List(ctx, q)
			if err == nil && page.Next != "" && page.Next == q.After {
				err = joinery.Errorf(joinery.Internal, "bad_answer", "The server names the same page again as the next one, so the list would never end.")
			}
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, row := range page.Items {
				if !yield(row, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			q.After, q.Before = page.Next, ""
		}
	}
}

// Access is what the caller may do to the row. The kind of the error is
// NotFound for a row that it may not see, Unsupported where the server does not
// tell.
func (c *Client[T, C, U]) Access(ctx context.Context, id uuid.UUID) (joinery.Actions, error) {
	var can permitted
	err := c.conn.read(ctx, accessRequest(id, nil), &can)
	return can.Can, notServed(err)
}

// Explain is why who may do one action to the row, or may not. Only users can
// be asked about; the zero Actor is the caller, as the server knows it.
func (c *Client[T, C, U]) Explain(ctx context.Context, who joinery.Actor, id uuid.UUID, a joinery.Actions) (why registry.Explanation, err error) {
	values := url.Values{"explain": {a.String()}}
	switch {
	case who.Kind == joinery.User:
		values.Set("user", who.ID.String())
	case who.Kind != joinery.Anonymous:
		return why, joinery.Errorf(joinery.Unsupported, "not_a_user", "Over HTTP only users can be asked about, and the caller itself.")
	}
	err = c.conn.read(ctx, accessRequest(id, values), &why)
	return why, notServed(err)
}

func accessRequest(id uuid.UUID, values url.Values) request {
	r := request{method: http.MethodGet, path: "/" + id.String() + "/access", repeat: true}
	if len(values) > 0 {
		r.path += "?" + values.Encode()
	}
	return r
}

// parameters are lists by the name of their parameter.
type parameters map[string][]string

func rowRequest(id uuid.UUID, p parameters) request {
	values := url.Values{}
	for name, list := range p {
		if len(list) > 0 {
			values.Set(name, strings.Join(list, ","))
		}
	}
	r := request{method: http.MethodGet, path: "/" + id.String(), repeat: true}
	if len(values) > 0 {
		r.path += "?" + values.Encode()
	}
	return r
}

// read sends the request and decodes what comes back into dst; nil: nowhere.
func (c *conn) read(ctx context.Context, r request, dst any) error {
	a, err := c.do(ctx, r)
	if err != nil || dst == nil {
		return err
	}
	return a.decode(dst)
}

// decode reads a JSON body. Members that dst has no field for are of a newer
// server, and skipped.
func (a *reply) decode(dst any) error {
	if err := json.Unmarshal(a.body, dst); err != nil {
		return unreadable(err)
	}
	return nil
}
