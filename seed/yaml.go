package seed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"
)

// parseYAML reads a YAML document.
func parseYAML(data []byte) (*node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	switch err := dec.Decode(&doc); {
	case err == io.EOF:
		return &node{line: 1}, nil
	case err != nil:
		return nil, errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := dec.Decode(new(yaml.Node)); err != io.EOF {
		return nil, errors.New("there is more than one document")
	}
	return (&yamlReader{made: map[*yaml.Node]*node{}}).node(doc.Content[0], 0)
}

// yamlReader makes nodes of YAML's. What aliases name is made once and shared,
// so that they cannot grow beyond measure.
type yamlReader struct {
	made map[*yaml.Node]*node // nil while it is being made
}

func (r *yamlReader) node(y *yaml.Node, depth int) (*node, error) {
	if y.Kind == yaml.AliasNode {
		n, known := r.made[y.Alias]
		if known && n == nil {
			return nil, &lineError{y.Line, fmt.Errorf("the alias %s is inside of what it names", y.Value)}
		}
		if known {
			return n, nil
		}
		y = y.Alias
	}
	if depth > maxDepth {
		return nil, &lineError{y.Line, errTooDeep}
	}
	r.made[y] = nil
	n := &node{line: y.Line}
	err := r.fill(n, y, depth+1)
	r.made[y] = n
	return n, err
}

func (r *yamlReader) fill(n *node, y *yaml.Node, depth int) error {
	switch y.Kind {
	case yaml.SequenceNode:
		n.kind = listNode
		for _, item := range y.Content {
			value, err := r.node(item, depth)
			if err != nil {
				return err
			}
			n.items = append(n.items, value)
		}
		return nil
	case yaml.MappingNode:
		n.kind = objectNode
		for i := 0; i+1 < len(y.Content); i += 2 {
			name := y.Content[i]
			if name.Kind != yaml.ScalarNode || name.ShortTag() == "!!merge" {
				return &lineError{name.Line, errors.New("the name of a field is a plain text: lists, objects and << are none")}
			}
			value, err := r.node(y.Content[i+1], depth)
			if err != nil {
				return err
			}
			if err := n.add(member{name.Value, name.Line, value}); err != nil {
				return err
			}
		}
		return nil
	}
	return scalar(n, y)
}

// scalar takes a plain value by its type in YAML.
func scalar(n *node, y *yaml.Node) error {
	n.text = y.Value
	switch tag := y.ShortTag(); tag {
	case "!!null":
		n.kind, n.text = nullNode, ""
	case "!!bool":
		n.kind, n.text = boolNode, strings.ToLower(y.Value)
	case "!!int", "!!float":
		n.kind = numberNode
		return plainNumber(n, y)
	case "!!str", "!!timestamp":
		n.kind = textNode
	default:
		return &lineError{y.Line, fmt.Errorf("values with the tag %s are not supported", tag)}
	}
	return nil
}

// plainNumber writes a number as JSON has it, unless it is written so already:
// the digits of a decimal count.
func plainNumber(n *node, y *yaml.Node) error {
	if json.Valid([]byte(n.text)) {
		return nil
	}
	var v any
	err := y.Decode(&v)
	if err == nil {
		var data []byte
		data, err = json.Marshal(v)
		n.text = string(data)
	}
	if err != nil {
		return &lineError{y.Line, fmt.Errorf("%s is no number that a column holds", y.Value)}
	}
	return nil
}
