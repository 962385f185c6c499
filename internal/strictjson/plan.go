package strictjson

import (
	"encoding"
	"encoding/json"
	"reflect"
	"sync"
	"time"

	"github.com/google/uuid"
)

// rule is how a value of a Go type is checked.
type rule uint8

const (
	refuse rule = iota // no JSON fits
	anything
	raw
	text
	boolean
	integer
	unsigned
	float
	number  // json.Number
	base64s // []byte
	slice
	array
	object
	mapping
	pointer
	optional // absent, null or a value, as query.Opt
	instant  // time.Time
	id       // uuid.UUID and references
	byText   // encoding.TextUnmarshaler
	byJSON   // json.Unmarshaler
)

// plan is how values of one Go type are checked.
type plan struct {
	rule   rule
	typ    reflect.Type
	elem   *plan            // of slice, array, mapping, pointer, optional
	keys   *plan            // of mapping
	fields map[string]field // of object
	names  []string         // of fields, in their order
}

// field is a field of a struct; quoted with the json option string.
type field struct {
	plan   *plan
	quoted bool
}

// plans keeps what planOf has made: the plan of a type never changes.
var plans sync.Map // reflect.Type to *plan

// planOf is the plan of t.
func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	made := planner{}
	p := made.plan(t)
	for t, p := range made {
		plans.LoadOrStore(t, p)
	}
	return p
}

// planner holds the plans of one type and of those it consists of. Recursive
// types meet themselves in it.
type planner map[reflect.Type]*plan

func (made planner) plan(t reflect.Type) *plan {
	if p := made[t]; p != nil {
		return p
	}
	p := &plan{typ: t}
	made[t] = p
	p.rule = ruleOf(t)
	switch p.rule {
	case slice, array, pointer:
		p.elem = made.plan(t.Elem())
	case mapping:
		p.keys, p.elem = made.plan(t.Key()), made.plan(t.Elem())
	case optional:
		p.elem = made.plan(reflect.Zero(t).Interface().(opt).OptType())
	case object:
		made.object(p)
	}
	return p
}

func (made planner) object(p *plan) {
	p.fields = map[string]field{}
	for _, f := range fieldsOf(p.typ) {
		p.names = append(p.names, f.name)
		p.fields[f.name] = field{plan: made.plan(f.typ), quoted: f.quoted}
	}
}

// opt is what query.Opt has, which this package need not know.
type opt interface {
	IsNull() bool
	OptType() reflect.Type
}

// reference is what registry.Ref has.
type reference interface{ UUID() uuid.UUID }

var (
	optType    = reflect.TypeFor[opt]()
	refType    = reflect.TypeFor[reference]()
	uuidType   = reflect.TypeFor[uuid.UUID]()
	timeType   = reflect.TypeFor[time.Time]()
	rawType    = reflect.TypeFor[json.RawMessage]()
	numberType = reflect.TypeFor[json.Number]()
	byTextType = reflect.TypeFor[encoding.TextUnmarshaler]()
	byJSONType = reflect.TypeFor[json.Unmarshaler]()
)

// ruleOf knows a type as encoding/json does: its methods before its kind.
func ruleOf(t reflect.Type) rule {
	if t.Kind() == reflect.Pointer {
		return pointer
	}
	at := reflect.PointerTo(t)
	switch {
	case t == timeType:
		return instant
	case t == rawType:
		return raw
	case t == numberType:
		return number
	case at.Implements(byJSONType) && t.Implements(optType):
		return optional
	case at.Implements(byJSONType):
		return byJSON
	case at.Implements(byTextType) && (t == uuidType || t.Implements(refType)):
		return id
	case at.Implements(byTextType):
		return byText
	}
	return ruleOfKind(t)
}

func ruleOfKind(t reflect.Type) rule {
	switch t.Kind() {
	case reflect.String:
		return text
	case reflect.Bool:
		return boolean
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return integer
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return unsigned
	case reflect.Float32, reflect.Float64:
		return float
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 && ruleOf(t.Elem()) == unsigned {
			return base64s
		}
		return slice
	case reflect.Array:
		return array
	case reflect.Map:
		return mapRule(t)
	case reflect.Struct:
		return object
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return anything
		}
	}
	return refuse
}

// mapRule refuses maps whose keys JSON cannot write.
func mapRule(t reflect.Type) rule {
	if reflect.PointerTo(t.Key()).Implements(byTextType) {
		return mapping
	}
	switch ruleOfKind(t.Key()) {
	case text, integer, unsigned:
		return mapping
	}
	return refuse
}
