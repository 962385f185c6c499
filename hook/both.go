package hook

import "context"

// RunBeforeBoth runs the Before hooks of two points as if they were one: by
// priority, ties in the order of registration. It is for an operation that has
// a point of its own and shares another, with another event type, with its
// siblings. a and e are two views of the same call. It stops as
// [Point.RunBefore] does, at an error or when the event just shown says so.
// Either point may be nil.
func RunBeforeBoth[A, E any](ctx context.Context, all *Point[A], a *A, own *Point[E], e *E) error {
	shared, list := all.list(before), own.list(before)
	if len(shared) == 0 && len(list) == 0 {
		return nil
	}
	t := turns{all.run(shared, a), own.run(list, e)}
	return t.before(ctx)
}

// RunAfterBoth runs the After hooks of two points as if they were one, in the
// order of [RunBeforeBoth]. It stops at the first error and returns it.
func RunAfterBoth[A, E any](ctx context.Context, all *Point[A], a *A, own *Point[E], e *E) error {
	shared, list := all.list(after), own.list(after)
	if len(shared) == 0 && len(list) == 0 {
		return nil
	}
	t := turns{all.run(shared, a), own.run(list, e)}
	return t.after(ctx)
}

// RunCommittedBoth runs the Committed hooks of two points as if they were one,
// in the order of [RunBeforeBoth] and under the terms of
// [Point.RunCommitted]. A failure counts at the point of its hook.
func RunCommittedBoth[A, E any](ctx context.Context, all *Point[A], a A, own *Point[E], e E) {
	shared, list := all.list(committed), own.list(committed)
	if len(shared) == 0 && len(list) == 0 {
		return
	}
	view, event := a, e // on the heap, where a run without hooks does not get
	t := turns{all.run(shared, &view), own.run(list, &event)}
	t.committed(ctx)
}
