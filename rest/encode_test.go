package rest_test

import (
	"context"
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"
	"pgregory.net/rapid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

type level string

type inner struct {
	A int    `json:"a"`
	B string `json:"b,omitempty"`
}

// Kinds has a field of every kind that a row can have.
type Kinds struct {
	registry.Entity
	registry.SoftDelete
	Text     string                `json:"text"`
	Level    level                 `json:"level"`
	Flag     bool                  `json:"flag"`
	Int      int                   `json:"int"`
	Int8     int8                  `json:"int8"`
	Int64    int64                 `json:"int64"`
	Uint     uint16                `json:"uint"`
	Float    float64               `json:"float"`
	Float32  float32               `json:"float32"`
	At       time.Time             `json:"at"`
	MaybeAt  *time.Time            `json:"maybe_at"`
	Owner    *uuid.UUID            `json:"owner"`
	Ref      registry.Ref[Project] `json:"ref" ref:"projects"`
	MaybeRef *registry.Ref[Kinds]  `json:"maybe_ref" ref:"self"`
	MaybeStr *string               `json:"maybe_str"`
	MaybeInt *int64                `json:"maybe_int"`
	Empty    string                `json:"empty,omitempty"`
	EmptyInt int                   `json:"empty_int,omitempty"`
	Zero     time.Time             `json:"zero,omitzero"`
	Can      joinery.Actions       `json:"can"`
	Raw      json.RawMessage       `json:"raw"`
	Map      map[string]any        `json:"map"`
	Strings  []string              `json:"strings"`
	Inner    inner                 `json:"inner"`
	Inners   []inner               `json:"inners,omitempty"`
}

func kindsGen() *rapid.Generator[Kinds] {
	return rapid.Custom(func(t *rapid.T) Kinds {
		text := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("<>&\"\\\b\f\n\r\t\x00\x1f\x7f\u2028\u2029\ufffdé😀a")), 0, 8, -1),
			rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 8), func(b []byte) string { return string(b) }))
		at := rapid.Map(rapid.Int64Range(-62135596800, 253402300799), func(s int64) time.Time { return time.Unix(s, s%1000*1000).UTC() })
		id := rapid.Map(rapid.SliceOfN(rapid.Byte(), 16, 16), func(b []byte) uuid.UUID { return uuid.UUID(b) })
		k := Kinds{
			Text: text.Draw(t, "text"), Level: level(text.Draw(t, "level")), Flag: rapid.Bool().Draw(t, "flag"),
			Int: rapid.Int().Draw(t, "int"), Int8: rapid.Int8().Draw(t, "int8"), Int64: rapid.Int64().Draw(t, "int64"), Uint: rapid.Uint16().Draw(t, "uint"),
			Float: rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64).Draw(t, "float"), Float32: rapid.Float32Range(-math.MaxFloat32, math.MaxFloat32).Draw(t, "float32"),
			At: at.Draw(t, "at"), MaybeAt: rapid.Ptr(at, true).Draw(t, "maybe_at"), Owner: rapid.Ptr(id, true).Draw(t, "owner"),
			Ref: registry.Ref[Project](id.Draw(t, "ref")), MaybeStr: rapid.Ptr(text, true).Draw(t, "maybe_str"), MaybeInt: rapid.Ptr(rapid.Int64(), true).Draw(t, "maybe_int"),
			Empty: text.Draw(t, "empty"), EmptyInt: rapid.IntRange(0, 2).Draw(t, "empty_int"), Zero: rapid.OneOf(rapid.Just(time.Time{}), at).Draw(t, "zero"),
			Can:     joinery.Actions(rapid.Uint8Range(0, 63).Draw(t, "can")),
			Map:     rapid.MapOfN(rapid.String(), rapid.Map(text, func(s string) any { return s }), 0, 3).Draw(t, "map"),
			Strings: rapid.SliceOfN(text, 0, 3).Draw(t, "strings"), Inner: inner{B: text.Draw(t, "inner")},
			Raw: rapid.SampledFrom([]json.RawMessage{nil, json.RawMessage(`{ "a" : [1, "<"] }`), json.RawMessage(`null`)}).Draw(t, "raw"),
		}
		k.ID, k.Version, k.CreatedAt, k.DeletedAt = id.Draw(t, "id"), 1, at.Draw(t, "created"), rapid.Ptr(at, true).Draw(t, "deleted")
		return k
	})
}

// kindsAPI serves one row, whichever is in it.
func kindsAPI(t testing.TB) (*rest.API, *Kinds) {
	t.Helper()
	row := &Kinds{}
	reg := registry.New(nil)
	registry.MustAdd[Project](reg)
	registry.MustAdd[Note](reg)
	api := rest.New(nil, &rest.Options{Auth: byHeader, Log: discard(), NoAccessLog: true, Registry: reg})
	must(t, rest.MountOps(api, "/kinds", rest.Ops[Kinds, struct{}, struct{}]{
		Get: func(context.Context, uuid.UUID, ...query.GetOption) (Kinds, error) { return *row, nil },
		List: func(context.Context, query.Query) (query.Page[Kinds], error) {
			return query.Page[Kinds]{Items: []Kinds{*row}}, nil
		},
	}, nil))
	return api, row
}

// TestRowsAreWrittenAsEncodingJSONDoes compares the plan's bytes, field by
// field and as a whole.
func TestRowsAreWrittenAsEncodingJSONDoes(t *testing.T) {
	t.Parallel()
	api, row := kindsAPI(t)
	gen := kindsGen()
	rapid.Check(t, func(rt *rapid.T) {
		*row = gen.Draw(rt, "row")
		want, err := json.Marshal(row)
		if err != nil {
			rt.Fatal(err)
		}
		got := do(t, api, "GET", "/kinds/"+id1, "")
		if got.body != string(want) {
			rt.Fatalf("got  %s\nwant %s", got.body, want)
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(want, &fields); err != nil {
			rt.Fatal(err)
		}
		one := do(t, api, "GET", "/kinds/"+id1+"?fields=text", "")
		if one.body != `{"text":`+string(fields["text"])+`}` {
			rt.Fatalf("one field: %s", one.body)
		}
	})
}

func TestEdgesOfNumbers(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	api, row := kindsAPI(t)
	for _, f := range []float64{0, math.Copysign(0, -1), 1e-7, 1e-6, 9.99e-7, 1e20, 1e21, 1e-10, 123456789.125, math.SmallestNonzeroFloat64, math.MaxFloat64, 0.1, 100} {
		row.Float, row.Float32 = f, float32(math.Min(f, math.MaxFloat32))
		want, err := json.Marshal(row)
		must(t, err)
		is.Equal(do(t, api, "GET", "/kinds/"+id1, "").body, string(want))
	}
	row.Float = math.NaN()
	got := do(t, api, "GET", "/kinds/"+id1, "")
	is.Equal(got.StatusCode, 500) // not half a row
	got.problem(t)
	row.Float, row.At = 0, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	is.Equal(do(t, api, "GET", "/kinds/"+id1, "").StatusCode, 500)
}

func FuzzStrings(f *testing.F) {
	api, row := kindsAPI(f)
	for _, s := range []string{"", "<a href=\"x\">&</a>", "\u2028\u2029", "\xff\xfe", "a\xc3", "\x00\x1f\x7f", "\\\"\b\f\n\r\t", "😀"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		row.Text = s
		want, err := json.Marshal(s)
		must(t, err)
		if got := do(t, api, "GET", "/kinds/"+id1+"?fields=text", ""); got.body != `{"text":`+string(want)+`}` {
			t.Errorf("%q: %s", s, got.body)
		}
	})
}

func FuzzBodies(f *testing.F) {
	a := mounted(f, nil)
	for _, s := range []string{`{}`, `[]`, `{"version":1}`, `{"items":[]}`, `{"items":[{"id":"` + id1 + `","version":1}]}`, `{"a":{"version":1}}`, `{"\u0076ersion":1,"version":2}`, "{\"version\":\t1 ,\"title\":\"}\"}"} {
		f.Add("PATCH", s)
		f.Add("POST", s)
	}
	f.Fuzz(func(t *testing.T, method, body string) {
		if body == "" {
			return
		}
		for _, path := range []string{"/v1/notes", notePath1} {
			for _, m := range []string{"POST", "PATCH", "PUT", "DELETE"} {
				if got := do(t, a.api, m, path, body); got.StatusCode >= 500 && got.StatusCode != 501 {
					t.Errorf("%s %s %q: %d %s", m, path, body, got.StatusCode, got.body)
				}
			}
		}
	})
}
