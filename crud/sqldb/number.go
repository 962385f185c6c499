package sqldb

import (
	"fmt"
	"strings"
)

// number rewrites the ? placeholders of text, n of them, into the dialect's
// form; param gives the number, from 1, of the i-th. Quoted text and comments
// are copied, ?? becomes ?. Text that is numbered already ($1) passes when it
// is so throughout.
func number(d Dialect, text string, n int, param func(i int) int) (string, error) {
	p := numbering{dialect: d, text: text, n: n, param: param}
	p.b.Grow(len(text) + 2*n)
	lex := lexerOf(d)
	for i := 0; i < len(text); {
		if end := lex.skip(text, i); end > i {
			i = end
			continue
		}
		switch {
		case text[i] == '?':
			i = p.placeholder(i)
		case lex.postgres && text[i] == '$':
			i = p.dollar(i)
		default:
			i++
		}
	}
	if err := p.check(); err != nil {
		return "", err
	}
	p.b.WriteString(text[p.from:])
	return p.b.String(), nil
}

// numbering is one run of number.
type numbering struct {
	dialect Dialect
	text    string
	n       int
	param   func(i int) int

	b       strings.Builder
	from    int // what of text is not written yet
	found   int // placeholders in ? form
	highest int // number among those in $1 form
}

// placeholder writes the one at i and returns where the text goes on.
func (p *numbering) placeholder(i int) int {
	p.b.WriteString(p.text[p.from:i])
	if strings.HasPrefix(p.text[i:], "??") {
		p.b.WriteByte('?')
		p.from = i + 2
		return p.from
	}
	if p.found < p.n {
		p.b.WriteString(p.dialect.Placeholder(p.param(p.found)))
	}
	p.found++
	p.from = i + 1
	return p.from
}

// dollar notes a parameter that is numbered already.
func (p *numbering) dollar(i int) int {
	value, from := 0, i+1
	for i = from; i < len(p.text) && '0' <= p.text[i] && p.text[i] <= '9' && value < 1<<20; i++ {
		value = value*10 + int(p.text[i]-'0')
	}
	p.highest = max(p.highest, value)
	return i
}

func (p *numbering) check() error {
	switch {
	case p.highest > 0 && p.found > 0:
		return fmt.Errorf("sqldb: the statement mixes ? and $1: leave squirrel's placeholder format alone in all parts: %s", p.text)
	case p.highest > 0 && p.highest != p.n:
		return fmt.Errorf("sqldb: the statement is numbered to $%d and has %d values: leave squirrel's placeholder format alone in all parts: %s", p.highest, p.n, p.text)
	case p.highest == 0 && p.found != p.n:
		return fmt.Errorf("sqldb: the statement has %d placeholders (?) and %d values: %s", p.found, p.n, p.text)
	}
	return nil
}

func inOrder(i int) int { return i + 1 }
