package joinery

import (
	"context"

	"github.com/google/uuid"
)

// ActorKind says in which capacity somebody acts. The zero ActorKind is
// Anonymous.
type ActorKind uint8

// The kinds of actors.
const (
	Anonymous ActorKind = iota // nobody in particular
	User                       // a signed-in person or service account, judged by the permission rules
	System                     // the process itself: services, seeds, flows; never over the wire
	Root                       // the operator, by the root key: may do everything, also to deleted rows
)

var actorKindNames = [...]string{Anonymous: "anonymous", User: "user", System: "system", Root: "root"}

// String is the kind's name in lower case.
func (k ActorKind) String() string {
	if int(k) < len(actorKindNames) {
		return actorKindNames[k]
	}
	return actorKindNames[Anonymous]
}

// Actor is who acts. The zero Actor is anonymous. It is a value: copying it is
// safe, its Scope map must not be changed once it is in a context.
type Actor struct {
	ID   uuid.UUID // the user's id; nil for Anonymous
	Kind ActorKind

	// Scope narrows what the actor may do, by table name, as API keys and
	// service accounts have it. Nil: not narrowed. Empty: everything is denied.
	Scope map[string]Actions
}

// Allows reports whether the scope permits all of actions a on the table. It
// grants nothing: the permission rules are asked besides.
func (a Actor) Allows(table string, actions Actions) bool {
	return a.Scope == nil || a.Scope[table].Has(actions)
}

// WellKnown are the ids of three users that stand for no person. Template
// owns rows that everyone may view, execute and copy, and never acts.
type WellKnown struct {
	Root, System, Template uuid.UUID
}

// Contains reports whether id is one of the three.
func (w WellKnown) Contains(id uuid.UUID) bool {
	return id == w.Root || id == w.System || id == w.Template
}

// OrDefault is w, or [WellKnownIDs] where w is the zero value.
func (w WellKnown) OrDefault() WellKnown {
	if w == (WellKnown{}) {
		return WellKnownIDs()
	}
	return w
}

// WellKnownIDs are the ids that hold unless an app sets others in its options:
// 00000000-0000-7000-8000-000000000001 for Root, …2 for System, …3 for
// Template.
func WellKnownIDs() WellKnown {
	id := func(last byte) uuid.UUID { return uuid.UUID{6: 0x70, 8: 0x80, 15: last} }
	return WellKnown{Root: id(1), System: id(2), Template: id(3)}
}

// SystemActor is the process itself, under its default id. Nothing that comes
// over the wire may act as it.
func SystemActor() Actor { return Actor{ID: WellKnownIDs().System, Kind: System} }

// RootActor is the operator, under the default id.
func RootActor() Actor { return Actor{ID: WellKnownIDs().Root, Kind: Root} }

type actorKey struct{}

// WithActor returns a context in which a acts.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorFrom is who acts in ctx. Without an actor the error is of kind
// Unauthenticated: a guarded operation is closed by default.
func ActorFrom(ctx context.Context) (Actor, error) {
	if a, ok := ctx.Value(actorKey{}).(Actor); ok {
		return a, nil
	}
	return Actor{}, Errorf(Unauthenticated, "no_actor", "no actor in the context: use joinery.WithActor, or authenticate the request")
}
