package rest

import (
	"net/http"
	"reflect"
	"strings"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/internal/strictjson"
)

// copyRow creates a row like another. The body, if there is one, names the
// fields of the create form that shall differ.
func (s *resource[T, C, U]) copyRow(c *call) error {
	id, err := pathID(c.param("id"))
	if err != nil {
		return err
	}
	overrides, err := s.readOverrides(c)
	if err != nil {
		return err
	}
	if err := s.checkParent(c); err != nil {
		return err
	}
	if err := s.withinParent(c, id); err != nil {
		return err
	}
	if s.parent != nil {
		if err := s.keepParent(c, &overrides.from, ""); err != nil {
			return err
		}
	}
	row, err := s.ops.Copy(c.r.Context(), id, func(in *C) error {
		overrides.apply(in)
		return s.setParent(c, in, "")
	})
	if err != nil {
		return err
	}
	p := unsafe.Pointer(&row)
	c.w.Header()["Location"] = []string{collectionPath(c) + "/" + s.id(p).String()}
	return s.sendChanged(c, http.StatusCreated, p)
}

// collectionPath is the path of the collection of a request to …/:id/copy.
func collectionPath(c *call) string {
	path := requestPath(c.r)
	for range 2 {
		path = path[:strings.LastIndexByte(path, '/')]
	}
	return path
}

// overrides are the fields of a create form that a body names.
type overrides[C any] struct {
	from   C
	fields [][]int
}

func (s *resource[T, C, U]) readOverrides(c *call) (o overrides[C], err error) {
	if !c.hasBody() {
		return o, nil
	}
	body, err := c.body(typeJSON)
	if err != nil {
		return o, err
	}
	if err := s.decodeNew(body, &o.from); err != nil {
		return o, err
	}
	doc, problems := strictjson.Parse(body, strictjson.Limits{})
	if len(problems) > 0 {
		return o, malformedFields(problems) // decodeNew took it: cannot happen
	}
	for name := range doc.Members() {
		if index := fieldByJSON(reflect.TypeFor[C](), name); index != nil {
			o.fields = append(o.fields, index)
		}
	}
	return o, nil
}

// apply sets the fields whole: what the source had in a list or map that the
// body names does not stay behind in it.
func (o *overrides[C]) apply(in *C) {
	to, from := reflect.ValueOf(in).Elem(), reflect.ValueOf(&o.from).Elem()
	for _, index := range o.fields {
		to.FieldByIndex(index).Set(from.FieldByIndex(index))
	}
}

// restore takes back the deletion of one row.
func (s *resource[T, C, U]) restore(c *call) error {
	id, version, err := s.readIdent(c)
	if err != nil {
		return err
	}
	if err := s.checkParent(c); err != nil {
		return err
	}
	if err := s.withinParent(c, id); err != nil {
		return err
	}
	row, err := s.ops.Restore(c.r.Context(), id, version)
	if err != nil {
		return err
	}
	if s.gone(&row) {
		c.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.sendChanged(c, http.StatusOK, unsafe.Pointer(&row))
}

// remove deletes one row.
func (s *resource[T, C, U]) remove(c *call) error {
	id, version, err := s.readIdent(c)
	if err != nil {
		return err
	}
	if err := s.checkParent(c); err != nil {
		return err
	}
	if err := s.withinParent(c, id); err != nil {
		return err
	}
	if err := s.ops.Delete(c.r.Context(), id, version); err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// readIdent is the row that a request without input names, and its version,
// which the body may name, if there is one.
func (m *mounted) readIdent(c *call) (id uuid.UUID, version int64, err error) {
	if id, err = pathID(c.param("id")); err != nil {
		return id, 0, err
	}
	var in struct {
		Version *int64 `json:"version"`
	}
	if c.hasBody() {
		body, err := c.body(typeJSON)
		if err != nil {
			return id, 0, err
		}
		if err := decode(body, &in, ""); err != nil {
			return id, 0, err
		}
	}
	if in.Version != nil && *in.Version < 1 {
		return id, 0, badVersion("")
	}
	version, err = m.versionFor(c, id, orZero(in.Version), in.Version != nil)
	return id, version, err
}

func orZero(v *int64) int64 {
	if v == nil {
		return 0
	}
	return *v
}
