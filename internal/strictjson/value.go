package strictjson

import (
	"encoding/json"
	"iter"
	"strconv"
	"strings"
)

// Kind is what a JSON value is.
type Kind uint8

// The kinds of JSON values.
const (
	Null Kind = iota + 1
	Bool
	Number
	String
	Array
	Object
)

var kindNames = [...]string{
	Null: "null", Bool: "a boolean", Number: "a number", String: "a string", Array: "an array", Object: "an object",
}

// String is the kind with its article, as in "a number".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "nothing"
}

// document is a text and its values in the order in which they begin. The
// values within one follow it, up to next.
type document struct {
	data  []byte
	nodes []node
}

type node struct {
	start, end int32 // the value in the text, quotes and brackets included
	key        span  // the name in an object, quotes excluded
	next       int32 // the first node after this one and all within; 0 while it is being read
	kind       Kind
	escaped    bool // a string with backslashes
	keyEscaped bool
}

type span struct{ start, end int32 }

// Value is a value in a document that [Parse] has read. It refers to the text,
// which must not change.
type Value struct {
	doc *document
	i   int32
}

func (v Value) node() *node { return &v.doc.nodes[v.i] }

// Kind is what the value is.
func (v Value) Kind() Kind { return v.node().kind }

// Raw is the value's own text.
func (v Value) Raw() []byte { return v.doc.data[v.node().start:v.node().end] }

// Bool is whether the value is true.
func (v Value) Bool() bool { return v.Kind() == Bool && v.Raw()[0] == 't' }

// Text is what a string says; for other kinds their text.
func (v Value) Text() string {
	n := v.node()
	if n.kind != String {
		return string(v.Raw())
	}
	return unquote(v.doc.data[n.start+1:n.end-1], n.escaped)
}

// Len is how many elements or members an array or object has.
func (v Value) Len() int {
	n := 0
	for range v.children() {
		n++
	}
	return n
}

// Elements are the elements of an array, with their index.
func (v Value) Elements() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		i := 0
		for child := range v.children() {
			if !yield(i, child) {
				return
			}
			i++
		}
	}
}

// Members are the members of an object, in the order of the text.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for child := range v.children() {
			if !yield(v.doc.key(child.i), child) {
				return
			}
		}
	}
}

func (v Value) children() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		for i := v.i + 1; i < v.node().next; i = v.doc.nodes[i].next {
			if !yield(Value{v.doc, i}) {
				return
			}
		}
	}
}

// key is the name of the i-th node in its object.
func (d *document) key(i int32) string {
	n := &d.nodes[i]
	return unquote(d.data[n.key.start:n.key.end], n.keyEscaped)
}

// unquote is what the inside of a string literal says. The literal has been
// checked.
func unquote(inside []byte, escaped bool) string {
	if !escaped {
		return string(inside)
	}
	quoted := make([]byte, 0, len(inside)+2)
	quoted = append(append(append(quoted, '"'), inside...), '"')
	var s string
	_ = json.Unmarshal(quoted, &s) // cannot fail
	return s
}

// pointer is the JSON pointer of the i-th node, also while the document is
// being read.
func (d *document) pointer(i int32) string {
	var b strings.Builder
	for at := int32(0); at < i; {
		isArray, index := d.nodes[at].kind == Array, 0
		child := at + 1
		for d.nodes[child].next != 0 && d.nodes[child].next <= i {
			child = d.nodes[child].next
			index++
		}
		if isArray {
			b.WriteString("/" + strconv.Itoa(index))
		} else {
			b.WriteString(Token(d.key(child)))
		}
		at = child
	}
	return b.String()
}

var tokens = strings.NewReplacer("~", "~0", "/", "~1")

// Token is the part of a JSON pointer that leads to a member: a slash and the
// name, escaped. Of a very long name the beginning stands for the whole, and
// what is not UTF-8 is replaced.
func Token(name string) string {
	return "/" + tokens.Replace(Excerpt(name))
}

// Excerpt is s for a message: valid UTF-8, and cut where it is very long.
func Excerpt(s string) string {
	const limit = 100
	if len(s) > limit {
		s = s[:limit] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
