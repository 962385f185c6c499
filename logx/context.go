package logx

import (
	"context"
	"log/slog"
	"slices"
)

type attrsKey struct{}

// With gives a ctx whose attributes a [Handler] adds to each record logged with
// it, at the top level whatever group the logger is in. They come after those
// that ctx already has; one with the same key takes the earlier one's place.
func With(ctx context.Context, attrs ...slog.Attr) context.Context {
	list := slices.Clone(Attrs(ctx))
	for _, a := range attrs {
		i := slices.IndexFunc(list, func(o slog.Attr) bool { return o.Key == a.Key && a.Key != "" })
		if i >= 0 {
			list[i] = a
		} else {
			list = append(list, a)
		}
	}
	return context.WithValue(ctx, attrsKey{}, list)
}

// Attrs gives the attributes that [With] put into ctx, nil when there are none.
// They must not be changed.
func Attrs(ctx context.Context) []slog.Attr {
	list, _ := ctx.Value(attrsKey{}).([]slog.Attr)
	return list
}
