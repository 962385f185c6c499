package sqldb

import (
	"database/sql/driver"
	"encoding/json"
	"reflect"
	"time"

	"github.com/google/uuid"
)

// Plain is v as one of a few types, for dialects to build Bind on: nil,
// string, bool, int64, float64, []byte, time.Time in UTC cut to microseconds,
// uuid.UUID, a driver.Valuer, or, for JSON and lists, whatever else it was.
// Pointers are followed, named types are unmade, []any of one such type and
// slices of named ones become slices of the plain type. It does not allocate
// for what is plain already.
func Plain(v any) any {
	switch x := v.(type) {
	case nil, string, bool, int64, float64, []byte, uuid.UUID, JSON, map[string]any:
		return v
	case int:
		return int64(x)
	case time.Time:
		if t := Time(x); t != x {
			return t
		}
		return v // as it is, without a new box
	case *time.Time:
		if x == nil {
			return nil
		}
		return Time(*x)
	case json.RawMessage:
		if x == nil {
			return nil
		}
		return string(x)
	case []string:
		if x != nil {
			return v
		}
	case []uuid.UUID:
		if x != nil {
			return v
		}
	}
	return plainByKind(v)
}

// Time is t as databases keep it: UTC, microseconds.
func Time(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

var uuidType = reflect.TypeFor[uuid.UUID]()

func plainByKind(v any) any {
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Pointer:
		if r.IsNil() {
			return nil
		}
		if _, ok := v.(driver.Valuer); ok && !r.Type().Elem().Implements(valuerType) {
			return v
		}
		return Plain(r.Elem().Interface())
	case reflect.Array:
		if r.Type().ConvertibleTo(uuidType) {
			return r.Convert(uuidType).Interface()
		}
	}
	if _, ok := v.(driver.Valuer); ok {
		return v
	}
	return unnamed(r, v)
}

var valuerType = reflect.TypeFor[driver.Valuer]()

func unnamed(r reflect.Value, v any) any {
	switch r.Kind() {
	case reflect.String:
		return r.String()
	case reflect.Bool:
		return r.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return r.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if u := r.Uint(); u <= 1<<63-1 {
			return int64(u)
		}
	case reflect.Float32, reflect.Float64:
		return r.Float()
	case reflect.Slice:
		if r.Type().Elem().Kind() == reflect.Uint8 && r.Type().Elem().PkgPath() == "" {
			return r.Bytes()
		}
		return plainList(r)
	}
	return v
}

// plainList is a slice of the plain type that all elements have, or the slice
// as it is when there is none.
func plainList(r reflect.Value) any {
	if r.Len() == 0 {
		return emptyList(r)
	}
	switch Plain(r.Index(0).Interface()).(type) {
	case string:
		return listOf[string](r)
	case int64:
		return listOf[int64](r)
	case float64:
		return listOf[float64](r)
	case bool:
		return listOf[bool](r)
	case uuid.UUID:
		return listOf[uuid.UUID](r)
	case time.Time:
		return listOf[time.Time](r)
	}
	return r.Interface()
}

func listOf[X any](r reflect.Value) any {
	list := make([]X, r.Len())
	for i := range list {
		x, ok := Plain(r.Index(i).Interface()).(X)
		if !ok {
			return r.Interface()
		}
		list[i] = x
	}
	return list
}

// emptyList keeps the element type, which PostgreSQL wants to know; a []any
// becomes text, as which every type can be written. A nil list is an empty
// one: NULL would turn "not in nothing" into nothing.
func emptyList(r reflect.Value) any {
	if r.Type().Elem().Kind() == reflect.Interface {
		return []string{}
	}
	return reflect.MakeSlice(r.Type(), 0, 0).Interface()
}
