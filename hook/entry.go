package hook

import (
	"context"
	"slices"
	"time"
)

// entry is one registered hook; A is what its function takes: *E or E.
type entry[A any] struct {
	spec
	fn func(context.Context, A) error
}

func newEntry[A any](fn func(context.Context, A) error, opts []Option) entry[A] {
	if fn == nil {
		panic("hook: the function is nil")
	}
	h := entry[A]{fn: fn}
	h.priority, h.registered = DefaultPriority, time.Now()
	for _, o := range opts {
		if o.set != nil {
			o.set(&h.spec)
		}
	}
	return h
}

// insert gives a copy of list with h at its turn, in place of a hook of the
// same name.
func (h entry[A]) insert(list []entry[A]) []entry[A] {
	list = slices.Clone(list)
	if i := h.namesake(list); i >= 0 {
		if !h.hasPriority || h.priority == list[i].priority {
			h.priority, h.hasPriority, h.registered = list[i].priority, list[i].hasPriority, list[i].registered
			list[i] = h
			return list
		}
		list = slices.Delete(list, i, i+1)
	}
	at := slices.IndexFunc(list, func(o entry[A]) bool { return o.priority > h.priority })
	if at < 0 {
		at = len(list)
	}
	return slices.Insert(list, at, h)
}

// namesake finds the hook that h replaces, or -1.
func (h entry[A]) namesake(list []entry[A]) int {
	if h.name == "" {
		return -1
	}
	return slices.IndexFunc(list, func(o entry[A]) bool { return o.name == h.name })
}

// precedes reports whether s runs before o, of another point.
func (s *spec) precedes(o *spec) bool {
	if s.priority != o.priority {
		return s.priority < o.priority
	}
	return !o.registered.Before(s.registered)
}

// invoke calls one hook within its time; a panic becomes a *PanicError.
func invoke[A any](ctx context.Context, h *entry[A], at *site, arg A) (err error) {
	timeout := h.timeout
	if timeout == 0 {
		timeout = at.timeout
	}
	var limited *deadline
	if timeout >= 0 {
		limited = newDeadline(ctx, &h.registered, timeout)
		ctx = limited
	}
	defer func() {
		if limited != nil {
			limited.end()
		}
		if v := recover(); v != nil {
			err = newPanicError(v, at, h.name)
		}
	}()
	return h.fn(ctx, arg)
}
