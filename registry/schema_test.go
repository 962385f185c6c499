package registry_test

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/joinery-go/joinery/registry"
	"github.com/matryer/is"
)

type Line struct {
	Count int     `json:"count" validate:"gte=1"`
	Price float64 `json:"price,omitempty"`
	Next  *Line   `json:"next,omitempty"`
}

type Box[T any] struct {
	Items []T `json:"items"`
}

type PublishIn struct {
	ID     uuid.UUID         `json:"-" path:"id"`
	When   time.Time         `json:"when" validate:"required" doc:"When to publish."`
	Emails []string          `json:"emails" validate:"min=1,dive,email"`
	Lines  []Line            `json:"lines"`
	Mode   string            `json:"mode" validate:"oneof=fast slow" default:"fast"`
	Labels map[string]string `json:"labels,omitempty"`
	Home   string            `json:"home" validate:"omitempty,url,max=50"`
	Opt    Opt[int8]         `json:"opt,omitzero"`
	Color  *string           `json:"color" validate:"hexcolor" deprecated:"use labels"`
	Note   *Note             `json:"note"`
	Any    any               `json:"any"`
	Two    [2]bool           `json:"two"`
}

func TestSchemasAreGolden(t *testing.T) {
	t.Parallel()
	reg := newRegistry()
	m := reg.Model("notes")
	if err := reg.SetSearch(m, "overdue", registry.SearchField{Doc: "Due before now.", Example: "true"}); err != nil {
		t.Fatal(err)
	}
	forms := []registry.SchemaForm{registry.SchemaEntity, registry.SchemaCreate, registry.SchemaUpdate, registry.SchemaSearch}
	for _, form := range forms {
		t.Run(form.String(), func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			s, err := reg.JSONSchema(m, form, nil)
			is.NoErr(err)
			golden(t, filepath.Join("testdata", "schema", form.String(), "schema.json"), indent(t, s))
			checkExamples(t, s)
		})
	}
	for name, input := range map[string]bool{"in": true, "out": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			s, err := reg.TypeSchema(reflect.TypeFor[PublishIn](), &registry.SchemaOptions{Input: input})
			is.NoErr(err)
			golden(t, filepath.Join("testdata", "schema", name, "schema.json"), indent(t, s))
			checkExamples(t, s)
		})
	}
}

func indent(t *testing.T, v any) string {
	t.Helper()
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data) + "\n"
}

func TestComponentsCollectNamedSchemas(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := newRegistry()
	set := registry.NewComponents("#/components/schemas/")
	opts := &registry.SchemaOptions{Components: set}

	s, err := reg.JSONSchema(reg.Model("notes"), registry.SchemaEntity, opts)
	is.NoErr(err)
	is.Equal(s, registry.Schema{"$ref": "#/components/schemas/Note"})
	s, err = reg.TypeSchema(reflect.TypeFor[Box[Note]](), opts)
	is.NoErr(err)
	is.Equal(s["$ref"], "#/components/schemas/NoteBox")
	s, err = reg.TypeSchema(reflect.TypeFor[CreateNote](), opts)
	is.NoErr(err)
	is.Equal(s["$ref"], "#/components/schemas/CreateNote") // a form under its own name
	type Line struct{ Other bool }                         // another Line than that of the file
	_, err = reg.TypeSchema(reflect.TypeFor[Box[*Line]](), opts)
	is.NoErr(err)
	_, err = reg.TypeSchema(reflect.TypeFor[PublishIn](), opts)
	is.NoErr(err)

	_, err = reg.TypeSchema(reflect.TypeFor[PublishIn](), &registry.SchemaOptions{Components: set, Input: true})
	is.NoErr(err)

	schemas := set.Schemas()
	for _, name := range []string{"Note", "Project", "Comment", "CreateNote", "NoteBox", "LineBox", "Line", "PublishIn", "PublishInInput"} {
		is.True(schemas[name] != nil) // name in the set
	}
	is.True(schemas["PublishIn"]["additionalProperties"] == nil)
	is.Equal(schemas["PublishInInput"]["additionalProperties"], false)
	is.Equal(len(schemas), 11) // and a Line for input, and the second Line under a name of its own
	for _, s := range schemas {
		for _, ref := range refs(s) {
			target, ok := strings.CutPrefix(ref, "#/components/schemas/")
			is.True(ok && schemas[target] != nil) // every reference leads somewhere
		}
	}
}

// refs are all $ref in a schema.
func refs(v any) []string {
	var list []string
	switch v := v.(type) {
	case map[string]any:
		for key, x := range v {
			if s, ok := x.(string); ok && key == "$ref" {
				list = append(list, s)
			}
			list = append(list, refs(x)...)
		}
	case []any:
		for _, x := range v {
			list = append(list, refs(x)...)
		}
	}
	return list
}

func TestFieldSchemaReadsTags(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := newRegistry()
	type params struct {
		Page int    `query:"page" validate:"gte=1,lt=100" default:"1" doc:"Which page."`
		Bad  int    `query:"bad" validate:"gte=1" default:"0"`
		Chan string `query:"x" validate:"max=none"`
	}
	f := func(i int) reflect.StructField { return reflect.TypeFor[params]().Field(i) }
	s, err := reg.FieldSchema(f(0), nil)
	is.NoErr(err)
	is.Equal(s["minimum"], int64(1))
	is.Equal(s["exclusiveMaximum"], int64(100))
	is.Equal(s["default"], int64(1))
	is.Equal(s["description"], "Which page.")
	_, err = reg.FieldSchema(f(1), nil)
	is.True(err != nil) // the default breaks its own rule
	_, err = reg.FieldSchema(f(2), nil)
	is.True(err != nil)
}

func TestSchemasOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := newRegistry()
	_, err := reg.JSONSchema(reg.Model("projects"), registry.SchemaCreate, nil)
	is.True(err != nil && strings.Contains(err.Error(), "has no create form"))
	_, err = reg.TypeSchema(reflect.TypeFor[struct{ C chan int }](), nil)
	is.True(err != nil && strings.Contains(err.Error(), "chan int"))
}

// Within a value that is JSON as a whole a nil list is null, and the schema
// says so; a column that is a list is not.
func TestListsWithinJSONMayBeNull(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	type Prefs struct {
		Lists  []string            `json:"lists"`
		Maps   map[string][]string `json:"maps"`
		Absent []string            `json:"absent,omitempty"`
		Some   []string            `json:"some" validate:"min=1"`
	}
	type Setting struct {
		registry.Entity
		Tags  []string `json:"tags"`
		Prefs Prefs    `json:"prefs"`
	}
	reg := registry.New(nil)
	set := registry.NewComponents("#/")
	_, err := reg.JSONSchema(registry.MustAdd[Setting](reg), registry.SchemaEntity, &registry.SchemaOptions{Components: set})
	is.NoErr(err)
	types := func(name, property string) any {
		return set.Schemas()[name]["properties"].(map[string]any)[property].(map[string]any)["type"]
	}
	is.Equal(types("Setting", "tags"), "array")
	is.Equal(types("Prefs", "lists"), []any{"array", "null"})
	is.Equal(types("Prefs", "maps"), []any{"object", "null"})
	is.Equal(types("Prefs", "absent"), "array")
	is.Equal(types("Prefs", "some"), "array")
	maps := set.Schemas()["Prefs"]["properties"].(map[string]any)["maps"].(map[string]any)
	is.Equal(maps["additionalProperties"].(map[string]any)["type"], []any{"array", "null"})
}
