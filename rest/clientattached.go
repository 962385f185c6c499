package rest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/joinery-go/joinery/registry"
)

// attachments are the paths of an include on which something is attached: JSON
// alone cannot put that into a row, because it has no field for it.
type attachments struct {
	registry *registry.Registry
	paths    [][]string
	homeless error // that rows cannot hold all that is included; nil: they can
}

// attachments looks where in a row is what is included. What has no place would
// be lost without a word: once the server has given it, that is an error.
func (c *Client[T, C, U]) attachments(include []string) attachments {
	a := attachments{registry: c.id.Model.Registry()}
	for _, text := range include {
		path := strings.Split(text, ".")
		attached, err := a.passes(c.id.Model.Type, path)
		switch {
		case err != nil:
			a.homeless = err
		case attached:
			a.paths = append(a.paths, path)
		}
	}
	return a
}

// passes reports whether something on the path from a row of type t is attached.
func (a attachments) passes(t reflect.Type, path []string) (attached bool, err error) {
	for _, name := range path {
		if rel := a.relation(t, name); rel != nil {
			attached, t = true, rel.Target.Type
			continue
		}
		index := fieldByJSON(t, name)
		if index == nil {
			return false, malformedParameter("include", "bad_query", fmt.Sprintf(
				"%q has no place in %s: give the struct a field for it, or ClientOptions.Registry a registry in which registry.Attach names it so", name, t))
		}
		for t = t.FieldByIndex(index).Type; t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice; {
			t = t.Elem()
		}
	}
	return attached, nil
}

// relation is what is attached to rows of type t by the name, else nil.
func (a attachments) relation(t reflect.Type, name string) *registry.Relation {
	m := a.registry.ModelByType(t)
	if m == nil {
		return nil
	}
	if rel := m.Relation(name); rel != nil && rel.Attached {
		return rel
	}
	return nil
}

// read attaches to a row, or to each row of a slice, what its JSON has.
func (a attachments) read(rows reflect.Value, text json.RawMessage) error {
	if a.homeless != nil {
		return a.homeless
	}
	for _, path := range a.paths {
		if err := a.attach(rows, text, path); err != nil {
			return unreadable(err)
		}
	}
	return nil
}

func (a attachments) attach(v reflect.Value, text json.RawMessage, path []string) error {
	switch {
	case len(path) == 0 || !v.IsValid() || len(text) == 0 || string(text) == "null":
		return nil
	case v.Kind() == reflect.Pointer:
		return a.attach(v.Elem(), text, path)
	case v.Kind() == reflect.Slice:
		var items []json.RawMessage
		if err := json.Unmarshal(text, &items); err != nil {
			return err
		}
		for i, item := range items {
			if err := a.attach(v.Index(i), item, path); err != nil {
				return err
			}
		}
		return nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return err
	}
	value := members[path[0]]
	if rel := a.relation(v.Type(), path[0]); rel != nil {
		child, err := attachedRow(v, rel, value)
		if err != nil || !child.IsValid() {
			return err
		}
		return a.attach(child, value, path[1:])
	}
	field, err := v.FieldByIndexErr(fieldByJSON(v.Type(), path[0]))
	if err != nil {
		return err
	}
	return a.attach(field, value, path[1:])
}

// attachedRow is the row that the relation attaches to parent: of an earlier
// path, else of the text. The zero Value: there is none.
func attachedRow(parent reflect.Value, rel *registry.Relation, text json.RawMessage) (reflect.Value, error) {
	if len(text) == 0 || string(text) == "null" {
		return reflect.Value{}, nil
	}
	at := parent.Addr().UnsafePointer()
	if p := rel.One(at); p != nil {
		return reflect.NewAt(rel.Target.Type, p).Elem(), nil
	}
	row := reflect.New(rel.Target.Type)
	if err := json.Unmarshal(text, row.Interface()); err != nil {
		return reflect.Value{}, err
	}
	rel.SetOne(at, row.UnsafePointer())
	return row.Elem(), nil
}

// readPage is read for the rows of a page.
func (a attachments) readPage(rows reflect.Value, from *reply) error {
	if len(a.paths) == 0 {
		return a.homeless
	}
	var page struct {
		Items json.RawMessage `json:"items"`
	}
	if err := from.decode(&page); err != nil {
		return err
	}
	return a.read(rows, page.Items)
}
