package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// Exister says whether a row exists that the actor of ctx may see.
// *crud.Manager is one.
type Exister interface {
	Exists(ctx context.Context, id uuid.UUID) (bool, error)
}

// ExistsFunc is a function as an [Exister].
type ExistsFunc func(ctx context.Context, id uuid.UUID) (bool, error)

// Exists calls the function.
func (f ExistsFunc) Exists(ctx context.Context, id uuid.UUID) (bool, error) { return f(ctx, id) }

// ExistsBy makes an [Exister] of a service that can only get rows: a row of
// which Get says NotFound does not exist.
func ExistsBy[T any](svc Reader[T]) Exister {
	return ExistsFunc(func(ctx context.Context, id uuid.UUID) (bool, error) {
		_, err := svc.Get(ctx, id)
		if joinery.IsKind(err, joinery.NotFound) {
			return false, nil
		}
		return err == nil, err
	})
}

// nest checks and resolves the option Parent.
func (m *mounted) nest() error {
	segments, err := parsePattern(m.path)
	if err != nil {
		return err
	}
	found := false
	for _, s := range segments {
		if isParam(s) && s[1:] != m.opts.Parent {
			return fmt.Errorf("the path's parameter %s is nothing the resource knows: only that of Parent may be there", s)
		}
		found = found || isParam(s)
	}
	if m.opts.Parent == "" {
		return nil
	}
	m.parent = m.model.Field(m.opts.Parent)
	switch {
	case !found:
		return fmt.Errorf("the path has no parameter :%s for Parent", m.opts.Parent)
	case m.parent == nil || m.parent.Kind != registry.UUID || !m.parent.Visible():
		return fmt.Errorf("option Parent names %q, which is no visible reference of %s", m.opts.Parent, m.model.Name)
	case m.opts.ParentOf == nil:
		return errors.New("option Parent needs ParentOf, which says whether the caller may see the parent")
	case m.create != nil && fieldByJSON(m.create, m.opts.Parent) == nil:
		return fmt.Errorf("%s has no field %q to set to the parent", m.create, m.opts.Parent)
	}
	return nil
}

// parentID is the id of the parent that the request's path names.
func (m *mounted) parentID(c *call) (uuid.UUID, error) { return pathID(c.param(m.opts.Parent)) }

// checkParent refuses a parent that the actor may not see. Every route calls it
// once it has read its input: what is malformed is told first, what is invalid
// is not told below a parent that is hidden.
func (m *mounted) checkParent(c *call) error {
	if m.parent == nil {
		return nil
	}
	id, err := m.parentID(c)
	if err != nil {
		return err
	}
	ok, err := m.opts.ParentOf.Exists(c.r.Context(), id)
	if err == nil && !ok {
		err = notFound()
	}
	return err
}

func notFound() error { return joinery.Errorf(joinery.NotFound, "", "not found") }

// within is the filter that narrows a list to the children of the parent; none
// for a resource that is not nested.
func (m *mounted) within(c *call) []query.Filter {
	if m.parent == nil {
		return nil
	}
	id, _ := m.parentID(c) // of what is no id checkParent says so
	return []query.Filter{query.Eq(m.parent.JSON, id)}
}

// belongs refuses a row of another parent, as if it did not exist.
func (m *mounted) belongs(c *call, row unsafe.Pointer) error {
	if m.parent == nil {
		return nil
	}
	id, err := m.parentID(c)
	if err != nil {
		return err
	}
	if of, ok := m.parent.Value(row).(uuid.UUID); !ok || of != id {
		return notFound()
	}
	return nil
}

// withinParent refuses to write a row of another parent. The row is read for it:
// two steps, of which the second checks the version.
func (s *resource[T, C, U]) withinParent(c *call, id uuid.UUID) error {
	if s.parent == nil {
		return nil
	}
	if s.ops.Get == nil {
		return errors.New("rest: a nested resource that is written needs Get")
	}
	row, err := s.ops.Get(c.r.Context(), id)
	if err != nil {
		return err
	}
	return s.belongs(c, unsafe.Pointer(&row))
}

// allWithinParent is withinParent for a batch, with one list.
func (s *resource[T, C, U]) allWithinParent(c *call, ids []uuid.UUID) error {
	if s.parent == nil {
		return nil
	}
	if s.ops.List == nil {
		return errors.New("rest: a nested resource that is written in batches needs List")
	}
	q := query.Query{Filter: query.In(s.model.ID.JSON, ids...), Limit: len(ids)}
	page, err := s.ops.List(c.r.Context(), q.Within(s.within(c)[0]))
	if err != nil {
		return err
	}
	found := map[uuid.UUID]bool{}
	for i := range page.Items {
		found[s.id(unsafe.Pointer(&page.Items[i]))] = true
	}
	for i, id := range ids {
		if !found[id] {
			return &joinery.Error{Kind: joinery.NotFound, Message: "not found", Fields: []joinery.FieldError{
				{Pointer: "/items/" + strconv.Itoa(i), Code: "not_found", Message: "not found"},
			}}
		}
	}
	return nil
}

// setParent puts the parent into the input of a create. A body that names
// another is refused.
func (m *mounted) setParent(c *call, in any, prefix string) error {
	if m.parent == nil {
		return nil
	}
	if err := m.keepParent(c, in, prefix); err != nil {
		return err
	}
	id, _ := m.parentID(c)
	return setJSON(fieldByJSON(m.create, m.opts.Parent), in, quoteID(id))
}

// keepParent refuses an input that names another parent than the path.
func (m *mounted) keepParent(c *call, in any, prefix string) error {
	if m.parent == nil {
		return nil
	}
	index := fieldByJSON(reflect.TypeOf(in).Elem(), m.opts.Parent)
	if index == nil {
		return nil
	}
	id, err := m.parentID(c)
	if err != nil {
		return err
	}
	named, given := idIn(reflect.ValueOf(in).Elem().FieldByIndex(index))
	if !given || named == id {
		return nil
	}
	return &joinery.Error{Kind: joinery.Invalid, Fields: []joinery.FieldError{{
		Pointer: prefix + "/" + m.opts.Parent, Code: "other_parent", Message: "names another row than the URL: leave it out or name " + id.String(),
	}}}
}

// idIn is the id that an input's field holds; given is false where the caller
// named none, which for a plain field is the zero id.
func idIn(v reflect.Value) (id uuid.UUID, given bool) {
	if opt, ok := v.Interface().(registry.Optional); ok {
		if !opt.IsSet() {
			return uuid.Nil, false
		}
		if opt.IsNull() {
			return uuid.Nil, true
		}
		v = reflect.ValueOf(opt.OptValue())
	}
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return uuid.Nil, false
		}
		v = v.Elem()
	}
	if !v.IsValid() || !v.CanConvert(uuidType) {
		return uuid.Nil, true
	}
	id, _ = v.Convert(uuidType).Interface().(uuid.UUID)
	return id, id != uuid.Nil
}

func quoteID(id uuid.UUID) []byte { return []byte(`"` + id.String() + `"`) }

// setJSON sets a field of the struct that in points to by its JSON text,
// whatever its type.
func setJSON(index []int, in any, text []byte) error {
	return json.Unmarshal(text, reflect.ValueOf(in).Elem().FieldByIndex(index).Addr().Interface())
}

// fieldByJSON is the index of the struct's field with the JSON name; nil where
// there is none.
func fieldByJSON(t reflect.Type, name string) []int {
	if t.Kind() != reflect.Struct {
		return nil
	}
	for _, f := range reflect.VisibleFields(t) {
		if name != "" && jsonName(f) == name {
			return f.Index
		}
	}
	return nil
}

// jsonName is the field's name in JSON; empty where it has none: it is not
// shown, or an embedded struct, whose fields stand for themselves.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case !f.IsExported() || name == "-":
		return ""
	case name == "" && !(f.Anonymous && f.Type.Kind() == reflect.Struct):
		return f.Name
	}
	return name
}
