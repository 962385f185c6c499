package permtest

import (
	"cmp"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// Model is what the reference model knows of a table: its policy, and which
// columns with a meaning it has. It says by hand what the entity structs of
// this package say by tags, so that a misread tag is found too.
type Model struct {
	Table   string
	Special bool // users, teams, memberships, roles, grants

	System          bool            // takes rows from System and Root, View for all signed-in
	Private         bool            // for System and Root only
	Public          joinery.Actions // that everyone has on live rows
	CreateInTeam    joinery.Actions // needed in a team to create there; zero: Edit
	CreateUnder     joinery.Actions // needed on an inherited reference; zero: Edit
	OwnerNeedsReach bool            // an owner outside the row's team loses it
	Extra           []Extra         // rules of its own

	Created    bool // has created_by_id
	Owned      bool // has user_id
	InTeam     bool // has team_id
	SoftDelete bool // has deleted_at
	Refs       []Ref

	columns  map[string]string  // names of columns that are called otherwise
	pointers map[string]string  // their names in JSON
	other    []*registry.Column // columns without a meaning for the rules
	hints    map[string]*hints  // of those, where the app's rules turn
}

// column is the name of the column that is usually called so.
func (m *Model) column(usual string) string { return cmp.Or(m.columns[usual], usual) }

// pointer is the JSON pointer to the column that is usually called so.
func (m *Model) pointer(usual string) string { return "/" + cmp.Or(m.pointers[usual], usual) }

// Ref is a reference of a model.
type Ref struct {
	Column, Table string
	Inherit       bool // permissions on the row it names hold here too
	NeedsView     bool // also as a reference to users
}

// Extra is a rule of a model's own.
type Extra struct {
	Actions joinery.Actions
	Holds   func(actor uuid.UUID, r Row) bool

	name string                                       // an app's
	sql  func(string, joinery.Actor) registry.Sqlizer // an app's other half; nil for those of this package
}

func (m *Model) inTeam() joinery.Actions { return orEdit(m.CreateInTeam) }
func (m *Model) under() joinery.Actions  { return orEdit(m.CreateUnder) }

func orEdit(a joinery.Actions) joinery.Actions {
	if a == joinery.NoActions {
		return joinery.Edit
	}
	return a
}

// Models are the models of the worlds: the five special ones, and one for each
// kind of policy and shape.
func Models() []*Model { return append([]*Model(nil), models...) }

// kinds are the world's models.
func (w *World) kinds() []*Model {
	if w.Models == nil {
		return models
	}
	return w.Models
}

// model is the model of the table; nil where there is none.
func (w *World) model(table string) *Model {
	for _, m := range w.kinds() {
		if m.Table == table {
			return m
		}
	}
	return nil
}

// models is a table of constants: nothing writes to it.
var models = []*Model{
	{Table: "users", Special: true, Created: true, SoftDelete: true},
	{Table: "teams", Special: true, Created: true, SoftDelete: true},
	{Table: "roles", Special: true, Created: true, SoftDelete: true},
	{Table: "memberships", Special: true, Created: true, SoftDelete: true},
	{Table: "grants", Special: true, Created: true, SoftDelete: true},

	{Table: "projects", Created: true, Owned: true, InTeam: true, SoftDelete: true},
	{
		Table: "notes", Created: true, Owned: true, InTeam: true, SoftDelete: true,
		CreateUnder: joinery.Execute, OwnerNeedsReach: true,
		Refs: []Ref{{Column: "project_id", Table: "projects", Inherit: true}, {Column: "reviewer_id", Table: "users"}},
		Extra: []Extra{
			{Actions: joinery.View | joinery.Execute, Holds: func(_ uuid.UUID, r Row) bool { return r.Shared }},
			{Actions: joinery.Edit | joinery.Share, Holds: func(_ uuid.UUID, r Row) bool { return r.Rank > 2 }},
			{Actions: joinery.View | joinery.Copy, Holds: func(a uuid.UUID, r Row) bool { return r.Refs["reviewer_id"] == a }},
		},
	},
	{
		Table: "comments", Created: true, SoftDelete: true,
		Refs: []Ref{
			{Column: "note_id", Table: "notes", Inherit: true},
			{Column: "project_id", Table: "projects", Inherit: true},
			{Column: "label_id", Table: "labels"},
			{Column: "mention_id", Table: "users"},
			{Column: "witness_id", Table: "users", NeedsView: true},
		},
	},
	{
		Table: "folders", Created: true, Owned: true, InTeam: true, SoftDelete: true,
		CreateInTeam: joinery.Execute | joinery.Copy, CreateUnder: joinery.Share,
		Refs: []Ref{{Column: "parent_id", Table: "folders", Inherit: true}, {Column: "project_id", Table: "projects", Inherit: true}},
	},
	{
		Table: "boxes", Created: true,
		Refs: []Ref{{Column: "parent_id", Table: "boxes", Inherit: true}, {Column: "link_id", Table: "boxes", Inherit: true}},
	},
	{Table: "articles", Created: true, Owned: true, InTeam: true, SoftDelete: true, Public: joinery.View | joinery.Copy},
	{Table: "polls", Created: true, Owned: true, SoftDelete: true, Public: joinery.AllActions &^ joinery.Copy},
	{Table: "settings", Created: true, Owned: true, SoftDelete: true, System: true, Public: joinery.Execute},
	{Table: "secrets", Created: true, Owned: true, InTeam: true, SoftDelete: true, Private: true, Public: joinery.View},
	{Table: "labels", InTeam: true},
	{
		Table: "attachments", Created: true,
		Refs: []Ref{
			{Column: "article_id", Table: "articles", Inherit: true},
			{Column: "setting_id", Table: "settings", Inherit: true},
			{Column: "secret_id", Table: "secrets", Inherit: true},
		},
	},
}
