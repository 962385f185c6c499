package strictjson

import (
	"reflect"
	"strings"
	"unicode"
)

// structField is a field of a struct as JSON sees it.
type structField struct {
	name   string
	typ    reflect.Type
	quoted bool // option string

	tagged bool
	depth  int
}

// fieldsOf are the JSON fields of t, those of embedded structs among them, by
// the rules of encoding/json: of several with one name the one nearest to t
// counts, of those the one with a tag; if that leaves several, none.
func fieldsOf(t reflect.Type) []structField {
	var all []structField
	collect(t, 0, nil, &all)
	best := map[string]structField{}
	ties := map[string]bool{}
	for _, f := range all {
		other, met := best[f.name]
		switch {
		case !met || f.before(other):
			best[f.name], ties[f.name] = f, false
		case !other.before(f):
			ties[f.name] = true
		}
	}
	var fields []structField
	for _, f := range all {
		if b := best[f.name]; !ties[f.name] && b == f {
			fields = append(fields, f)
		}
	}
	return fields
}

// before reports whether f hides g.
func (f structField) before(g structField) bool {
	if f.depth != g.depth {
		return f.depth < g.depth
	}
	return f.tagged && !g.tagged
}

// collect appends the fields of t, which is embedded in the types of path.
func collect(t reflect.Type, depth int, path []reflect.Type, all *[]structField) {
	for _, outer := range path {
		if outer == t {
			return // its fields are hidden by those nearer
		}
	}
	path = append(path, t)
	for i := range t.NumField() {
		sf := t.Field(i)
		f, inner, ok := read(sf)
		switch {
		case !ok:
		case inner != nil:
			collect(inner, depth+1, path, all)
		default:
			f.depth = depth
			*all = append(*all, f)
		}
	}
}

// read is the field sf in JSON, or the struct that it embeds; false where JSON
// does not have it.
func read(sf reflect.StructField) (f structField, embedded reflect.Type, ok bool) {
	tag := sf.Tag.Get("json")
	base := sf.Type
	if sf.Anonymous && base.Kind() == reflect.Pointer {
		base = base.Elem()
	}
	isStruct := sf.Anonymous && base.Kind() == reflect.Struct
	if tag == "-" || !sf.IsExported() && (!isStruct || base != sf.Type) {
		return f, nil, false
	}
	name, opts, _ := strings.Cut(tag, ",")
	if !validName(name) {
		name = ""
	}
	if isStruct && name == "" {
		return f, base, true
	}
	if !sf.IsExported() {
		return f, nil, false
	}
	f = structField{name: name, typ: sf.Type, tagged: name != ""}
	if name == "" {
		f.name = sf.Name
	}
	for opt := range strings.SplitSeq(opts, ",") {
		f.quoted = f.quoted || opt == "string" && quotable(sf.Type)
	}
	return f, nil, true
}

// quotable reports whether option string means something for t.
func quotable(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer && t.Name() == "" {
		t = t.Elem()
	}
	switch ruleOfKind(t) {
	case text, boolean, integer, unsigned, float:
		return true
	}
	return false
}

func validName(name string) bool {
	for _, c := range name {
		if !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", c) && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return false
		}
	}
	return name != ""
}
