package seed

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
)

// parseJSON reads a JSON document. encoding/json alone would take the last of
// two members with one name.
func parseJSON(data []byte) (*node, error) {
	p := &jsonParser{data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	p.dec.UseNumber()
	n, err := p.value(0)
	if err == nil {
		if _, more := p.dec.Token(); more != io.EOF {
			err = errors.New("there is something after the end of the document")
		}
	}
	var known *lineError
	if err != nil && !errors.As(err, &known) {
		err = &lineError{p.line(), err}
	}
	return n, err
}

type jsonParser struct {
	data []byte
	dec  *json.Decoder
}

// line is the line of the token last read.
func (p *jsonParser) line() int {
	return 1 + bytes.Count(p.data[:min(int(p.dec.InputOffset()), len(p.data))], []byte("\n"))
}

func (p *jsonParser) value(depth int) (*node, error) {
	token, err := p.dec.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	n := &node{line: p.line()}
	switch t := token.(type) {
	case nil:
	case bool:
		n.kind, n.text = boolNode, strconv.FormatBool(t)
	case json.Number:
		n.kind, n.text = numberNode, t.String()
	case string:
		n.kind, n.text = textNode, t
	case json.Delim:
		return n, p.inside(n, t, depth+1)
	}
	return n, nil
}

// inside reads what is in a list or an object, and its end.
func (p *jsonParser) inside(n *node, open json.Delim, depth int) error {
	if depth > maxDepth {
		return errTooDeep
	}
	n.kind = listNode
	if open == '{' {
		n.kind = objectNode
	}
	for p.dec.More() {
		var m member
		if n.kind == objectNode {
			name, err := p.dec.Token()
			if err != nil {
				return err
			}
			m.name, m.line = name.(string), p.line()
		}
		value, err := p.value(depth)
		if err != nil {
			return err
		}
		if m.value = value; n.kind == listNode {
			n.items = append(n.items, value)
		} else if err := n.add(m); err != nil {
			return err
		}
	}
	_, err := p.dec.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}
