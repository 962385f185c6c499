package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/internal/strictjson"
)

// buffers are reused for bodies in both directions.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 4096); return &b }}

// maxKept is the largest buffer that is kept for the next request.
const maxKept = 64 << 10

func release(b *[]byte, grown []byte) {
	if cap(grown) <= maxKept {
		*b = grown[:0]
		buffers.Put(b)
	}
}

// body reads the request's body of one of the given types, up to the limit.
func (c *call) body(types ...string) ([]byte, error) {
	if c.r.ContentLength > c.api.opts.MaxBody {
		return nil, c.tooLarge()
	}
	if c.r.ContentLength == 0 {
		return nil, noBody()
	}
	if err := checkContentType(c.r, types...); err != nil {
		return nil, err
	}
	data, err := c.readBody()
	if err == nil && len(data) == 0 {
		err = noBody()
	}
	return data, err
}

func noBody() error {
	return malformedBody("", "required", "the body is missing: send a JSON document")
}

// readBody reads the request's body, whatever it is, up to the limit.
func (c *call) readBody() ([]byte, error) {
	if c.r.ContentLength > c.api.opts.MaxBody {
		return nil, c.tooLarge()
	}
	data, err := readAll(http.MaxBytesReader(c.w, c.r.Body, c.api.opts.MaxBody), c.r.ContentLength)
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, c.tooLarge()
	case err != nil:
		return nil, malformedBody("", "incomplete", "the body ended before it was complete")
	}
	return data, nil
}

// hasBody reports whether the request brings a body at all. Where no length is
// announced, the first byte tells.
func (c *call) hasBody() bool {
	if c.r.ContentLength >= 0 {
		return c.r.ContentLength > 0
	}
	body, first := c.r.Body, make([]byte, 1)
	if _, err := io.ReadFull(body, first); errors.Is(err, io.EOF) {
		c.r.ContentLength = 0
		return false
	}
	c.r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(first), body), body}
	return true
}

// readAll is io.ReadAll with room for the length announced, where it is small
// enough to believe.
func readAll(r io.Reader, announced int64) ([]byte, error) {
	var buf bytes.Buffer
	if announced > 0 && announced <= maxKept {
		buf.Grow(int(announced) + bytes.MinRead)
	}
	_, err := buf.ReadFrom(r)
	return buf.Bytes(), err
}

// tooLarge refuses a body, and closes the connection rather than read what is
// left of it.
func (c *call) tooLarge() error {
	c.w.Header().Set("Connection", "close")
	return withStatus(http.StatusRequestEntityTooLarge, joinery.Malformed, "body_too_large",
		"The body is larger than "+strconv.FormatInt(c.api.opts.MaxBody, 10)+" bytes.")
}

// decode reads data into dst, strictly. Every problem comes at once, its
// pointer below prefix.
func decode(data []byte, dst any, prefix string) error {
	fields := strictjson.Decode(data, dst)
	if len(fields) == 0 {
		return nil
	}
	for i := range fields {
		fields[i].Pointer = prefix + fields[i].Pointer
	}
	return malformedFields(fields)
}

func malformedFields(fields []joinery.FieldError) error {
	return &joinery.Error{Kind: joinery.Malformed, Code: "malformed_body", Message: "The body cannot be read.", Fields: fields}
}

// isArray reports whether the JSON text is an array.
func isArray(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	return len(data) > 0 && data[0] == '['
}

// cut blanks the member with the given name out of a JSON object, in place,
// and returns its value. Text that is no valid object stays as it is, for the
// decoder to complain about; of a member that occurs twice the second stays.
func cut(data []byte, name string) (value []byte, found bool) {
	if !json.Valid(data) || isArray(data) {
		return nil, false
	}
	start, end, at := findMember(data, name)
	if start < 0 {
		return nil, false
	}
	value = bytes.Clone(bytes.TrimSpace(data[at:end]))
	// Blank one comma too: the one behind, or for the last member the one before.
	if next := skipSpace(data, end); data[next] == ',' {
		end = next + 1
	} else if prev := skipBack(data, start); data[prev] == ',' {
		start = prev
	}
	for i := start; i < end; i++ {
		data[i] = ' '
	}
	return value, true
}

// findMember finds a member of the valid JSON object: where its key starts,
// where its value ends and where it starts. Start is -1 where there is none.
func findMember(data []byte, name string) (start, end, value int) {
	i := skipSpace(data, 0)
	if i >= len(data) || data[i] != '{' {
		return -1, 0, 0
	}
	for i = skipSpace(data, i+1); data[i] == '"'; i = skipSpace(data, i+1) {
		key := i
		i = skipString(data, i)
		matches := keyIs(data[key:i], name)
		value = skipSpace(data, skipSpace(data, i)+1) // past the colon
		i = skipValue(data, value)
		if matches {
			return key, i, value
		}
		if i = skipSpace(data, i); data[i] != ',' {
			break
		}
	}
	return -1, 0, 0
}

func keyIs(quoted []byte, name string) bool {
	if !bytes.ContainsRune(quoted, '\\') {
		return string(quoted[1:len(quoted)-1]) == name
	}
	var key string
	return json.Unmarshal(quoted, &key) == nil && key == name
}

func skipSpace(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\t' || data[i] == '\r' || data[i] == '\n') {
		i++
	}
	return i
}

// skipBack is the last position before i that is no space.
func skipBack(data []byte, i int) int {
	for i--; i > 0 && (data[i] == ' ' || data[i] == '\t' || data[i] == '\r' || data[i] == '\n'); i-- {
	}
	return i
}

func skipString(data []byte, i int) int {
	for i++; data[i] != '"'; i++ {
		if data[i] == '\\' {
			i++
		}
	}
	return i + 1
}

func skipValue(data []byte, i int) int {
	depth := 0
	for ; i < len(data); i++ {
		switch data[i] {
		case '"':
			i = skipString(data, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			depth--
		case ',':
			if depth == 0 {
				return i
			}
		}
		if depth == 0 && (data[i] == '"' || data[i] == '}' || data[i] == ']') {
			return i + 1
		}
	}
	return i
}

// cutVersion takes the member "version" out of an object, so that the decoder
// does not meet it. A model without versions has no such member.
func (m *mounted) cutVersion(data []byte, prefix string) (version int64, found bool, err error) {
	if m.model.Version == nil {
		return 0, false, nil
	}
	value, found := cut(data, "version")
	if !found {
		return 0, false, nil
	}
	if start, _, _ := findMember(data, "version"); start >= 0 {
		cut(data, "version")
		return 0, false, malformedBody(prefix+"/version", "duplicate_key", "must occur once in its object")
	}
	v, ok := parseVersion(string(value))
	if !ok {
		return 0, false, badVersion(prefix)
	}
	return v, true, nil
}

func badVersion(prefix string) error {
	return malformedBody(prefix+"/version", "wrong_type", "must be the version that was read, a positive integer")
}
