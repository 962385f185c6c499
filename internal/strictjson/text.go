package strictjson

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// text reads the string at pos and reports whether it has escapes. Problems
// with its characters belong to node i, or to the innermost open object for a
// name (i < 0).
func (p *parser) text(i int32) (escaped bool) {
	data := p.doc.data
	p.pos++
	for p.pos < len(data) {
		switch c := data[p.pos]; {
		case c == '"':
			p.pos++
			return escaped
		case c == '\\':
			escaped = true
			p.escape(i)
			if p.stopped {
				return escaped
			}
		case c < ' ':
			p.syntax(`no control character in a string (write it as \u00` + hex(c) + `)`)
			return escaped
		case c < utf8.RuneSelf:
			p.pos++
		default:
			p.rune(i)
		}
	}
	p.syntax("the closing quote of a string")
	return escaped
}

// rune steps over a character beyond ASCII.
func (p *parser) rune(i int32) {
	r, size := utf8.DecodeRune(p.doc.data[p.pos:])
	if r == utf8.RuneError && size == 1 {
		p.character(i, "invalid_utf8", "must be UTF-8 text")
	}
	p.pos += size
}

func (p *parser) escape(i int32) {
	p.pos++
	switch p.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		p.pos++
	case 'u':
		p.unicode(i)
	default:
		p.syntax(`one of " \ / b f n r t u after a backslash`)
	}
}

// unicode reads \uXXXX, and the second half of a surrogate pair with it.
func (p *parser) unicode(i int32) {
	r, ok := p.hex4(p.pos + 1)
	if !ok {
		p.syntax(`four hexadecimal digits after \u`)
		return
	}
	p.pos += 5
	switch {
	case r == 0:
		p.character(i, "nul", "must not contain the character U+0000")
	case utf16.IsSurrogate(r):
		second, ok := p.second()
		if !ok || utf16.DecodeRune(r, second) == utf8.RuneError {
			p.character(i, "invalid_utf8", "must not contain half of a surrogate pair")
			return
		}
		p.pos += 6
	}
}

// second is the escaped character at pos.
func (p *parser) second() (rune, bool) {
	data := p.doc.data
	if p.pos+1 >= len(data) || data[p.pos] != '\\' || data[p.pos+1] != 'u' {
		return 0, false
	}
	return p.hex4(p.pos + 2)
}

func (p *parser) hex4(at int) (rune, bool) {
	if at+4 > len(p.doc.data) {
		return 0, false
	}
	var r rune
	for _, c := range p.doc.data[at : at+4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

func hex(c byte) string {
	s := strconv.FormatUint(uint64(c), 16)
	if len(s) == 1 {
		s = "0" + s
	}
	return s
}
