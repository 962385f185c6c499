package registry_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/uuid"
	"github.com/joinery-go/joinery/registry"
	"github.com/matryer/is"
)

type (
	Billing struct {
		registry.Side[Note]
		registry.SoftDelete
		Plan string `json:"plan" validate:"oneof=free gold" default:"free"`
	}
	CreateBilling struct {
		ID   uuid.UUID `json:"id"`
		Plan string    `json:"plan"`
	}
	UpdateBilling struct {
		Plan Opt[string] `json:"plan,omitzero"`
	}
	// Sticker has a key of its own making.
	Sticker struct {
		CommentID registry.Ref[Comment] `json:"comment_id" role:"id" ref:"comments,cascade,inherit"`
		Text      string                `json:"text"`
	}
)

func pointer[T any](row *T) unsafe.Pointer { return unsafe.Pointer(row) }

func attached(t *testing.T) *registry.Registry {
	t.Helper()
	is := is.New(t)
	reg := registry.New(nil)
	is.NoErr(registry.Attach[Note, Billing](reg, &registry.AttachOptions{Doc: "Who pays."})) // before Note is there
	registry.MustAdd[Comment](reg)
	registry.MustAdd[Note](reg)
	registry.MustAdd[Project](reg)
	is.NoErr(registry.Attach[Comment, Sticker](reg, &registry.AttachOptions{Name: "mark"}))
	is.NoErr(reg.SetForms(reg.Model("billings"), reflect.TypeFor[CreateBilling](), reflect.TypeFor[UpdateBilling]()))
	return reg
}

func TestAttachMakesRelations(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := attached(t)
	is.Equal(reg.Model("notes").Relation("billing"), nil) // until Validate
	is.NoErr(reg.Validate())

	rel := reg.Model("notes").Relation("billing")
	is.True(rel.Attached)
	is.True(!rel.Many)
	is.Equal(rel.Target, reg.Model("billings"))
	is.Equal(rel.Column, reg.Model("notes").ID)
	is.Equal(reg.Model("comments").Relation("mark").Target, reg.Model("stickers"))

	billing := reg.Model("billings")
	is.Equal(billing.ID.Ref.Target, reg.Model("notes"))
	is.Equal(billing.Inherits(), []*registry.Column{billing.ID})
	is.Equal(billing.Version.Name, "version")
	is.Equal(billing.CreatedAt.Name, "created_at")
	is.Equal(billing.CreatedBy, nil) // who would own the row
	is.Equal(len(reg.Indexes(billing)), 0)

	order, err := reg.Order()
	is.NoErr(err)
	var tables []string
	for _, m := range order {
		tables = append(tables, m.Table)
	}
	is.True(strings.Index(strings.Join(tables, " "), "notes") < strings.Index(strings.Join(tables, " "), "billings"))
}

func TestAttachedRowsAreCarried(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := attached(t)
	is.NoErr(reg.Validate())
	rel := reg.Model("notes").Relation("billing")

	var note Note
	_, ok := registry.Attached[Billing](&note)
	is.True(!ok)
	_, included := rel.Rows(pointer(&note))
	is.True(!included)
	is.Equal(rel.One(pointer(&note)), unsafe.Pointer(nil))

	first, second := &Billing{Plan: "free"}, &Billing{Plan: "gold"}
	rel.SetOne(pointer(&note), pointer(first))
	registry.SetAttached(&note, &Offer{Amount: "1"})
	got, ok := registry.Attached[Billing](&note)
	is.True(ok)
	is.Equal(got, first)

	twin := note
	rel.SetOne(pointer(&twin), pointer(second)) // in place of the first, of the copy alone
	got, _ = registry.Attached[Billing](&twin)
	is.Equal(got, second)
	got, _ = registry.Attached[Billing](&note)
	is.Equal(got, first)
	price, ok := registry.Attached[Offer](&twin)
	is.True(ok)
	is.Equal(price.Amount, "1")
	is.Equal(rel.One(pointer(&twin)), pointer(second))

	rel.Clear(pointer(&twin))
	_, ok = registry.Attached[Billing](&twin)
	is.True(!ok)
	_, ok = registry.Attached[Offer](&twin)
	is.True(ok)

	data, err := json.Marshal(note) // what is attached is no field of the struct
	is.NoErr(err)
	is.True(!strings.Contains(string(data), "billing"))
}

func TestAttachedIsDescribed(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := attached(t)
	set := registry.NewComponents("#/")
	_, err := reg.JSONSchema(reg.Model("notes"), registry.SchemaEntity, &registry.SchemaOptions{Components: set})
	is.NoErr(err)
	note := set.Schemas()["Note"]
	is.Equal(note["properties"].(registry.Schema)["billing"], registry.Schema{"$ref": "#/Billing", "description": "Who pays.", "readOnly": true})
	for _, name := range note["required"].([]any) {
		is.True(name != "billing")
	}
	is.Equal(set.Schemas()["Billing"]["properties"].(registry.Schema)["plan"].(registry.Schema)["enum"], []any{"free", "gold"})

	create, err := reg.JSONSchema(reg.Model("billings"), registry.SchemaCreate, &registry.SchemaOptions{Components: set})
	is.NoErr(err)
	is.Equal(create, registry.Schema{"$ref": "#/CreateBilling"})
	is.Equal(set.Schemas()["CreateBilling"]["required"], []any{"id"})

	var described bytes.Buffer
	is.NoErr(reg.Describe(&described))
	var doc struct {
		Models []struct {
			Table     string
			Relations []map[string]any
		}
	}
	is.NoErr(json.Unmarshal(described.Bytes(), &doc))
	found := false
	for _, m := range doc.Models {
		for _, rel := range m.Relations {
			if m.Table == "notes" && rel["name"] == "billing" {
				found = true
				is.Equal(rel["attached"], true)
				is.Equal(rel["target"], "billings")
				is.Equal(rel["column"], "id")
			}
		}
	}
	is.True(found)
}

func TestAttachedTablesAreCreated(t *testing.T) {
	t.Parallel()
	for _, d := range []string{"sqlite", "postgres", "mariadb"} {
		is := is.New(t)
		ddl, err := attached(t).DDL(dialect(d))
		is.NoErr(err)
		text := strings.Join(ddl, ";\n")
		quote := strings.NewReplacer(`'`, dialect(d).Quote("x")[:1]).Replace
		is.True(strings.Contains(text, quote(`CONSTRAINT 'billings_pkey' PRIMARY KEY ('id')`)))
		is.True(strings.Contains(text, quote(`FOREIGN KEY ('id') REFERENCES 'notes' ('id')`)))
		is.True(strings.Contains(text, quote(`FOREIGN KEY ('comment_id') REFERENCES 'comments' ('id') ON DELETE CASCADE`)))
	}
}

// The following cannot be attached, to Note most often.
type (
	Unkeyed struct {
		registry.Entity
		registry.SoftDelete
	}
	Mortal struct {
		registry.Side[Note]
	}
	Orphan struct {
		ID uuid.UUID `json:"id" ref:"notes,cascade"`
		registry.SoftDelete
	}
	Elsewhere struct {
		registry.Side[Comment]
	}
	Bare struct {
		ID uuid.UUID `json:"id"`
	}
	OnBare struct {
		registry.Side[Bare]
	}
	Labeled struct {
		registry.Entity
		Mood string `json:"mood" db:"-"`
	}
	Mood struct {
		registry.Side[Labeled]
	}
)

func TestAttachRefuses(t *testing.T) {
	t.Parallel()
	named := func(name string) *registry.AttachOptions { return &registry.AttachOptions{Name: name} }
	for name, test := range map[string]struct {
		attach func(*registry.Registry) error
		want   []string
	}{
		"twice": {func(r *registry.Registry) error {
			return errors.Join(registry.Attach[Note, Billing](r, nil), registry.Attach[Note, Billing](r, named("other")))
		}, []string{"registry_test.Billing is attached to registry_test.Note", "id of one row"}},
		"to two": {func(r *registry.Registry) error {
			return errors.Join(registry.Attach[Note, Billing](r, nil), registry.Attach[Project, Billing](r, nil))
		}, []string{"registry_test.Billing is attached to registry_test.Note and cannot be attached to registry_test.Project"}},
		"itself":        {func(r *registry.Registry) error { return registry.Attach[Note, Note](r, nil) }, []string{"registry_test.Note is attached to itself"}},
		"bad name":      {func(r *registry.Registry) error { return registry.Attach[Note, Billing](r, named("a.b")) }, []string{"registry_test.Billing", `"a.b"`}},
		"no struct":     {func(r *registry.Registry) error { return registry.Attach[Note, int](r, nil) }, []string{"int is no named struct"}},
		"name of field": {func(r *registry.Registry) error { return registry.Attach[Note, Billing](r, named("title")) }, []string{`registry_test.Billing is attached to registry_test.Note as "title"`, "AttachOptions.Name"}},
		"name of relation": {func(r *registry.Registry) error { return registry.Attach[Note, Billing](r, named("project")) },
			[]string{`registry_test.Billing is attached to registry_test.Note as "project"`}},
		"name of search": {func(r *registry.Registry) error {
			return errors.Join(registry.Attach[Note, Billing](r, nil), r.SetSearch(r.Model("notes"), "billing", registry.SearchField{}))
		}, []string{`registry_test.Billing is attached to registry_test.Note as "billing"`}},
		"name of no column": {func(r *registry.Registry) error {
			registry.MustAdd[Labeled](r)
			return registry.Attach[Labeled, Mood](r, nil)
		}, []string{`registry_test.Mood is attached to registry_test.Labeled as "mood"`}},
		"two of a name": {func(r *registry.Registry) error {
			return errors.Join(registry.Attach[Comment, Sticker](r, named("x")), registry.Attach[Comment, Elsewhere](r, named("x")))
		}, []string{`registry_test.Elsewhere is attached to registry_test.Comment as "x"`}},
		"own key":    {func(r *registry.Registry) error { return registry.Attach[Note, Unkeyed](r, nil) }, []string{"registry_test.Unkeyed.ID is the key", "registry.Side[registry_test.Note]", `ref:"notes,cascade,inherit"`}},
		"other key":  {func(r *registry.Registry) error { return registry.Attach[Note, Elsewhere](r, nil) }, []string{"registry_test.Elsewhere.ID is the key"}},
		"no inherit": {func(r *registry.Registry) error { return registry.Attach[Note, Orphan](r, nil) }, []string{"registry_test.Orphan.ID is the key"}},
		"no SoftDelete": {func(r *registry.Registry) error { return registry.Attach[Note, Mortal](r, nil) },
			[]string{"registry_test.Mortal is attached to registry_test.Note, which has SoftDelete"}},
		"carries nothing": {func(r *registry.Registry) error {
			registry.MustAdd[Bare](r)
			return registry.Attach[Bare, OnBare](r, nil)
		}, []string{"registry_test.Bare cannot carry registry_test.OnBare", "registry.Attachable"}},
		"no model": {func(r *registry.Registry) error { return registry.Attach[Bare, OnBare](r, nil) },
			[]string{"registry_test.OnBare is attached to registry_test.Bare, which is no model"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			reg := newRegistry()
			now, later := test.attach(reg), reg.Validate()
			is.True(later != nil) // Validate fails where Attach does
			told := now
			if told == nil {
				told = later
			}
			for _, want := range test.want {
				if !strings.Contains(told.Error(), want) {
					t.Errorf("got %v, want %q", told, want)
				}
			}
		})
	}
}

func TestAttachIsEarly(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := newRegistry()
	is.NoErr(reg.Validate())
	err := registry.Attach[Note, Billing](reg, nil)
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), "registry_test.Billing is attached to registry_test.Note after Validate"))
	is.Equal(reg.Model("billings"), nil)
}

// A struct without Entity carries what is attached by Attachable.
func TestAttachableWithoutEntity(t *testing.T) {
	t.Parallel()
	type Plain struct {
		ID uuid.UUID `json:"id"`
		registry.Attachable
	}
	type Extra struct {
		registry.Side[Plain]
	}
	is := is.New(t)
	reg := registry.New(nil)
	registry.MustAdd[Plain](reg)
	is.NoErr(registry.Attach[Plain, Extra](reg, nil))
	is.NoErr(reg.Validate())
	var row Plain
	x := &Extra{Side: registry.Side[Plain]{Version: 7}}
	reg.Model("plains").Relation("extra").SetOne(pointer(&row), pointer(x))
	got, ok := registry.Attached[Extra](&row)
	is.True(ok)
	is.Equal(got.Version, int64(7))
}

func TestKeysStayOutOfUpdates(t *testing.T) {
	t.Parallel()
	type Change struct {
		ID Opt[uuid.UUID] `json:"id,omitzero"`
	}
	is := is.New(t)
	reg := attached(t)
	err := reg.SetForms(reg.Model("stickers"), nil, reflect.TypeFor[struct{}]())
	is.NoErr(err)
	other := registry.New(nil)
	registry.MustAdd[Note](other)
	m := registry.MustAdd[Billing](other)
	err = other.SetForms(m, nil, reflect.TypeFor[Change]())
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), "field ID is the key of registry_test.Billing"))
}
