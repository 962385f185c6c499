package logx

import (
	"context"
	"log/slog"
	"slices"
)

// HandlerOptions changes what a [Handler] redacts. The zero value redacts by
// the built-in names only.
type HandlerOptions struct {
	// Redact adds names of attributes and fields whose values are hidden.
	// Case, and what is neither letter nor digit, do not matter, and a part
	// of the name is enough: "api key" hides "X-Api-Key-2".
	Redact []string
	// Show exempts whole names, built-in or added: "token_count". Case, and
	// what is neither letter nor digit, do not matter.
	Show []string
}

// Handler is a [slog.Handler] that adds the attributes of the context, redacts
// and encodes, and passes the record on. It is safe for concurrent use when the
// handler behind it is.
//
// A [slog.TextHandler] or [slog.JSONHandler] behind it encodes control
// characters by itself and loses nothing; for other handlers they are replaced
// by their escapes (\n, \x1b). Groups reach the handler behind as attributes.
// A value that is not of a basic kind may reach it changed: one that would show
// a secret, and a struct or map, which is passed as what its JSON holds.
type Handler struct {
	next  slog.Handler
	clean *cleaner
	// groups are those opened by WithGroup. They are kept here, and not
	// passed on, because the attributes of the context stand outside them.
	groups []group
}

// group is an open group with the attributes given inside it so far.
type group struct {
	name  string
	attrs []slog.Attr
}

// NewHandler gives a Handler before next; opts may be nil.
func NewHandler(next slog.Handler, opts *HandlerOptions) *Handler {
	if opts == nil {
		opts = &HandlerOptions{}
	}
	return &Handler{next: next, clean: &cleaner{keys: newKeys(opts), target: targetOf(next)}}
}

// Enabled asks the handler behind.
func (h *Handler) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

// Handle passes a cleaned copy of r to the handler behind and returns its error.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, r.Level, h.clean.text(r.Message), r.PC)
	out.AddAttrs(h.clean.attrs(Attrs(ctx))...)
	attrs := make([]slog.Attr, 0, r.NumAttrs())
	r.Attrs(func(a slog.Attr) bool {
		attrs = append(attrs, h.clean.attr(a))
		return true
	})
	for _, g := range slices.Backward(h.groups) {
		attrs = []slog.Attr{{Key: g.name, Value: slog.GroupValue(slices.Concat(g.attrs, attrs)...)}}
	}
	out.AddAttrs(attrs...)
	return h.next.Handle(ctx, out)
}

// WithAttrs gives a handler that adds attrs, cleaned once, to each record.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if len(attrs) == 0 {
		return h
	}
	attrs = h.clean.attrs(attrs)
	next := *h
	if len(h.groups) == 0 {
		next.next = h.next.WithAttrs(attrs)
		return &next
	}
	next.groups = slices.Clone(h.groups)
	last := &next.groups[len(next.groups)-1]
	last.attrs = slices.Concat(last.attrs, attrs)
	return &next
}

// WithGroup gives a handler that puts what follows into a group.
func (h *Handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	next := *h
	next.groups = append(slices.Clip(h.groups), group{name: h.clean.encode(name)})
	return &next
}
