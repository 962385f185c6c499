package validate_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/internal/validate"
	"github.com/joinery-go/joinery/registry"
)

type stamp struct {
	Note string `json:"note"`
}

type meta struct {
	Title string `json:"title" validate:"required"`
}

type report struct {
	base
	stamp
	Title string `json:"title" validate:"required"`
	Lead  string `json:"lead" validate:"min=2"`
	Meta  meta   `json:"meta"`
	Any   any    `json:"any"`
	Part  query.Opt[registry.Named]
}

// Only the named fields are looked at, with all that they hold, whatever the
// fields in there are called.
func TestFields(t *testing.T) {
	t.Parallel()
	v := validate.New()
	for name, test := range map[string]struct {
		names []string
		want  []string
	}{
		"none":           {nil, nil},
		"one":            {[]string{"Lead"}, []string{"/lead"}},
		"embedded":       {[]string{"Owner", "Note"}, []string{"/owner"}},
		"of a same name": {[]string{"Meta"}, []string{"/meta/title"}},
		"what any holds": {[]string{"Any"}, []string{"/any/title"}},
		"several":        {[]string{"Title", "Lead"}, []string{"/title", "/lead"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			var got []string
			for _, p := range v.Fields(&report{Any: meta{}}, test.names) {
				got = append(got, p.Pointer)
			}
			is.Equal(got, test.want)
		})
	}
}

// What a type does not tell is looked for in the value.
func TestStructsBehindInterfaces(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	v := validate.New()
	type box struct {
		Any any `json:"any"`
	}
	is.Equal(len(v.Struct(box{})), 0)
	is.Equal(len(v.Struct(box{meta{}})), 1)
	is.Equal(len(v.Struct(stamp{})), 0)
	is.Equal(len(v.Fields(stamp{}, []string{"Note"})), 0)
}
