package strictjson

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/joinery-go/joinery"
)

// problemAt notes a problem with node i.
func (p *parser) problemAt(i int32, code, message string) {
	if len(p.problems) >= maxProblems {
		return
	}
	at := ""
	if int(i) < len(p.doc.nodes) {
		at = p.doc.pointer(i)
	}
	p.problems = append(p.problems, joinery.FieldError{Pointer: at, Code: code, Message: message})
}

// character notes a problem with the characters of the string that is node i,
// the first of each, or of a name in the innermost open object.
func (p *parser) character(i int32, code, message string) {
	if i >= 0 && i == p.spoiled || len(p.problems) >= maxProblems {
		return
	}
	p.spoiled = i
	if i < 0 {
		i, message = p.innermost(), "has a name that "+message
	}
	p.problemAt(i, code, message)
}

// innermost is the node that is being read: the last one still open.
func (p *parser) innermost() int32 {
	for i := len(p.doc.nodes) - 1; i > 0; i-- {
		if p.doc.nodes[i].next == 0 {
			return int32(i)
		}
	}
	return 0
}

// stop notes a problem after which nothing else is read.
func (p *parser) stop(code, message string) {
	p.stopped = true
	p.problemAt(p.innermost(), code, message)
}

// syntax stops with a mistake of syntax at pos.
func (p *parser) syntax(wanted string) {
	if p.stopped {
		return
	}
	if p.pos >= len(p.doc.data) {
		p.stop("bad_json", "must be complete JSON: the text ends where "+wanted+" is expected")
		return
	}
	p.stop("bad_json", fmt.Sprintf("must be JSON: at %s there is %s where %s is expected", p.position(), p.found(), wanted))
}

// fail notes a problem with the whole.
func (p *parser) fail(code, message string) {
	p.stopped = true
	p.problems = append(p.problems, joinery.FieldError{Code: code, Message: message})
}

// found is the character at pos, for a message.
func (p *parser) found() string {
	r, size := utf8.DecodeRune(p.doc.data[p.pos:])
	if r == utf8.RuneError && size == 1 {
		return fmt.Sprintf("the byte 0x%02x", p.doc.data[p.pos])
	}
	return fmt.Sprintf("%q", r)
}

// position is where pos is, for a message.
func (p *parser) position() string {
	before := p.doc.data[:p.pos]
	line := bytes.Count(before, []byte{'\n'}) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("line %d, column %d", line, column)
}
