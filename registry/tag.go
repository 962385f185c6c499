package registry

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// jsonTag is a json tag as encoding/json reads it.
type jsonTag struct {
	name      string // empty: the Go field's name
	skip      bool   // "-"
	omitEmpty bool
	omitZero  bool
	asString  bool
}

func parseJSONTag(f reflect.StructField) jsonTag {
	tag := f.Tag.Get("json")
	if tag == "-" {
		return jsonTag{skip: true}
	}
	name, opts, _ := strings.Cut(tag, ",")
	t := jsonTag{name: name}
	for opt := range strings.SplitSeq(opts, ",") {
		switch opt {
		case "omitempty":
			t.omitEmpty = true
		case "omitzero":
			t.omitZero = true
		case "string":
			t.asString = true
		}
	}
	return t
}

func (t jsonTag) omits() bool { return t.omitEmpty || t.omitZero }

// nameOf is the name in the API of a field with the tag.
func (t jsonTag) nameOf(f reflect.StructField) string {
	if t.name != "" {
		return t.name
	}
	return f.Name
}

// flattened reports whether f is an embedded struct whose fields count as the
// outer one's, by the rules of encoding/json.
func flattened(f reflect.StructField, t jsonTag) bool {
	return f.Anonymous && t.name == "" && !t.skip && f.Type.Kind() == reflect.Struct && f.Type != timeType
}

// parseFlag reads a tag that is "true" where it is there at all.
func parseFlag(f reflect.StructField, key string) (bool, error) {
	tag, ok := f.Tag.Lookup(key)
	if !ok {
		return false, nil
	}
	if tag != "true" {
		return false, fmt.Errorf(`has tag %s:%q: use %s:"true" or leave it out`, key, tag, key)
	}
	return true, nil
}

func parseUnique(tag string) (global bool, err error) {
	switch tag {
	case "true":
		return false, nil
	case "true,global":
		return true, nil
	}
	return false, fmt.Errorf(`has tag unique:%q: use "true" or "true,global"`, tag)
}

func parseVisibility(tag string) (Visibility, error) {
	switch tag {
	case "":
		return ReadWrite, nil
	case "readonly":
		return ReadOnly, nil
	case "writeonly":
		return WriteOnly, nil
	case "hidden":
		return Hidden, nil
	}
	return 0, fmt.Errorf("has tag api:%q: use readonly, writeonly or hidden", tag)
}

// parseRef reads a ref tag: a table and its options. A reference that is typed
// may leave the table out.
func parseRef(tag string, typed bool) (*Reference, error) {
	parts := strings.Split(tag, ",")
	ref := &Reference{Table: parts[0]}
	if err := checkIdentifier(ref.Table); err != nil && !(typed && ref.Table == "") {
		return nil, fmt.Errorf("has tag ref:%q, whose table name %w", tag, err)
	}
	deletes := 0
	for _, opt := range parts[1:] {
		switch opt {
		case "restrict":
			deletes++
		case "cascade":
			ref.OnDelete, deletes = Cascade, deletes+1
		case "setnull":
			ref.OnDelete, deletes = SetNull, deletes+1
		case "inherit":
			ref.Inherit = true
		case "view":
			ref.NeedView = true
		default:
			return nil, fmt.Errorf("has tag ref:%q with unknown option %q: use restrict, cascade, setnull, inherit or view", tag, opt)
		}
	}
	if deletes > 1 {
		return nil, fmt.Errorf("has tag ref:%q: choose one of restrict, cascade and setnull", tag)
	}
	return ref, nil
}

// parseDecimal reads decimal(p,s). False: the type is something else.
func parseDecimal(sqlType string) (precision, scale int, ok bool, err error) {
	inner, found := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(sqlType, " ", "")), "decimal")
	if !found {
		return 0, 0, false, nil
	}
	p, s, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(inner, "("), ")"), ",")
	precision, err = strconv.Atoi(p)
	if err == nil && s != "" {
		scale, err = strconv.Atoi(s)
	}
	if err != nil || !strings.HasPrefix(inner, "(") || precision < 1 || precision > 65 || scale < 0 || scale > min(30, precision) {
		return 0, 0, true, fmt.Errorf("has tag type:%q: use decimal(p,s) with 1 to 65 digits, at most 30 of them after the point", sqlType)
	}
	return precision, scale, true, nil
}

// parseSorts reads a sortable tag: whether the column sorts alone, and the
// declared orders of several keys.
func parseSorts(tag string) (alone bool, orders []string, err error) {
	for part := range strings.SplitSeq(tag, ";") {
		part = strings.TrimSpace(part)
		switch part {
		case "true":
			alone = true
		case "", "false":
			return false, nil, fmt.Errorf(`has tag sortable:%q: use "true", or orders as "status,-priority" with semicolons between them`, tag)
		default:
			orders = append(orders, part)
		}
	}
	return alone, orders, nil
}
