package hook

import (
	"context"
	"slices"
	"time"
)

// entry is one registered hook. Its function takes the event as a pointer, *E,
// whose type only [Point] knows: what is below the methods of Point is compiled
// once, and not for each event of a program.
type entry struct {
	spec
	fn func(ctx context.Context, event any) error
}

// onPointer is the entry of a Before or After hook.
func onPointer[E any](fn func(context.Context, *E) error, opts []Option) entry {
	if fn == nil {
		panic(noFunction)
	}
	return newEntry(func(ctx context.Context, e any) error { return fn(ctx, e.(*E)) }, opts)
}

// onValue is the entry of a Committed hook, which gets a copy of its own.
func onValue[E any](fn func(context.Context, E) error, opts []Option) entry {
	if fn == nil {
		panic(noFunction)
	}
	return newEntry(func(ctx context.Context, e any) error { return fn(ctx, *e.(*E)) }, opts)
}

const noFunction = "hook: the function is nil"

func newEntry(fn func(context.Context, any) error, opts []Option) entry {
	h := entry{fn: fn}
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
func (h entry) insert(list []entry) []entry {
	list = slices.Clone(list)
	if i := h.namesake(list); i >= 0 {
		if !h.hasPriority || h.priority == list[i].priority {
			h.priority, h.hasPriority, h.registered = list[i].priority, list[i].hasPriority, list[i].registered
			list[i] = h
			return list
		}
		list = slices.Delete(list, i, i+1)
	}
	at := slices.IndexFunc(list, func(o entry) bool { return o.priority > h.priority })
	if at < 0 {
		at = len(list)
	}
	return slices.Insert(list, at, h)
}

// namesake finds the hook that h replaces, or -1.
func (h entry) namesake(list []entry) int {
	if h.name == "" {
		return -1
	}
	return slices.IndexFunc(list, func(o entry) bool { return o.name == h.name })
}

// precedes reports whether s runs before o, of another point.
func (s *spec) precedes(o *spec) bool {
	if s.priority != o.priority {
		return s.priority < o.priority
	}
	return !o.registered.Before(s.registered)
}

// without gives a copy of list that lacks the hooks of this name.
func without(list []entry, name string) []entry {
	return slices.DeleteFunc(slices.Clone(list), func(h entry) bool { return h.name == name })
}

// invoke calls one hook within its time; a panic becomes a *PanicError.
func invoke(ctx context.Context, h *entry, at *site, event any) (err error) {
	timeout := h.timeout
	if timeout == 0 {
		timeout = at.timeout
	}
	if timeout == 0 {
		timeout = DefaultTimeout
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
	return h.fn(ctx, event)
}
