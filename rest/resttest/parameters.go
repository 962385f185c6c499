package resttest

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
)

// parameters compares those of a request that was served.
func (c *check) parameters(list []node, path map[string]string) {
	query, err := url.ParseQuery(c.x.URL.RawQuery)
	if err != nil {
		c.breach("a query that cannot be read was served: %v", err)
	}
	var names []string
	for _, p := range list {
		p = c.d.resolved(p)
		name, _ := p.get("name").value.(string)
		switch p.get("in").value {
		case "path":
			c.parameter(p, name, []string{path[name]})
		case "query":
			names = append(names, name)
			c.parameter(p, name, query[name])
		case "header":
			c.parameter(p, name, c.x.RequestHeader.Values(name))
		}
	}
	for name := range query {
		if !describes(names, name) {
			c.breach("the parameter %s was taken, which the document does not name", name)
		}
	}
}

// describes reports whether the parameters of a list allow another. Where they
// filter by columns, as title.eq, the document says in words that title means
// the same, and that fields of relations follow a dot.
func describes(names []string, name string) bool {
	if slices.Contains(names, name) || slices.Contains(names, name+".eq") {
		return true
	}
	first, _, dotted := strings.Cut(name, ".")
	column := slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, first+".") })
	filters := slices.ContainsFunc(names, func(n string) bool { return strings.HasSuffix(n, ".eq") })
	return dotted && filters && !column
}

// parameter compares the texts of one parameter with its schema.
func (c *check) parameter(p node, name string, texts []string) {
	schema := c.d.resolved(p.get("schema"))
	if len(texts) == 0 {
		if p.get("required").value == true {
			c.breach("a request without the required parameter %s was served", name)
		}
		return
	}
	var err error
	switch {
	case schema.get("type").value != "array":
		for _, text := range texts {
			err = errors.Join(err, c.text(schema, text))
		}
	case p.get("explode").value == false:
		err = c.list(schema, strings.Split(texts[0], ","))
	default:
		err = c.list(schema, texts)
	}
	if err != nil {
		c.breach("the parameter %s was taken, but the document forbids it: %v", name, err)
	}
}

// list compares texts with the schema of an array.
func (c *check) list(schema node, texts []string) error {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
		if v, ok := scalar(text); ok && c.d.validate(schema.get("items"), v) == nil {
			values[i] = v
		}
	}
	return c.d.validate(schema, values)
}

// text compares a text with a schema, also as the number or boolean that it
// writes.
func (c *check) text(schema node, text string) error {
	err := c.d.validate(schema, text)
	if v, ok := scalar(text); err != nil && ok {
		return c.d.validate(schema, v)
	}
	return err
}

// scalar is the number or boolean that a text writes.
func scalar(text string) (any, bool) {
	if text == "true" || text == "false" {
		return text == "true", true
	}
	var n json.Number
	if json.Unmarshal([]byte(text), &n) != nil || n == "" || text[0] == '"' {
		return nil, false
	}
	return n, true
}
