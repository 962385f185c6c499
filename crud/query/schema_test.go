package query_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// The registry's schema of a search cannot ask this package for the operators:
// it has a list of its own, which must stay the same.
func TestSchemaOfSearchesKnowsTheOperators(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	set := registry.NewComponents("")
	_, err := m.Registry().JSONSchema(m, registry.SchemaSearch, &registry.SchemaOptions{Components: set})
	is.NoErr(err)
	properties := set.Schemas()["NoteFilter"]["properties"].(registry.Schema)
	is.True(properties["overdue"] != nil && properties["or"] != nil)
	for _, c := range m.Columns {
		s, described := properties[c.JSON].(registry.Schema)
		is.Equal(described, c.Visible())
		if !described {
			continue
		}
		if alternatives, ok := s["anyOf"].([]any); ok {
			s = alternatives[1].(registry.Schema)
		}
		var want []string
		for _, o := range query.Operators(c.Kind) {
			want = append(want, string(o))
		}
		slices.Sort(want)
		is.Equal(slices.Sorted(maps.Keys(s["properties"].(registry.Schema))), want)
	}
}
