package resttest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Exchange is a request and its answer, each with the whole body.
type Exchange struct {
	Method        string
	URL           *url.URL // path and query
	RequestHeader http.Header
	RequestBody   []byte // empty: none

	Status int // of the answer, as the two below
	Header http.Header
	Body   []byte // empty: none
}

const typeProblem = "application/problem+json"

// Check says in how far an exchange breaks what the document promises, one
// sentence for each breach; nil: not at all. Of the answer everything counts.
// Of the request it counts that it was served: what the document forbids must
// have been refused.
func (d *Document) Check(x Exchange) []string {
	plain, err := x.unpacked()
	if err != nil {
		return []string{"the answer's body cannot be unpacked: " + err.Error()}
	}
	c := check{d: d, x: plain}
	c.run()
	return c.breaches
}

// maxUnpacked is the most that a body is unpacked to, in bytes.
const maxUnpacked = 64 << 20

// unpacked is the exchange without the compression of its answer.
func (x Exchange) unpacked() (Exchange, error) {
	switch encoding := x.Header.Get("Content-Encoding"); {
	case len(x.Body) == 0 || encoding == "" || encoding == "identity":
		return x, nil
	case encoding != "gzip":
		return x, fmt.Errorf("Content-Encoding %q is none that is known here", encoding)
	}
	packed, err := gzip.NewReader(bytes.NewReader(x.Body))
	if err != nil {
		return x, err
	}
	x.Body, err = io.ReadAll(io.LimitReader(packed, maxUnpacked))
	return x, err
}

// check is one comparison.
type check struct {
	d        *Document
	x        Exchange
	breaches []string
}

func (c *check) breach(format string, args ...any) {
	c.breaches = append(c.breaches, fmt.Sprintf(format, args...))
}

func (c *check) run() {
	if c.d.ignores(c.x.URL.Path) {
		return
	}
	item, values, known := c.d.find(c.x.Method, c.x.URL.EscapedPath())
	if !known {
		c.refused("the document has no such path", http.StatusNotFound)
		return
	}
	op, parameters, ok := operation(item, c.x.Method)
	switch {
	case !ok && c.x.Method == http.MethodOptions:
		return
	case !ok:
		c.refused("the document has no such method here", http.StatusMethodNotAllowed)
		return
	}
	c.answer(op)
	if c.x.Status < 300 {
		c.request(op, parameters, values)
	}
}

// refused expects an answer for what the document does not know. Limits and
// credentials may be looked at before the path.
func (c *check) refused(why string, want int) {
	switch c.x.Status {
	case want, http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge, http.StatusNotFound:
	default:
		c.breach("%s, but the status is %d, not %d", why, c.x.Status, want)
	}
	if c.x.Status >= 400 && c.x.Method != http.MethodHead && mediaOf(c.x.Header) != typeProblem {
		c.breach("the refusal is %q, not %s", c.x.Header.Get("Content-Type"), typeProblem)
	}
	if c.x.Status == http.StatusMethodNotAllowed && c.x.Header.Get("Allow") == "" {
		c.breach("a 405 must have Allow")
	}
}

// answer compares the answer with what the operation says of its status.
func (c *check) answer(op node) {
	responses := op.get("responses")
	response := c.d.resolved(responses.get(strconv.Itoa(c.x.Status)))
	if response.value == nil {
		response = c.d.resolved(responses.get("default"))
	}
	if response.value == nil {
		c.breach("the document names no status %d for this operation", c.x.Status)
		return
	}
	c.headers(response.get("headers"))
	switch content := response.get("content"); {
	case c.x.Method == http.MethodHead:
	case len(content.members()) == 0:
		if len(c.x.Body) > 0 {
			c.breach("the document promises no body")
		}
	default:
		c.body("the answer's body", content, c.x.Header, c.x.Body)
	}
}

// headers compares those that the document describes and that came.
func (c *check) headers(described node) {
	for name, header := range described.members() {
		header = c.d.resolved(header)
		value := c.x.Header.Get(name)
		if value == "" {
			if header.get("required").value == true {
				c.breach("the header %s is missing", name)
			}
			continue
		}
		if err := c.text(header.get("schema"), value); err != nil {
			c.breach("the header %s: %v", name, err)
		}
	}
}

// body compares a body with the media types that it may have.
func (c *check) body(what string, content node, h http.Header, body []byte) {
	media := mediaOf(h)
	described := content.get(media)
	if described.value == nil {
		described = content.get("*/*")
	}
	switch {
	case len(body) == 0:
		c.breach("%s is missing", what)
		return
	case described.value == nil:
		c.breach("%s is of type %q, which the document does not name", what, h.Get("Content-Type"))
		return
	case !isJSON(media) || described.get("schema").value == nil:
		return
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		c.breach("%s is no JSON: %v", what, err)
		return
	}
	if err := c.d.validate(described.get("schema"), value); err != nil {
		c.breach("%s is not what the document says: %v", what, err)
	}
}

// request compares a request that was served.
func (c *check) request(op node, parameters []node, path map[string]string) {
	c.parameters(parameters, path)
	body := c.d.resolved(op.get("requestBody"))
	switch {
	case len(c.x.RequestBody) > 0 && body.value == nil:
		c.breach("a body was taken where the document has none")
	case len(c.x.RequestBody) > 0:
		c.body("the request's body", body.get("content"), c.x.RequestHeader, c.x.RequestBody)
	case body.get("required").value == true:
		c.breach("a request without the required body was served")
	}
}

func mediaOf(h http.Header) string {
	media, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return media
}

func isJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}
