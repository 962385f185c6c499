package joinery_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// Whoever serves a request says who acts; what runs under it asks.
func Example() {
	archive := func(ctx context.Context) error {
		actor, err := joinery.ActorFrom(ctx)
		if err != nil {
			return err
		}
		fmt.Println("archived by", actor.Kind, actor.ID)
		return nil
	}
	ctx := context.Background()
	err := archive(ctx) // closed by default
	fmt.Println(joinery.IsKind(err, joinery.Unauthenticated))

	ada := joinery.Actor{ID: uuid.MustParse("0199d8f0-0000-7000-8000-00000000000a"), Kind: joinery.User}
	_ = archive(joinery.WithActor(ctx, ada))
	_ = archive(joinery.WithActor(ctx, joinery.SystemActor())) // a job of the process itself
	_ = archive(joinery.WithActor(ctx, joinery.RootActor()))   // the operator
	fmt.Println(joinery.WellKnownIDs().Contains(joinery.SystemActor().ID))
	// Output:
	// true
	// archived by user 0199d8f0-0000-7000-8000-00000000000a
	// archived by system 00000000-0000-7000-8000-000000000002
	// archived by root 00000000-0000-7000-8000-000000000001
	// true
}

// Errors tell a program what to do and a person what is wrong.
func ExampleError() {
	err := fmt.Errorf("save the note: %w", &joinery.Error{
		Kind:    joinery.Invalid,
		Message: "some fields are not right",
		Fields:  []joinery.FieldError{{Pointer: "/title", Code: "required", Message: "is required"}},
	})
	var e *joinery.Error
	if errors.As(err, &e) {
		fmt.Println(e.Kind, e.Fields[0].Pointer, e.Fields[0].Message)
	}
	// Output: invalid /title is required
}

// An error of a kind, with a code of the app's own, survives being wrapped.
func ExampleErrorf() {
	err := joinery.Errorf(joinery.Conflict, "seat_taken", "Somebody sits there: choose another seat.")
	wrapped := fmt.Errorf("book seat 12: %w", err)
	fmt.Println(wrapped)
	switch joinery.KindOf(wrapped) {
	case joinery.Conflict:
		fmt.Println("let the guest choose again:", err.CodeOrKind())
	case joinery.Unavailable:
		fmt.Println("try again later")
	}
	// Output:
	// book seat 12: conflict (seat_taken): Somebody sits there: choose another seat.
	// let the guest choose again: seat_taken
}

// Actions are a set: stored as one number, written as a list of names.
func ExampleParseActions() {
	actions, err := joinery.ParseActions("view", "edit")
	fmt.Println(actions, err)
	fmt.Println(actions.Has(joinery.Edit), actions.Has(joinery.Edit|joinery.Delete))
	text, _ := json.Marshal(actions | joinery.Share)
	fmt.Println(string(text))
	_, err = joinery.ParseActions("read")
	fmt.Println(err)
	// Output:
	// view|edit <nil>
	// true false
	// ["view","edit","share"]
	// unknown action "read": use view, execute, copy, edit, delete, share
}

// A key for machines is narrowed to what it is for, whatever its user may do;
// what a set holds is asked, listed, and kept as names.
func ExampleActor_Allows() {
	key := joinery.Actor{
		ID: uuid.MustParse("0199d8f0-0000-7000-8000-00000000000a"), Kind: joinery.User,
		Scope: map[string]joinery.Actions{"notes": joinery.View | joinery.Edit},
	}
	for _, a := range key.Scope["notes"].Each() {
		fmt.Println(a, "notes:", key.Allows("notes", a), "projects:", key.Allows("projects", a))
	}
	key.Scope = nil
	fmt.Println(key.Allows("projects", joinery.AllActions))
	fmt.Println(len(joinery.AllActions.Names()), "actions, from", joinery.AllActions.Names()[0])
	// Output:
	// view notes: true projects: false
	// edit notes: true projects: false
	// true
	// 6 actions, from view
}

// An app whose operator is a row of its own users table says so once, in the
// options of perm and crud; the zero value means the default ids.
func ExampleWellKnown() {
	var unset joinery.WellKnown
	fmt.Println(unset.OrDefault() == joinery.WellKnownIDs())

	mine := joinery.WellKnownIDs()
	mine.Root = uuid.MustParse("0199d8f0-0000-7000-8000-0000000000ff")
	fmt.Println(mine.OrDefault().Contains(mine.Root), mine.Contains(joinery.RootActor().ID))
	// Output:
	// true
	// true false
}

// With a read replica, a job reads what it wrote itself from the primary.
func ExampleTrackWrites() {
	job := joinery.TrackWrites(context.Background())
	fmt.Println("reads go to the replica:", !joinery.HasWritten(job))
	joinery.MarkWrite(job) // as sqldb does with each statement that writes
	fmt.Println("reads go to the replica:", !joinery.HasWritten(job))
	// Output:
	// reads go to the replica: true
	// reads go to the replica: false
}
