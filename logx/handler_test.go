package logx_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/joinery-go/joinery/logx"
	"github.com/matryer/is"
)

// last parses the last line of JSON output.
func last(t *testing.T, out *bytes.Buffer) map[string]any {
	t.Helper()
	lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
	var m map[string]any
	is.New(t).NoErr(json.Unmarshal(lines[len(lines)-1], &m))
	return m
}

func TestHandlerKeepsTheRulesOfSlog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	slogtest.Run(t, func(*testing.T) slog.Handler {
		out.Reset()
		return logx.NewHandler(slog.NewJSONHandler(&out, nil), nil)
	}, func(t *testing.T) map[string]any { return last(t, &out) })
}

func TestContextAttributesStandOutsideGroups(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var out bytes.Buffer
	log := logx.New(&out, &logx.Options{JSON: true})
	ctx := logx.With(t.Context(), slog.String("request_id", "r"), slog.String("token", canary))
	grouped := log.With("a", 1).WithGroup("g").With("b", 2).WithGroup("h").With("c", 3)
	grouped.InfoContext(ctx, "m", "d", 4)
	got := last(t, &out)
	delete(got, "time")
	is.Equal(got, map[string]any{
		"level": "INFO", "msg": "m", "a": 1.0, "request_id": "r", "token": logx.Redacted,
		"g": map[string]any{"b": 2.0, "h": map[string]any{"c": 3.0, "d": 4.0}},
	})

	out.Reset()
	log.With("a", 1).InfoContext(context.Background(), "m") // none there, none added
	_, has := last(t, &out)["request_id"]
	is.True(!has)
}

func TestWithAddsReplacesAndLeavesTheParent(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	is.Equal(logx.Attrs(t.Context()), nil)
	parent := logx.With(t.Context(), slog.Int("a", 1), slog.Int("b", 1))
	child := logx.With(parent, slog.Int("a", 2), slog.Int("c", 1))
	sibling := logx.With(parent, slog.Int("d", 1))
	is.Equal(logx.Attrs(parent), []slog.Attr{slog.Int("a", 1), slog.Int("b", 1)})
	is.Equal(logx.Attrs(child), []slog.Attr{slog.Int("a", 2), slog.Int("b", 1), slog.Int("c", 1)})
	is.Equal(logx.Attrs(sibling), []slog.Attr{slog.Int("a", 1), slog.Int("b", 1), slog.Int("d", 1)})
}

func TestDerivedLoggersShareNothing(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var out bytes.Buffer
	base := logx.New(&out, &logx.Options{JSON: true}).WithGroup("g").With("x", 1)
	one, two := base.With("one", 1), base.With("two", 2)
	deep := base.WithGroup("h").WithGroup("i")
	left, right := deep.WithGroup("l"), deep.WithGroup("r")
	for log, want := range map[*slog.Logger]map[string]any{
		one:   {"x": 1.0, "one": 1.0, "j": 1.0},
		two:   {"x": 1.0, "two": 2.0, "j": 1.0},
		left:  {"x": 1.0, "h": map[string]any{"i": map[string]any{"l": map[string]any{"j": 1.0}}}},
		right: {"x": 1.0, "h": map[string]any{"i": map[string]any{"r": map[string]any{"j": 1.0}}}},
	} {
		log.Info("m", "j", 1)
		is.Equal(last(t, &out)["g"], want)
	}
}

func TestConcurrentLogging(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var out bytes.Buffer
	log := logx.New(&out, nil).WithGroup("g")
	ctx := logx.With(t.Context(), slog.Int("id", 1))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				log.With("a", 1).InfoContext(ctx, "m", "password", "x")
			}
		})
	}
	wg.Wait()
	is.Equal(bytes.Count(out.Bytes(), []byte("\n")), 400)
}

// keep is a handler that remembers the last record's attributes.
type keep struct{ got map[string]any }

func (keep) Enabled(context.Context, slog.Level) bool { return true }
func (k keep) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool { k.got[a.Key] = a.Value.Any(); return true })
	return errors.New("disk full")
}
func (k keep) WithAttrs([]slog.Attr) slog.Handler { return k }
func (k keep) WithGroup(string) slog.Handler      { return k }

func TestAForeignHandlerGetsHarmlessValuesAsTheyAre(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	k := keep{map[string]any{}}
	bad := &fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}
	dirty := errors.New("dial pg://u:" + canary + "@h")
	at := time.Now()
	r := slog.NewRecord(at, slog.LevelInfo, "m", 0)
	r.Add("error", bad, "dirty", dirty, "n", 5, "t", at, "d", time.Second, "month", time.May, "nothing", nil)
	err := logx.NewHandler(k, nil).Handle(t.Context(), r)
	is.Equal(err.Error(), "disk full") // the error of the handler behind
	is.Equal(k.got["error"], bad)
	is.Equal(k.got["dirty"], "dial pg://u:"+logx.Redacted+"@h")
	is.Equal(k.got["n"], int64(5))
	is.Equal(k.got["t"], at.Round(0))
	is.Equal(k.got["d"], time.Second)
	is.Equal(k.got["month"], time.May)
	is.Equal(k.got["nothing"], nil)
}
