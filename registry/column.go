package registry

import (
	"reflect"
)

// Kind is what sort of value a column holds; it decides the operators of its
// filter and its SQL type.
type Kind uint8

// The kinds of columns.
const (
	Text    Kind = iota + 1 // string types
	Enum                    // a string with validate:"oneof=…"
	Bool                    // bool types
	Int                     // integer types, joinery.Actions among them
	Float                   // float32, float64
	Decimal                 // a string type with type:"decimal(p,s)"
	Time                    // time.Time, UTC, microseconds
	UUID                    // uuid.UUID and Ref
	JSON                    // json.RawMessage, maps, slices, structs
	Bytes                   // []byte
)

// Visibility says how a column appears in the API.
type Visibility uint8

// The visibilities of a column.
const (
	ReadWrite Visibility = iota // in answers, and in inputs that name it
	ReadOnly                    // in answers only
	WriteOnly                   // in inputs only; never in answers, filters or sorts
	Hidden                      // nowhere; needs json:"-" as well
)

// OnDelete says what becomes of a row when the row it refers to is deleted.
type OnDelete uint8

// What a reference does when its target is deleted.
const (
	Restrict OnDelete = iota // the delete is refused
	Cascade                  // the row is deleted too
	SetNull                  // the reference becomes null
)

// Column is a column of a model, read from a field of its struct. Columns are
// immutable once the registry is validated.
type Column struct {
	Model *Model
	Name  string // in the database
	JSON  string // in the API; empty for hidden columns
	Field string // Go field name
	Type  reflect.Type
	Kind  Kind

	Nullable   bool   // the field is a pointer
	OmitEmpty  bool   // json omitempty or omitzero: answers may lack it
	Default    string // text of tag default
	HasDefault bool
	SQLType    string // tag type: overrides the SQL type on every database
	Unique     bool   // unique by itself
	Global     bool   // unique,global
	Indexed    bool
	Sortable   bool // alone; combinations are in Model.Sorts
	Visibility Visibility
	Enum       []string // the values of validate:"oneof=…"
	Validate   string   // tag validate
	Doc        string
	Example    string
	Deprecated string
	Was        string     // tag was: the column's former name, for migrations
	Ref        *Reference // nil: not a reference

	offset           uintptr
	base             reflect.Type // Type without its pointer
	plain            accessor
	rules            []rule
	precision, scale int // of a Decimal
}

// Reference is what a column refers to.
type Reference struct {
	Table    string // target table; of a Ref[X] without tag ref known once validated
	Target   *Model // nil where the target is no model of the registry (plain users, say)
	OnDelete OnDelete
	Inherit  bool // permissions on the target hold for this row too
	NeedView bool // tag option view: also references to users need View on the target
}

// Base is the column's type without the pointer that makes it nullable.
func (c *Column) Base() reflect.Type { return c.base }

// Visible reports whether the column may be read through an API: filtered,
// sorted, selected, grouped.
func (c *Column) Visible() bool { return c.Visibility == ReadWrite || c.Visibility == ReadOnly }

// Decimals are the precision and scale of a Decimal column, from its tag
// type:"decimal(12,2)"; zeros for other kinds.
func (c *Column) Decimals() (precision, scale int) { return c.precision, c.scale }
