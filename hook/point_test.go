package hook_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/joinery-go/joinery/hook"
	"github.com/matryer/is"
)

func seen(t *testing.T, p *hook.Point[event]) []string {
	t.Helper()
	var e event
	is.New(t).NoErr(p.RunBefore(t.Context(), &e))
	return e.Seen
}

func TestHooksRunByPriorityThenRegistration(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var p hook.Point[event]
	p.Before(mark("first"))
	p.Before(mark("late"), hook.Priority(51))
	p.Before(mark("second"))
	p.Before(mark("early"), hook.Priority(-1))
	p.Before(mark("third"), hook.Priority(hook.DefaultPriority))
	is.Equal(seen(t, &p), []string{"early", "first", "second", "third", "late"})
}

func TestANamesakeTakesThePlace(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var p hook.Point[event]
	p.Before(mark("a"), hook.Name("a"))
	p.Before(mark("b"), hook.Name("b"), hook.Priority(60))
	p.Before(mark("c"), hook.Priority(60))
	p.Before(mark("middle"), hook.Priority(55))
	p.Before(mark("a2"), hook.Name("a"))
	p.Before(mark("b2"), hook.Name("b"))
	is.Equal(seen(t, &p), []string{"a2", "middle", "b2", "c"})

	p.Before(mark("b3"), hook.Name("b"), hook.Priority(60)) // the turn it has
	is.Equal(seen(t, &p), []string{"a2", "middle", "b3", "c"})

	p.Before(mark("b4"), hook.Name("b"), hook.Priority(10)) // its own turn
	is.Equal(seen(t, &p), []string{"b4", "a2", "middle", "c"})

	p.After(mark("other phase"), hook.Name("a")) // replaces nothing
	p.Before(mark("no name"), hook.Name(""))
	p.Before(mark("no name"), hook.Name(""))
	is.Equal(seen(t, &p), []string{"b4", "a2", "no name", "no name", "middle", "c"})
}

func TestRemoveTakesANameOutOfEveryPhase(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var p hook.Point[event]
	p.Before(pass, hook.Name("x"))
	p.After(pass, hook.Name("x"))
	p.Committed(func(context.Context, event) error { return nil }, hook.Name("x"))
	p.Before(mark("nameless"))
	is.True(p.HasBefore() && p.HasAfter() && p.HasCommitted())

	is.True(!p.Remove("y"))
	is.True(!p.Remove(""))
	is.True(p.Remove("x"))
	is.True(!p.Remove("x"))
	is.True(p.HasBefore() && !p.HasAfter() && !p.HasCommitted())
	is.Equal(seen(t, &p), []string{"nameless"})
}

func TestAnErrorEndsThePhaseUnchanged(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	veto := errors.New("veto")
	var p hook.Point[event]
	for _, add := range []func(func(context.Context, *event) error, ...hook.Option){p.Before, p.After} {
		add(mark("ran"))
		add(func(context.Context, *event) error { return veto })
		add(mark("must not run"))
	}
	var before, after event
	is.Equal(p.RunBefore(t.Context(), &before), veto)
	is.Equal(before.Seen, []string{"ran"})
	is.Equal(p.RunAfter(t.Context(), &after), veto)
	is.Equal(after.Seen, []string{"ran"})
}

func TestSkipEndsBeforeButNotAfter(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var p hook.Point[event]
	p.Before(func(_ context.Context, e *event) error { e.Skip("answer"); return nil })
	p.Before(mark("must not run"))
	p.After(mark("after 1"))
	p.After(mark("after 2"))
	var e event
	_, skipped := e.Skipped()
	is.True(!skipped)
	is.NoErr(p.RunBefore(t.Context(), &e))
	result, skipped := e.Skipped()
	is.True(skipped)
	is.Equal(result, "answer")
	is.NoErr(p.RunAfter(t.Context(), &e))
	is.Equal(e.Seen, []string{"after 1", "after 2"})
}

func TestWhenAsksEachTime(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var p hook.Point[event]
	open := false
	p.Before(hook.When(func(context.Context, *event) bool { return open }, mark("ran")))
	is.Equal(seen(t, &p), nil)
	open = true
	is.Equal(seen(t, &p), []string{"ran"})
}

func TestARunKeepsTheHooksItBeganWith(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var p hook.Point[event]
	p.Before(func(_ context.Context, e *event) error {
		p.Before(mark("replaced"), hook.Name("kept"))
		p.Before(mark("new"), hook.Name("new"))
		p.Remove("gone")
		return nil
	})
	p.Before(mark("gone"), hook.Name("gone"))
	p.Before(mark("kept"), hook.Name("kept"))
	is.Equal(seen(t, &p), []string{"gone", "kept"})
	is.Equal(seen(t, &p), []string{"replaced", "new"})
}

func TestNilFunctionsAreRefused(t *testing.T) {
	t.Parallel()
	var p hook.Point[event]
	for name, add := range map[string]func(){
		"before":    func() { p.Before(nil) },
		"after":     func() { p.After(nil) },
		"committed": func() { p.Committed(nil) },
		"when":      func() { hook.When(nil, pass) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() { is.New(t).True(recover() != nil) }()
			add()
		})
	}
}

func TestANilPointHasNoHooks(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var p *hook.Point[event]
	is.NoErr(p.RunBefore(t.Context(), &event{}))
	is.NoErr(p.RunAfter(t.Context(), &event{}))
	p.RunCommitted(t.Context(), event{})
	is.True(!p.HasBefore() && !p.HasAfter() && !p.HasCommitted())
	is.Equal(p.Failures(), uint64(0))
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var p hook.Point[event]
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			name := fmt.Sprint(i)
			for range 200 {
				p.Before(pass, hook.Name(name))
				p.Committed(func(context.Context, event) error { return errors.New("x") }, hook.Name(name))
				_ = p.RunBefore(t.Context(), &event{})
				p.Remove(name)
			}
			p.Before(mark(name))
		})
	}
	wg.Wait()
	is.Equal(len(seen(t, &p)), 8)
	is.True(!p.HasCommitted())
}
