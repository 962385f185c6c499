package crud

import (
	"context"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Access decides which rows an actor may act on. *perm.Engine is one;
// [Unrestricted] allows everything. The actor is the context's; without one
// both methods fail with kind Unauthenticated.
//
// Implementations are safe for concurrent use.
type Access interface {
	// Filter is a condition on the table alias of m that holds for the rows
	// on which the actor may View and do all of a. It is part of every read
	// and write. A [*sqldb.Cond] lets the manager keep the whole statement's
	// text; any other Sqlizer is built into the text on every call.
	Filter(ctx context.Context, m *registry.Model, a joinery.Actions, alias string) (squirrel.Sqlizer, error)

	// Place says whether the row may be created (old is nil) or changed so.
	// It runs in the write's transaction. Its errors are Unauthenticated,
	// Forbidden, or Invalid with the fields at fault.
	Place(ctx context.Context, m *registry.Model, old, new registry.Row) error
}

// PlaceConder is an optional ability of an Access: to judge a create inside
// the INSERT itself.
type PlaceConder interface {
	// PlaceCond is a condition over no table that holds when new may be
	// created; nil when nothing is left to ask. Errors as of Access.Place.
	PlaceCond(ctx context.Context, m *registry.Model, new registry.Row) (squirrel.Sqlizer, error)
}

// Actioner is an optional ability of an Access: to say what the actor may do
// with rows. [Manager.Access] needs it.
type Actioner interface {
	// Actions are those that the actor of ctx has on the rows with those ids.
	// Rows that are missing, or that it may not View, are absent.
	Actions(ctx context.Context, m *registry.Model, ids ...uuid.UUID) (map[uuid.UUID]joinery.Actions, error)
}

// Armer is an optional ability of an Access: to take what it answers for View
// apart, so that lists stay quick however many rows the actor cannot see.
type Armer interface {
	// Arms are what Filter answers for View on the table alias of m, as a union;
	// nil where there is nothing to take apart. They are used where their Of is
	// the manager's Access itself: one that embeds another has its Arms too, but
	// perhaps a Filter of its own. Errors as of Access.Filter.
	Arms(ctx context.Context, m *registry.Model, alias string) (*sqldb.Arms, error)
}

// Explainer is an optional ability of an Access: to say why. [Manager.Explain]
// needs it.
type Explainer interface {
	// Explain is why who may do the one action a to the row, or may not, as far
	// as the actor of ctx may know.
	Explain(ctx context.Context, who joinery.Actor, m *registry.Model, a joinery.Actions, id uuid.UUID) (registry.Explanation, error)
}

// Forgetter is an optional ability of an Access that keeps something about
// rows, as grants, without a reference that the manager could follow.
type Forgetter interface {
	// Forget removes what is kept about rows that have left their table for
	// good. It runs in the transaction in which they did.
	Forget(ctx context.Context, m *registry.Model, ids ...uuid.UUID) error
}

// Unrestricted is the Access that allows every actor everything on live rows,
// and Root on deleted ones too. An actor must still be in the context: it is
// who the rows are created by.
const Unrestricted = unrestricted(true)

type unrestricted bool

// Filter holds for live rows, for Root for all.
func (unrestricted) Filter(ctx context.Context, m *registry.Model, _ joinery.Actions, alias string) (squirrel.Sqlizer, error) {
	actor, err := joinery.ActorFrom(ctx)
	switch {
	case err != nil:
		return nil, err
	case m.DeletedAt == nil || actor.Kind == joinery.Root:
		return squirrel.Expr("1=1"), nil
	}
	return liveOnly{squirrel.Eq{alias + "." + m.DeletedAt.Name: nil}}, nil
}

// liveOnly is Unrestricted's condition on models that keep deleted rows.
type liveOnly struct{ squirrel.Sqlizer }

// Place allows every actor everything.
func (unrestricted) Place(ctx context.Context, _ *registry.Model, _, _ registry.Row) error {
	_, err := joinery.ActorFrom(ctx)
	return err
}

// PlaceCond asks nothing more.
func (unrestricted) PlaceCond(ctx context.Context, _ *registry.Model, _ registry.Row) (squirrel.Sqlizer, error) {
	_, err := joinery.ActorFrom(ctx)
	return nil, err
}
