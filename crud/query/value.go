package query

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// The functions of this file turn a loosely typed value into that of a column,
// or say what it must be. Loose are the texts of a URL, the values of JSON
// (numbers as json.Number), and any Go type of the same kind.

func toText(v any) (any, string) {
	s, ok := v.(string)
	if !ok {
		if s, ok = asString(v); !ok {
			return nil, "must be text"
		}
		v = s
	}
	if problem := badText(s); problem != "" {
		return nil, problem
	}
	return v, ""
}

// badText says why a database would not take the text.
func badText(s string) string {
	switch {
	case !utf8.ValidString(s):
		return "must be UTF-8 text"
	case strings.IndexByte(s, 0) >= 0:
		return "must not contain the character U+0000"
	}
	return ""
}

// asString is the text of any string type but json.Number, which is a number.
func asString(v any) (string, bool) {
	switch s := v.(type) {
	case string:
		return s, true
	case json.Number:
		return "", false
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer && !rv.IsNil() {
		rv = rv.Elem()
	}
	return rv.String(), rv.Kind() == reflect.String
}

func toMember(c *registry.Column, v any) (any, string) {
	s, ok := asString(v)
	if ok {
		for _, member := range c.Enum {
			if s == member {
				return member, ""
			}
		}
		if s == "" && !c.Nullable && optional(c.Validate) {
			return s, ""
		}
	}
	return nil, "must be one of " + listing(c.Enum)
}

// optional reports whether the rules let an empty value pass.
func optional(rules string) bool {
	for rule := range strings.SplitSeq(rules, ",") {
		if rule == "omitempty" {
			return true
		}
	}
	return false
}

func toBool(v any, strict bool) (value, ok bool) {
	switch b := v.(type) {
	case bool:
		return b, true
	case string:
		return b == "true", !strict && (b == "true" || b == "false")
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Bool {
		return rv.Bool(), true
	}
	return false, false
}

func toInt(c *registry.Column, v any, strict bool) (any, string) {
	n, ok := asInt(v, strict)
	low, high := rangeOf(c.Base())
	if !ok || n < low || n > high {
		return nil, fmt.Sprintf("must be a whole number from %d to %d", low, high)
	}
	return n, ""
}

func asInt(v any, strict bool) (int64, bool) {
	switch n := v.(type) {
	case int64:
		return n, true
	case int:
		return int64(n), true
	case string:
		if strict {
			return 0, false
		}
		i, err := strconv.ParseInt(n, 10, 64)
		return i, err == nil && n[0] != '+'
	case json.Number:
		i, err := strconv.ParseInt(string(n), 10, 64)
		return i, err == nil
	}
	switch rv := reflect.ValueOf(v); {
	case rv.CanInt():
		return rv.Int(), true
	case rv.CanUint():
		return int64(rv.Uint()), rv.Uint() <= math.MaxInt64
	}
	return 0, false
}

// rangeOf is what an integer type holds, of those that columns have.
func rangeOf(t reflect.Type) (low, high int64) {
	bits := t.Bits()
	if k := t.Kind(); k >= reflect.Uint && k <= reflect.Uintptr {
		return 0, int64(1)<<min(bits, 62) - 1
	}
	return int64(-1) << (bits - 1), int64(1)<<(bits-1) - 1
}

// toActions takes a set of actions as a number, as "view|edit", and as a list
// of names.
func toActions(v any) (any, string) {
	if a, ok := asActions(v); ok {
		return int64(a), ""
	}
	return nil, "must be actions joined by |, as view|edit, or none; known are " + listing(joinery.AllActions.Names())
}

func asActions(v any) (joinery.Actions, bool) {
	if n, ok := asInt(v, false); ok {
		return joinery.Actions(n), n >= 0 && joinery.AllActions.Has(joinery.Actions(n&0xff)) && n <= int64(joinery.AllActions)
	}
	var names []string
	switch v := v.(type) {
	case string:
		if v == joinery.NoActions.String() {
			return 0, true
		}
		names = strings.Split(v, "|")
	case []string:
		names = v
	case []any:
		for _, name := range v {
			s, _ := name.(string)
			names = append(names, s)
		}
	default:
		return 0, false
	}
	a, err := joinery.ParseActions(names...)
	return a, err == nil
}

func toFloat(c *registry.Column, v any, strict bool) (any, string) {
	f, ok := asFloat(v, strict)
	if !ok || math.IsNaN(f) || math.IsInf(f, 0) || c.Base().Kind() == reflect.Float32 && math.Abs(f) > math.MaxFloat32 {
		return nil, "must be a number within the range of " + strconv.Itoa(c.Base().Bits()) + "-bit floating point"
	}
	if c.Base().Kind() == reflect.Float32 {
		f = float64(float32(f)) // as it is stored
	}
	return f, ""
}

func asFloat(v any, strict bool) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case string:
		f, err := strconv.ParseFloat(n, 64)
		return f, !strict && err == nil && isDecimal(n)
	case json.Number:
		f, err := strconv.ParseFloat(string(n), 64)
		return f, err == nil
	}
	if rv := reflect.ValueOf(v); rv.CanFloat() {
		return rv.Float(), true
	}
	n, ok := asInt(v, true)
	return float64(n), ok
}

// isDecimal reports whether a number is written in digits, without the forms
// of Go: hexadecimal, infinity, underscores.
func isDecimal(s string) bool {
	return s != "" && s[0] != '+' && strings.Trim(s, "0123456789.eE+-") == ""
}

// toDecimal takes what every database compares exactly.
func toDecimal(v any) (any, string) {
	s, ok := asString(v)
	if n, isNumber := v.(json.Number); isNumber {
		s, ok = string(n), true
	} else if n, isInt := asInt(v, true); isInt {
		s, ok = strconv.FormatInt(n, 10), true
	} else if f, isFloat := asFloat(v, true); isFloat {
		s, ok = strconv.FormatFloat(f, 'f', -1, 64), true
	}
	if !ok || !plainDecimal(s) {
		return nil, "must be a decimal number, as 12.50, with at most 65 digits, 30 of them after the point"
	}
	return s, ""
}

func plainDecimal(s string) bool {
	whole, fraction, dotted := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return digits(whole, 65-len(fraction)) && (!dotted || digits(fraction, 30))
}

func digits(s string, most int) bool {
	return s != "" && len(s) <= most && strings.Trim(s, "0123456789") == ""
}

func toTime(v any) (any, string) {
	switch t := v.(type) {
	case time.Time:
		if storable(t) {
			return t.UTC().Truncate(time.Microsecond), ""
		}
	case *time.Time:
		if t != nil {
			return toTime(*t)
		}
	case string:
		if parsed, err := time.Parse(time.RFC3339Nano, t); err == nil && storable(parsed) {
			return parsed.UTC().Truncate(time.Microsecond), ""
		}
	}
	return nil, "must be an RFC 3339 time, as 2026-11-23T10:00:00Z, with + written %2B in a URL"
}

// storable reports whether every database can hold the time.
func storable(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 1 && year <= 9999
}

func toUUID(v any) (any, string) {
	switch id := v.(type) {
	case uuid.UUID:
		return v, ""
	case string:
		if parsed, err := uuid.Parse(id); err == nil && len(id) == 36 {
			return parsed, ""
		}
	case interface{ UUID() uuid.UUID }: // a Ref
		return id.UUID(), ""
	case *uuid.UUID:
		if id != nil {
			return *id, ""
		}
	}
	return nil, "must be a UUID, as 0198f3a4-5b6c-7d8e-9f00-112233445566"
}

// searchText is the value of a custom search field as text.
func searchText(v any) (string, bool) {
	s, ok := asString(v)
	switch v := v.(type) {
	case string:
	case json.Number:
		s, ok = string(v), true
	case bool, int, int64, uuid.UUID:
		s, ok = fmt.Sprint(v), true
	case float64:
		s, ok = strconv.FormatFloat(v, 'f', -1, 64), true
	case time.Time:
		s, ok = v.UTC().Format(time.RFC3339Nano), true
	}
	return s, ok && badText(s) == ""
}
