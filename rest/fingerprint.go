package rest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"maps"
	"slices"

	"github.com/joinery-go/joinery"
)

// digest hashes texts, each with its length, so that no two lists of texts
// look the same.
type digest struct{ hash.Hash }

func newDigest() digest { return digest{sha256.New()} }

func (d digest) add(texts ...string) {
	d.count(len(texts))
	for _, text := range texts {
		d.count(len(text))
		_, _ = d.Write([]byte(text)) // a hash never fails
	}
}

func (d digest) count(n int) {
	_, _ = d.Write(binary.BigEndian.AppendUint64(nil, uint64(n)))
}

func (d digest) text() string { return base64.RawURLEncoding.EncodeToString(d.Sum(nil)) }

// ownKey is the client's key as one of the caller's own on the route. A caller
// whose scope is narrower is another one: it must not be answered what it could
// not have asked.
func ownKey(c *call, a joinery.Actor, key string) string {
	d := newDigest()
	d.add(a.Kind.String(), a.ID.String(), c.route.method, c.route.path, key)
	if a.Scope != nil {
		tables := slices.Sorted(maps.Keys(a.Scope))
		d.add(tables...)
		for _, table := range tables {
			d.count(int(a.Scope[table]))
		}
	}
	return d.text()
}

// fingerprint tells one request from another: by path, query, body and those
// headers that decide what happens.
func fingerprint(c *call, headers []string, body []byte) string {
	d := newDigest()
	d.add(c.path...)
	d.add(c.r.URL.RawQuery, string(body))
	d.add(c.r.Header["If-Match"]...)
	for _, name := range headers {
		d.add(c.r.Header.Values(name)...)
	}
	return d.text()
}
