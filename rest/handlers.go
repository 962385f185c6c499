package rest

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/query"
)

func (s *resource[T, C, U]) handlers() map[Operation]func(*call) error {
	h := map[Operation]func(*call) error{}
	if s.ops.List != nil {
		h[List], h[Search] = s.list, s.search
	}
	if s.ops.Get != nil {
		h[Get] = s.get
	}
	if s.ops.Create != nil || s.ops.CreateMany != nil {
		h[Create] = s.create
	}
	if s.ops.Update != nil {
		h[Update], h[Replace] = s.update, s.replaceRow
	}
	if s.ops.Delete != nil {
		h[Delete] = s.remove
	}
	if s.ops.UpdateMany != nil {
		h[UpdateMany] = s.updateMany
	}
	if s.ops.DeleteMany != nil {
		h[DeleteMany] = s.removeMany
	}
	if s.ops.Copy != nil {
		h[Copy] = s.copyRow
	}
	if s.ops.Restore != nil {
		h[Restore] = s.restore
	}
	if s.ops.Access != nil {
		h[Access] = s.access
	}
	return h
}

func (s *resource[T, C, U]) get(c *call) error {
	id, err := pathID(c.param("id"))
	if err != nil {
		return err
	}
	var q query.Query
	if c.r.URL.RawQuery != "" {
		if q, err = s.readQuery(c.r); err != nil {
			return err
		}
	}
	if err := s.checkParent(c); err != nil {
		return err
	}
	row, err := s.ops.Get(c.r.Context(), id, s.getOptions(q)...)
	if err != nil {
		return err
	}
	p := unsafe.Pointer(&row)
	if err := s.belongs(c, p); err != nil {
		return err
	}
	if len(q.Include) == 0 {
		if done, err := s.precondition(c, p); done || err != nil {
			return err
		}
	}
	return s.sendRow(c, http.StatusOK, p, s.plan.choose(q.Fields))
}

// readQuery reads the parameters of GET of one row.
func (m *mounted) readQuery(r *http.Request) (query.Query, error) {
	values, err := parseQuery(r)
	if err != nil {
		return query.Query{}, err
	}
	if err := onlyParameters(values, "include", "fields"); err != nil {
		return query.Query{}, err
	}
	return query.ParseURL(m.model, values)
}

// getOptions asks for what the client wants, and for what the answer needs
// besides: the version for the tag, the parent for the check.
func (m *mounted) getOptions(q query.Query) []query.GetOption {
	var opts []query.GetOption
	if len(q.Include) > 0 {
		opts = append(opts, query.Include(q.Include...))
	}
	if len(q.Fields) > 0 {
		fields := slices.Clone(q.Fields)
		if v := m.model.Version; v != nil && v.Visible() && !slices.Contains(fields, v.JSON) {
			fields = append(fields, v.JSON)
		}
		if m.parent != nil && !slices.Contains(fields, m.parent.JSON) {
			fields = append(fields, m.parent.JSON)
		}
		opts = append(opts, query.Fields(fields...))
	}
	return opts
}

// precondition sets the row's tag and looks at the conditions of the request:
// where the client has that version the answer is 304, and done. The caller has
// been shown to see the row before. Rows of a relation, attached ones among
// them, are in an answer only with include, which has neither tag nor
// conditions: the version does not cover them.
func (m *mounted) precondition(c *call, row unsafe.Pointer) (done bool, err error) {
	version, ok := m.version(row)
	if !ok {
		return false, nil
	}
	c.w.Header()["Etag"] = []string{etag(version)}
	if err := matches(c.r.Header, version); err != nil {
		return false, err
	}
	if !noneMatch(c.r.Header, version) {
		return false, nil
	}
	c.w.WriteHeader(http.StatusNotModified)
	return true, nil
}

// version is the row's version; false for models without.
func (m *mounted) version(row unsafe.Pointer) (int64, bool) {
	if m.model.Version == nil {
		return 0, false
	}
	v, ok := m.model.Version.Value(row).(int64)
	return v, ok && v > 0
}

// currentVersion is that of the row that the caller sees; 0 for models without.
func (s *resource[T, C, U]) currentVersion(ctx context.Context, id uuid.UUID) (int64, error) {
	row, err := s.ops.Get(ctx, id)
	if err != nil {
		return 0, err
	}
	v, _ := s.version(unsafe.Pointer(&row))
	return v, nil
}

func (m *mounted) id(row unsafe.Pointer) uuid.UUID {
	id, _ := m.model.ID.Value(row).(uuid.UUID)
	return id
}

// sendRow answers with one row.
func (m *mounted) sendRow(c *call, status int, row unsafe.Pointer, fields []*fieldPlan) error {
	buf := buffers.Get().(*[]byte)
	b, err := m.plan.append((*buf)[:0], row, fields)
	if err != nil {
		return err
	}
	c.send(status, b)
	release(buf, b)
	return nil
}

// sendChanged answers with a row as a write left it, tagged.
func (m *mounted) sendChanged(c *call, status int, row unsafe.Pointer) error {
	if v, ok := m.version(row); ok {
		c.w.Header()["Etag"] = []string{etag(v)}
	}
	return m.sendRow(c, status, row, nil)
}

func (s *resource[T, C, U]) list(c *call) error {
	values, err := parseQuery(c.r)
	if err != nil {
		return err
	}
	q, err := query.ParseURL(s.model, values, s.within(c)...)
	if err != nil {
		return err
	}
	if err := s.checkParent(c); err != nil {
		return err
	}
	page, err := s.ops.List(c.r.Context(), q)
	if err != nil {
		return err
	}
	s.links(c, values, page.Next, page.Prev)
	return sendPage(s.mounted, c, page, q.Fields)
}

func (s *resource[T, C, U]) search(c *call) error {
	body, err := c.body(typeJSON)
	if err != nil {
		return err
	}
	q, err := query.ParseJSON(s.model, body, s.within(c)...)
	if err != nil {
		return err
	}
	if err := s.checkParent(c); err != nil {
		return err
	}
	page, err := s.ops.List(c.r.Context(), q)
	if err != nil {
		return err
	}
	return sendPage(s.mounted, c, page, q.Fields)
}

// links names the neighboring pages in a Link header.
func (m *mounted) links(c *call, values url.Values, next, prev string) {
	if next == "" && prev == "" {
		return
	}
	link := func(cursor, param, rel string) {
		if cursor == "" {
			return
		}
		to := url.Values{}
		for name, v := range values {
			to[name] = v
		}
		to.Del("after")
		to.Del("before")
		to.Set(param, cursor)
		c.w.Header().Add("Link", "<"+requestPath(c.r)+"?"+to.Encode()+`>; rel="`+rel+`"`)
	}
	link(next, "after", "next")
	link(prev, "before", "prev")
}

func sendPage[T any](m *mounted, c *call, page query.Page[T], names []string) error {
	fields := m.plan.choose(names)
	buf := buffers.Get().(*[]byte)
	b, err := appendItems(m.plan, append((*buf)[:0], `{"items":`...), page.Items, fields)
	if err != nil {
		return err
	}
	if page.Next != "" {
		b = appendString(append(b, `,"next":`...), page.Next)
	}
	if page.Prev != "" {
		b = appendString(append(b, `,"prev":`...), page.Prev)
	}
	if page.Total != nil {
		b = strconv.AppendInt(append(b, `,"total":`...), *page.Total, 10)
	}
	b = append(b, '}')
	c.send(http.StatusOK, b)
	release(buf, b)
	return nil
}

func appendItems[T any](p *plan, b []byte, rows []T, fields []*fieldPlan) ([]byte, error) {
	b = append(b, '[')
	var err error
	for i := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = p.append(b, unsafe.Pointer(&rows[i]), fields); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

// sendItems answers with rows as a batch left them.
func sendItems[T any](m *mounted, c *call, status int, rows []T) error {
	buf := buffers.Get().(*[]byte)
	b, err := appendItems(m.plan, append((*buf)[:0], `{"items":`...), rows, nil)
	if err != nil {
		return err
	}
	b = append(b, '}')
	c.send(status, b)
	release(buf, b)
	return nil
}

func (s *resource[T, C, U]) create(c *call) error {
	body, err := c.body(typeJSON)
	if err != nil {
		return err
	}
	if isArray(body) {
		return s.createMany(c, body)
	}
	if s.ops.Create == nil {
		return malformedBody("", "wrong_type", "must be an array of objects")
	}
	var in C
	if err := s.decodeNew(body, &in); err != nil {
		return err
	}
	if err := s.checkParent(c); err != nil {
		return err
	}
	if err := s.setParent(c, &in, ""); err != nil {
		return err
	}
	row, err := s.ops.Create(c.r.Context(), in)
	if err != nil {
		return err
	}
	p := unsafe.Pointer(&row)
	c.w.Header()["Location"] = []string{requestPath(c.r) + "/" + s.id(p).String()}
	return s.sendChanged(c, http.StatusCreated, p)
}

func (s *resource[T, C, U]) update(c *call) error {
	return s.change(c, []string{typeJSON, typeMerge}, nil)
}

// replaceRow is update with every field that the body lacks set to what POST
// would give it.
func (s *resource[T, C, U]) replaceRow(c *call) error {
	return s.change(c, []string{typeJSON}, s.complete)
}

func (s *resource[T, C, U]) change(c *call, types []string, complete func(c *call, in any) (missing []string, err error)) error {
	id, err := pathID(c.param("id"))
	if err != nil {
		return err
	}
	body, err := c.body(types...)
	if err != nil {
		return err
	}
	var in U
	var all gathered
	version, inBody, err := s.cutVersion(body, "")
	all.add(err)
	all.add(decode(body, &in, ""))
	if err := all.err(); err != nil {
		return err
	}
	if version, err = s.versionFor(c, id, version, inBody); err != nil {
		return err
	}
	if err := s.checkParent(c); err != nil {
		return err
	}
	var missing []string
	if complete != nil {
		if missing, err = complete(c, &in); err != nil {
			return err
		}
	}
	if err := s.withinParent(c, id); err != nil {
		return err
	}
	if err := s.keepParent(c, &in, ""); err != nil {
		return err
	}
	row, err := s.ops.Update(c.r.Context(), id, version, in)
	if err != nil {
		return required(err, missing)
	}
	if s.gone(&row) {
		c.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.sendChanged(c, http.StatusOK, unsafe.Pointer(&row))
}

// gone reports whether a change took the row out of the caller's sight: the
// service then returns the zero T, of which nothing is told.
func (s *resource[T, C, U]) gone(row *T) bool { return s.id(unsafe.Pointer(row)) == uuid.Nil }

// pathID is the id that a path names. What is spelled in no or another form
// than the usual one is the id of no row.
func pathID(s string) (uuid.UUID, error) {
	id, err := uuid.Parse(s)
	if err != nil || len(s) != 36 {
		return uuid.Nil, notFound()
	}
	return id, nil
}
