package registry

import (
	"reflect"
	"unsafe"
)

// Attachable lets [Attach] attach rows of other models: it carries them in
// memory. It has no column. [Entity] contains it; a struct without Entity
// embeds it to be attached to.
type Attachable struct {
	rows *attachment
}

// attachment is a list of attached rows, each a *X of another X. Lists are
// never changed, so that copies of a row may share one.
type attachment struct {
	row  any
	next *attachment
}

// Carrier is a pointer to a struct with [Entity] or [Attachable].
type Carrier interface{ carrier() *Attachable }

func (a *Attachable) carrier() *Attachable { return a }

// Attached is the row of X that is attached to row, as one reads it with
// include; false where none was included or there is none:
//
//	billing, ok := registry.Attached[Billing](&note)
func Attached[X any](row Carrier) (*X, bool) {
	for at := row.carrier().rows; at != nil; at = at.next {
		if x, ok := at.row.(*X); ok {
			return x, true
		}
	}
	return nil, false
}

// SetAttached makes x the row of X that is attached to row in memory; nil:
// none. It is for services that read their rows themselves; managers do so for
// include. It must not run at the same time as another use of row.
func SetAttached[X any](row Carrier, x *X) {
	row.carrier().set(reflect.TypeFor[*X](), unsafe.Pointer(x))
}

// set attaches the row of type t at p, in place of another of that type.
func (a *Attachable) set(t reflect.Type, p unsafe.Pointer) {
	rest := a.rows.without(t)
	if p != nil {
		rest = &attachment{row: reflect.NewAt(t.Elem(), p).Interface(), next: rest}
	}
	a.rows = rest
}

// get is the address of the attached row of type t, nil for none.
func (a *Attachable) get(t reflect.Type) unsafe.Pointer {
	for at := a.rows; at != nil; at = at.next {
		if reflect.TypeOf(at.row) == t {
			return reflect.ValueOf(at.row).UnsafePointer()
		}
	}
	return nil
}

func (l *attachment) without(t reflect.Type) *attachment {
	switch {
	case l == nil:
		return nil
	case reflect.TypeOf(l.row) == t:
		return l.next
	}
	return &attachment{row: l.row, next: l.next.without(t)}
}

// carrierOffset is where values of t carry what is attached; false: nowhere.
func carrierOffset(t reflect.Type) (uintptr, bool) {
	row := reflect.New(t)
	c, ok := row.Interface().(Carrier)
	if !ok {
		return 0, false
	}
	return uintptr(unsafe.Pointer(c.carrier())) - uintptr(row.UnsafePointer()), true
}
