package query

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// A cursor is base64url of: a version, 8 bytes of a hash over model, sort and
// filter, the values of the sort keys, 8 bytes of a hash over all that. The
// hashes are there against mistakes, not against an attacker, who could make
// up a cursor but gains nothing by it: its values are only ever compared with.
const (
	cursorVersion = 1
	hashSize      = 8
	maxCursor     = 64 << 10 // characters
)

// EncodeCursor is the cursor at the row whose values of r.Sort are key, in the
// form of registry.Column.Value. It is good for Query.After and Query.Before of
// any query with the same model, sort and filter. It panics where key does not
// fit r.Sort, which a row of the model cannot bring about.
func EncodeCursor(r *Resolved, key []any) string {
	if len(key) != len(r.Sort) {
		panic("query: EncodeCursor needs a value for each sort key")
	}
	var room [256]byte
	b := append(room[:0], cursorVersion)
	b = append(b, scope(r)...)
	for _, v := range key {
		b = appendValue(b, v)
	}
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(append(b, sum[:hashSize]...))
}

// scope is what a cursor is bound to.
func scope(r *Resolved) []byte {
	var room [512]byte
	b := append(room[:0], r.Model.Table...)
	b = append(b, 0, yes(r.Deleted))
	b = appendSort(b, r.Sort)
	b = appendNode(b, r.Filter)
	b = appendNodeValues(b, r.Filter)
	sum := sha256.Sum256(b)
	return append([]byte(nil), sum[:hashSize]...)
}

func appendNodeValues(b []byte, n *Node) []byte {
	switch {
	case n == nil:
		return b
	case !n.Op.groups():
		return appendValue(b, n.Value)
	}
	for _, inner := range n.Nodes {
		b = appendNodeValues(b, inner)
	}
	return b
}

// appendValue writes a typed value so that no two of one type look alike.
func appendValue(b []byte, v any) []byte {
	if v == nil {
		return append(b, 0)
	}
	b = append(b, 1)
	switch v := v.(type) {
	case string:
		return append(binary.AppendUvarint(b, uint64(len(v))), v...)
	case int64:
		return binary.BigEndian.AppendUint64(b, uint64(v))
	case float64:
		return binary.BigEndian.AppendUint64(b, math.Float64bits(v))
	case bool:
		return append(b, yes(v)-'0')
	case time.Time:
		return binary.BigEndian.AppendUint64(b, uint64(v.UnixMicro()))
	case uuid.UUID:
		return append(b, v[:]...)
	case []any:
		b = binary.AppendUvarint(b, uint64(len(v)))
		for _, e := range v {
			b = appendValue(b, e)
		}
		return b
	}
	panic("query: no cursor can hold this value")
}

// cursor sets what q.After or q.Before says.
func (r *resolver) cursor(res *Resolved, q Query) {
	text, at := q.After, "after"
	switch {
	case q.After != "" && q.Before != "":
		r.add("before", "after_and_before", "must not come together with after")
		return
	case q.Before != "":
		text, at, res.Backward = q.Before, "before", true
	case q.After == "":
		return
	}
	key, problem := decodeCursor(res, text, r.early)
	if problem != "" {
		r.add(at, "bad_cursor", "%s", problem)
	}
	res.Cursor = key
}

const damaged = "must be the cursor of a page, complete and unchanged"

// decodeCursor is the key in a cursor of r. A parser asks early, when the
// filter is not what it will be, and cannot tell whose cursor it is.
func decodeCursor(r *Resolved, text string, early bool) (key []any, problem string) {
	if len(text) > maxCursor {
		return nil, damaged
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	// Other texts for the same bytes, with line breaks or loose bits, are damage.
	if err != nil || len(b) < 1+2*hashSize || base64.RawURLEncoding.EncodeToString(b) != text {
		return nil, damaged
	}
	body, check := b[:len(b)-hashSize], b[len(b)-hashSize:]
	if sum := sha256.Sum256(body); string(sum[:hashSize]) != string(check) || body[0] != cursorVersion {
		return nil, damaged
	}
	if early {
		return nil, ""
	}
	if string(body[1:1+hashSize]) != string(scope(r)) {
		return nil, "must be a cursor of this very list: the one given belongs to another filter, sort or model"
	}
	rest := body[1+hashSize:]
	key = make([]any, len(r.Sort))
	for i, k := range r.Sort {
		var ok bool
		if key[i], rest, ok = readValue(k.Column, rest); !ok {
			return nil, damaged
		}
	}
	if len(rest) > 0 {
		return nil, damaged
	}
	return key, ""
}

// readValue reads a value of the column from the beginning of b.
func readValue(c *registry.Column, b []byte) (v any, rest []byte, ok bool) {
	if len(b) == 0 || b[0] > 1 {
		return nil, nil, false
	}
	if b[0] == 0 {
		return nil, b[1:], c.Nullable
	}
	b = b[1:]
	switch c.Kind {
	case registry.Text, registry.Enum, registry.Decimal:
		return readText(c, b)
	case registry.Bool:
		if len(b) < 1 || b[0] > 1 {
			return nil, nil, false
		}
		return b[0] == 1, b[1:], true
	case registry.UUID:
		if len(b) < 16 {
			return nil, nil, false
		}
		return uuid.UUID(b[:16]), b[16:], true
	}
	if len(b) < 8 {
		return nil, nil, false
	}
	v, ok = number(c, binary.BigEndian.Uint64(b))
	return v, b[8:], ok
}

func readText(c *registry.Column, b []byte) (v any, rest []byte, ok bool) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) {
		return nil, nil, false
	}
	s := string(b[size : size+int(n)])
	ok = badText(s) == "" && (c.Kind != registry.Decimal || plainDecimal(s))
	return s, b[size+int(n):], ok
}

// number is what eight bytes of a cursor mean in the column. Made up cursors
// may hold numbers that the database would refuse.
func number(c *registry.Column, bits uint64) (v any, ok bool) {
	switch c.Kind {
	case registry.Int:
		low, high := rangeOf(c.Base())
		return int64(bits), int64(bits) >= low && int64(bits) <= high
	case registry.Float:
		f := math.Float64frombits(bits)
		return f, !math.IsNaN(f) && !math.IsInf(f, 0)
	case registry.Time:
		t := time.UnixMicro(int64(bits)).UTC()
		return t, storable(t)
	}
	return nil, false
}
