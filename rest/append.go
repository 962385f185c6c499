package rest

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// appender writes the field that p points to as JSON, byte for byte as
// encoding/json does.
type appender func(b []byte, p unsafe.Pointer) ([]byte, error)

var (
	timeType   = reflect.TypeFor[time.Time]()
	uuidType   = reflect.TypeFor[uuid.UUID]()
	numberType = reflect.TypeFor[json.Number]()

	marshalerType = reflect.TypeFor[json.Marshaler]()
	textType      = reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]()
	refPackage    = reflect.TypeFor[registry.Ref[struct{}]]().PkgPath()
)

// appenderFor is chosen once per field when a resource is mounted. Types
// without a fast way of their own go through encoding/json.
func appenderFor(t reflect.Type) appender {
	switch {
	case t == timeType:
		return appendTime
	case t == uuidType || isRef(t):
		return appendUUID
	case t.Kind() == reflect.Pointer && fastPointer(t.Elem()):
		return pointerTo(appenderFor(t.Elem()))
	case ownJSON(t), t == numberType:
		return fallback(t)
	}
	if fn := kindAppenders[t.Kind()]; fn != nil {
		return fn
	}
	return fallback(t)
}

// ownJSON reports whether encoding/json would ask the type for its JSON.
func ownJSON(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Implements(marshalerType) || t.Implements(textType) || p.Implements(marshalerType) || p.Implements(textType)
}

func fastPointer(t reflect.Type) bool {
	if t == timeType || t == uuidType || isRef(t) {
		return true
	}
	return !ownJSON(t) && t != numberType && kindAppenders[t.Kind()] != nil
}

// isRef reports whether t is a registry.Ref of anything.
func isRef(t reflect.Type) bool {
	return t.PkgPath() == refPackage && strings.HasPrefix(t.Name(), "Ref[") && t.ConvertibleTo(uuidType)
}

var kindAppenders = map[reflect.Kind]appender{
	reflect.String: func(b []byte, p unsafe.Pointer) ([]byte, error) { return appendString(b, *(*string)(p)), nil },
	reflect.Bool:   func(b []byte, p unsafe.Pointer) ([]byte, error) { return strconv.AppendBool(b, *(*bool)(p)), nil },
	reflect.Int:    appendInt[int], reflect.Int8: appendInt[int8], reflect.Int16: appendInt[int16],
	reflect.Int32: appendInt[int32], reflect.Int64: appendInt[int64],
	reflect.Uint: appendUint[uint], reflect.Uint8: appendUint[uint8], reflect.Uint16: appendUint[uint16],
	reflect.Uint32: appendUint[uint32], reflect.Uint64: appendUint[uint64],
	reflect.Float64: func(b []byte, p unsafe.Pointer) ([]byte, error) { return appendFloat(b, *(*float64)(p), 64) },
	reflect.Float32: func(b []byte, p unsafe.Pointer) ([]byte, error) { return appendFloat(b, float64(*(*float32)(p)), 32) },
}

func appendInt[I int | int8 | int16 | int32 | int64](b []byte, p unsafe.Pointer) ([]byte, error) {
	return strconv.AppendInt(b, int64(*(*I)(p)), 10), nil
}

func appendUint[I uint | uint8 | uint16 | uint32 | uint64](b []byte, p unsafe.Pointer) ([]byte, error) {
	return strconv.AppendUint(b, uint64(*(*I)(p)), 10), nil
}

func appendUUID(b []byte, p unsafe.Pointer) ([]byte, error) {
	const hex = "0123456789abcdef"
	id := (*uuid.UUID)(p)
	b = append(b, '"')
	for i, x := range id {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b = append(b, '-')
		}
		b = append(b, hex[x>>4], hex[x&15])
	}
	return append(b, '"'), nil
}

func appendTime(b []byte, p unsafe.Pointer) ([]byte, error) {
	b, err := (*time.Time)(p).AppendText(append(b, '"'))
	if err != nil {
		return nil, &json.MarshalerError{Type: timeType, Err: err}
	}
	return append(b, '"'), nil
}

func pointerTo(elem appender) appender {
	return func(b []byte, p unsafe.Pointer) ([]byte, error) {
		q := *(*unsafe.Pointer)(p)
		if q == nil {
			return append(b, "null"...), nil
		}
		return elem(b, q)
	}
}

// fallback leaves a type to encoding/json.
func fallback(t reflect.Type) appender {
	return func(b []byte, p unsafe.Pointer) ([]byte, error) {
		data, err := json.Marshal(reflect.NewAt(t, p).Interface())
		return append(b, data...), err
	}
}

// appendFloat follows encoding/json, which follows ECMAScript: an exponent
// for the very small and the very large only, without a padding zero.
func appendFloat(b []byte, f float64, bits int) ([]byte, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, &json.UnsupportedValueError{Value: reflect.ValueOf(f), Str: strconv.FormatFloat(f, 'g', -1, bits)}
	}
	format, abs := byte('f'), math.Abs(f)
	small, large := abs < 1e-6, abs >= 1e21
	if bits == 32 {
		small, large = float32(abs) < 1e-6, float32(abs) >= 1e21
	}
	if abs != 0 && (small || large) {
		format = 'e'
	}
	b = strconv.AppendFloat(b, f, format, -1, bits)
	if n := len(b); format == 'e' && n >= 4 && b[n-4] == 'e' && (b[n-3] == '-' || b[n-3] == '+') && b[n-2] == '0' {
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b, nil
}

// appendString quotes s as encoding/json does: HTML's special characters and
// the line separators that JavaScript stumbles over are escaped, bytes that are
// no UTF-8 become the replacement character.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' {
				i++
				continue
			}
			b = appendEscape(append(b, s[start:i]...), c)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b = append(append(b, s[start:i]...), `\ufffd`...)
			start = i + size
		case r == '\u2028' || r == '\u2029':
			b = append(append(b, s[start:i]...), `\u202`...)
			b = append(b, "89"[r-'\u2028'])
			start = i + size
		}
		i += size
	}
	return append(append(b, s[start:]...), '"')
}

func appendEscape(b []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
