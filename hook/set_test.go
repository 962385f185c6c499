package hook_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/joinery-go/joinery/hook"
	"github.com/matryer/is"
)

func TestSetMixesAllAndOwnByPriority(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var s hook.Set[event]
	s.On("create").Before(mark("to be replaced"), hook.Name("own 1"))
	s.All().Before(mark("all 1"))
	s.On("create").Before(mark("own 2"))
	s.All().Before(mark("all early"), hook.Priority(1))
	s.On("create").Before(mark("own late"), hook.Priority(90))
	s.On("create").Before(mark("own 1"), hook.Name("own 1"))
	s.On("delete").Before(mark("another operation's"))
	s.On("create").After(mark("own after"))
	s.All().After(mark("all after"), hook.Priority(1))
	var e event
	is.NoErr(s.Run(t.Context(), "create", &e, mark("fn")))
	is.Equal(e.Seen, []string{"all early", "own 1", "all 1", "own 2", "own late", "fn", "all after", "own after"})

	var other event
	is.NoErr(s.Run(t.Context(), "never asked for", &other, mark("fn")))
	is.Equal(other.Seen, []string{"all early", "all 1", "fn", "all after"})
}

func TestSetStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	veto := errors.New("veto")
	no := func(context.Context, *event) error { return veto }
	for name, c := range map[string]struct {
		arrange func(*hook.Set[event])
		fn      func(context.Context, *event) error
		want    []string
	}{
		"own before": {func(s *hook.Set[event]) { s.On("x").Before(no) }, mark("fn"), nil},
		"all before": {func(s *hook.Set[event]) { s.All().Before(no); s.On("x").Before(mark("own")) }, mark("fn"), nil},
		"fn":         {func(s *hook.Set[event]) { s.On("x").After(mark("after")) }, no, nil},
		"own after":  {func(s *hook.Set[event]) { s.On("x").After(no); s.All().After(mark("all")) }, mark("fn"), []string{"fn"}},
		"all after":  {func(s *hook.Set[event]) { s.All().After(no); s.On("x").After(mark("own")) }, mark("fn"), []string{"fn"}},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			var s hook.Set[event]
			c.arrange(&s)
			s.All().Committed(func(context.Context, event) error { t.Error("not committed"); return nil })
			var e event
			is.Equal(s.Run(t.Context(), "x", &e, c.fn), veto)
			is.Equal(e.Seen, c.want)
		})
	}
}

func TestSetSkip(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var s hook.Set[event]
	s.All().Before(func(_ context.Context, e *event) error { e.Skip("r"); return nil })
	s.On("x").Before(mark("must not run"))
	s.On("x").After(mark("after"))
	committed := 0
	s.On("x").Committed(func(_ context.Context, e event) error {
		committed++
		_, skipped := e.Skipped()
		is.True(skipped)
		return nil
	})
	var e event
	is.NoErr(s.Run(t.Context(), "x", &e, mark("must not run either")))
	is.Equal(e.Seen, []string{"after"})
	is.Equal(committed, 1)
}

func TestSetCommitted(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var log bytes.Buffer
	s := hook.Set[event]{Name: "notes", Logger: slog.New(slog.NewTextHandler(&log, nil))}
	var order []string
	note := func(name string) func(context.Context, event) error {
		return func(context.Context, event) error { order = append(order, name); return errors.New("x") }
	}
	s.On("create").Committed(note("own"))
	s.All().Committed(note("all"))
	s.All().Committed(note("early"), hook.Priority(0))
	s.All().Committed(func(ctx context.Context, _ event) error { return ctx.Err() }) // outlives the request
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	is.NoErr(s.Run(ctx, "create", &event{}, pass))
	is.Equal(order, []string{"early", "own", "all"})
	is.Equal(s.On("create").Failures(), uint64(1))
	is.Equal(s.Failures(), uint64(3))
	is.True(strings.Contains(log.String(), "point=notes.create"))
	is.True(strings.Contains(log.String(), "point=notes.all"))
}

func TestSetQueuesCommitted(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var s hook.Set[event]
	var got []event
	s.On("x").Committed(func(_ context.Context, e event) error { got = append(got, e); return nil })
	var queue []func(context.Context)
	e := event{Seen: []string{"at commit"}}
	err := s.Run(t.Context(), "x", &e, pass, hook.OnCommit(func(_ context.Context, run func(context.Context)) {
		queue = append(queue, run)
	}))
	is.NoErr(err)
	is.Equal(len(got), 0) // not before the commit
	e.Seen = []string{"later"}
	queue[0](t.Context())
	is.Equal(len(got), 1)
	is.Equal(got[0].Seen, []string{"at commit"})
}

func TestSetGivesThePointsItsSettings(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	s := hook.Set[event]{Timeout: time.Hour}
	for _, p := range []*hook.Point[event]{s.On("x"), s.All()} {
		is.Equal(p.Timeout, time.Hour)
	}
	is.Equal(s.On("x").Name, "x")
	is.Equal(s.On("x"), s.On("x"))
	is.Equal(s.All(), s.All())
}

func TestSetConcurrentUse(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var s hook.Set[event]
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, op := range []string{"a", "b", "c"} {
				s.On(op).Before(pass)
				s.All().Before(mark("all"))
				_ = s.Run(t.Context(), op, &event{}, pass)
			}
		})
	}
	wg.Wait()
	var e event
	is.NoErr(s.Run(t.Context(), "a", &e, pass))
	is.Equal(len(e.Seen), 24)
}

// other is a second view of the same call, for an All of its own type.
type other struct {
	hook.Skipper[string]
	Of *event
}

func TestTwoPointsOfDifferentTypesRunAsOne(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var all hook.Point[other]
	var own hook.Point[event]
	seeing := func(name string) func(context.Context, *other) error {
		return func(ctx context.Context, o *other) error { return mark(name)(ctx, o.Of) }
	}
	own.Before(mark("own 1"))
	all.Before(seeing("all 1"))
	own.Before(mark("own 2"))
	all.Before(seeing("all first"), hook.Priority(1))
	own.After(mark("own after"))
	all.After(seeing("all after"))
	run := func() ([]string, error) {
		e := &event{}
		o := &other{Of: e}
		if err := hook.RunBeforeBoth(t.Context(), &all, o, &own, e); err != nil {
			return e.Seen, err
		}
		return e.Seen, hook.RunAfterBoth(t.Context(), &all, o, &own, e)
	}
	got, err := run()
	is.NoErr(err)
	is.Equal(got, []string{"all first", "own 1", "all 1", "own 2", "own after", "all after"})

	all.Before(func(_ context.Context, o *other) error { o.Skip(""); return nil }, hook.Priority(2))
	got, err = run()
	is.NoErr(err)
	is.Equal(got, []string{"all first", "own after", "all after"})

	all.After(func(context.Context, *other) error { panic("x") }, hook.Name("bad"))
	_, err = run()
	is.Equal(err.Error(), "hook: an after hook (bad) panicked")

	all.Remove("bad")
	own.Before(func(_ context.Context, e *event) error { e.Skip(""); return nil }, hook.Priority(0))
	got, err = run()
	is.NoErr(err)
	is.Equal(got, []string{"own after", "all after"})

	is.NoErr(hook.RunBeforeBoth[other, event](t.Context(), nil, nil, nil, nil))
	is.NoErr(hook.RunAfterBoth(t.Context(), nil, (*other)(nil), &own, &event{}))
	hook.RunCommittedBoth(t.Context(), nil, other{}, &own, event{})
}
