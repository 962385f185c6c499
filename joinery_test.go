package joinery_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
)

func TestKindOfFindsTheKindInTheChain(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	stale := &joinery.Error{Kind: joinery.Stale, Version: 3}
	is.Equal(joinery.KindOf(fmt.Errorf("notes: %w", stale)), joinery.Stale)
	is.Equal(joinery.KindOf(errors.New("disk on fire")), joinery.Internal)
	is.Equal(joinery.KindOf(fmt.Errorf("read: %w", context.DeadlineExceeded)), joinery.Unavailable)
	is.Equal(joinery.KindOf(context.Canceled), joinery.Unavailable)
	is.True(joinery.IsKind(stale, joinery.Stale))
	is.True(!joinery.IsKind(nil, joinery.Internal))
}

func TestErrorCarriesItsCause(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	cause := errors.New("duplicate key")
	err := joinery.Errorf(joinery.Conflict, "taken", "another row has the same value", cause)
	is.True(errors.Is(err, cause))
	is.Equal(err.CodeOrKind(), "taken")
	is.Equal(joinery.Errorf(joinery.NotFound, "", "not found").CodeOrKind(), "not_found")
	is.Equal(joinery.Errorf(joinery.NotFound, "", "not found").Error(), "not_found: not found")
	is.Equal(joinery.Kind(200).String(), "internal") // an unknown kind leaks nothing
}

// A message that tells of a field is not followed by the same once more.
func TestErrorSaysNothingTwice(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	field := joinery.FieldError{Parameter: "sort", Message: "is not known"}
	in := joinery.FieldError{Pointer: "/filter/x", Message: "is no field"}
	text := func(message string, fields ...joinery.FieldError) string {
		return (&joinery.Error{Kind: joinery.Malformed, Message: message, Fields: fields}).Error()
	}
	is.Equal(text("sort: is not known", field), "malformed: sort: is not known")
	is.Equal(text("filter/x: is no field", in), "malformed: filter/x: is no field")
	is.Equal(text("is not known", field), "malformed: is not known; sort") // where, the message does not say
	is.Equal(text("some fields are not right", field, in), "malformed: some fields are not right; sort: is not known; /filter/x: is no field")
	is.Equal(text("", field), "malformed; sort: is not known")
}

func TestNoActorIsUnauthenticated(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	_, err := joinery.ActorFrom(t.Context())
	is.Equal(joinery.KindOf(err), joinery.Unauthenticated)
	ann := joinery.Actor{ID: uuid.New(), Kind: joinery.User}
	got, err := joinery.ActorFrom(joinery.WithActor(t.Context(), ann))
	is.NoErr(err)
	is.Equal(got, ann)
	is.Equal(joinery.Actor{}.Kind, joinery.Anonymous)
	is.Equal(joinery.SystemActor().Kind.String(), "system")
	is.Equal(joinery.ActorKind(200).String(), "anonymous")
}

func TestScopeNarrows(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	open := joinery.Actor{Kind: joinery.User}
	is.True(open.Allows("notes", joinery.AllActions))
	shut := joinery.Actor{Kind: joinery.User, Scope: map[string]joinery.Actions{}}
	is.True(!shut.Allows("notes", joinery.View))
	some := joinery.Actor{Kind: joinery.User, Scope: map[string]joinery.Actions{"notes": joinery.View | joinery.Edit}}
	is.True(some.Allows("notes", joinery.Edit))
	is.True(!some.Allows("notes", joinery.Edit|joinery.Delete))
	is.True(!some.Allows("comments", joinery.View))
}

func TestWellKnownIDs(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	ids := joinery.WellKnownIDs()
	is.Equal(ids.Root.String(), "00000000-0000-7000-8000-000000000001")
	is.Equal(joinery.WellKnown{}.OrDefault(), ids)
	is.True(ids.Contains(ids.Template))
	is.True(!ids.Contains(uuid.New()))
	is.Equal(joinery.RootActor().ID, ids.Root)
}

func TestActionsAsText(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	all := joinery.AllActions
	is.Equal(all.String(), "view|execute|copy|edit|delete|share")
	is.Equal(len(all.Each()), 6)
	is.Equal(joinery.NoActions.String(), "none")
	for _, a := range []joinery.Actions{joinery.NoActions, joinery.View, joinery.Edit | joinery.Share, all} {
		data, err := json.Marshal(a)
		is.NoErr(err)
		var back joinery.Actions
		is.NoErr(json.Unmarshal(data, &back))
		is.Equal(back, a)
	}
	before := joinery.View
	is.True(json.Unmarshal([]byte(`["view", "fly"]`), &before) != nil)
	is.True(json.Unmarshal([]byte(`3`), &before) != nil)
	is.Equal(before, joinery.View) // an error changes nothing
}
