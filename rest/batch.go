package rest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
)

func (s *resource[T, C, U]) createMany(c *call, body []byte) error {
	if s.ops.CreateMany == nil {
		return joinery.Errorf(joinery.Unsupported, "no_batch", "Rows are created one at a time here: send an object.")
	}
	var in []C
	if err := s.decodeNew(body, &in); err != nil {
		return err
	}
	if err := s.checkCount(len(in), ""); err != nil {
		return err
	}
	if err := s.checkParent(c); err != nil {
		return err
	}
	var all gathered
	for i := range in {
		all.add(s.setParent(c, &in[i], "/"+strconv.Itoa(i)))
	}
	if err := all.err(); err != nil {
		return err
	}
	rows, err := s.ops.CreateMany(c.r.Context(), in)
	if err != nil {
		return err
	}
	return sendItems(s.mounted, c, http.StatusCreated, rows)
}

// envelope is the body of a batch.
type envelope struct {
	Items []json.RawMessage `json:"items"`
}

// items are the elements of a batch's body.
func (m *mounted) items(c *call) ([]json.RawMessage, error) {
	body, err := c.body(typeJSON)
	if err != nil {
		return nil, err
	}
	var in envelope
	if err := decode(body, &in, ""); err != nil {
		return nil, err
	}
	return in.Items, m.checkCount(len(in.Items), "/items")
}

func (m *mounted) checkCount(n int, pointer string) error {
	switch {
	case n == 0:
		return malformedBody(pointer, "required", "must have at least one element")
	case n > m.api.opts.MaxBatch:
		return malformedBody(pointer, "too_many", "may have "+strconv.Itoa(m.api.opts.MaxBatch)+" elements at most: send several batches")
	}
	return nil
}

func (s *resource[T, C, U]) updateMany(c *call) error {
	force, err := batchForce(c.r.Header)
	if err != nil {
		return err
	}
	items, err := s.items(c)
	if err != nil {
		return err
	}
	changes, err := s.changes(items, force)
	if err != nil {
		return err
	}
	if err := s.checkParent(c); err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(changes))
	for i := range changes {
		ids[i] = changes[i].ID
	}
	if err := s.allWithinParent(c, ids); err != nil {
		return err
	}
	if err := s.keepParents(c, changes); err != nil {
		return err
	}
	rows, err := s.ops.UpdateMany(c.r.Context(), changes)
	if err != nil {
		return inItems(err)
	}
	seen := slices.DeleteFunc(rows, func(row T) bool { return s.gone(&row) })
	return sendItems(s.mounted, c, http.StatusOK, seen)
}

// changes decodes the items, and gathers what is wrong with all of them.
func (s *resource[T, C, U]) changes(items []json.RawMessage, force bool) ([]query.Change[U], error) {
	changes := make([]query.Change[U], len(items))
	var all gathered
	for i, item := range items {
		prefix := "/items/" + strconv.Itoa(i)
		ident, err := s.cutIdent(item, prefix, force)
		all.add(err)
		changes[i].ID, changes[i].Version = ident.ID, ident.Version
		all.add(decode(item, &changes[i].Update, prefix))
		if all.full() {
			break
		}
	}
	return changes, all.err()
}

// keepParents refuses changes that would move a row to another parent.
func (s *resource[T, C, U]) keepParents(c *call, changes []query.Change[U]) error {
	var all gathered
	for i := range changes {
		all.add(s.keepParent(c, &changes[i].Update, "/items/"+strconv.Itoa(i)))
	}
	return all.err()
}

// cutIdent takes id and version out of an item.
func (m *mounted) cutIdent(item []byte, prefix string, force bool) (query.Ident, error) {
	if isArray(item) || len(item) == 0 || item[0] != '{' {
		return query.Ident{}, nil // for the decoder to complain about
	}
	var all gathered
	id, err := cutID(item, prefix)
	all.add(err)
	version, found, err := m.cutVersion(item, prefix)
	all.add(err)
	if err := all.err(); err != nil {
		return query.Ident{}, err
	}
	version, err = m.batchVersion(version, found, force, prefix)
	return query.Ident{ID: id, Version: version}, err
}

// cutID takes the member "id" out of an item.
func cutID(item []byte, prefix string) (id uuid.UUID, err error) {
	text, named := cut(item, "id")
	switch {
	case !named:
		return id, malformedBody(prefix+"/id", "required", "is missing: name the row")
	case json.Unmarshal(text, &id) != nil || len(text) != len(`""`)+36:
		return id, malformedBody(prefix+"/id", "wrong_type", "must be a UUID")
	}
	return id, nil
}

// batchVersion is the version of one item of a batch.
func (m *mounted) batchVersion(version int64, found, force bool, prefix string) (int64, error) {
	switch {
	case found && force:
		return 0, malformedParameter("If-Match", "versions_differ", `If-Match: * overwrites whatever is there, but `+prefix+`/version names a version: send one of them`)
	case found:
		return version, nil
	case force || m.model.Version == nil || m.opts.AllowBlindWrites:
		return query.AnyVersion, nil
	}
	return 0, versionRequired(`Send "version" in each item, as you read it. If-Match: * overwrites whatever is there.`)
}

// batchForce reports whether the header of a batch is If-Match: *, the only
// If-Match that a batch can have.
func batchForce(h http.Header) (bool, error) {
	versions, err := ifMatch(h)
	if err == nil && len(versions) > 0 && versions[0] != query.AnyVersion {
		err = malformedParameter("If-Match", "bad_if_match", `must be * for a batch: each item names its own version`)
	}
	return len(versions) > 0, err
}

func (s *resource[T, C, U]) removeMany(c *call) error {
	force, err := batchForce(c.r.Header)
	if err != nil {
		return err
	}
	rows, err := s.idents(c, force)
	if err != nil {
		return err
	}
	if err := s.removeAll(c, rows); err != nil {
		if c.r.URL.RawQuery != "" {
			return inURL(err, rows)
		}
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *resource[T, C, U]) removeAll(c *call, rows []query.Ident) error {
	if err := s.checkParent(c); err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	if err := s.allWithinParent(c, ids); err != nil {
		return err
	}
	return inItems(s.ops.DeleteMany(c.r.Context(), rows))
}

// idents are the rows of a batch delete, from the body or from ?id=a&id=b.
func (m *mounted) idents(c *call, force bool) ([]query.Ident, error) {
	values, err := parseQuery(c.r)
	if err != nil {
		return nil, err
	}
	if err := onlyParameters(values, "id"); err != nil {
		return nil, err
	}
	switch ids := values["id"]; {
	case len(ids) > 0 && c.hasBody():
		return nil, malformedParameter("id", "ambiguous", "names rows in the URL, and so does the body: send one of them")
	case len(ids) > 0:
		return m.identsFromURL(ids, force)
	}
	items, err := m.items(c)
	if err != nil {
		return nil, err
	}
	rows := make([]query.Ident, len(items))
	var all gathered
	for i, item := range items {
		prefix := "/items/" + strconv.Itoa(i)
		rows[i], err = m.cutIdent(item, prefix, force)
		all.add(err)
		all.add(decode(item, &struct{}{}, prefix))
		if all.full() {
			break
		}
	}
	return rows, all.err()
}

func (m *mounted) identsFromURL(ids []string, force bool) ([]query.Ident, error) {
	if len(ids) > m.api.opts.MaxBatch {
		return nil, malformedParameter("id", "too_many", "may occur "+strconv.Itoa(m.api.opts.MaxBatch)+" times at most: send several batches")
	}
	if !force && m.model.Version != nil && !m.opts.AllowBlindWrites {
		return nil, versionRequired(`Rows named in the URL have no version: send If-Match: * to delete them whatever their version, or a body {"items": [{"id": …, "version": …}]}.`)
	}
	rows := make([]query.Ident, len(ids))
	for i, text := range ids {
		id, err := uuid.Parse(text)
		if err != nil || len(text) != 36 {
			return nil, malformedParameter("id", "wrong_type", "must be a UUID, once per row")
		}
		rows[i] = query.Ident{ID: id, Version: query.AnyVersion}
	}
	return rows, nil
}
