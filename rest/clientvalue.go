package rest

import (
	"encoding/json"
	"reflect"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// textsOf is the value of a comparison as a URL writes it, one text for each
// element of a list. False: it has no text, as nil.
func textsOf(v any) ([]string, bool) {
	if !isList(v) {
		text, ok := textOf(v)
		return []string{text}, ok
	}
	rv := reflect.ValueOf(v)
	texts := make([]string, rv.Len())
	for i := range texts {
		text, ok := textOf(rv.Index(i).Interface())
		if !ok {
			return nil, false
		}
		texts[i] = text
	}
	return texts, true
}

// isList reports whether v is a list of values: a slice that is not itself one.
func isList(v any) bool {
	rv := reflect.ValueOf(v)
	return rv.Kind() == reflect.Slice && rv.Type().Elem().Kind() != reflect.Uint8
}

// textOf is one value as a URL writes it.
func textOf(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", false
	case time.Time:
		return v.Format(time.RFC3339Nano), true
	case joinery.Actions:
		return v.String(), true
	case uuid.UUID:
		return v.String(), true
	case interface{ UUID() uuid.UUID }: // a Ref
		return v.UUID().String(), true
	case json.Number:
		return v.String(), true
	}
	switch rv := reflect.ValueOf(v); {
	case rv.Kind() == reflect.Pointer && !rv.IsNil():
		return textOf(rv.Elem().Interface())
	case rv.Kind() == reflect.String:
		return rv.String(), true
	case rv.Kind() == reflect.Bool:
		return strconv.FormatBool(rv.Bool()), true
	case rv.CanFloat():
		return strconv.FormatFloat(rv.Float(), 'f', -1, rv.Type().Bits()), true
	case rv.CanInt():
		return strconv.FormatInt(rv.Int(), 10), true
	case rv.CanUint():
		return strconv.FormatUint(rv.Uint(), 10), true
	}
	return "", false
}

// valueJSON is the value of a comparison as a search writes it.
func valueJSON(v any) (json.RawMessage, error) {
	if ref, ok := v.(interface{ UUID() uuid.UUID }); ok {
		v = ref.UUID()
	}
	if isList(v) && reflect.ValueOf(v).IsNil() {
		return json.RawMessage("[]"), nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, joinery.Errorf(joinery.Malformed, "bad_query", "A value of the filter cannot be written as JSON.", err)
	}
	return data, nil
}
