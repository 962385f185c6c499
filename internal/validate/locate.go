package validate

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"
)

// place is where a problem is: the pointer, and the struct whose fields stand
// beside the one at fault.
type place struct {
	pointer  string
	siblings reflect.Type
}

// locate finds validator's path, "Note.Tags[2].Name", in the value that was
// validated. The path alone would not do: keys of maps may hold any of its
// signs, and embedded structs stand in it that JSON does not show.
func locate(s any, path string) place {
	v := resolve(reflect.ValueOf(s))
	if name := v.Type().Name(); name != "" {
		path = strings.TrimPrefix(path, name+".")
	}
	found, _ := walk(v, "."+path)
	return found
}

// walk follows the path from v on; false where it does not lead on.
func walk(v reflect.Value, path string) (place, bool) {
	if path == "" {
		return place{}, true
	}
	switch v = resolve(v); v.Kind() {
	case reflect.Struct:
		return walkStruct(v, path)
	case reflect.Slice, reflect.Array:
		return walkList(v, path)
	case reflect.Map:
		return walkMap(v, path)
	}
	return place{}, false
}

func walkStruct(v reflect.Value, path string) (place, bool) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		rest, ok := strings.CutPrefix(path, "."+f.Name)
		if !ok || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		if found, ok := walk(v.Field(i), rest); ok {
			if found.siblings == nil {
				found.siblings = t
			}
			found.pointer = token(f) + found.pointer
			return found, true
		}
	}
	return place{}, false
}

func walkList(v reflect.Value, path string) (place, bool) {
	digits, rest, ok := strings.Cut(strings.TrimPrefix(path, "["), "]")
	i, err := strconv.Atoi(digits)
	if !ok || err != nil || i >= v.Len() {
		return place{}, false
	}
	found, ok := walk(v.Index(i), rest)
	found.pointer = "/" + digits + found.pointer
	return found, ok
}

// walkMap tries every key: one may be the beginning of another.
func walkMap(v reflect.Value, path string) (place, bool) {
	for _, key := range v.MapKeys() {
		name := fmt.Sprint(key.Interface())
		rest, ok := strings.CutPrefix(path, "["+name+"]")
		if !ok {
			continue
		}
		if found, ok := walk(v.MapIndex(key), rest); ok {
			found.pointer = "/" + escape.Replace(name) + found.pointer
			return found, true
		}
	}
	return place{}, false
}

// resolve follows pointers, interfaces and values that stand for others.
func resolve(v reflect.Value) reflect.Value {
	for {
		if v.IsValid() && v.CanInterface() && !(v.Kind() == reflect.Pointer && v.IsNil()) {
			if o, ok := v.Interface().(validator.Valuer); ok {
				v = reflect.ValueOf(o.ValidatorValue())
				continue
			}
		}
		if v.Kind() != reflect.Pointer && v.Kind() != reflect.Interface || v.IsNil() {
			return v
		}
		v = v.Elem()
	}
}

var escape = strings.NewReplacer("~", "~0", "/", "~1")

// token is the part of a pointer that leads to a field; none for an embedded
// struct, whose fields stand beside those of the outer one.
func token(f reflect.StructField) string {
	name, given := jsonName(f)
	if f.Anonymous && !given {
		return ""
	}
	return "/" + escape.Replace(name)
}

// jsonName is the field's name in JSON, and whether a tag gives it. A field
// that JSON does not show has its Go name.
func jsonName(f reflect.StructField) (name string, given bool) {
	name, _, _ = strings.Cut(f.Tag.Get("json"), ",")
	if name == "" || name == "-" {
		return f.Name, false
	}
	return name, true
}
