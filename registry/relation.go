package registry

import (
	"reflect"
	"unsafe"
)

// Relation is a field of T that holds related rows when they are included, or
// a row that [Attach] adds without a field. It is no column.
type Relation struct {
	Model    *Model
	Name     string // JSON name, as in include=project
	Field    string // Go field name; empty where Attached
	Type     reflect.Type
	Many     bool    // []X: the rows of Target whose Column names this row; else *X
	Attached bool    // by Attach: the row of Target with the same id
	Target   *Model  // the model of X
	Column   *Column // belongs-to: this model's reference; attached: this model's id; has-many: the target's reference
	Doc      string

	offset uintptr
	rel    string // tag rel, until Validate resolves it
}

// SetOne makes the row at child the related row of the row at parent; nil
// child: none. Both must point to values of the models' types. It is for
// relations that are not Many, and copies no row.
func (r *Relation) SetOne(parent, child unsafe.Pointer) {
	at := unsafe.Add(parent, r.offset)
	if r.Attached {
		(*Attachable)(at).set(r.Type, child)
		return
	}
	*(*unsafe.Pointer)(at) = child
}

// One is the related row of the row at parent, nil where none is included. It
// is for relations that are not Many.
func (r *Relation) One(parent unsafe.Pointer) unsafe.Pointer {
	at := unsafe.Add(parent, r.offset)
	if r.Attached {
		return (*Attachable)(at).get(r.Type)
	}
	return *(*unsafe.Pointer)(at)
}

// SetMany makes rows, a slice of the relation's type, the related rows of the
// row at parent. It keeps rows, without copying. It is for relations that are
// Many.
func (r *Relation) SetMany(parent unsafe.Pointer, rows reflect.Value) {
	r.slice(parent).Set(rows)
}

// Clear says that the row at parent has no related rows, as opposed to rows
// that were not included: an empty slice where the relation is Many, else nil.
func (r *Relation) Clear(parent unsafe.Pointer) {
	if !r.Many {
		r.SetOne(parent, nil)
		return
	}
	r.SetMany(parent, reflect.MakeSlice(r.Type, 0, 0))
}

// Append adds a copy of the row at child to the related rows of the row at
// parent and returns the address of the copy, which is good until the next
// Append to the same parent. It is for relations that are Many.
func (r *Relation) Append(parent, child unsafe.Pointer) unsafe.Pointer {
	rows := r.slice(parent)
	rows.Set(reflect.Append(rows, reflect.NewAt(r.Target.Type, child).Elem()))
	return rows.Index(rows.Len() - 1).Addr().UnsafePointer()
}

// Rows are the addresses of the related rows of the row at parent, one or
// many; included is false where they were not included.
func (r *Relation) Rows(parent unsafe.Pointer) (rows []unsafe.Pointer, included bool) {
	if !r.Many {
		if p := r.One(parent); p != nil {
			return []unsafe.Pointer{p}, true
		}
		return nil, false
	}
	slice := r.slice(parent)
	for i := range slice.Len() {
		rows = append(rows, slice.Index(i).Addr().UnsafePointer())
	}
	return rows, !slice.IsNil()
}

func (r *Relation) slice(parent unsafe.Pointer) reflect.Value {
	return reflect.NewAt(r.Type, unsafe.Add(parent, r.offset)).Elem()
}
