package crud

import (
	"errors"
	"strconv"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/hook"
)

// notFound is the answer for rows that are missing and for rows that the actor
// may not see, alike.
func (c *core) notFound() error {
	return joinery.Errorf(joinery.NotFound, "", "not found")
}

// forbidden is the answer for rows that the actor may see but not act on so.
func forbidden(actor joinery.Actor, a joinery.Actions) error {
	if nobody(actor) {
		return joinery.Errorf(joinery.Unauthenticated, "", "sign in to "+a.String()+" this")
	}
	return joinery.Errorf(joinery.Forbidden, "", "you may see this but not "+a.String()+" it")
}

// nobody reports whether signing in is what the actor lacks. Somebody without
// an id, or under an id that stands for no person, is not signed in either.
func nobody(actor joinery.Actor) bool {
	noPerson := actor.ID == uuid.Nil || joinery.WellKnownIDs().Contains(actor.ID)
	return actor.Kind == joinery.Anonymous || actor.Kind == joinery.User && noPerson
}

func stale(current int64) error {
	return &joinery.Error{
		Kind: joinery.Stale, Version: current,
		Message: "it has changed since: its version is now " + strconv.FormatInt(current, 10),
	}
}

func invalid(fields ...joinery.FieldError) error {
	return &joinery.Error{Kind: joinery.Invalid, Message: "some fields are not right", Fields: fields}
}

func systemOnly(actor joinery.Actor) error {
	if actor.Kind == joinery.System || actor.Kind == joinery.Root {
		return nil
	}
	return joinery.Errorf(joinery.Forbidden, "", "only System and Root write whole rows")
}

// hookError makes a panic of a hook an internal error, and leaves errors that
// a hook returned as they are.
func hookError(err error) error {
	if err == nil {
		return nil
	}
	var p *hook.PanicError
	if errors.As(err, &p) {
		return joinery.Errorf(joinery.Internal, "hook_panic", "a hook failed", err)
	}
	return err
}

// rank orders the answers of one write: what is found out first is answered,
// whichever way the statements ran.
func rank(err error) int {
	switch joinery.KindOf(err) {
	case joinery.Malformed:
		return 1
	case joinery.NotFound:
		return 2
	case joinery.Forbidden, joinery.Unauthenticated: // the same answer, to somebody and to nobody
		return 3
	case joinery.Stale:
		return 4
	case joinery.Invalid:
		return 5
	case joinery.Conflict:
		return 6
	}
	return 0
}

// verdicts gathers what is wrong with the rows of one write. The answer is the
// first error of the best rank; several errors of kind Invalid are joined, each
// field with the index of its row in front where the write has several.
type verdicts struct {
	many    bool
	err     error
	invalid int // how many errors the fields are from
	fields  []joinery.FieldError
}

// add takes what is wrong with the i-th row; nil is fine.
func (v *verdicts) add(i int, err error) {
	if err == nil {
		return
	}
	var e *joinery.Error
	if errors.As(err, &e) && v.many {
		err = atIndex(i, e)
	}
	if errors.As(err, &e) && e.Kind == joinery.Invalid {
		v.invalid++
		v.fields = append(v.fields, e.Fields...)
	}
	if v.err == nil || rank(err) < rank(v.err) {
		v.err = err
	}
}

// answer is the error of the whole write, nil where nothing was wrong.
func (v *verdicts) answer() error {
	if v.invalid > 1 && joinery.KindOf(v.err) == joinery.Invalid {
		return invalid(unique(v.fields)...)
	}
	return v.err
}

// atIndex puts the row's index in front of an error's pointers; an error
// without fields gets one that names the row.
func atIndex(i int, e *joinery.Error) error {
	at := *e
	prefix := "/" + strconv.Itoa(i)
	at.Fields = make([]joinery.FieldError, len(e.Fields))
	for j, f := range e.Fields {
		f.Pointer = prefix + f.Pointer
		at.Fields[j] = f
	}
	if len(at.Fields) == 0 {
		at.Fields = []joinery.FieldError{{Pointer: prefix, Code: e.CodeOrKind(), Message: e.Message}}
	}
	return &at
}

// repeated are the rows that a batch names more than once.
func repeated(idents []query.Ident) error {
	seen := make(map[uuid.UUID]bool, len(idents))
	v := verdicts{many: true}
	for i, ident := range idents {
		if seen[ident.ID] {
			v.add(i, invalid(joinery.FieldError{Pointer: "/id", Code: "repeated", Message: "the same id stands in the list before"}))
		}
		seen[ident.ID] = true
	}
	return v.answer()
}
