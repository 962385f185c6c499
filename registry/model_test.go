package registry_test

import (
	"encoding/json"
	"reflect"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/google/uuid"
	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
	"github.com/matryer/is"
)

func TestModelOfAnEntity(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := newRegistry()
	is.NoErr(reg.Validate())

	m, ok := registry.ModelOf[Note](reg)
	is.True(ok)
	is.Equal(m.Name, "Note")
	is.Equal(m.Table, "notes")
	is.Equal(reg.Model("notes"), m)
	is.Equal(reg.ModelByName("Note"), m)
	is.Equal(reg.ModelByType(reflect.TypeFor[*Note]()), m)
	is.Equal(len(reg.Models()), 3)

	is.Equal(m.ID.Name, "id")
	is.Equal(m.Version.Name, "version")
	is.Equal(m.CreatedBy.Name, "created_by_id")
	is.Equal(m.UpdatedAt.Name, "updated_at")
	is.Equal(m.DeletedBy.Name, "deleted_by_id")
	is.Equal(m.Owner.Name, "user_id")
	is.Equal(m.Team.Name, "team_id")
	is.True(m.Team.Ref.Target == nil) // teams is external by default

	kinds := map[string]registry.Kind{
		"title": registry.Text, "status": registry.Enum, "priority": registry.Int, "due_at": registry.Time,
		"price": registry.Decimal, "done": registry.Bool, "score": registry.Float, "can": registry.Int,
		"tags": registry.JSON, "meta": registry.JSON, "data": registry.Bytes, "project_id": registry.UUID,
	}
	for name, kind := range kinds {
		is.Equal(m.Column(name).Kind, kind) // kind of the column
	}
	is.Equal(m.Column("status").Enum, []string{"open", "done"})
	is.True(m.Field("data") == nil) // hidden
	is.True(m.Field("secret") != nil && !m.Field("secret").Visible())

	ref := m.Column("project_id").Ref
	is.Equal(ref.Target.Table, "projects")
	is.True(ref.Inherit)
	is.Equal(ref.OnDelete, registry.Cascade)
	is.Equal(m.Inherits(), []*registry.Column{m.Column("project_id")})

	is.Equal(m.Relation("project").Column, m.Column("project_id"))
	is.Equal(m.Relation("comments").Column, reg.Model("comments").Column("note_id"))
	is.True(m.Relation("comments").Many)

	var sorts []string
	for _, keys := range m.Sorts {
		name := ""
		for _, k := range keys {
			if k.Desc {
				name += "-"
			}
			name += k.Column.Name + " "
		}
		sorts = append(sorts, name)
	}
	is.Equal(sorts, []string{"title ", "status ", "status -priority ", "due_at ", "updated_at "})
	is.True(m.Column("updated_at").Sortable)
	is.True(!m.Column("priority").Sortable) // only together with status
}

func TestAddReadsATypeOnce(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := newRegistry()
	first, err := registry.Add[Project](reg)
	is.NoErr(err)
	is.NoErr(reg.Validate())
	again, err := registry.Add[Project](reg)
	is.NoErr(err) // a type that is there may be named at any time
	is.Equal(first, again)
	_, err = registry.Add[Project](reg, registry.WithName("Other"))
	is.True(err != nil) // options of a second Add would be ignored

	type Late struct{ registry.Entity }
	_, err = registry.Add[Late](reg)
	is.True(err != nil)
	type LateForm struct{}
	is.NoErr(reg.SetForms(reg.Model("notes"), reflect.TypeFor[CreateNote](), nil)) // known
	is.True(reg.SetForms(reg.Model("notes"), reflect.TypeFor[LateForm](), nil) != nil)
	is.True(reg.SetSearch(reg.Model("notes"), "overdue", registry.SearchField{}) != nil)
}

func TestValidateIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	reg := newRegistry()
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if err := reg.Validate(); err != nil {
				t.Error(err)
			}
			if reg.Model("notes").Column("project_id").Ref.Target == nil {
				t.Error("not resolved after Validate")
			}
		})
	}
	wg.Wait()
}

func TestRegistriesShareNothing(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a, b := newRegistry(), registry.New(nil)
	is.NoErr(a.Validate())
	_, ok := registry.ModelOf[Note](b)
	is.True(!ok)
	is.True(registry.MustAdd[Note](b) != a.Model("notes"))
}

func TestValuesInMemory(t *testing.T) {
	t.Parallel()
	reg := newRegistry()
	m := reg.Model("notes")
	now := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
	id, score, secret := uuid.MustParse("0193a3a5-0000-7000-8000-000000000001"), 1.5, "s"

	cases := []struct {
		column string
		value  any
	}{
		{"id", id}, {"title", "x"}, {"status", "done"}, {"priority", int64(7)}, {"due_at", now}, {"due_at", nil},
		{"price", "12.50"}, {"done", true}, {"score", score}, {"score", nil}, {"can", int64(joinery.View | joinery.Edit)},
		{"tags", []string{"a"}}, {"meta", json.RawMessage(`{"a":1}`)}, {"data", []byte("b")}, {"secret", secret},
		{"project_id", id}, {"user_id", id}, {"user_id", nil}, {"version", int64(4)},
	}
	for _, c := range cases {
		t.Run(c.column, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			var n Note
			p := unsafe.Pointer(&n)
			col := m.Column(c.column)
			is.NoErr(col.SetValue(p, c.value))
			is.Equal(col.Value(p), c.value)
			is.Equal(m.RowOf(&n).Value(c.column), c.value)
			is.Equal(reflect.TypeOf(col.Pointer(p)), reflect.PointerTo(col.Type))
			is.Equal(col.Zero(p), c.value == nil)
		})
	}
}

func TestValuesThatDoNotFit(t *testing.T) {
	t.Parallel()
	m := newRegistry().Model("notes")
	cases := map[string]any{
		"title": 1, "done": "yes", "priority": int64(1) << 40, "can": int64(-1), "due_at": "2026-01-01", "id": "x",
		"score": "1", "tags": map[string]any{}, "data": "text", "version": nil,
	}
	for column, v := range cases {
		t.Run(column, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			var n Note
			is.True(m.Column(column).SetValue(unsafe.Pointer(&n), v) != nil)
			is.Equal(n, Note{}) // left as it was
		})
	}
}

func TestNilSlicesAreEmptyUnlessNullable(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	row := newRegistry().Model("notes").RowOf(&Note{})
	is.Equal(row.Value("tags"), []string{})
	is.Equal(row.Value("data"), []byte{})
	is.Equal(row.Value("meta"), json.RawMessage("null"))
	is.Equal(row.Value("nothing"), nil)
	id, ok := row.UUID("project_id")
	is.True(ok)
	is.Equal(id, uuid.Nil)
	for _, column := range []string{"user_id", "title", "nothing"} {
		_, ok = row.UUID(column)
		is.True(!ok) // null, no id, or no column
	}
}

func TestFormsTellAbsentFromNull(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := newRegistry().Model("notes")
	is.Equal(m.Create.Name, "CreateNote")
	is.Equal(m.Update.Name, "UpdateNote")
	is.Equal(m.Form(reflect.TypeFor[CreateNote]()), m.Create)
	is.Equal(len(m.Create.Extra), 1)

	get := func(f *registry.Form, p unsafe.Pointer) map[string]any {
		values := map[string]any{}
		for _, ff := range f.Fields {
			if v, ok := ff.Get(p); ok {
				values[ff.Column.Name] = v
			}
		}
		return values
	}
	id := uuid.MustParse("0193a3a5-0000-7000-8000-000000000001")
	create := CreateNote{Title: "x", ProjectID: id, Priority: set[int32](0), DueAt: null[time.Time]()}
	is.Equal(get(m.Create, unsafe.Pointer(&create)), map[string]any{
		"title": "x", "team_id": nil, "project_id": id, "priority": int64(0), "tags": []string{}, "due_at": nil,
	})
	update := UpdateNote{Status: set(Status("done")), ProjectID: set(registry.To[Project](id)), UserID: null[uuid.UUID](), Can: set(joinery.View)}
	is.Equal(get(m.Update, unsafe.Pointer(&update)), map[string]any{
		"status": "done", "project_id": id, "user_id": nil, "can": int64(1),
	})
}

func TestRelationsAreFilled(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := newRegistry()
	is.NoErr(reg.Validate())
	m := reg.Model("notes")
	var n Note
	p := unsafe.Pointer(&n)

	project := &Project{Named: registry.Named{Name: "p"}}
	one := m.Relation("project")
	_, included := one.Rows(p)
	is.True(!included)
	one.SetOne(p, unsafe.Pointer(project))
	is.Equal(n.Project, project)
	is.Equal(one.One(p), unsafe.Pointer(project))
	one.Clear(p)
	is.True(n.Project == nil)

	many := m.Relation("comments")
	_, included = many.Rows(p)
	is.True(!included)
	many.Clear(p)
	rows, included := many.Rows(p)
	is.True(included && len(rows) == 0)
	many.Append(p, unsafe.Pointer(&Comment{Text: "a"}))
	(*Comment)(many.Append(p, unsafe.Pointer(&Comment{}))).Text = "b"
	is.Equal(n.Comments, []Comment{{Text: "a"}, {Text: "b"}})
	rows, _ = many.Rows(p)
	is.Equal((*Comment)(rows[1]).Text, "b")
	many.SetMany(p, reflect.ValueOf([]Comment{{Text: "c"}}))
	is.Equal(n.Comments, []Comment{{Text: "c"}})
}

func TestOrderPutsTargetsFirst(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	models, err := newRegistry().Order()
	is.NoErr(err)
	var tables []string
	for _, m := range models {
		tables = append(tables, m.Table)
	}
	is.Equal(tables, []string{"projects", "notes", "comments"})
}

// Legacy maps a table that was there before, without mixins.
type Legacy struct {
	Key     uuid.UUID  `json:"key" db:"legacy_key" role:"id"`
	Holder  uuid.UUID  `json:"holder" role:"owner"`
	Group   *uuid.UUID `json:"group" role:"team"`
	Rev     int        `json:"rev" role:"version"`
	Gone    *time.Time `json:"gone" role:"deleted_at"`
	TeamID  uuid.UUID  `json:"team_id"` // a name alone gives no role
	Plain   string
	NoTable string `db:"-"`
}

func TestAnExistingTableIsMappedByRoles(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := registry.New(nil)
	m := registry.MustAdd[Legacy](reg, registry.WithTable(registry.Table{Name: "OLD things"}), registry.WithName("Old"))
	is.Equal(m.Table, "OLD things")
	is.Equal(m.Name, "Old")
	is.Equal(m.ID.Name, "legacy_key")
	is.Equal(m.Owner.Name, "holder")
	is.Equal(m.Team.Name, "group")
	is.Equal(m.Version.Name, "rev")
	is.Equal(m.DeletedAt.Name, "gone")
	is.Equal(m.Column("plain").JSON, "Plain") // as encoding/json writes it
	is.True(m.Column("no_table") == nil)
}

func BenchmarkValue(b *testing.B) {
	m := newRegistry().Model("notes")
	n := Note{Title: "x"}
	c := m.Column("title")
	b.ReportAllocs()
	for b.Loop() {
		_ = c.Value(unsafe.Pointer(&n))
	}
}

func TestSearchFieldsNeedNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := newRegistry()
	m := reg.Model("notes")
	for _, name := range []string{"sort", "limit", "after", "before", "include", "fields", "count", "deleted", "and", "title", "a.b"} {
		is.True(reg.SetSearch(m, name, registry.SearchField{}) != nil) // the name is taken
	}
	is.NoErr(reg.SetSearch(m, "overdue", registry.SearchField{}))
}
