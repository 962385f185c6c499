package registry

import (
	"fmt"
	"reflect"
	"unsafe"
)

// ForeignKeyName is the name that DDL gives the foreign key of a reference,
// as a database's error may tell it.
func ForeignKeyName(c *Column) string { return foreignKeyOf(c).Name }

// PrimaryKeyName is the name that DDL gives the primary key of m's table, as a
// database's error may tell it.
func PrimaryKeyName(m *Model) string { return constraintName(m.Table, "_pkey") }

// optSetter is what an [Optional] offers to be set: to null for nil, else to a
// value of its type.
type optSetter interface {
	SetAny(v any) bool
}

// Set stores v, as [FormField.Get] gives it, in the form at p: nil as null in
// an [Optional] or a pointer, else an error as of [Column.SetValue]. What it
// sets is present.
func (f *FormField) Set(p unsafe.Pointer, v any) error {
	field := reflect.NewAt(f.Type, unsafe.Add(p, f.offset))
	var value reflect.Value
	if v != nil {
		value = reflect.New(f.base)
		if err := f.plain.set(value.UnsafePointer(), v); err != nil {
			return fmt.Errorf("field %s: %w", f.Field, err)
		}
	}
	switch {
	case f.Optional:
		return f.setOptional(field.Interface(), value)
	case f.Type.Kind() == reflect.Pointer:
		if v == nil {
			value = reflect.Zero(f.Type)
		}
		field.Elem().Set(value)
	case v == nil:
		return fmt.Errorf("field %s cannot be null", f.Field)
	default:
		field.Elem().Set(value.Elem())
	}
	return nil
}

func (f *FormField) setOptional(field any, value reflect.Value) error {
	var v any
	if value.IsValid() {
		v = value.Elem().Interface()
	}
	if o, ok := field.(optSetter); !ok || !o.SetAny(v) {
		return fmt.Errorf("field %s: a %T cannot be set to a %T", f.Field, field, v)
	}
	return nil
}
