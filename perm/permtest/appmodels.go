package permtest

import (
	"slices"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// modelsOf are the models of an app's registry, as the reference model knows
// them.
func modelsOf(reg *registry.Registry) []*Model {
	var all []*Model
	for _, m := range reg.Models() {
		if i := slices.IndexFunc(models, func(own *Model) bool { return own.Special && own.Table == m.Table }); i >= 0 {
			all = append(all, models[i])
		} else {
			all = append(all, modelOf(m))
		}
	}
	return all
}

func modelOf(from *registry.Model) *Model {
	p := from.Policy
	m := &Model{
		Table: from.Table, System: p.System, Private: p.Private, Public: p.Public,
		CreateInTeam: p.CreateInTeam, CreateUnder: p.CreateUnder, OwnerNeedsReach: p.OwnerNeedsReach,
		Created: from.CreatedBy != nil, Owned: from.Owner != nil, InTeam: from.Team != nil, SoftDelete: from.DeletedAt != nil,
		columns: map[string]string{}, pointers: map[string]string{},
	}
	m.call("id", from.ID)
	m.call("version", from.Version)
	m.call("created_at", from.CreatedAt)
	m.call("created_by_id", from.CreatedBy)
	m.call("updated_at", from.UpdatedAt)
	m.call("deleted_at", from.DeletedAt)
	m.call("user_id", from.Owner)
	m.call("team_id", from.Team)
	meant := []*registry.Column{from.ID, from.Version, from.CreatedAt, from.CreatedBy, from.UpdatedAt, from.UpdatedBy, from.DeletedAt, from.DeletedBy, from.Owner, from.Team}
	for _, c := range from.Columns {
		switch {
		case c.Ref != nil && c != from.Team && c != from.Owner:
			m.call(c.Name, c)
			m.Refs = append(m.Refs, Ref{Column: c.Name, Table: c.Ref.Table, Inherit: c.Ref.Inherit, NeedsView: c.Ref.NeedView})
		case !slices.Contains(meant, c):
			m.other = append(m.other, c)
		}
	}
	for _, x := range p.Extra {
		m.Extra = append(m.Extra, m.extra(x))
	}
	m.hints = m.collectHints()
	return m
}

// call notes what the model's column with a meaning is called.
func (m *Model) call(usual string, c *registry.Column) {
	if c != nil && c.Name != usual {
		m.columns[usual] = c.Name
	}
	if c != nil && c.JSON != usual {
		m.pointers[usual] = c.JSON
	}
}

// extra asks the rule in Go: that its SQL says the same is what is tested.
func (m *Model) extra(x registry.Extra) Extra {
	return Extra{name: x.Name, sql: x.SQL, Actions: x.Actions, Holds: func(actor uuid.UUID, r Row) bool {
		w := &World{Now: noon, Models: []*Model{m}}
		a := joinery.Actor{ID: actor, Kind: joinery.User}
		defer w.nameRule(x.Name, a, r)
		return x.Go(a, w.fieldsOf(r))
	}}
}

// nullable tells whether the app's column may be null; false for the columns of
// a model that is not known.
func (m *Model) nullable(column string) bool {
	return m != nil && slices.ContainsFunc(m.other, func(c *registry.Column) bool { return c.Name == column && c.Nullable })
}

// key is the reference that is the key as well, of a struct that is attached
// to another; false for all others.
func (m *Model) key() (Ref, bool) {
	id := m.column("id")
	i := slices.IndexFunc(m.Refs, func(r Ref) bool { return r.Column == id })
	if i < 0 {
		return Ref{}, false
	}
	return m.Refs[i], true
}

// sided tells whether the key of the model's rows is that of other rows.
func (m *Model) sided() bool {
	_, sided := m.key()
	return sided
}
