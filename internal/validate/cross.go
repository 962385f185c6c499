package validate

import (
	"reflect"
	"slices"
	"strings"
)

// CrossFields tells which fields of the struct type t a rule such as gtefield
// or required_if ties together, by JSON name and both ways, fields of embedded
// structs among them. A type without such rules has none. Where one of two
// tied fields changes, both have to be judged.
func CrossFields(t reflect.Type) map[string][]string {
	ties, names := map[string][]string{}, map[string]string{}
	fields := flatten(t)
	for _, f := range fields {
		names[f.Name], _ = jsonName(f)
	}
	for _, f := range fields {
		for _, other := range mentioned(f.Tag.Get("validate")) {
			first, _, _ := strings.Cut(other, ".") // a field within a field
			if name, ok := names[first]; ok {
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
		if _, named := jsonName(f); f.Anonymous && f.Type.Kind() == reflect.Struct && !named {
			list = append(list, flatten(f.Type)...)
		} else if f.IsExported() {
			list = append(list, f)
		}
	}
	return list
}

// mentioned are the Go names of the fields that the rules of a tag mention.
// Rules behind dive belong to elements, which see no fields.
func mentioned(tag string) []string {
	var names []string
	for rule := range strings.FieldsFuncSeq(tag, func(r rune) bool { return r == ',' || r == '|' }) {
		name, param, _ := strings.Cut(rule, "=")
		words := strings.Fields(param)
		switch {
		case name == "dive":
			return names
		case comparesFields(name):
			names = append(names, words...)
		case strings.HasSuffix(name, "_if"), strings.HasSuffix(name, "_unless"):
			for i := 0; i < len(words); i += 2 { // field value, field value …
				names = append(names, words[i])
			}
		}
	}
	return names
}

// comparesFields reports whether the value of a rule is names of fields.
func comparesFields(rule string) bool {
	switch rule {
	case "fieldcontains", "fieldexcludes", "postcode_iso3166_alpha2_field":
		return true
	}
	return strings.HasSuffix(rule, "field") || strings.Contains(rule, "_with")
}
