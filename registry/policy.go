package registry

import "github.com/joinery-go/joinery"

// Policy is a model's own part of the permission rules. The zero Policy:
// owner, team and grant rules only. See package perm for the whole of them.
type Policy struct {
	System  bool // everyone signed in may View, only System and Root may do more
	Private bool // only System and Root may do anything

	// Public is what everyone, also Anonymous, may do with live rows. The
	// policy speaks of rows, not of routes: package rest still answers 401 to
	// who is not signed in, until MountOptions.AuthOf opens List, Search and
	// Get by rest.Optional.
	Public joinery.Actions

	CreateInTeam joinery.Actions // what one needs in a team to create a row in it; zero: Edit
	CreateUnder  joinery.Actions // what one needs on the row an inherit reference names; zero: Edit

	OwnerNeedsReach bool    // an owner who does not reach the row's team loses the ownership
	Extra           []Extra // rules of the app
}

// Extra is a permission rule of an app: rows for which it holds may be acted
// on with Actions. SQL and Go must agree on every row.
//
// One that gives View costs every list of the model: no index is known to serve
// it, so rows are looked at in the order of the list until the page is full.
// That is soon for who sees many of them. For who sees few, as those that name
// the actor in a column, it takes tens of milliseconds among a hundred thousand
// rows: give grants instead.
type Extra struct {
	Name    string // for explanations; unique in its Policy
	Actions joinery.Actions

	// SQL is the rule as a condition on the table alias. Its text must not
	// vary by actor, its values may; they are bound. It is asked for
	// signed-in actors only.
	SQL func(alias string, a joinery.Actor) Sqlizer

	// Go is the same rule over a row in memory.
	Go func(a joinery.Actor, row Row) bool
}

// Sqlizer is a piece of SQL with ? placeholders and its values, as squirrel
// declares it.
type Sqlizer interface {
	ToSql() (string, []any, error)
}

// NeededInTeam is CreateInTeam with its default.
func (p Policy) NeededInTeam() joinery.Actions { return orEdit(p.CreateInTeam) }

// NeededUnder is CreateUnder with its default.
func (p Policy) NeededUnder() joinery.Actions { return orEdit(p.CreateUnder) }

func orEdit(a joinery.Actions) joinery.Actions {
	if a == 0 {
		return joinery.Edit
	}
	return a
}
