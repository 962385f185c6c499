package registry

import "reflect"

// Form is an input struct of a model: what a caller may send to create or to
// update a row. Its fields are columns of T by JSON name; their rules are T's
// and may only tighten. A field tagged db:"-" is no column: it is input for
// hooks, and stands in Extra.
type Form struct {
	Model  *Model
	Name   string // the Go type's name
	Type   reflect.Type
	Fields []*FormField // those with a column
	Extra  []*FormField // those without

	update bool // recorded for updates first
}

// FormField is a field of a Form.
type FormField struct {
	Column   *Column // nil in Extra
	JSON     string
	Field    string
	Type     reflect.Type
	Optional bool   // an [Optional]: tells absent, null and a value apart
	Validate string // the field's own rules, beside the column's

	offset uintptr
	base   reflect.Type // Type without Opt and pointer
	plain  accessor
	rules  []rule
	doc    string
	sample string
}

// Optional is a value that may be absent, null or present, as query.Opt is.
// The registry knows such fields by this interface.
type Optional interface {
	// IsSet reports whether the field was present, null included.
	IsSet() bool
	// IsNull reports whether the field was present and null.
	IsNull() bool
	// OptValue is the value; the zero value where it is absent or null.
	OptValue() any
	// OptType is the type of the value.
	OptType() reflect.Type
}
