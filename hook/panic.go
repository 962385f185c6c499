package hook

import (
	"fmt"
	"log/slog"
	"runtime/debug"
)

// PanicError is what a hook that panicked is turned into. Its text names the
// hook only; the value and the stack are for the log, where [slog] finds them
// by LogValue. It wraps nothing, also when the value is an error: a panic is a
// fault of the program, whatever the value says.
type PanicError struct {
	Point string // [Point.Name], may be empty
	Phase string // "before", "after" or "committed"
	Hook  string // the name given by [Name], may be empty
	Value any    // what was passed to panic
	Stack []byte // the goroutine's stack at the panic
}

// Error names the hook, without value and stack.
func (e *PanicError) Error() string {
	text := "hook: a " + e.Phase + " hook"
	if e.Phase == "after" {
		text = "hook: an after hook"
	}
	if e.Point != "" {
		text += " of " + e.Point
	}
	if e.Hook != "" {
		text += " (" + e.Hook + ")"
	}
	return text + " panicked"
}

// LogValue gives the log the whole of it.
func (e *PanicError) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("message", e.Error()),
		slog.String("panic", fmt.Sprint(e.Value)),
		slog.String("stack", string(e.Stack)),
	)
}

func newPanicError(value any, at *site, name string) *PanicError {
	return &PanicError{Point: at.point, Phase: at.phase.String(), Hook: name, Value: value, Stack: debug.Stack()}
}
