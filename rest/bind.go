package rest

import (
	"encoding"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/joinery-go/joinery"
)

// binder fills the fields of a typed route's input that do not come from the
// body. It is made once per route.
type binder struct {
	typ      reflect.Type
	fields   []boundField
	queries  []string // the names of all query parameters
	hasBody  bool     // some field is filled from the body
	bindsKey bool     // the route deals with Idempotency-Key itself
}

// boundField is a field filled from the path, the query or a header.
type boundField struct {
	source string // "path", "query" or "header"
	name   string
	index  []int
	field  reflect.StructField
	parse  func(v reflect.Value, text string) error
	many   bool
}

func newBinder(t reflect.Type, rt *route) (*binder, error) {
	b := &binder{typ: t}
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("the input is a %s: it must be a struct, whose fields are the JSON body or tagged path, query or header", t)
	}
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous || !f.IsExported() {
			continue
		}
		if err := b.add(f, rt); err != nil {
			return nil, err
		}
	}
	if b.hasBody && rt.method == http.MethodGet {
		return nil, fmt.Errorf("%s has fields for a body, but GET has none: tag them query, path or header", t)
	}
	return b, b.coversPath(rt)
}

func (b *binder) add(f reflect.StructField, rt *route) error {
	source, name := sourceOf(f)
	json, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case source == "" && json != "-":
		b.hasBody = true
		return nil
	case source == "":
		return nil
	case json != "-":
		return fmt.Errorf("%s.%s comes from the %s: tag it json:\"-\" too, so that a body cannot set it", b.typ, f.Name, source)
	case source == "path" && !slices.Contains(rt.segments, ":"+name):
		return fmt.Errorf("%s.%s: the path has no parameter :%s", b.typ, f.Name, name)
	}
	bound := boundField{source: source, name: name, index: f.Index, field: f}
	elem := f.Type
	if f.Type.Kind() == reflect.Slice && !isText(f.Type) && source != "path" {
		bound.many, elem = true, f.Type.Elem()
	}
	if bound.parse = parserFor(elem); bound.parse == nil {
		return fmt.Errorf("%s.%s: a %s cannot be read from the %s", b.typ, f.Name, f.Type, source)
	}
	b.fields = append(b.fields, bound)
	if source == "query" {
		b.queries = append(b.queries, name)
	}
	b.bindsKey = b.bindsKey || source == "header" && strings.EqualFold(name, idempotencyHeader)
	return nil
}

// coversPath demands a field for each parameter of the path: one that nothing
// reads is a mistake.
func (b *binder) coversPath(rt *route) error {
	for _, s := range rt.segments {
		if isParam(s) && !slices.ContainsFunc(b.fields, func(f boundField) bool { return f.source == "path" && f.name == s[1:] }) {
			return fmt.Errorf("%s has no field tagged path:%q for the path's %s", b.typ, s[1:], s)
		}
	}
	return nil
}

func sourceOf(f reflect.StructField) (source, name string) {
	for _, source := range []string{"path", "query", "header"} {
		if name := f.Tag.Get(source); name != "" {
			return source, name
		}
	}
	return "", ""
}

// bind fills the fields from the request, and gathers what cannot be read.
func (b *binder) bind(c *call, in reflect.Value) error {
	values, err := parseQuery(c.r)
	if err != nil {
		return err
	}
	if err := onlyParameters(values, b.queries...); err != nil {
		return err
	}
	var fields []joinery.FieldError
	for i := range b.fields {
		f := &b.fields[i]
		err := f.set(in.FieldByIndex(f.index), f.texts(c, values))
		switch {
		case err != nil && f.source == "path":
			return notFound() // what is no id is the id of nothing
		case err != nil:
			fields = append(fields, joinery.FieldError{Parameter: f.name, Code: "wrong_type", Message: err.Error()})
		}
	}
	if fields != nil {
		return &joinery.Error{Kind: joinery.Malformed, Code: "malformed_parameters", Message: "Some parameters cannot be read.", Fields: fields}
	}
	return nil
}

func (f *boundField) texts(c *call, values url.Values) []string {
	switch f.source {
	case "path":
		return []string{c.param(f.name)}
	case "query":
		return values[f.name]
	}
	return c.r.Header.Values(f.name)
}

func (f *boundField) set(v reflect.Value, texts []string) error {
	switch {
	case len(texts) == 0:
		return nil
	case !f.many && len(texts) > 1:
		return fmt.Errorf("may be given once")
	case !f.many:
		return f.parse(v, texts[0])
	}
	list := reflect.MakeSlice(v.Type(), len(texts), len(texts))
	for i, text := range texts {
		if err := f.parse(list.Index(i), text); err != nil {
			return err
		}
	}
	v.Set(list)
	return nil
}

// locate turns the pointers of fields that are no part of the body into
// parameters.
func (b *binder) locate(fields []joinery.FieldError) []joinery.FieldError {
	for i := range fields {
		for _, f := range b.fields {
			if name := strings.TrimPrefix(fields[i].Pointer, "/"); name == f.field.Name {
				fields[i].Pointer, fields[i].Parameter = "", f.name
			}
		}
	}
	return fields
}

func isText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// parserFor reads a text into a value of type t; nil where there is no way.
func parserFor(t reflect.Type) func(reflect.Value, string) error {
	switch {
	case t == uuidType || isRef(t):
		return parseUUID
	case isText(t):
		return func(v reflect.Value, text string) error {
			if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil {
				return fmt.Errorf("must be a %s", t.Name())
			}
			return nil
		}
	case t.Kind() == reflect.Pointer:
		elem := parserFor(t.Elem())
		if elem == nil {
			return nil
		}
		return func(v reflect.Value, text string) error {
			p := reflect.New(t.Elem())
			v.Set(p)
			return elem(p.Elem(), text)
		}
	}
	return parserOfKind(t)
}

func parserOfKind(t reflect.Type) func(reflect.Value, string) error {
	switch t.Kind() {
	case reflect.String:
		return func(v reflect.Value, text string) error {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) { // which databases refuse
				return fmt.Errorf("must be UTF-8 text without the character U+0000")
			}
			v.SetString(text)
			return nil
		}
	case reflect.Bool:
		return func(v reflect.Value, text string) error {
			if text != "true" && text != "false" {
				return fmt.Errorf("must be true or false")
			}
			v.SetBool(text == "true")
			return nil
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(v reflect.Value, text string) error {
			n, err := strconv.ParseInt(text, 10, t.Bits())
			if err != nil {
				return fmt.Errorf("must be an integer of %d bits", t.Bits())
			}
			v.SetInt(n)
			return nil
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(v reflect.Value, text string) error {
			n, err := strconv.ParseUint(text, 10, t.Bits())
			if err != nil {
				return fmt.Errorf("must be a positive integer of %d bits", t.Bits())
			}
			v.SetUint(n)
			return nil
		}
	case reflect.Float32, reflect.Float64:
		return func(v reflect.Value, text string) error {
			x, err := strconv.ParseFloat(text, t.Bits())
			if err != nil || x-x != 0 { // NaN and infinities are no numbers here
				return fmt.Errorf("must be a number")
			}
			v.SetFloat(x)
			return nil
		}
	}
	return nil
}

func parseUUID(v reflect.Value, text string) error {
	id, err := pathID(text)
	if err != nil {
		return fmt.Errorf("must be a UUID")
	}
	v.Set(reflect.ValueOf(id).Convert(v.Type()))
	return nil
}
