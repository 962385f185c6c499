package rest

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/logx"
)

const requestIDHeader = "X-Request-Id"

// named is a ctx that tells of its request the id, which is the value of a
// header, and the API whose middlewares it goes through.
type named struct {
	context.Context
	id  [1]string
	api *API // nil: none
}

// Value implements context.Context.
func (n *named) Value(key any) any {
	if key == (namedKey{}) {
		return n
	}
	return n.Context.Value(key)
}

type namedKey struct{}

func namedFrom(ctx context.Context) *named {
	n, _ := ctx.Value(namedKey{}).(*named)
	return n
}

// RequestIDFrom is the id of the request of ctx, empty outside of [RequestID].
func RequestIDFrom(ctx context.Context) string {
	if n := namedFrom(ctx); n != nil {
		return n.id[0]
	}
	return ""
}

// RequestID is a middleware that names each request: by the header
// X-Request-Id where the client sends a well-formed one (up to 128 letters,
// digits, dots, dashes and underscores), else by a new UUIDv7. The id is in the
// answer's X-Request-Id, in [RequestIDFrom], in what this package logs of the
// request, and in every log record that a logx handler writes for its context.
func RequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if namedFrom(r.Context()) == nil {
			r = name(w, r, nil)
		}
		next.ServeHTTP(w, r)
	})
}

// name is the request on its way through the API, with the id that it has or
// with one that the answer tells.
func name(w http.ResponseWriter, r *http.Request, api *API) *http.Request {
	n := &named{Context: r.Context(), api: api}
	if before := namedFrom(n.Context); before != nil {
		n.id = before.id
		return r.WithContext(n)
	}
	if n.id[0] = r.Header.Get(requestIDHeader); !goodRequestID(n.id[0]) {
		n.id[0] = newRequestID()
	}
	n.Context = logx.With(n.Context, slog.String("request_id", n.id[0]))
	w.Header()[requestIDHeader] = n.id[:]
	return r.WithContext(n)
}

// logRequest logs with the id of the request of ctx. A logx handler adds it by
// itself, as it is in the context; any other is given it here.
func logRequest(ctx context.Context, log *slog.Logger, level slog.Level, msg string, attrs ...slog.Attr) {
	if _, adds := log.Handler().(*logx.Handler); !adds {
		if id := RequestIDFrom(ctx); id != "" {
			attrs = append(attrs, slog.String("request_id", id))
		}
	}
	log.LogAttrs(ctx, level, msg, attrs...)
}

func newRequestID() string {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil.String() // no randomness: the request itself will fail where it needs some
	}
	return id.String()
}

func goodRequestID(id string) bool {
	if id == "" || len(id) > 128 {
		return false
	}
	for _, c := range []byte(id) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}
