package query_test

import (
	"bytes"
	"net/url"
	"testing"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
)

// What is parsed resolves; what is not is Malformed and names a place.
func judge(t *testing.T, q query.Query, err error) {
	if err == nil {
		r, err := query.Resolve(notesModel, q)
		if err != nil {
			t.Fatalf("parsed, but does not resolve: %v", err)
		}
		if r.Shape() == "" || len(r.Sort) == 0 || r.Sort[len(r.Sort)-1].Column != notesModel.ID {
			t.Fatal("incomplete")
		}
		return
	}
	if !joinery.IsKind(err, joinery.Malformed) || len(fields(t, err)) == 0 {
		t.Fatalf("%v is not Malformed", err)
	}
}

var notesModel = notes(&testing.B{})

func FuzzParseURL(f *testing.F) {
	for _, seed := range []string{
		"title.contains=ship&priority.gte=3&sort=-priority&include=project&fields=id,title&limit=50&count=capped&deleted=true",
		`title.in=a\,b,c&due_at.on=2026-11-23&id=0198f3a4-5b6c-7d8e-9f00-112233445566&overdue=1&comments.by.email.null=false`,
		"a[99999999]=", "score=1e309&can=view|edit&price=-1.5", "title=%00", "after=x&before=y", "sort=status,-priority",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		v, _ := url.ParseQuery(raw)
		q, err := query.ParseURL(notesModel, v)
		judge(t, q, err)
	})
}

func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{
		`{"filter":{"title":{"contains":"ship"},"or":[{"priority":{"gte":3}},{"not":{"done":true}}]},"sort":["-priority"],"limit":5}`,
		`{"filter":{"id":{"in":[]},"score":1e309,"can":["view"]},"include":["project.lead"],"fields":["id"],"count":"exact","deleted":true}`,
		`{"filter":{"and":[{"and":[{"and":[{"and":[{"and":[{"and":[]}]}]}]}]}]}}`, `{"after":"x"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		q, err := query.ParseJSON(notesModel, data)
		judge(t, q, err)
	})
}

func FuzzBar38_Cursor(f *testing.F) {
	q := query.Query{Sort: []string{"subtitle"}}
	r, err := query.Resolve(notesModel, q)
	if err != nil {
		f.Fatal(err)
	}
	for _, key := range [][]any{{nil, someID}, {"a", someID}, {"", someID}} {
		f.Add(query.EncodeCursor(r, key))
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		q := q
		q.After = cursor
		r, err := query.Resolve(notesModel, q)
		judge(t, q, err)
		if err == nil && cursor != "" && query.EncodeCursor(r, r.Cursor) != cursor {
			t.Fatal("two cursors for one place")
		}
	})
}

// A cursor with a right checksum comes out of any bytes at all in a key.
func FuzzBar38_CursorKeys(f *testing.F) {
	f.Add("title", []byte{0, 1})
	q := query.Query{Sort: []string{"title"}}
	r, err := query.Resolve(notesModel, q)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string, b []byte) {
		q := q
		q.After = query.EncodeCursor(r, []any{s + string(bytes.ToValidUTF8(b, nil)), someID})
		_, err := query.Resolve(notesModel, q)
		judge(t, q, err)
	})
}
