package registry

import (
	"database/sql"
	"database/sql/driver"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/google/uuid"
)

var kindNames = [...]string{
	Text: "text", Enum: "enum", Bool: "bool", Int: "int", Float: "float", Decimal: "decimal",
	Time: "time", UUID: "uuid", JSON: "json", Bytes: "bytes",
}

// String is the kind's name in lower case; "invalid" for the zero Kind.
func (k Kind) String() string {
	if k > 0 && int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "invalid"
}

var (
	timeType    = reflect.TypeFor[time.Time]()
	uuidType    = reflect.TypeFor[uuid.UUID]()
	rawType     = reflect.TypeFor[json.RawMessage]()
	valuerType  = reflect.TypeFor[driver.Valuer]()
	scannerType = reflect.TypeFor[sql.Scanner]()
	refType     = reflect.TypeFor[reference]()
	textType    = reflect.TypeFor[encoding.TextMarshaler]()
	jsonType    = reflect.TypeFor[json.Marshaler]()
)

// kindOf is the kind of a column whose field has type t, a pointer already
// taken off. Enum and Decimal depend on tags and come out as Text.
func kindOf(t reflect.Type) (Kind, error) {
	switch {
	case t == timeType:
		return Time, nil
	case t == uuidType, t.Implements(refType):
		return UUID, nil
	case t == rawType:
		return JSON, nil
	case t.Implements(optionalIntf):
		return 0, errors.New("is an optional input, which rows do not have: use a pointer")
	case t.Implements(valuerType), reflect.PointerTo(t).Implements(scannerType):
		return 0, errors.New("brings an SQL form of its own: use a plain type, and a pointer where null is allowed")
	}
	return kindOfPlain(t)
}

func kindOfPlain(t reflect.Type) (Kind, error) {
	switch t.Kind() {
	case reflect.String:
		return Text, nil
	case reflect.Bool:
		return Bool, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return Int, nil
	case reflect.Uint, reflect.Uint64, reflect.Uintptr:
		return 0, errors.New("holds values that no database column holds: use int64")
	case reflect.Float32, reflect.Float64:
		return Float, nil
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 && !t.Implements(jsonType) && !t.Elem().Implements(jsonType) && !t.Implements(textType) {
			return Bytes, nil
		}
		return JSON, checkJSON(t, nil)
	case reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return 0, errors.New("is an array of bytes: use uuid.UUID or a registry.Ref for an id, []byte for bytes")
		}
		return JSON, checkJSON(t, nil)
	case reflect.Map, reflect.Struct:
		return JSON, checkJSON(t, nil)
	case reflect.Pointer:
		return 0, errors.New("is a pointer to a pointer: one is enough for null")
	}
	return 0, fmt.Errorf("has type %s, which no column can hold", t)
}

// checkJSON says why encoding/json could not write a value of type t.
func checkJSON(t reflect.Type, seen map[reflect.Type]bool) error {
	if seen[t] || t.Implements(jsonType) || t.Implements(textType) || reflect.PointerTo(t).Implements(jsonType) {
		return nil
	}
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		return fmt.Errorf("holds a %s, which JSON cannot", t)
	case reflect.Map:
		if k := t.Key(); k.Kind() != reflect.String && !k.Implements(textType) && !isInteger(k.Kind()) {
			return fmt.Errorf("has map keys of type %s, which JSON cannot hold", k)
		}
		return checkJSON(t.Elem(), mark(seen, t))
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return checkJSON(t.Elem(), mark(seen, t))
	case reflect.Struct:
		seen = mark(seen, t)
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() && !f.Anonymous || f.Tag.Get("json") == "-" {
				continue
			}
			if err := checkJSON(f.Type, seen); err != nil {
				return err
			}
		}
	}
	return nil
}

func mark(seen map[reflect.Type]bool, t reflect.Type) map[reflect.Type]bool {
	if seen == nil {
		seen = map[reflect.Type]bool{}
	}
	seen[t] = true
	return seen
}

func isInteger(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Uintptr }
