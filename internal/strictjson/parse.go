package strictjson

import (
	"fmt"
	"strconv"

	"github.com/joinery-go/joinery"
)

// Parse reads one JSON value. The Value is good only where there are no
// problems.
func Parse(data []byte, limits Limits) (Value, []joinery.FieldError) {
	doc, problems := parse(data, limits)
	return Value{doc: doc}, problems
}

func parse(data []byte, limits Limits) (*document, []joinery.FieldError) {
	p := parser{limits: limits.orDefault(), spoiled: -1, doc: &document{data: data, nodes: make([]node, 0, 32)}}
	if int64(len(data)) > 1<<30 {
		p.fail("too_long", "must be shorter than 1 GiB")
		return p.doc, p.problems
	}
	p.document()
	return p.doc, p.problems
}

// parser reads a text into a document. It stops at the first mistake of
// syntax, and reads on after all others.
type parser struct {
	doc      *document
	limits   Limits
	pos      int
	depth    int
	stopped  bool
	spoiled  int32 // the last string with a problem; one of each is told
	problems []joinery.FieldError
}

func (p *parser) document() {
	p.space()
	if p.pos == len(p.doc.data) {
		p.fail("bad_json", "must be a JSON value, and is empty")
		return
	}
	p.value(span{}, false)
	p.space()
	if !p.stopped && p.pos < len(p.doc.data) {
		p.stopped = true
		p.problemAt(0, "trailing_data", "must be one JSON value and nothing after it: there is more at "+p.position())
	}
}

// value reads the value at pos and enters it as a node with the given key.
func (p *parser) value(key span, keyEscaped bool) {
	if len(p.doc.nodes) >= p.limits.Values {
		p.stop("too_many", "must hold at most "+strconv.Itoa(p.limits.Values)+" values in all")
		return
	}
	i := len(p.doc.nodes)
	p.doc.nodes = append(p.doc.nodes, node{start: int32(p.pos), key: key, keyEscaped: keyEscaped})
	kind, escaped := p.content(i)
	if p.stopped {
		return
	}
	n := &p.doc.nodes[i] // after content, which may have moved them
	n.kind, n.escaped = kind, escaped
	n.end, n.next = int32(p.pos), int32(len(p.doc.nodes))
}

func (p *parser) content(i int) (kind Kind, escaped bool) {
	switch c := p.peek(); c {
	case '{':
		p.doc.nodes[i].kind = Object
		p.container(i, '}')
		return Object, false
	case '[':
		p.doc.nodes[i].kind = Array
		p.container(i, ']')
		return Array, false
	case '"':
		return String, p.text(int32(i))
	case 't':
		p.literal("true")
		return Bool, false
	case 'f':
		p.literal("false")
		return Bool, false
	case 'n':
		p.literal("null")
		return Null, false
	}
	p.number()
	return Number, false
}

// container reads the elements of the array or object that is node i.
func (p *parser) container(i int, closing byte) {
	p.pos++
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > p.limits.Depth {
		p.stop("too_deep", "must be nested at most "+strconv.Itoa(p.limits.Depth)+" deep")
		return
	}
	p.space()
	if p.peek() == closing {
		p.pos++
		return
	}
	for n := 1; !p.stopped; n++ {
		if n > p.limits.Length {
			p.stopped = true
			p.problemAt(int32(i), "too_many", "must have at most "+strconv.Itoa(p.limits.Length)+" "+elementsOf(closing))
			return
		}
		p.element(closing)
		p.space()
		switch {
		case p.stopped:
		case p.peek() == closing:
			p.pos++
			p.duplicates(i, n)
			return
		case p.peek() == ',':
			p.pos++
			p.space()
		default:
			p.syntax(fmt.Sprintf("a comma or %q", closing))
		}
	}
}

func (p *parser) element(closing byte) {
	if closing == ']' {
		p.value(span{}, false)
	} else {
		p.member()
	}
}

func elementsOf(closing byte) string {
	if closing == ']' {
		return "elements"
	}
	return "members"
}

func (p *parser) member() {
	if p.peek() != '"' {
		p.syntax("a name in double quotes")
		return
	}
	start := p.pos + 1
	escaped := p.text(-1)
	if p.stopped {
		return
	}
	key := span{int32(start), int32(p.pos - 1)}
	p.space()
	if p.peek() != ':' {
		p.syntax("a colon")
		return
	}
	p.pos++
	p.space()
	p.value(key, escaped)
}

// duplicates complains of names that occur twice among the n members of node
// i. Few are compared with each other, many need a map.
func (p *parser) duplicates(i, n int) {
	d := p.doc
	if d.nodes[i].kind != Object || n < 2 {
		return
	}
	var seen map[string]bool
	if n > 16 {
		seen = make(map[string]bool, n)
	}
	for c := i + 1; c < len(d.nodes); c = int(d.nodes[c].next) {
		if seen == nil {
			if p.precedes(i, c) {
				p.duplicate(c)
			}
			continue
		}
		name := d.key(int32(c))
		if seen[name] {
			p.duplicate(c)
		}
		seen[name] = true
	}
}

// precedes reports whether an earlier member of node i has the name of member
// c.
func (p *parser) precedes(i, c int) bool {
	d := p.doc
	a := &d.nodes[c]
	for e := i + 1; e < c; e = int(d.nodes[e].next) {
		b := &d.nodes[e]
		if a.keyEscaped || b.keyEscaped {
			if d.key(int32(c)) == d.key(int32(e)) {
				return true
			}
		} else if string(d.data[a.key.start:a.key.end]) == string(d.data[b.key.start:b.key.end]) {
			return true
		}
	}
	return false
}

func (p *parser) duplicate(c int) {
	p.problemAt(int32(c), "duplicate_key", "must occur once in its object")
}

func (p *parser) peek() byte {
	if p.pos < len(p.doc.data) {
		return p.doc.data[p.pos]
	}
	return 0
}

func (p *parser) space() {
	for p.pos < len(p.doc.data) {
		switch p.doc.data[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

func (p *parser) literal(word string) {
	end := p.pos + len(word)
	if end > len(p.doc.data) || string(p.doc.data[p.pos:end]) != word {
		p.syntax("a value")
		return
	}
	p.pos = end
}

// number reads a number by the grammar of RFC 8259.
func (p *parser) number() {
	if p.peek() == '-' {
		p.pos++
	}
	if p.peek() == '0' {
		p.pos++
	} else if !p.digits() {
		p.syntax("a value")
		return
	}
	if p.peek() == '.' {
		p.pos++
		if !p.digits() {
			p.syntax("a digit")
			return
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.pos++
		if c := p.peek(); c == '+' || c == '-' {
			p.pos++
		}
		if !p.digits() {
			p.syntax("a digit")
		}
	}
}

func (p *parser) digits() bool {
	start := p.pos
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.pos++
	}
	return p.pos > start
}
