package hook

import "context"

// RunBeforeBoth runs the Before hooks of two points as if they were one: by
// priority, ties in the order of registration. It is for an operation that has
// a point of its own and shares another, with another event type, with its
// siblings. a and e are two views of the same call. It stops as
// [Point.RunBefore] does, at an error or when the event just shown says so.
// Either point may be nil.
func RunBeforeBoth[A, E any](ctx context.Context, all *Point[A], a *A, own *Point[E], e *E) error {
	shared, list := all.load().before, own.load().before
	if len(shared) == 0 && len(list) == 0 {
		return nil
	}
	atAll, atOwn := all.site("before"), own.site("before")
	for len(shared) > 0 || len(list) > 0 {
		var err error
		var stop bool
		if sharedFirst(shared, list) {
			err = invoke(ctx, &shared[0], &atAll, a)
			shared, stop = shared[1:], stopped(a)
		} else {
			err = invoke(ctx, &list[0], &atOwn, e)
			list, stop = list[1:], stopped(e)
		}
		if err != nil || stop {
			return err
		}
	}
	return nil
}

// RunAfterBoth runs the After hooks of two points as if they were one, in the
// order of [RunBeforeBoth]. It stops at the first error and returns it.
func RunAfterBoth[A, E any](ctx context.Context, all *Point[A], a *A, own *Point[E], e *E) error {
	shared, list := all.load().after, own.load().after
	if len(shared) == 0 && len(list) == 0 {
		return nil
	}
	atAll, atOwn := all.site("after"), own.site("after")
	for len(shared) > 0 || len(list) > 0 {
		var err error
		if sharedFirst(shared, list) {
			err = invoke(ctx, &shared[0], &atAll, a)
			shared = shared[1:]
		} else {
			err = invoke(ctx, &list[0], &atOwn, e)
			list = list[1:]
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// RunCommittedBoth runs the Committed hooks of two points as if they were one,
// in the order of [RunBeforeBoth] and under the terms of
// [Point.RunCommitted]. A failure counts at the point of its hook.
func RunCommittedBoth[A, E any](ctx context.Context, all *Point[A], a A, own *Point[E], e E) {
	shared, list := all.load().committed, own.load().committed
	if len(shared) == 0 && len(list) == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx)
	for len(shared) > 0 || len(list) > 0 {
		if sharedFirst(shared, list) {
			all.runCommitted(ctx, &shared[0], a)
			shared = shared[1:]
		} else {
			own.runCommitted(ctx, &list[0], e)
			list = list[1:]
		}
	}
}

// sharedFirst reports whether the next hook is the shared list's; one of the
// two lists is not empty.
func sharedFirst[A, B any](shared []entry[A], own []entry[B]) bool {
	if len(shared) == 0 || len(own) == 0 {
		return len(shared) > 0
	}
	return shared[0].precedes(&own[0].spec)
}
