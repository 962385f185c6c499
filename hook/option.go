package hook

import (
	"context"
	"time"
)

// DefaultPriority is the priority of a hook registered without [Priority].
const DefaultPriority = 50

// Option changes how one hook is registered.
type Option struct{ set func(*spec) }

// spec is what a hook is besides its function.
type spec struct {
	name        string
	priority    int
	hasPriority bool
	timeout     time.Duration // zero: the point's
	registered  time.Time     // orders ties across two points
}

// Priority places the hook: lower runs first, the default is
// [DefaultPriority], equal ones run in the order of registration.
func Priority(p int) Option {
	return Option{func(s *spec) { s.priority, s.hasPriority = p, true }}
}

// Name names the hook for logs, for [Point.Remove] and for replacement: a
// second hook of the same name and phase takes the first one's place, and its
// turn too unless it brings a [Priority] of its own. The empty name is no name.
func Name(name string) Option {
	return Option{func(s *spec) { s.name = name }}
}

// Timeout ends the context of this hook after d, instead of the point's
// [Point.Timeout]. Zero means the point's, negative none of its own.
func Timeout(d time.Duration) Option {
	return Option{func(s *spec) { s.timeout = d }}
}

// When gives a hook that does nothing unless cond says true; cond is asked
// each time, with what the hook would get. It wraps the function, instead of
// being an option, so that the compiler checks its type:
//
//	orders.Before(hook.When(isLarge, askForApproval), hook.Name("approval"))
//
// A is *E for Before and After, and E for Committed. When panics when one of
// the two is nil.
func When[A any](cond func(context.Context, A) bool, fn func(context.Context, A) error) func(context.Context, A) error {
	if cond == nil || fn == nil {
		panic("hook: When needs a condition and a function")
	}
	return func(ctx context.Context, a A) error {
		if !cond(ctx, a) {
			return nil
		}
		return fn(ctx, a)
	}
}
