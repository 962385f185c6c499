package registry

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
)

// Describe writes the models, their columns, relations, keys, indexes, forms
// and policies to w as one indented JSON document, for people and tools that
// look at the whole graph. It validates the registry. The order is that of
// [Add] and of the fields, so that two runs are equal byte for byte.
func (r *Registry) Describe(w io.Writer) error {
	if err := r.Validate(); err != nil {
		return err
	}
	doc := struct {
		Models []modelDoc `json:"models"`
	}{Models: []modelDoc{}}
	for _, m := range r.models {
		doc.Models = append(doc.Models, r.describe(m))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}

type modelDoc struct {
	Name      string        `json:"name"`
	Table     string        `json:"table"`
	Type      string        `json:"type"`
	Comment   string        `json:"comment,omitempty"`
	Roles     roleDoc       `json:"roles"`
	Columns   []columnDoc   `json:"columns"`
	Relations []relationDoc `json:"relations,omitempty"`
	Sorts     [][]string    `json:"sorts,omitempty"`
	Indexes   []indexDoc    `json:"indexes,omitempty"`
	Policy    policyDoc     `json:"policy"`
	Create    *formDoc      `json:"create,omitempty"`
	Update    *formDoc      `json:"update,omitempty"`
	Search    []string      `json:"search,omitempty"`
}

type roleDoc struct {
	ID        string `json:"id"`
	Version   string `json:"version,omitempty"`
	Owner     string `json:"owner,omitempty"`
	Team      string `json:"team,omitempty"`
	CreatedAt string `json:"created_at,omitempty"`
	CreatedBy string `json:"created_by,omitempty"`
	UpdatedAt string `json:"updated_at,omitempty"`
	UpdatedBy string `json:"updated_by,omitempty"`
	DeletedAt string `json:"deleted_at,omitempty"`
	DeletedBy string `json:"deleted_by,omitempty"`
}

type columnDoc struct {
	Name       string   `json:"name"`
	JSON       string   `json:"json,omitempty"`
	Field      string   `json:"field"`
	Type       string   `json:"type"`
	Kind       string   `json:"kind"`
	Nullable   bool     `json:"nullable,omitempty"`
	Default    *string  `json:"default,omitempty"`
	SQLType    string   `json:"sql_type,omitempty"`
	Sortable   bool     `json:"sortable,omitempty"`
	Visibility string   `json:"visibility"`
	Enum       []string `json:"enum,omitempty"`
	Validate   string   `json:"validate,omitempty"`
	Doc        string   `json:"doc,omitempty"`
	Deprecated string   `json:"deprecated,omitempty"`
	Ref        *refDoc  `json:"ref,omitempty"`
}

type refDoc struct {
	Table    string `json:"table"`
	External bool   `json:"external,omitempty"`
	OnDelete string `json:"on_delete"`
	Inherit  bool   `json:"inherit,omitempty"`
	NeedView bool   `json:"view,omitempty"`
}

type relationDoc struct {
	Name     string `json:"name"`
	Many     bool   `json:"many,omitempty"`
	Attached bool   `json:"attached,omitempty"`
	Target   string `json:"target"`
	Column   string `json:"column"`
	Doc      string `json:"doc,omitempty"`
}

type indexDoc struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Unique  bool     `json:"unique,omitempty"`
	Where   string   `json:"where,omitempty"`
}

type policyDoc struct {
	System          bool     `json:"system,omitempty"`
	Private         bool     `json:"private,omitempty"`
	Public          []string `json:"public,omitempty"`
	CreateInTeam    []string `json:"create_in_team"`
	CreateUnder     []string `json:"create_under"`
	OwnerNeedsReach bool     `json:"owner_needs_reach,omitempty"`
	Extra           []string `json:"extra,omitempty"`
}

type formDoc struct {
	Type   string   `json:"type"`
	Fields []string `json:"fields"`
	Extra  []string `json:"extra,omitempty"`
}

func (r *Registry) describe(m *Model) modelDoc {
	d := modelDoc{
		Name: m.Name, Table: m.Table, Type: m.Type.String(), Comment: m.Comment, Roles: describeRoles(m),
		Policy: describePolicy(m.Policy), Create: describeForm(m.Create), Update: describeForm(m.Update),
		Search: slices.Sorted(maps.Keys(m.Search)),
	}
	for _, c := range m.Columns {
		d.Columns = append(d.Columns, describeColumn(c))
	}
	for _, rel := range m.Relations {
		d.Relations = append(d.Relations, relationDoc{rel.Name, rel.Many, rel.Attached, rel.Target.Table, rel.Column.Name, rel.Doc})
	}
	for _, keys := range m.Sorts {
		d.Sorts = append(d.Sorts, keyNames(keys))
	}
	for _, i := range r.Indexes(m) {
		d.Indexes = append(d.Indexes, indexDoc{i.Name, keyNames(i.Columns), i.Unique, i.predicate()})
	}
	return d
}

// keyNames are sort keys as declarations write them.
func keyNames(keys []SortKey) []string {
	var names []string
	for _, k := range keys {
		name := k.Column.Name
		if k.Desc {
			name = "-" + name
		}
		names = append(names, name)
	}
	return names
}

func describeRoles(m *Model) roleDoc {
	name := func(c *Column) string {
		if c == nil {
			return ""
		}
		return c.Name
	}
	return roleDoc{
		ID: name(m.ID), Version: name(m.Version), Owner: name(m.Owner), Team: name(m.Team),
		CreatedAt: name(m.CreatedAt), CreatedBy: name(m.CreatedBy), UpdatedAt: name(m.UpdatedAt), UpdatedBy: name(m.UpdatedBy),
		DeletedAt: name(m.DeletedAt), DeletedBy: name(m.DeletedBy),
	}
}

func describeColumn(c *Column) columnDoc {
	d := columnDoc{
		Name: c.Name, JSON: c.JSON, Field: c.Field, Type: c.Type.String(), Kind: c.Kind.String(), Nullable: c.Nullable,
		SQLType: c.SQLType, Sortable: c.Sortable, Visibility: c.Visibility.String(), Enum: c.Enum, Validate: c.Validate,
		Doc: c.Doc, Deprecated: c.Deprecated,
	}
	if c.HasDefault {
		d.Default = &c.Default
	}
	if c.Ref != nil {
		d.Ref = &refDoc{c.Ref.Table, c.Ref.Target == nil, c.Ref.OnDelete.String(), c.Ref.Inherit, c.Ref.NeedView}
	}
	return d
}

func describePolicy(p Policy) policyDoc {
	d := policyDoc{
		System: p.System, Private: p.Private, Public: p.Public.Names(), OwnerNeedsReach: p.OwnerNeedsReach,
		CreateInTeam: p.NeededInTeam().Names(), CreateUnder: p.NeededUnder().Names(),
	}
	for _, e := range p.Extra {
		d.Extra = append(d.Extra, e.Name)
	}
	return d
}

func describeForm(f *Form) *formDoc {
	if f == nil {
		return nil
	}
	d := &formDoc{Type: f.Type.String(), Fields: []string{}}
	for _, ff := range f.Fields {
		d.Fields = append(d.Fields, ff.JSON)
	}
	for _, ff := range f.Extra {
		d.Extra = append(d.Extra, ff.JSON)
	}
	return d
}
