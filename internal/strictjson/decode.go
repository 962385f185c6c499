package strictjson

import (
	"encoding/json"
	"reflect"

	"github.com/joinery-go/joinery"
)

// Decode reads one JSON value into dst, which must be a pointer that is not
// nil, within the default limits. The result is every problem, the first 100 of
// them, or nil; with any, dst stays as it is. Messages go on where the name of
// the place ends: "must be a string, not a number". Decode is safe for
// concurrent use.
//
// A type with an UnmarshalJSON or UnmarshalText of its own judges its values
// itself; the message of a *joinery.Error that it returns is told, any other
// error only as a wrong value.
func Decode(data []byte, dst any) []joinery.FieldError {
	return DecodeWithin(data, dst, Limits{})
}

// DecodeWithin is [Decode] within the given limits.
func DecodeWithin(data []byte, dst any, limits Limits) []joinery.FieldError {
	target := reflect.ValueOf(dst)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		panic("strictjson: Decode needs a pointer to decode into")
	}
	doc, problems := parse(data, limits)
	if len(problems) > 0 && (len(doc.nodes) == 0 || doc.nodes[0].next == 0) {
		return problems // not read to the end
	}
	c := checker{doc: doc, problems: problems}
	c.check(planOf(target.Type().Elem()), 0)
	if len(c.problems) > 0 {
		return c.problems
	}
	if err := json.Unmarshal(data, dst); err != nil {
		return []joinery.FieldError{{Code: "bad_json", Message: "cannot be read: " + explain(err, "it has a value that is not accepted")}}
	}
	return nil
}
