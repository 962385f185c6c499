package hook

// Stopper is asked of an event (of *E) after each Before hook: true ends the
// phase without error. [Skipper] implements it.
type Stopper interface {
	Stopped() bool
}

// Skipper lets a Before hook answer in the operation's place; embed it by
// value in an event. The zero value is not skipped. Like the event it belongs
// to one call, and is not safe for concurrent use.
type Skipper[R any] struct {
	result  R
	skipped bool
}

// Skip makes result the outcome of the operation, which then does not run. No
// further Before hook runs; After and Committed hooks do. A second call
// replaces the result. Only Before hooks can skip, later it has no effect.
func (s *Skipper[R]) Skip(result R) { s.result, s.skipped = result, true }

// Skipped gives the result passed to Skip, and whether it was called.
func (s *Skipper[R]) Skipped() (result R, skipped bool) { return s.result, s.skipped }

// Stopped reports whether Skip was called.
func (s *Skipper[R]) Stopped() bool { return s.skipped }

// stopped asks an event, *E, whether it ends the phase.
func stopped(e any) bool {
	s, ok := e.(Stopper)
	return ok && s.Stopped()
}
