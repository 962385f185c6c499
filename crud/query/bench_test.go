package query_test

import (
	"net/url"
	"testing"

	"github.com/joinery-go/joinery/crud/query"
)

func threeLeaves() query.Query {
	return query.Query{
		Filter: query.And(query.Eq("status", "open"), query.Gte("priority", "3"), query.Contains("title", "ship")),
		Sort:   []string{"-priority"},
	}
}

func BenchmarkResolve(b *testing.B) {
	m, q := notes(b), threeLeaves()
	b.ReportAllocs()
	for b.Loop() {
		_, _ = query.Resolve(m, q)
	}
}

func BenchmarkShape(b *testing.B) {
	r := resolve(b, notes(b), threeLeaves())
	b.ReportAllocs()
	for b.Loop() {
		_ = r.Shape()
	}
}

func BenchmarkEncodeCursor(b *testing.B) {
	r := resolve(b, notes(b), threeLeaves())
	key := []any{int64(3), someID}
	b.ReportAllocs()
	for b.Loop() {
		_ = query.EncodeCursor(r, key)
	}
}

func BenchmarkResolveWithCursor(b *testing.B) {
	m, q := notes(b), threeLeaves()
	q.After = query.EncodeCursor(resolve(b, m, q), []any{int64(3), someID})
	b.ReportAllocs()
	for b.Loop() {
		_, _ = query.Resolve(m, q)
	}
}

func BenchmarkParseURL(b *testing.B) {
	m := notes(b)
	v, _ := url.ParseQuery("status=open&priority.gte=3&title.contains=ship&sort=-priority&limit=20")
	b.ReportAllocs()
	for b.Loop() {
		_, _ = query.ParseURL(m, v)
	}
}
