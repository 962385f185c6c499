package seed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// node is a value of a file, whatever the format.
type node struct {
	kind   nodeKind
	text   string // of a text, a number or a bool
	items  []*node
	fields []member
	line   int
}

type member struct {
	name  string
	line  int
	value *node
}

type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	textNode
	listNode
	objectNode
)

// what is the node for people.
func (n *node) what() string {
	switch n.kind {
	case nullNode:
		return "null"
	case boolNode:
		return "the bool " + n.text
	case numberNode:
		return "the number " + n.text
	case textNode:
		return "the text " + strconv.Quote(n.text)
	case listNode:
		return "a list"
	}
	return "an object"
}

// texts is a text or a list of them.
func (n *node) texts() (all []string, err error) {
	items := n.items
	if n.kind != listNode {
		items = []*node{n}
	}
	for _, item := range items {
		if item.kind != textNode || item.text == "" {
			return nil, fmt.Errorf("holds %s where a name is expected", item.what())
		}
		all = append(all, item.text)
	}
	return all, nil
}

// json is the node as JSON.
func (n *node) json(b *bytes.Buffer) {
	switch n.kind {
	case nullNode:
		b.WriteString("null")
	case textNode:
		data, _ := json.Marshal(n.text) // texts always can
		b.Write(data)
	case listNode:
		b.WriteByte('[')
		for i, item := range n.items {
			comma(b, i)
			item.json(b)
		}
		b.WriteByte(']')
	case objectNode:
		b.WriteByte('{')
		for i, m := range n.fields {
			comma(b, i)
			(&node{kind: textNode, text: m.name}).json(b)
			b.WriteByte(':')
			m.value.json(b)
		}
		b.WriteByte('}')
	default:
		b.WriteString(n.text)
	}
}

func comma(b *bytes.Buffer, i int) {
	if i > 0 {
		b.WriteByte(',')
	}
}

// add appends a member, which must be the first of its name.
func (n *node) add(m member) error {
	for _, other := range n.fields {
		if other.name == m.name {
			return &lineError{m.line, fmt.Errorf("%q is there twice, first in line %d", m.name, other.line)}
		}
	}
	n.fields = append(n.fields, m)
	return nil
}

// lineError is an error of the format.
type lineError struct {
	line int
	err  error
}

func (e *lineError) Error() string { return e.err.Error() }
func (e *lineError) Unwrap() error { return e.err }

// maxDepth is how deep values may be nested.
const maxDepth = 100

var errTooDeep = errors.New("values are nested too deep")
