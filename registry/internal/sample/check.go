package sample

import (
	"fmt"
	"math"
	"net/mail"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"
)

var uuidText = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

// Check says why v, made of nil, bool, int64, float64, string, []any and
// map[string]any, does not fit the schema. It knows the keywords that the
// registry writes, and passes what is behind a $ref.
func Check(schema map[string]any, v any) error {
	if err := checkType(schema, v); err != nil {
		return err
	}
	if c, ok := schema["const"]; ok && !equal(c, v) {
		return fmt.Errorf("must be %v", c)
	}
	if values, ok := schema["enum"].([]any); ok && !slices.ContainsFunc(values, func(e any) bool { return equal(e, v) }) {
		return fmt.Errorf("must be one of %v", values)
	}
	if err := checkAnyOf(schema, v); err != nil {
		return err
	}
	switch v := v.(type) {
	case string:
		return checkString(schema, v)
	case int64:
		return checkNumber(schema, float64(v))
	case float64:
		return checkNumber(schema, v)
	case []any:
		return checkArray(schema, v)
	}
	return nil
}

func checkType(schema map[string]any, v any) error {
	var types []any
	switch t := schema["type"].(type) {
	case string:
		types = []any{t}
	case []any:
		types = t
	default:
		return nil
	}
	got := typeName(v)
	for _, t := range types {
		if t == got || t == "number" && got == "integer" {
			return nil
		}
	}
	return fmt.Errorf("must be of type %v, not %s", schema["type"], got)
}

func typeName(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case int64:
		return "integer"
	case float64:
		if v == math.Trunc(v) && !math.IsInf(v, 0) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return fmt.Sprintf("%T", v)
}

func equal(a, b any) bool {
	x, isX := number(a)
	y, isY := number(b)
	if isX && isY {
		return x == y
	}
	return reflect.DeepEqual(a, b)
}

func checkAnyOf(schema map[string]any, v any) error {
	branches, ok := schema["anyOf"].([]any)
	if !ok {
		return nil
	}
	var err error
	for _, b := range branches {
		branch, _ := b.(map[string]any)
		if err = Check(branch, v); err == nil {
			return nil
		}
	}
	return err
}

func checkString(schema map[string]any, s string) error {
	length := float64(utf8.RuneCountInString(s))
	if n, ok := number(schema["minLength"]); ok && length < n {
		return fmt.Errorf("must have at least %v characters", n)
	}
	if n, ok := number(schema["maxLength"]); ok && length > n {
		return fmt.Errorf("must have at most %v characters", n)
	}
	if p, ok := schema["pattern"].(string); ok {
		if re, err := regexp.Compile(p); err != nil || !re.MatchString(s) {
			return fmt.Errorf("must match %s", p)
		}
	}
	if f, ok := schema["format"].(string); ok && !hasFormat(f, s) {
		return fmt.Errorf("must have the format %s", f)
	}
	return nil
}

func hasFormat(format, s string) bool {
	var err error
	switch format {
	case "uuid":
		return uuidText.MatchString(s)
	case "date-time":
		_, err = time.Parse(time.RFC3339Nano, s)
	case "date":
		_, err = time.Parse(time.DateOnly, s)
	case "email":
		var a *mail.Address
		a, err = mail.ParseAddress(s)
		return err == nil && a.Address == s
	case "uri":
		var u *url.URL
		u, err = url.Parse(s)
		return err == nil && u.IsAbs()
	case "ipv4", "ipv6":
		var a netip.Addr
		a, err = netip.ParseAddr(s)
		return err == nil && a.Is4() == (format == "ipv4")
	}
	return err == nil
}

func checkNumber(schema map[string]any, x float64) error {
	for _, limit := range []struct {
		key string
		ok  func(n float64) bool
	}{
		{"minimum", func(n float64) bool { return x >= n }},
		{"maximum", func(n float64) bool { return x <= n }},
		{"exclusiveMinimum", func(n float64) bool { return x > n }},
		{"exclusiveMaximum", func(n float64) bool { return x < n }},
	} {
		if n, ok := number(schema[limit.key]); ok && !limit.ok(n) {
			return fmt.Errorf("must keep to the %s %v", limit.key, n)
		}
	}
	return nil
}

func checkArray(schema map[string]any, list []any) error {
	if n, ok := number(schema["minItems"]); ok && float64(len(list)) < n {
		return fmt.Errorf("must have at least %v items", n)
	}
	if n, ok := number(schema["maxItems"]); ok && float64(len(list)) > n {
		return fmt.Errorf("must have at most %v items", n)
	}
	items, _ := schema["items"].(map[string]any)
	for i, v := range list {
		if err := Check(items, v); err != nil {
			return fmt.Errorf("item %d %w", i, err)
		}
		if schema["uniqueItems"] == true && slices.ContainsFunc(list[:i], func(o any) bool { return equal(o, v) }) {
			return fmt.Errorf("must not repeat item %d", i)
		}
	}
	return nil
}

// number is v as a float, whichever number type it has.
func number(v any) (float64, bool) {
	switch n := v.(type) {
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}
