package registry

import "reflect"

// Relation is a field of T that holds related rows when they are included. It
// is no column.
type Relation struct {
	Model  *Model
	Name   string // JSON name, as in include=project
	Field  string // Go field name
	Type   reflect.Type
	Many   bool    // []X: the rows of Target whose Column names this row; else *X
	Target *Model  // the model of X
	Column *Column // belongs-to: this model's reference; has-many: the target's
	Doc    string

	offset uintptr
}
