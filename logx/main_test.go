package logx_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"testing"

	"go.uber.org/goleak"

	"github.com/joinery-go/joinery/logx"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// raw is a handler of an app that writes everything as it is.
type raw struct{ out *bytes.Buffer }

func (raw) Enabled(context.Context, slog.Level) bool { return true }

func (h raw) Handle(_ context.Context, r slog.Record) error {
	fmt.Fprint(h.out, r.Message)
	r.Attrs(func(a slog.Attr) bool { fmt.Fprintf(h.out, " %s=%+v", a.Key, a.Value); return true })
	_, err := fmt.Fprintln(h.out)
	return err
}

func (h raw) WithAttrs(attrs []slog.Attr) slog.Handler { return withRaw{h, attrs} }
func (h raw) WithGroup(string) slog.Handler            { panic("groups are not passed on") }

// withRaw is raw with attributes.
type withRaw struct {
	raw
	attrs []slog.Attr
}

func (h withRaw) Handle(ctx context.Context, r slog.Record) error {
	r.AddAttrs(h.attrs...)
	return h.raw.Handle(ctx, r)
}

var kinds = []string{"text", "json", "foreign"}

// newLogger gives a logger of a kind that writes to out.
func newLogger(kind string, out *bytes.Buffer, opts *logx.HandlerOptions) *slog.Logger {
	if kind == "foreign" {
		return slog.New(logx.NewHandler(raw{out}, opts))
	}
	o := &logx.Options{JSON: kind == "json"}
	if opts != nil {
		o.Handler = *opts
	}
	return logx.New(out, o)
}

// each runs test with a logger of each kind; written gives what it wrote.
func each(t *testing.T, opts *logx.HandlerOptions, test func(t *testing.T, log *slog.Logger, written func() string)) {
	t.Helper()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			test(t, newLogger(kind, &out, opts), func() string { defer out.Reset(); return out.String() })
		})
	}
}
