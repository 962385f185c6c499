package validate

import (
	"reflect"
	"slices"
	"strings"
)

// CrossFields tells which fields of the struct type t a rule such as gtefield
// or required_if ties together, by JSON name and both ways. A type without
// such rules has none.
func CrossFields(t reflect.Type) map[string][]string {
	names, ties := map[string]string{}, map[string][]string{}
	fields := flatten(t)
	for _, f := range fields {
		names[f.Name] = jsonName(f)
	}
	for _, f := range fields {
		for _, other := range mentioned(f.Tag.Get("validate")) {
			if name, ok := names[other]; ok {
				tie(ties, names[f.Name], name)
				tie(ties, name, names[f.Name])
			}
		}
	}
	return ties
}

func tie(ties map[string][]string, a, b string) {
	if a != b && !slices.Contains(ties[a], b) {
		ties[a] = append(ties[a], b)
	}
}

// flatten are the fields of t, those of embedded structs in their place.
func flatten(t reflect.Type) []reflect.StructField {
	var list []reflect.StructField
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct && jsonName(f) == embedded {
			list = append(list, flatten(f.Type)...)
		} else if f.IsExported() {
			list = append(list, f)
		}
	}
	return list
}

// mentioned are the Go names of the fields that a validate tag mentions.
func mentioned(tag string) []string {
	var names []string
	for rule := range strings.SplitSeq(tag, ",") {
		name, param, _ := strings.Cut(rule, "=")
		words := strings.Fields(param)
		switch {
		case strings.HasSuffix(name, "field"):
			names = append(names, words...)
		case strings.HasSuffix(name, "_if"), strings.HasSuffix(name, "_unless"):
			for i := 0; i < len(words); i += 2 {
				names = append(names, words[i])
			}
		case strings.Contains(name, "_with"):
			names = append(names, words...)
		}
	}
	return names
}
