// Package sample finds example values for the fields of JSON Schemas, and
// checks values against the keywords that the registry writes.
package sample

import (
	"math"
	"strings"
)

// Of is an example for a field of the given name: what people expect under
// such a name where the schema allows it, else any value that the schema
// allows. False where none was found. An example always passes [Check].
func Of(field string, schema map[string]any) (any, bool) {
	for _, v := range candidates(field, schema) {
		if Check(schema, v) == nil {
			return v, true
		}
	}
	return nil, false
}

func candidates(field string, schema map[string]any) []any {
	if c, ok := schema["const"]; ok {
		return []any{c}
	}
	if values, ok := schema["enum"].([]any); ok {
		return values
	}
	switch typeOf(schema) {
	case "string":
		return strs(field, schema)
	case "integer":
		return ints(field, schema)
	case "number":
		return floats(field, schema)
	case "boolean":
		return []any{false}
	case "array":
		return arrays(field, schema)
	case "object":
		return []any{map[string]any{}}
	}
	return nil
}

// typeOf is the schema's type beside null.
func typeOf(schema map[string]any) string {
	switch t := schema["type"].(type) {
	case string:
		return t
	case []any:
		for _, name := range t {
			if s, ok := name.(string); ok && s != "null" {
				return s
			}
		}
	}
	return ""
}

var byFormat = map[string]any{
	"uuid": "0198f2a4-6c1e-7b3d-9f20-5a7c81d0e2b4", "date-time": "2026-01-02T15:04:05Z", "email": "ada@example.com",
	"uri": "https://example.com/notes", "hostname": "api.example.com", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1",
	"decimal": "12.50", "byte": "aGVsbG8=", "date": "2026-01-02",
}

// byWord is what a field usually holds whose name has the word; the first that
// fits is taken, so that the more telling words stand first.
var byWord = []struct{ word, value string }{
	{"email", "ada@example.com"}, {"mail", "ada@example.com"}, {"image", "https://example.com/image.png"}, {"avatar", "https://example.com/image.png"},
	{"url", "https://example.com/notes"}, {"link", "https://example.com/notes"}, {"website", "https://example.com"}, {"phone", "+15555550100"},
	{"first_name", "Ada"}, {"last_name", "Lovelace"}, {"user_name", "ada"}, {"username", "ada"}, {"nickname", "ada"}, {"currency", "EUR"},
	{"country", "NL"}, {"city", "Utrecht"}, {"street", "12 Canal Street"}, {"address", "12 Canal Street"}, {"postcode", "3511"}, {"zip", "3511"},
	{"language", "en"}, {"locale", "en-US"}, {"timezone", "Europe/Amsterdam"}, {"color", "#1e90ff"}, {"slug", "ship-it"}, {"host", "api.example.com"},
	{"ip", "192.0.2.1"}, {"price", "12.50"}, {"amount", "12.50"}, {"cost", "12.50"}, {"total", "12.50"}, {"title", "Ship it"}, {"name", "Apollo"},
	{"description", "What it is for, in a sentence or two."}, {"body", "The first draft is ready."}, {"text", "The first draft is ready."},
	{"comment", "Looks good to me."}, {"message", "The first draft is ready."}, {"reason", "No longer needed."}, {"code", "A1B2"}, {"tag", "urgent"},
	{"status", "open"}, {"token", "c29tZS10b2tlbg"}, {"password", "correct horse battery"},
}

// fallback are texts for the usual patterns.
var fallback = []string{"example", "Example", "EXAMPLE", "12345", "1.2.3", "2026-01-02", "+15555550100", "#1e90ff", "12.50", "0.5", "1", "a", "A"}

func strs(field string, schema map[string]any) []any {
	var list []any
	for _, s := range withBranches(schema) {
		if f, ok := s["format"].(string); ok {
			list = append(list, byFormat[f])
		}
	}
	for _, texts := range [][]string{named(field), fallback} {
		for _, text := range texts {
			list = append(list, text)
		}
		for _, text := range texts {
			list = append(list, fit(text, schema))
		}
	}
	return append(list, "")
}

// withBranches is the schema and its alternatives.
func withBranches(schema map[string]any) []map[string]any {
	list := []map[string]any{schema}
	branches, _ := schema["anyOf"].([]any)
	for _, b := range branches {
		if branch, ok := b.(map[string]any); ok {
			list = append(list, branch)
		}
	}
	return list
}

// named are the values for the words of a field's name.
func named(field string) []string {
	var list []string
	words := "_" + snake(field) + "_"
	for _, w := range byWord {
		if strings.Contains(words, "_"+w.word+"_") || strings.Contains(words, "_"+w.word+"s_") {
			list = append(list, w.value)
		}
	}
	return list
}

// snake is a camelCase name in lower case with underscores.
func snake(s string) string {
	var b strings.Builder
	for i, r := range s {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// fit cuts or repeats text to the length that the schema asks for.
func fit(text string, schema map[string]any) string {
	runes := []rune(text)
	if limit, ok := number(schema["maxLength"]); ok && float64(len(runes)) > limit {
		runes = runes[:int(limit)]
	}
	least, ok := number(schema["minLength"])
	if !ok || least > 10_000 || len(runes) == 0 {
		return string(runes)
	}
	for i := 0; float64(len(runes)) < least; i++ {
		runes = append(runes, runes[i])
	}
	return string(runes)
}

func ints(field string, schema map[string]any) []any {
	list := []any{int64(1)}
	for _, w := range []struct {
		word  string
		value int64
	}{
		{"priority", 3}, {"quantity", 2}, {"count", 12}, {"year", 2026}, {"port", 8080}, {"age", 36}, {"price", 1250}, {"amount", 1250},
		{"cents", 1250}, {"percent", 25}, {"size", 1024}, {"seconds", 30}, {"minutes", 15}, {"version", 1},
	} {
		if strings.Contains("_"+snake(field)+"_", "_"+w.word+"_") {
			list = append([]any{w.value}, list...)
		}
	}
	low, high := limits(schema)
	if !math.IsInf(low, 0) {
		list = append(list, int64(math.Ceil(low)), int64(math.Floor(low))+1)
	}
	if !math.IsInf(high, 0) {
		list = append(list, int64(math.Floor(high)), int64(math.Ceil(high))-1)
	}
	return append(list, int64(0))
}

func floats(field string, schema map[string]any) []any {
	list := []any{1.5}
	for _, word := range []string{"price", "amount", "cost", "total"} {
		if strings.Contains("_"+snake(field)+"_", "_"+word+"_") {
			list = append([]any{12.5}, list...)
		}
	}
	low, high := limits(schema)
	switch lowOK, highOK := !math.IsInf(low, 0), !math.IsInf(high, 0); {
	case lowOK && highOK:
		list = append(list, low+(high-low)/2)
	case lowOK:
		list = append(list, low, low+1)
	case highOK:
		list = append(list, high, high-1)
	}
	return append(list, 0.0)
}

// limits are the least and greatest number of a schema, infinite where it sets
// none.
func limits(schema map[string]any) (low, high float64) {
	low, high = math.Inf(-1), math.Inf(1)
	for _, s := range withBranches(schema) {
		for _, key := range []string{"minimum", "exclusiveMinimum"} {
			if n, ok := number(s[key]); ok {
				low = max(low, n)
			}
		}
		for _, key := range []string{"maximum", "exclusiveMaximum"} {
			if n, ok := number(s[key]); ok {
				high = min(high, n)
			}
		}
	}
	return low, high
}

// arrays holds as many distinct examples of the items as the schema asks for.
func arrays(field string, schema map[string]any) []any {
	items, ok := schema["items"].(map[string]any)
	if !ok {
		return []any{[]any{}}
	}
	item, ok := Of(field, items)
	if !ok {
		return []any{[]any{}}
	}
	n := 1
	if least, ok := number(schema["minItems"]); ok && least > 1 && least <= 100 {
		n = int(least)
	}
	list := make([]any, n)
	for i := range list {
		list[i] = item
	}
	return []any{list, []any{}}
}
