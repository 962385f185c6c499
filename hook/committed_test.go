package hook_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/joinery-go/joinery/hook"
	"github.com/matryer/is"
)

func TestCommittedCannotFailTheOperation(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var log bytes.Buffer
	p := hook.Point[event]{Name: "notes.create", Logger: slog.New(slog.NewJSONHandler(&log, nil))}
	ran := 0
	p.Committed(func(context.Context, event) error { ran++; return errors.New("mail is down") }, hook.Name("mail"))
	p.Committed(func(context.Context, event) error { ran++; panic("lost") }, hook.Name("feed"))
	p.Committed(func(context.Context, event) error { ran++; return nil })
	p.RunCommitted(t.Context(), event{})

	is.Equal(ran, 3)
	is.Equal(p.Failures(), uint64(2))
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	is.Equal(len(lines), 2)
	for i, want := range [][]string{
		{`"level":"ERROR"`, `"point":"notes.create"`, `"hook":"mail"`, `mail is down`},
		{`"level":"ERROR"`, `"hook":"feed"`, `"panic":"lost"`, `committed_test.go`},
	} {
		for _, part := range want {
			is.True(strings.Contains(lines[i], part)) // the log names point, hook and cause
		}
	}
}

func TestCommittedOutlivesTheRequest(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	type key struct{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "kept"))
	cancel()
	var p hook.Point[event]
	ran := false
	p.Committed(func(ctx context.Context, _ event) error {
		ran = true
		is.NoErr(ctx.Err())
		is.Equal(ctx.Value(key{}), "kept")
		_, limited := ctx.Deadline()
		is.True(limited)
		return nil
	})
	p.RunCommitted(ctx, event{})
	is.True(ran)
	is.Equal(p.Failures(), uint64(0))
}

func TestCommittedGetsTheEventByValue(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var p hook.Point[event]
	p.Committed(func(_ context.Context, e event) error { e.Skip("mine alone"); return nil })
	p.Committed(func(_ context.Context, e event) error {
		_, skipped := e.Skipped()
		is.True(!skipped)
		return nil
	})
	p.RunCommitted(t.Context(), event{})
}
