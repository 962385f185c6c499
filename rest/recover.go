package rest

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/joinery-go/joinery"
)

// Recover is a middleware that turns a panic below it into a 500 whose stack
// is in the log only. An answer that has begun is cut off instead, because
// nothing else would tell the client that it is not whole. Nil logs to
// [slog.Default].
func Recover(log *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := record(w)
			defer func() {
				if reason := recover(); reason != nil {
					answerPanic(orDefault(log), rec, r, reason)
				}
			}()
			next.ServeHTTP(rec, r)
		})
	}
}

func answerPanic(log *slog.Logger, rec *recorder, r *http.Request, reason any) {
	if reason == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
		panic(reason)
	}
	logRequest(r.Context(), log, slog.LevelError, "panic in a handler", slog.String("method", r.Method),
		slog.String("path", r.URL.Path), slog.String("panic", fmt.Sprint(reason)), slog.String("stack", string(debug.Stack())))
	if rec.status != 0 {
		panic(http.ErrAbortHandler)
	}
	WriteProblem(rec, r, joinery.Errorf(joinery.Internal, "", ""))
}
