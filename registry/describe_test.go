package registry_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
	"github.com/matryer/is"
)

func TestDescribeIsGolden(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var first, second bytes.Buffer
	is.NoErr(newRegistry().Describe(&first))
	is.NoErr(newRegistry().Describe(&second))
	is.Equal(first.String(), second.String())
	golden(t, filepath.Join("testdata", "describe", "app", "registry.json"), first.String())
}

func TestPolicyDefaults(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	is.Equal(registry.Policy{}.NeededInTeam(), joinery.Edit)
	is.Equal(registry.Policy{CreateUnder: joinery.View}.NeededUnder(), joinery.View)
}

func TestWordsOfTheVocabulary(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	is.Equal(registry.Decimal.String(), "decimal")
	is.Equal(registry.Kind(0).String(), "invalid")
	is.Equal(registry.Hidden.String(), "hidden")
	is.Equal(registry.SetNull.String(), "setnull")
	is.Equal(registry.SchemaSearch.String(), "search")
}
