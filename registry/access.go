package registry

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"time"
	"unsafe"

	"github.com/google/uuid"
)

// accessor reads and writes a value of a column's base type in memory. It is
// chosen once per column; p points to the value itself.
type accessor struct {
	get func(p unsafe.Pointer) any
	set func(p unsafe.Pointer, v any) error
}

// Pointer is the address of the column's field in the row at p, which must
// point to a value of the model's struct, as a pointer to the field's type: a
// destination for Scan. It allocates nothing.
func (c *Column) Pointer(p unsafe.Pointer) any {
	return reflect.NewAt(c.Type, unsafe.Add(p, c.offset)).Interface()
}

// Value is the column's value in the row at p as SQL takes it: pointers
// followed, nil for null, uuid.UUID for references too, string, bool, int64,
// float64, time.Time and []byte for types of those kinds, and the Go value for
// JSON. A nil slice or map in a column that is not null is an empty one.
func (c *Column) Value(p unsafe.Pointer) any {
	p = unsafe.Add(p, c.offset)
	if c.Nullable {
		if p = *(*unsafe.Pointer)(p); p == nil {
			return nil
		}
	}
	return c.plain.get(p)
}

// SetValue stores v, as [Column.Value] gives it, in the row at p. Nil stores
// null. A value of another type, one out of the field's range, or null for a
// column that is not nullable is an error, and leaves the row as it was.
func (c *Column) SetValue(p unsafe.Pointer, v any) error {
	p = unsafe.Add(p, c.offset)
	if !c.Nullable {
		if v == nil {
			return fmt.Errorf("column %s of %s cannot be null", c.Name, c.Model.Table)
		}
		return c.explain(c.plain.set(p, v))
	}
	if v == nil {
		*(*unsafe.Pointer)(p) = nil
		return nil
	}
	fresh := reflect.New(c.base).UnsafePointer()
	if err := c.plain.set(fresh, v); err != nil {
		return c.explain(err)
	}
	*(*unsafe.Pointer)(p) = fresh
	return nil
}

func (c *Column) explain(err error) error {
	if err != nil {
		return fmt.Errorf("column %s of %s: %w", c.Name, c.Model.Table, err)
	}
	return nil
}

// Zero reports whether the column's field in the row at p has the zero value
// of its type: null for nullable columns.
func (c *Column) Zero(p unsafe.Pointer) bool {
	p = unsafe.Add(p, c.offset)
	if c.Nullable {
		return *(*unsafe.Pointer)(p) == nil
	}
	return reflect.NewAt(c.Type, p).Elem().IsZero()
}

// accessorOf is how values of type t, which has kind k, are read and written.
func accessorOf(t reflect.Type, k Kind) accessor {
	switch k {
	case Text, Enum, Decimal:
		return accessor{getAs[string], setString}
	case Bool:
		return accessor{getAs[bool], setBool}
	case Int:
		return intAccessor(t)
	case Float:
		return floatAccessor(t)
	case Time:
		return accessor{getAs[time.Time], setAs[time.Time]}
	case UUID:
		return accessor{getAs[uuid.UUID], setUUID}
	case Bytes:
		return accessor{getBytes, setBytes}
	}
	return jsonAccessor(t)
}

// getAs reads a T, or a named type over T, which has the same memory.
func getAs[T any](p unsafe.Pointer) any { return *(*T)(p) }

func setAs[T any](p unsafe.Pointer, v any) error {
	x, ok := v.(T)
	if !ok {
		return wrongType[T](v)
	}
	*(*T)(p) = x
	return nil
}

func wrongType[T any](v any) error {
	return fmt.Errorf("takes a %s, not a %T", reflect.TypeFor[T](), v)
}

func setString(p unsafe.Pointer, v any) error {
	if s, ok := v.(string); ok {
		*(*string)(p) = s
		return nil
	}
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.String {
		*(*string)(p) = rv.String()
		return nil
	}
	return wrongType[string](v)
}

func setBool(p unsafe.Pointer, v any) error {
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Bool {
		*(*bool)(p) = rv.Bool()
		return nil
	}
	return wrongType[bool](v)
}

func setUUID(p unsafe.Pointer, v any) error {
	switch id := v.(type) {
	case uuid.UUID:
		*(*uuid.UUID)(p) = id
	case interface{ UUID() uuid.UUID }: // a Ref
		*(*uuid.UUID)(p) = id.UUID()
	default:
		return wrongType[uuid.UUID](v)
	}
	return nil
}

func getBytes(p unsafe.Pointer) any {
	if b := *(*[]byte)(p); b != nil {
		return b
	}
	return []byte{} // a nil slice would be null on some databases
}

func setBytes(p unsafe.Pointer, v any) error {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice || rv.Type().Elem().Kind() != reflect.Uint8 {
		return wrongType[[]byte](v)
	}
	*(*[]byte)(p) = rv.Bytes()
	return nil
}

func intAccessor(t reflect.Type) accessor {
	get := intGetter(t.Kind())
	set := func(p unsafe.Pointer, v any) error {
		n, err := toInt(v)
		if err != nil {
			return err
		}
		return storeInt(reflect.NewAt(t, p).Elem(), n)
	}
	return accessor{get, set}
}

func intGetter(k reflect.Kind) func(unsafe.Pointer) any {
	switch k {
	case reflect.Int8:
		return getInt[int8]
	case reflect.Int16:
		return getInt[int16]
	case reflect.Int32:
		return getInt[int32]
	case reflect.Uint8:
		return getInt[uint8]
	case reflect.Uint16:
		return getInt[uint16]
	case reflect.Uint32:
		return getInt[uint32]
	case reflect.Int:
		return getInt[int]
	}
	return getInt[int64]
}

func getInt[N int | int8 | int16 | int32 | int64 | uint8 | uint16 | uint32](p unsafe.Pointer) any {
	return int64(*(*N)(p))
}

func storeInt(field reflect.Value, n int64) error {
	switch {
	case field.CanInt() && !field.OverflowInt(n):
		field.SetInt(n)
	case field.CanUint() && n >= 0 && !field.OverflowUint(uint64(n)):
		field.SetUint(uint64(n))
	default:
		return fmt.Errorf("%d is out of the range of %s", n, field.Type())
	}
	return nil
}

func toInt(v any) (int64, error) {
	if n, ok := v.(int64); ok {
		return n, nil
	}
	switch rv := reflect.ValueOf(v); {
	case rv.CanInt():
		return rv.Int(), nil
	case rv.CanUint() && rv.Uint() <= math.MaxInt64:
		return int64(rv.Uint()), nil
	}
	return 0, wrongType[int64](v)
}

func floatAccessor(t reflect.Type) accessor {
	get := getAs[float64]
	if t.Kind() == reflect.Float32 {
		get = func(p unsafe.Pointer) any { return float64(*(*float32)(p)) }
	}
	set := func(p unsafe.Pointer, v any) error {
		rv := reflect.ValueOf(v)
		if !rv.CanFloat() {
			return wrongType[float64](v)
		}
		if reflect.NewAt(t, p).Elem().OverflowFloat(rv.Float()) {
			return fmt.Errorf("%v is out of the range of %s", v, t)
		}
		reflect.NewAt(t, p).Elem().SetFloat(rv.Float())
		return nil
	}
	return accessor{get, set}
}

func jsonAccessor(t reflect.Type) accessor {
	get := func(p unsafe.Pointer) any { return notNil(reflect.NewAt(t, p).Elem()).Interface() }
	set := func(p unsafe.Pointer, v any) error {
		rv := reflect.ValueOf(v)
		if !rv.Type().AssignableTo(t) {
			return fmt.Errorf("takes a %s, not a %T", t, v)
		}
		reflect.NewAt(t, p).Elem().Set(rv)
		return nil
	}
	return accessor{get, set}
}

// notNil is v, or the empty value of its type where it is a nil slice or map:
// a column that is not null answers [] or {}, as its schema says.
func notNil(v reflect.Value) reflect.Value {
	switch {
	case v.Type() == rawType && v.Len() == 0:
		return reflect.ValueOf(json.RawMessage("null"))
	case v.Kind() == reflect.Slice && v.IsNil():
		return reflect.MakeSlice(v.Type(), 0, 0)
	case v.Kind() == reflect.Map && v.IsNil():
		return reflect.MakeMap(v.Type())
	}
	return v
}
