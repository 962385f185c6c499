package registry

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/google/uuid"
)

type memoryRow struct {
	model *Model
	p     unsafe.Pointer
}

// RowOf is the row at ptr, a *T of the model's type, read by column name. It
// reads through: later changes of *ptr show. It panics on any other type and
// on nil.
func (m *Model) RowOf(ptr any) Row {
	v := reflect.ValueOf(ptr)
	if v.Kind() != reflect.Pointer || v.Type().Elem() != m.Type || v.IsNil() {
		panic(fmt.Sprintf("registry: RowOf of %s takes a non-nil *%s, not a %T", m.Table, m.Type, ptr))
	}
	return memoryRow{m, v.UnsafePointer()}
}

// RowAt is the row at p, which must point to a value of the model's type.
func (m *Model) RowAt(p unsafe.Pointer) Row { return memoryRow{m, p} }

func (r memoryRow) Value(column string) any {
	c := r.model.byName[column]
	if c == nil {
		return nil
	}
	return c.Value(r.p)
}

func (r memoryRow) UUID(column string) (uuid.UUID, bool) {
	c := r.model.byName[column]
	if c == nil || c.Kind != UUID {
		return uuid.Nil, false
	}
	p := unsafe.Add(r.p, c.offset)
	if c.Nullable {
		if p = *(*unsafe.Pointer)(p); p == nil {
			return uuid.Nil, false
		}
	}
	return *(*uuid.UUID)(p), true
}
