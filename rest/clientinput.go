package rest

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/joinery-go/joinery"
)

// input is a list, map or raw JSON of an input type. A nil one is empty to a
// manager, but would be null in JSON, which a server refuses: it is left out, so
// that the server has what the caller had.
type input struct {
	name  string
	index []int
	empty json.RawMessage // what says in JSON that there is nothing
}

func inputsOf(t reflect.Type) []input {
	if t.Kind() != reflect.Struct {
		return nil
	}
	var list []input
	for _, f := range reflect.VisibleFields(t) {
		name := jsonName(f)
		switch {
		case name == "":
		case f.Type.Kind() == reflect.Map:
			list = append(list, input{name, f.Index, []byte("{}")})
		case f.Type == reflect.TypeFor[json.RawMessage]():
			list = append(list, input{name, f.Index, []byte("null")})
		case f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() != reflect.Uint8:
			list = append(list, input{name, f.Index, []byte("[]")})
		}
	}
	return list
}

// encodeInput is v as JSON, without what is nil of the inputs.
func encodeInput(v any, inputs []input) (json.RawMessage, error) {
	data, err := encode(v)
	if err != nil || len(inputs) == 0 || !bytes.Contains(data, []byte("null")) {
		return data, err
	}
	members, err := membersOf(data)
	if err != nil {
		return nil, err
	}
	rv := reflect.ValueOf(v)
	for _, in := range inputs {
		if field, err := rv.FieldByIndexErr(in.index); err == nil && field.IsNil() {
			delete(members, in.name)
		}
	}
	return encode(members)
}

// overridesOf are the members of a new input that differ from those of the old.
func overridesOf(before, after any, inputs []input) (map[string]json.RawMessage, error) {
	was, err := membersOf(before)
	if err != nil {
		return nil, err
	}
	now, err := membersOf(after)
	if err != nil {
		return nil, err
	}
	for name, value := range now {
		if bytes.Equal(value, was[name]) {
			delete(now, name)
		}
	}
	for _, in := range inputs {
		if string(now[in.name]) == "null" {
			now[in.name] = in.empty
		}
	}
	return now, nil
}

// membersOf are those of v as JSON, which may be JSON already.
func membersOf(v any) (m map[string]json.RawMessage, err error) {
	data, err := encode(v)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, unwritable(err)
	}
	return m, nil
}

func encode(v any) (json.RawMessage, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, unwritable(err)
	}
	return data, nil
}

func unwritable(err error) error {
	return joinery.Errorf(joinery.Malformed, "malformed_body", "The input cannot be written as JSON.", err)
}
