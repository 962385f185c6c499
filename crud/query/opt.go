package query

import (
	"encoding/json"
	"reflect"
)

// Opt is a field of an input that may be absent, null or a value. The zero Opt
// is absent. Tag such a field omitzero, so that an absent one is not written:
//
//	Title query.Opt[string] `json:"title,omitzero"`
type Opt[X any] struct {
	value X
	state optState
}

type optState uint8

const (
	absent optState = iota
	null
	present
)

// Set is an Opt that is present with the value v.
func Set[X any](v X) Opt[X] { return Opt[X]{value: v, state: present} }

// Null is an Opt that is present and null.
func Null[X any]() Opt[X] { return Opt[X]{state: null} }

// Get is the value, and whether there is one: false where the Opt is absent or
// null.
func (o Opt[X]) Get() (X, bool) { return o.value, o.state == present }

// IsSet reports whether the Opt is present, as a value or as null.
func (o Opt[X]) IsSet() bool { return o.state != absent }

// IsNull reports whether the Opt is present and null.
func (o Opt[X]) IsNull() bool { return o.state == null }

// IsZero reports whether the Opt is absent; encoding/json asks for omitzero.
func (o Opt[X]) IsZero() bool { return o.state == absent }

// OptValue is the value, of type X; the zero value where there is none.
func (o Opt[X]) OptValue() any { return o.value }

// OptType is the type X.
func (o Opt[X]) OptType() reflect.Type { return reflect.TypeFor[X]() }

// SetAny makes v, which must be an X, the value; nil makes the Opt null. It
// reports whether v fits, and changes nothing where it does not.
func (o *Opt[X]) SetAny(v any) bool {
	if v == nil {
		*o = Null[X]()
		return true
	}
	x, ok := v.(X)
	if ok {
		*o = Set(x)
	}
	return ok
}

// ValidatorValue is what validation rules judge: a pointer to the value, nil
// where there is none. A pointer, because omitempty would let a present zero
// value pass.
func (o Opt[X]) ValidatorValue() any {
	if o.state != present {
		return (*X)(nil)
	}
	return &o.value
}

// MarshalJSON writes the value, or null where there is none.
func (o Opt[X]) MarshalJSON() ([]byte, error) {
	if o.state != present {
		return []byte("null"), nil
	}
	return json.Marshal(o.value)
}

// UnmarshalJSON reads a value or null. It is not called for an absent field,
// which stays absent. After an error the Opt is what it was.
func (o *Opt[X]) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*o = Null[X]()
		return nil
	}
	var v X
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*o = Set(v)
	return nil
}
