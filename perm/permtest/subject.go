package permtest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// Subject is whatever answers the questions of the page: the engine over a
// database ([Open]), a surface above it, or the reference model itself
// ([Reference]). It is used by one goroutine at a time.
type Subject interface {
	// Load makes the subject answer for the world, and for nothing of the
	// world before. A failure ends the test.
	Load(t testing.TB, w *World)

	// Check is nil when the actor may do x, one action, to the row; else an
	// error of kind NotFound, Forbidden or Unauthenticated.
	Check(t testing.TB, a joinery.Actor, x joinery.Actions, table string, id uuid.UUID) error

	// Place is nil when the row may be created or changed so; else the error
	// that says why not, a Conflict among them. Nothing stays written.
	Place(t testing.TB, m Move) error
}

// Reference is the reference model as a [Subject]. The zero Reference is ready
// for use.
type Reference struct{ world *World }

// Load keeps the world.
func (r *Reference) Load(_ testing.TB, w *World) { r.world = w }

// Check is [World.Check] as an error.
func (r *Reference) Check(_ testing.TB, a joinery.Actor, x joinery.Actions, table string, id uuid.UUID) error {
	if refused := r.world.Check(a, x, table, id); refused != nil {
		return refused.Err()
	}
	return nil
}

// Place is the first reason of [World.Place], or the Conflict of
// [World.Orphaned], as an error.
func (r *Reference) Place(_ testing.TB, m Move) error {
	if why := r.world.place(m); len(why) > 0 {
		return why[0].Err()
	}
	return nil
}

// place is every reason against the move, the Conflict among them where
// nothing else is wrong.
func (w *World) place(m Move) []Refusal {
	why := w.Place(m.Actor, m.Old, m.New)
	if len(why) == 0 && len(w.Orphaned(m.Actor, w.With(m.New))) > 0 {
		why = append(why, orphan())
	}
	return why
}

// orphan is the Conflict of a team that loses its last holder of Share.
func orphan() Refusal {
	return Refusal{Kind: joinery.Conflict, Why: "a team keeps a direct, active membership without expires_at whose role includes Share"}
}

// Err is the refusal as an error of its kind.
func (r Refusal) Err() error {
	err := joinery.Errorf(r.Kind, "", r.Why)
	if r.Pointer != "" {
		err.Fields = []joinery.FieldError{{Pointer: r.Pointer, Message: r.Why}}
	}
	return err
}

// String is the kind, the field and the sentence.
func (r Refusal) String() string {
	kind := r.Kind.String()
	if r.Open {
		kind = "forbidden, invalid or conflict"
	}
	return fmt.Sprintf("%s %s(%s)", kind, r.Pointer, r.Why)
}

// Disagreement is what is wrong with an answer, given the reasons that the
// reference model has for refusing; empty when nothing is: both allow, or the
// error is one of the reasons.
func Disagreement(err error, why []Refusal) string {
	switch {
	case err == nil && len(why) == 0:
		return ""
	case err == nil:
		return fmt.Sprintf("allowed, want refused: %v", why)
	case len(why) == 0:
		return fmt.Sprintf("refused, want allowed: %v", err)
	case !slices.ContainsFunc(why, func(r Refusal) bool { return r.fits(err) }):
		return fmt.Sprintf("refused by %q, want %v", err, why)
	}
	return ""
}

func (r Refusal) fits(err error) bool {
	kind := joinery.KindOf(err)
	if r.Open && (kind == joinery.Forbidden || kind == joinery.Invalid || kind == joinery.Conflict) {
		return true
	}
	return kind == r.Kind && (r.Pointer == "" || hasPointer(err, r.Pointer))
}

// hasPointer reports whether the error names the field.
func hasPointer(err error, pointer string) bool {
	var e *joinery.Error
	if !errors.As(err, &e) {
		return false
	}
	for _, f := range e.Fields {
		if f.Pointer == pointer {
			return true
		}
	}
	return false
}
