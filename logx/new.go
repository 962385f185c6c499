package logx

import (
	"io"
	"log/slog"
	"os"
)

// Options of [New]. The zero value writes text at level Info.
type Options struct {
	// Level is the least level written; a *[slog.LevelVar] can be changed
	// later. Nil means [slog.LevelInfo].
	Level slog.Leveler
	// JSON writes one JSON object per line, instead of key=value text.
	JSON bool
	// AddSource adds the file and line of the call.
	AddSource bool
	// Handler says what to redact beyond the built-in names.
	Handler HandlerOptions
}

// New gives a logger that writes to w through a [Handler], one line per record,
// with the names of all levels. Nil w means [os.Stderr], nil opts the defaults.
// The logger is safe for concurrent use and calls w.Write once per record, one
// at a time.
func New(w io.Writer, opts *Options) *slog.Logger {
	if w == nil {
		w = os.Stderr
	}
	if opts == nil {
		opts = &Options{}
	}
	std := &slog.HandlerOptions{Level: opts.Level, AddSource: opts.AddSource, ReplaceAttr: nameLevel}
	var next slog.Handler = slog.NewTextHandler(w, std)
	if opts.JSON {
		next = slog.NewJSONHandler(w, std)
	}
	return slog.New(NewHandler(next, &opts.Handler))
}

// nameLevel shows the level of a record by [LevelName].
func nameLevel(_ []string, a slog.Attr) slog.Attr {
	if a.Key != slog.LevelKey {
		return a
	}
	if l, ok := a.Value.Any().(slog.Level); ok {
		a.Value = slog.StringValue(LevelName(l))
	}
	return a
}
