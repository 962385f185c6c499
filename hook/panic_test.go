package hook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"

	"github.com/joinery-go/joinery/hook"
	"github.com/matryer/is"
)

func TestAPanicBecomesAnErrorThatTellsNothing(t *testing.T) {
	t.Parallel()
	p := hook.Point[event]{Name: "notes.create"}
	boom := func(context.Context, *event) error { panic(fmt.Errorf("canary: %w", fs.ErrNotExist)) }
	p.Before(boom, hook.Name("audit"))
	p.After(boom)
	for _, c := range []struct {
		run  func(context.Context, *event) error
		text string
	}{
		{p.RunBefore, "hook: a before hook of notes.create (audit) panicked"},
		{p.RunAfter, "hook: an after hook of notes.create panicked"},
	} {
		is := is.New(t)
		err := c.run(t.Context(), &event{})
		var pe *hook.PanicError
		is.True(errors.As(err, &pe))
		is.True(!errors.Is(err, fs.ErrNotExist)) // or its kind would be what the value says
		is.Equal(err.Error(), c.text)
		is.True(!strings.Contains(fmt.Sprintf("%v %+v %s %q", err, err, err, err), "canary"))
		is.True(strings.Contains(fmt.Sprint(pe.Value), "canary"))
		is.True(bytes.Contains(pe.Stack, []byte("panic_test.go")))

		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Error("failed", "error", err)
		is.True(strings.Contains(log.String(), "canary"))
		is.True(strings.Contains(log.String(), "panic_test.go"))
	}
}

func TestPanicWithNilIsAPanic(t *testing.T) {
	t.Parallel()
	var p hook.Point[event]
	p.Before(func(context.Context, *event) error { panic(nil) })
	var pe *hook.PanicError
	is.New(t).True(errors.As(p.RunBefore(t.Context(), &event{}), &pe))
}

func TestTheContextEndsAfterAPanicToo(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var p hook.Point[event]
	var had context.Context
	p.Before(func(ctx context.Context, _ *event) error { had = ctx; _ = ctx.Done(); panic(1) })
	is.True(p.RunBefore(t.Context(), &event{}) != nil)
	is.Equal(had.Err(), context.Canceled)
}
