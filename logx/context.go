package logx

import (
	"context"
	"log/slog"
	"slices"
)

type attrsKey struct{}

// carrier is a ctx with attributes.
type carrier struct {
	context.Context
	list []slog.Attr
	room [1]slog.Attr // for the list, which is mostly as short
}

// Value implements context.Context.
func (a *carrier) Value(key any) any {
	if key == (attrsKey{}) {
		return a
	}
	return a.Context.Value(key)
}

// With gives a ctx whose attributes a [Handler] adds to each record logged with
// it, at the top level whatever group the logger is in. They come after those
// that ctx already has; one with the same key takes the earlier one's place.
func With(ctx context.Context, attrs ...slog.Attr) context.Context {
	with := &carrier{Context: ctx}
	with.list = append(with.room[:0], Attrs(ctx)...)
	for _, a := range attrs {
		i := slices.IndexFunc(with.list, func(o slog.Attr) bool { return o.Key == a.Key && a.Key != "" })
		if i >= 0 {
			with.list[i] = a
		} else {
			with.list = append(with.list, a)
		}
	}
	return with
}

// Attrs gives the attributes that [With] put into ctx, nil when there are none.
// They must not be changed.
func Attrs(ctx context.Context) []slog.Attr {
	if with, ok := ctx.Value(attrsKey{}).(*carrier); ok && len(with.list) > 0 {
		return with.list
	}
	return nil
}
