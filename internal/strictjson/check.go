package strictjson

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// checker compares a document with the plan of a Go type.
type checker struct {
	doc      *document
	problems []joinery.FieldError
}

func (c *checker) fail(i int32, code, message string) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, joinery.FieldError{Pointer: c.doc.pointer(i), Code: code, Message: message})
	}
}

// is reports whether node i is of the kind, and complains if not.
func (c *checker) is(i int32, k Kind) bool {
	found := c.doc.nodes[i].kind
	if found == k {
		return true
	}
	if found == Null {
		c.fail(i, "null", "must be "+k.String()+", not null")
	} else {
		c.fail(i, "wrong_type", "must be "+k.String()+", not "+found.String())
	}
	return false
}

// check complains of all in node i that a value by the plan cannot hold.
func (c *checker) check(p *plan, i int32) {
	n := &c.doc.nodes[i]
	switch p.rule {
	case anything, raw:
		c.numbers(i)
	case pointer, optional:
		if n.kind != Null {
			c.check(p.elem, i)
		}
	case slice, mapping:
		if n.kind != Null {
			c.within(p, i)
		}
	case array, object:
		c.within(p, i)
	case refuse:
		c.fail(i, "wrong_type", "cannot be set")
	case byJSON:
		c.byJSON(p, i)
	default:
		c.scalar(p, i)
	}
}

func (c *checker) within(p *plan, i int32) {
	switch p.rule {
	case slice, array:
		if c.is(i, Array) {
			c.elements(p, i)
		}
	case mapping:
		if c.is(i, Object) {
			c.entries(p, i)
		}
	default:
		if c.is(i, Object) {
			c.members(p, i)
		}
	}
}

func (c *checker) elements(p *plan, i int32) {
	count := 0
	for e := i + 1; e < c.doc.nodes[i].next; e = c.doc.nodes[e].next {
		c.check(p.elem, e)
		count++
	}
	if p.rule == array && count != p.typ.Len() {
		c.fail(i, "wrong_length", fmt.Sprintf("must have %d elements, not %d", p.typ.Len(), count))
	}
}

func (c *checker) entries(p *plan, i int32) {
	for e := i + 1; e < c.doc.nodes[i].next; e = c.doc.nodes[e].next {
		if msg := badKey(p.keys, c.doc.key(e)); msg != "" {
			c.fail(e, "bad_key", "must have a name that "+msg)
		}
		c.check(p.elem, e)
	}
}

// badKey is what the name of an entry must be and is not.
func badKey(p *plan, name string) string {
	v := reflect.New(p.typ)
	switch {
	case p.typ.Kind() == reflect.String && p.rule == text:
	case v.Type().Implements(byTextType):
		if err := v.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(name)); err != nil {
			return p.right()
		}
	case p.rule == integer:
		return whole(name, v.Elem())
	case p.rule == unsigned:
		return whole(name, v.Elem())
	}
	return ""
}

func (c *checker) members(p *plan, i int32) {
	data := c.doc.data
	for e := i + 1; e < c.doc.nodes[i].next; e = c.doc.nodes[e].next {
		n := &c.doc.nodes[e]
		f, known := p.fields[string(data[n.key.start:n.key.end])]
		if n.keyEscaped {
			f, known = p.fields[c.doc.key(e)]
		}
		switch {
		case !known:
			c.fail(e, "unknown_field", "is no field here: "+p.knows())
		case f.quoted:
			c.quoted(f.plan, e)
		default:
			c.check(f.plan, e)
		}
	}
}

// knows lists the fields of an object for a message.
func (p *plan) knows() string {
	const most = 30
	switch n := len(p.names); {
	case n == 0:
		return "there are none"
	case n > most:
		return "known are " + strings.Join(p.names[:most], ", ") + " and more"
	}
	return "known are " + strings.Join(p.names, ", ")
}

// quoted checks a field with the option string: a value within a string.
func (c *checker) quoted(p *plan, i int32) {
	if p.rule == pointer {
		if c.doc.nodes[i].kind == Null {
			return
		}
		p = p.elem
	}
	if !c.is(i, String) {
		return
	}
	inner, problems := parse([]byte(Value{c.doc, i}.Text()), Limits{})
	in := checker{doc: inner, problems: problems}
	if len(problems) == 0 {
		in.scalar(p, 0)
	}
	if len(in.problems) > 0 {
		c.fail(i, "bad_value", "must be a string that holds a value: which "+in.problems[0].Message)
	}
}

func (c *checker) scalar(p *plan, i int32) {
	switch p.rule {
	case text:
		c.is(i, String)
	case boolean:
		c.is(i, Bool)
	case number:
		if c.is(i, Number) {
			c.numbers(i)
		}
	case integer, unsigned, float:
		if c.is(i, Number) {
			c.number(p, i)
		}
	default:
		if c.is(i, String) {
			c.byText(p, i)
		}
	}
}

// number checks that the Go type holds the number as it stands.
func (c *checker) number(p *plan, i int32) {
	literal := string(Value{c.doc, i}.Raw())
	v := reflect.New(p.typ).Elem()
	msg := ""
	if p.rule != float {
		msg = whole(literal, v)
	} else if f, err := strconv.ParseFloat(literal, p.typ.Bits()); err != nil || v.OverflowFloat(f) {
		msg = "must be a number within the range of " + strconv.Itoa(p.typ.Bits()) + "-bit floating point"
	}
	if msg != "" {
		c.fail(i, "out_of_range", msg)
	}
}

// whole is what a literal must be to fit the integer v, empty where it does.
func whole(literal string, v reflect.Value) string {
	bits := v.Type().Bits()
	if v.CanInt() {
		if _, err := strconv.ParseInt(literal, 10, bits); err == nil {
			return ""
		}
		return fmt.Sprintf("must be a whole number from %d to %d", int64(-1)<<(bits-1), int64(1)<<(bits-1)-1)
	}
	if _, err := strconv.ParseUint(literal, 10, bits); err == nil {
		return ""
	}
	return fmt.Sprintf("must be a whole number from 0 to %d", ^uint64(0)>>(64-bits))
}

// numbers checks the numbers in node i, which become float64 or stay text for
// others to read.
func (c *checker) numbers(i int32) {
	for e := i; e < c.doc.nodes[i].next; e++ {
		if c.doc.nodes[e].kind != Number {
			continue
		}
		if _, err := strconv.ParseFloat(string(Value{c.doc, e}.Raw()), 64); err != nil {
			c.fail(e, "out_of_range", "must be a number within the range of 64-bit floating point")
		}
	}
}

// byText checks a string of which the type makes something else.
func (c *checker) byText(p *plan, i int32) {
	s, ok, right := Value{c.doc, i}.Text(), false, "must be "+p.right()
	switch p.rule {
	case base64s:
		_, err := base64.StdEncoding.DecodeString(s)
		ok = err == nil
	case instant:
		ok = isTime(Value{c.doc, i}.Raw())
	case id:
		ok = len(s) == 36 && uuid.Validate(s) == nil
	default:
		err := reflect.New(p.typ).Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s))
		ok, right = err == nil, explain(err, right)
	}
	if !ok {
		c.fail(i, "bad_value", right)
	}
}

// isTime reports whether a string literal is a time that every database holds.
func isTime(literal []byte) bool {
	var t time.Time
	err := t.UnmarshalJSON(literal)
	year := t.UTC().Year()
	return err == nil && year >= 1 && year <= 9999 && isRFC3339(literal)
}

// isRFC3339 refuses what package time lets pass: an hour of one digit, a comma
// before the fraction, an offset of a day and more. The quoted literal is one
// that it has read.
func isRFC3339(literal []byte) bool {
	const hour, zone = len(`"2006-01-02T15`), len(`+07:00"`)
	offset := literal[len(literal)-zone:]
	return literal[hour] == ':' && bytes.IndexByte(literal, ',') < 0 &&
		(literal[len(literal)-2] == 'Z' || string(offset[1:3]) < "24" && string(offset[4:6]) < "60")
}

// right is what a string must be.
func (p *plan) right() string {
	switch p.rule {
	case base64s:
		return "bytes in base64"
	case instant:
		return "an RFC 3339 time, as 2026-11-23T10:00:00Z"
	case id:
		return "a UUID, as 0198f3a4-5b6c-7d8e-9f00-112233445566"
	}
	return "a value that is accepted here"
}

// byJSON has the type judge the value. Null is for types that have one: to
// most others it means nothing at all, and would be lost.
func (c *checker) byJSON(p *plan, i int32) {
	if c.doc.nodes[i].kind == Null {
		if k := p.typ.Kind(); k != reflect.Map && k != reflect.Slice {
			c.fail(i, "null", "must not be null")
		}
		return
	}
	before := len(c.problems)
	c.numbers(i)
	if len(c.problems) > before {
		return
	}
	err := reflect.New(p.typ).Interface().(json.Unmarshaler).UnmarshalJSON(Value{c.doc, i}.Raw())
	if err != nil {
		c.fail(i, "bad_value", explain(err, wrong(p)))
	}
}

// wrong is what a value must be that its type refused.
func wrong(p *plan) string {
	if p.typ == reflect.TypeFor[joinery.Actions]() {
		return "must be a list of actions, from " + strings.Join(joinery.AllActions.Names(), ", ")
	}
	return "must be a value that is accepted here"
}

// explain is the message of a *joinery.Error in err, which is meant for
// callers, or else the given one.
func explain(err error, otherwise string) string {
	var e *joinery.Error
	if errors.As(err, &e) && e.Message != "" {
		return e.Message
	}
	return otherwise
}
