package query

import (
	"bytes"
	"encoding/json"
	"reflect"
)

// Opt is a field that may be absent, null or a value: an update changes what
// is present. The zero Opt is absent; give the field the tag omitzero, so that
// it is absent in JSON too.
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

// Set is a present value.
func Set[X any](v X) Opt[X] { return Opt[X]{value: v, state: present} }

// Null is a present null.
func Null[X any]() Opt[X] { return Opt[X]{state: null} }

// Get is the value; false where it is absent or null.
func (o Opt[X]) Get() (X, bool) { return o.value, o.state == present }

// IsSet reports whether the field is present, null included.
func (o Opt[X]) IsSet() bool { return o.state != absent }

// IsNull reports whether the field is present and null.
func (o Opt[X]) IsNull() bool { return o.state == null }

// IsZero reports whether the field is absent, as omitzero asks.
func (o Opt[X]) IsZero() bool { return o.state == absent }

// OptValue is the value; the zero X where it is absent or null.
func (o Opt[X]) OptValue() any { return o.value }

// OptType is X.
func (Opt[X]) OptType() reflect.Type { return reflect.TypeFor[X]() }

// SetAny makes v, which must be an X, the value; nil makes it null. It reports
// whether v fits.
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

// ValidatorValue is what rules are checked on: a pointer to the value, nil
// where it is absent or null.
func (o Opt[X]) ValidatorValue() any {
	if o.state == present {
		return &o.value
	}
	return (*X)(nil)
}

// MarshalJSON writes the value, or null.
func (o Opt[X]) MarshalJSON() ([]byte, error) {
	if o.state != present {
		return []byte("null"), nil
	}
	return json.Marshal(o.value)
}

// UnmarshalJSON reads a value or null; either is present.
func (o *Opt[X]) UnmarshalJSON(data []byte) error {
	if bytes.Equal(bytes.TrimSpace(data), []byte("null")) {
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
