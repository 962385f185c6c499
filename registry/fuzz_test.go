package registry_test

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/registry/internal/sample"
)

// FuzzTableNames shows that whatever name the registry accepts makes DDL that
// SQLite accepts, and creates a table of exactly that name.
func FuzzTableNames(f *testing.F) {
	for _, name := range []string{"notes", `a"b`, "x'y", "a b", "é", "drop table x--", strings.Repeat("t", 63), "a?b", "\x00", "-a", "sqlite_master", "Select"} {
		f.Add(name, "title,-due_at", "title")
	}
	f.Fuzz(func(t *testing.T, name, sort, index string) {
		type Thing struct {
			registry.Entity
			registry.SoftDelete
			Title string  `json:"title"`
			DueAt *string `json:"due_at" unique:"true,global"`
		}
		reg := registry.New(nil)
		_, err := registry.Add[Thing](reg, registry.WithTable(registry.Table{
			Name: name, Sorts: []string{sort}, Indexes: []registry.Index{{Columns: []string{index}}},
		}))
		if err != nil || strings.HasPrefix(strings.ToLower(name), "sqlite_") { // SQLite keeps those for itself
			return
		}
		db := openSQLite(t)
		run(t, reg, "sqlite", func(ctx context.Context, sql string) error {
			_, err := db.ExecContext(ctx, sql)
			return err
		})
		want := reg.Models()[0].Table // the default where name is empty
		var got string
		if err := db.QueryRow(`SELECT name FROM sqlite_master WHERE type = 'table'`).Scan(&got); err != nil || got != want {
			t.Errorf("table %q, not %q: %v", got, want, err)
		}
	})
}

// FuzzFieldTags shows that no tag makes the schema of a field panic, and that
// what comes out is JSON.
func FuzzFieldTags(f *testing.F) {
	f.Add("required,max=3", "abc", "x", uint8(0))
	f.Add("omitempty,oneof='a b' c", "c", "", uint8(0))
	f.Add("gte=1,lt=1", "1", "2", uint8(1))
	f.Add("min=2,dive,email", `["a@example.com"]`, "[]", uint8(2))
	f.Add("len=99999999999,startswith=[", "", "", uint8(0))
	f.Add("min=NaN,max=Inf", "1e999", "-0", uint8(3))
	types := []reflect.Type{reflect.TypeFor[string](), reflect.TypeFor[int8](), reflect.TypeFor[[]string](), reflect.TypeFor[*float32](),
		reflect.TypeFor[map[string]bool](), reflect.TypeFor[Opt[bool]]()}
	reg := registry.New(nil)
	f.Fuzz(func(t *testing.T, validate, example, def string, typ uint8) {
		field := reflect.StructField{Name: "X", Type: types[int(typ)%len(types)], Tag: reflect.StructTag(
			"validate:" + quote(validate) + " example:" + quote(example) + " default:" + quote(def))}
		s, err := reg.FieldSchema(field, nil)
		if err != nil {
			return
		}
		if _, err := json.Marshal(s); err != nil {
			t.Errorf("%v: %v", s, err)
		}
		checkExamples(t, s)
	})
}

// checkExamples shows that every example and default in a schema fits the
// schema it stands in.
func checkExamples(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		examples, _ := v["examples"].([]any)
		if def, ok := v["default"]; ok {
			examples = append(examples, def)
		}
		for _, e := range examples {
			if err := sample.Check(v, e); err != nil {
				t.Errorf("%v does not fit %v: %v", e, v, err)
			}
		}
		for _, x := range v {
			checkExamples(t, x)
		}
	case []any:
		for _, x := range v {
			checkExamples(t, x)
		}
	}
}

func quote(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(data)
}
