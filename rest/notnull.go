package rest

import (
	"bytes"
	"reflect"
	"strconv"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/internal/strictjson"
	"github.com/joinery-go/joinery/registry"
)

// decodeNew reads the body of a create into a form or a list of forms. A null
// for a list or map that takes none is refused like any other: Go would take it
// for an empty one.
func (m *mounted) decodeNew(body []byte, dst any) error {
	fields := strictjson.Decode(body, dst)
	if bytes.Contains(body, []byte("null")) {
		if lists := m.lists(); len(lists) > 0 {
			fields = append(fields, nulls(body, lists)...)
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return malformedFields(fields[:min(len(fields), maxProblems)])
}

// lists are the words for the fields of the create form that hold a list or a
// map and take no null.
func (m *mounted) lists() map[string]string {
	form := m.model.Form(m.create)
	if form == nil {
		return nil
	}
	lists := map[string]string{}
	for _, f := range form.Fields {
		if f.Optional || f.Column.Nullable || f.Column.Kind != registry.JSON {
			continue
		}
		switch t := f.Column.Base(); {
		case t.Kind() == reflect.Map:
			lists[f.JSON] = "an object"
		case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8: // bytes are JSON of their own
			lists[f.JSON] = "an array"
		}
	}
	return lists
}

// nulls complains of each of the fields that is null in the object, or in one
// of the objects of the array.
func nulls(body []byte, lists map[string]string) (fields []joinery.FieldError) {
	doc, problems := strictjson.Parse(body, strictjson.Limits{})
	if len(problems) > 0 {
		return nil // told already
	}
	check := func(v strictjson.Value, at string) {
		if v.Kind() != strictjson.Object {
			return
		}
		for name, member := range v.Members() {
			if lists[name] != "" && member.Kind() == strictjson.Null {
				fields = append(fields, joinery.FieldError{Pointer: at + "/" + name, Code: "null", Message: "must be " + lists[name] + ", not null"})
			}
		}
	}
	if doc.Kind() != strictjson.Array {
		check(doc, "")
		return fields
	}
	for i, v := range doc.Elements() {
		check(v, "/"+strconv.Itoa(i))
	}
	return fields
}
