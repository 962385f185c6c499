package sample_test

import (
	"testing"

	"github.com/joinery-go/joinery/registry/internal/sample"
	"github.com/matryer/is"
)

type schema = map[string]any

func TestExamplesLookTheirPart(t *testing.T) {
	t.Parallel()
	cases := []struct {
		field  string
		schema schema
		want   any
	}{
		{"email", schema{"type": "string"}, "ada@example.com"},
		{"contactEmail", schema{"type": "string", "format": "email"}, "ada@example.com"},
		{"price", schema{"type": "string", "pattern": `^-?[0-9]{1,10}(\.[0-9]{1,2})?$`}, "12.50"},
		{"price", schema{"type": "number"}, 12.5},
		{"price_cents", schema{"type": "integer"}, int64(1250)},
		{"anything", schema{"type": "string", "format": "uuid"}, "0198f2a4-6c1e-7b3d-9f20-5a7c81d0e2b4"},
		{"due_at", schema{"type": []any{"string", "null"}, "format": "date-time"}, "2026-01-02T15:04:05Z"},
		{"home", schema{"type": "string", "anyOf": []any{schema{"const": ""}, schema{"format": "uri"}}}, "https://example.com/notes"},
		{"status", schema{"type": "string", "enum": []any{"todo", "done"}}, "todo"},
		{"x", schema{"const": "only"}, "only"},
		{"title", schema{"type": "string", "maxLength": int64(4)}, "Ship"},
		{"title", schema{"type": "string", "minLength": int64(9)}, "Ship itShip it"[:9]},
		{"n", schema{"type": "integer", "minimum": int64(100)}, int64(100)},
		{"n", schema{"type": "integer", "exclusiveMinimum": int64(100), "maximum": int64(101)}, int64(101)},
		{"n", schema{"type": "integer", "maximum": int64(-5)}, int64(-5)},
		{"r", schema{"type": "number", "exclusiveMinimum": 0.0, "exclusiveMaximum": 0.5}, 0.25},
		{"ok", schema{"type": "boolean"}, false},
		{"tags", schema{"type": "array", "minItems": int64(2), "items": schema{"type": "string"}}, []any{"urgent", "urgent"}},
		{"meta", schema{"type": "object"}, schema{}},
	}
	for _, c := range cases {
		t.Run(c.field, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			got, ok := sample.Of(c.field, c.schema)
			is.True(ok)
			is.Equal(got, c.want)
			is.NoErr(sample.Check(c.schema, got))
		})
	}
}

func TestNoExampleIsBetterThanAWrongOne(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	for _, s := range []schema{
		{},
		{"type": "string", "pattern": "^q{7}$"},
		{"type": "integer", "minimum": int64(5), "maximum": int64(4)},
		{"type": "array", "minItems": int64(2), "uniqueItems": true, "items": schema{"type": "boolean"}},
	} {
		v, ok := sample.Of("x", s)
		is.True(!ok) // no example
		is.Equal(v, nil)
	}
}

func TestCheckKnowsTheKeywords(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		schema schema
		bad    any
	}{
		"type":      {schema{"type": "string"}, int64(1)},
		"union":     {schema{"type": []any{"string", "null"}}, true},
		"fraction":  {schema{"type": "integer"}, 1.5},
		"enum":      {schema{"enum": []any{int64(1)}}, int64(2)},
		"const":     {schema{"const": "a"}, "b"},
		"minLength": {schema{"minLength": int64(2)}, "é"},
		"maxLength": {schema{"maxLength": int64(1)}, "ab"},
		"pattern":   {schema{"pattern": "^a$"}, "b"},
		"uuid":      {schema{"format": "uuid"}, "x"},
		"date-time": {schema{"format": "date-time"}, "2026-01-02"},
		"date":      {schema{"format": "date"}, "x"},
		"email":     {schema{"format": "email"}, "Ada <ada@example.com>"},
		"uri":       {schema{"format": "uri"}, "/path"},
		"ipv4":      {schema{"format": "ipv4"}, "::1"},
		"minimum":   {schema{"minimum": int64(2)}, int64(1)},
		"maximum":   {schema{"maximum": 0.5}, 0.6},
		"above":     {schema{"exclusiveMinimum": int64(2)}, int64(2)},
		"below":     {schema{"exclusiveMaximum": int64(2)}, int64(2)},
		"minItems":  {schema{"minItems": int64(1)}, []any{}},
		"maxItems":  {schema{"maxItems": int64(0)}, []any{"a"}},
		"unique":    {schema{"uniqueItems": true}, []any{"a", "a"}},
		"items":     {schema{"items": schema{"type": "string"}}, []any{nil}},
		"anyOf":     {schema{"anyOf": []any{schema{"const": ""}, schema{"format": "uri"}}}, "x"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is.New(t).True(sample.Check(c.schema, c.bad) != nil)
		})
	}
}
