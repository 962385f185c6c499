package registry

import "reflect"

// Model is an entity type as the registry read it. It is immutable and safe
// for concurrent use once the registry is validated.
type Model struct {
	Name    string // the Go type's name, which is its name in API schemas
	Table   string // table name, the model's name in grants, scopes and the feed
	Comment string
	Was     string // the table's former name, for migrations
	Type    reflect.Type

	Columns   []*Column // in the order of the fields
	Relations []*Relation
	Indexes   []Index
	Unique    []Unique
	Sorts     [][]SortKey // the declared orders, single columns among them
	Policy    Policy

	// Columns with a meaning of their own; nil where the table lacks them.
	ID, Version          *Column
	CreatedAt, CreatedBy *Column
	UpdatedAt, UpdatedBy *Column
	DeletedAt, DeletedBy *Column
	Owner                *Column // user_id
	Team                 *Column // team_id

	// Create and Update are the inputs of the model, nil until crud.New or
	// rest.MountOps records them.
	Create, Update *Form

	// Search holds the custom search fields by name, recorded by crud.New.
	Search map[string]SearchField

	registry *Registry
	forms    []*Form
	orders   []declaredOrder // sorts as declared, until all columns are known
	byName   map[string]*Column
	byJSON   map[string]*Column
	byRel    map[string]*Relation
}

// SortKey is one key of a sort order.
type SortKey struct {
	Column *Column
	Desc   bool
}

// SearchField is a custom search field that a manager answers beside the
// columns.
type SearchField struct {
	Doc     string
	Example string
}

// Column is the column by its database name, nil where there is none.
func (m *Model) Column(name string) *Column { return m.byName[name] }

// Field is the column by its name in the API, nil where there is none or it
// is hidden.
func (m *Model) Field(json string) *Column { return m.byJSON[json] }

// Relation is the relation by its name in the API, nil where there is none.
func (m *Model) Relation(json string) *Relation { return m.byRel[json] }

// Registry is the registry the model belongs to.
func (m *Model) Registry() *Registry { return m.registry }

// Inherits are the references that pass permissions down, in the order of the
// fields.
func (m *Model) Inherits() []*Column {
	var refs []*Column
	for _, c := range m.Columns {
		if c.Ref != nil && c.Ref.Inherit {
			refs = append(refs, c)
		}
	}
	return refs
}
