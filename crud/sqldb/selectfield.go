package sqldb

import (
	"database/sql"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/georgysavva/scany/v2/dbscan"
)

// selectField is a field of a struct that is selected into.
type selectField struct {
	column   string
	name     string // as in Go: Project.Title
	path     []int
	of       reflect.Type
	relation bool // no column itself
}

// fieldsOf are the fields of t and of the structs embedded in it, the outer
// first of two with one name. A struct of those around is not entered again.
func fieldsOf(t reflect.Type, around ...reflect.Type) (fields []*selectField) {
	var embedded []reflect.StructField
	for i := range t.NumField() {
		switch f := t.Field(i); {
		case f.Tag.Get("db") == "-":
		case isEmbedded(f):
			embedded = append(embedded, f)
		case f.IsExported():
			_, relation := f.Tag.Lookup("rel")
			fields = append(fields, &selectField{columnOf(f), f.Name, f.Index, f.Type, relation})
		}
	}
	around = append(around[:len(around):len(around)], t)
	for _, e := range embedded {
		s := insideOf(e.Type)
		if slices.Contains(around, s) {
			continue
		}
		for _, f := range fieldsOf(s, around...) {
			if !slices.ContainsFunc(fields, func(outer *selectField) bool { return outer.column == f.column }) {
				f.path = slices.Concat(e.Index, f.path)
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// isEmbedded reports whether the fields of f count as those of the struct
// around. Nothing can set a pointer to an unexported type.
func isEmbedded(f reflect.StructField) bool {
	return f.Anonymous && taggedName(f) == "" && insideOf(f.Type) != nil && (f.IsExported() || f.Type.Kind() == reflect.Struct)
}

// columnOf is the rule of package registry, which this package cannot ask.
func columnOf(f reflect.StructField) string {
	if name := taggedName(f); name != "" {
		return name
	}
	return dbscan.SnakeCaseMapper(f.Name)
}

// taggedName is the column that f's tags give it, empty when they give none.
func taggedName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("db"), ",")
	if name == "" && f.Tag.Get("json") != "-" {
		name, _, _ = strings.Cut(f.Tag.Get("json"), ",")
	}
	return name
}

var (
	timeType     = reflect.TypeFor[time.Time]()
	scannerType  = reflect.TypeFor[sql.Scanner]()
	optionalType = reflect.TypeFor[optional]()
)

// optional is implemented by pointers to types that tell absent, null and a
// value apart.
type optional interface {
	OptType() reflect.Type
	SetAny(v any) bool
}

// insideOf is the struct that t is or points to, if it has fields to be filled;
// nil for all else, and for structs that are one value.
func insideOf(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	p := reflect.PointerTo(t)
	if t.Kind() != reflect.Struct || t == timeType || p.Implements(scannerType) || p.Implements(optionalType) {
		return nil
	}
	return t
}

// dest is where a value for the field of x is scanned to. Nil pointers on the
// way are set.
func (f *selectField) dest(x reflect.Value) any {
	p := f.in(x).Addr()
	if o, ok := p.Interface().(optional); ok {
		return reflect.New(reflect.PointerTo(o.OptType())).Interface()
	}
	return p.Interface()
}

func (f *selectField) in(x reflect.Value) reflect.Value {
	for _, i := range f.path {
		if x.Kind() == reflect.Pointer {
			if x.IsNil() {
				x.Set(reflect.New(x.Type().Elem()))
			}
			x = x.Elem()
		}
		x = x.Field(i)
	}
	return x
}

// settle gives an optional field what was scanned into its dest, a pointer that
// is nil for NULL.
func (f *selectField) settle(x reflect.Value, dest any) {
	o, ok := f.in(x).Addr().Interface().(optional)
	if !ok {
		return
	}
	var v any
	if p := reflect.ValueOf(dest).Elem(); !p.IsNil() {
		v = p.Elem().Interface()
	}
	o.SetAny(v)
}
