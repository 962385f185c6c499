package resttest

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Document is an OpenAPI 3.1 document that exchanges are compared with. Make
// one with [ParseDocument]. It is safe for concurrent use.
type Document struct {
	root   node
	paths  []path
	ignore []string

	mu       sync.Mutex
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema // by pointer
}

// node is a JSON value of the document with the pointer to it.
type node struct {
	value any
	at    string // as "/paths/~1notes/get"
}

// path is a template of the document.
type path struct {
	segments []string // decoded; "{name}" is a parameter
	item     node
}

const documentURL = "urn:openapi"

// ParseDocument reads a document in JSON. Undocumented are paths that it
// leaves out on purpose, as "/" and "/assets/*"; /docs and /openapi.* always
// are. The error says why it is no OpenAPI 3.1 document.
func ParseDocument(data []byte, undocumented ...string) (*Document, error) {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("the document is no JSON: %w", err)
	}
	d := &Document{root: node{value: value}, schemas: map[string]*jsonschema.Schema{}}
	if version, _ := d.root.get("openapi").value.(string); !strings.HasPrefix(version, "3.1.") {
		return nil, fmt.Errorf("the document is of OpenAPI %q, not 3.1", version)
	}
	d.ignore = append([]string{"/docs", "/docs/*", "/openapi.json", "/openapi.yaml"}, undocumented...)
	d.compiler = jsonschema.NewCompiler()
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource(documentURL, value); err != nil {
		return nil, err
	}
	for name, item := range d.root.get("paths").members() {
		d.paths = append(d.paths, path{split(name), item})
	}
	// The more segments are fixed, the better a template fits.
	slices.SortFunc(d.paths, func(a, b path) int { return strings.Compare(a.order(), b.order()) })
	return d, nil
}

// split are the decoded segments of a path.
func split(path string) []string {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range segments {
		if decoded, err := url.PathUnescape(s); err == nil {
			segments[i] = decoded
		}
	}
	return segments
}

func isParameter(segment string) bool { return strings.HasPrefix(segment, "{") }

// order puts fixed segments before parameters, from left to right.
func (p path) order() string {
	var b strings.Builder
	for _, s := range p.segments {
		if isParameter(s) {
			s = "\uffff"
		}
		b.WriteString(s + "/")
	}
	return b.String()
}

// match is the values of the parameters of a path; false for another path.
func (p path) match(segments []string) (map[string]string, bool) {
	if len(p.segments) != len(segments) {
		return nil, false
	}
	values := map[string]string{}
	for i, s := range p.segments {
		switch {
		case isParameter(s) && segments[i] != "":
			values[strings.Trim(s, "{}")] = segments[i]
		case s != segments[i]:
			return nil, false
		}
	}
	return values, true
}

// find is the item of the path that serves a request's, and the values of its
// parameters. Of several templates the first with the method is it.
func (d *Document) find(method, requestPath string) (item node, values map[string]string, known bool) {
	segments := split(requestPath)
	for _, p := range d.paths {
		v, ok := p.match(segments)
		switch {
		case !ok:
		case p.item.get(strings.ToLower(method)).value != nil:
			return p.item, v, true
		case !known:
			item, values, known = p.item, v, true
		}
	}
	return item, values, known
}

func (d *Document) ignores(path string) bool {
	return slices.ContainsFunc(d.ignore, func(pattern string) bool {
		prefix, open := strings.CutSuffix(pattern, "*")
		return path == pattern || open && strings.HasPrefix(path, prefix)
	})
}

// get is the member of an object; the zero value where there is none.
func (n node) get(name string) node {
	object, _ := n.value.(map[string]any)
	return node{object[name], n.at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)}
}

// members are those of an object by name.
func (n node) members() map[string]node {
	object, _ := n.value.(map[string]any)
	all := make(map[string]node, len(object))
	for name := range object {
		all[name] = n.get(name)
	}
	return all
}

// elements are those of an array.
func (n node) elements() []node {
	list, _ := n.value.([]any)
	all := make([]node, len(list))
	for i, v := range list {
		all[i] = node{v, fmt.Sprint(n.at, "/", i)}
	}
	return all
}

// resolved is what n refers to, else n.
func (d *Document) resolved(n node) node {
	for range 8 {
		ref, ok := n.get("$ref").value.(string)
		if !ok {
			break
		}
		to := d.root
		for token := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			to = to.get(strings.NewReplacer("~1", "/", "~0", "~").Replace(token))
		}
		n = to
	}
	return n
}

// schema is the compiled schema at n.
func (d *Document) schema(n node) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.schemas[n.at]; s != nil {
		return s, nil
	}
	s, err := d.compiler.Compile(documentURL + "#" + (&url.URL{Path: n.at}).EscapedPath())
	if err == nil {
		d.schemas[n.at] = s
	}
	return s, err
}

// validate says why the schema at n refuses a value.
func (d *Document) validate(n node, value any) error {
	s, err := d.schema(n)
	if err != nil {
		return fmt.Errorf("the document's schema at %s is broken: %w", n.at, err)
	}
	var refused *jsonschema.ValidationError
	if err = s.Validate(value); errors.As(err, &refused) {
		return fmt.Errorf("%s", strings.ReplaceAll(refused.Error(), documentURL, ""))
	}
	return err
}

// operation is the method's of a path, with the parameters that the path's
// item has for all.
func operation(item node, method string) (op node, parameters []node, ok bool) {
	if method == http.MethodHead && item.get("head").value == nil {
		method = http.MethodGet
	}
	op = item.get(strings.ToLower(method))
	parameters = append(item.get("parameters").elements(), op.get("parameters").elements()...)
	return op, parameters, op.value != nil
}
