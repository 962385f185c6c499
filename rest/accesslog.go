package rest

import (
	"log/slog"
	"net/http"
	"time"
)

// AccessLog is a middleware that logs each request when it is answered, at
// Info: method, path without the query (which may hold what no log should),
// status, bytes of the body, duration and client address. Nil logs to
// [slog.Default].
func AccessLog(log *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			out := orDefault(log)
			if !out.Enabled(r.Context(), slog.LevelInfo) {
				next.ServeHTTP(w, r)
				return
			}
			start, rec := time.Now(), record(w)
			path := r.URL.Path // a router may rewrite it
			defer func() { logAccess(out, r, rec, path, time.Since(start)) }()
			next.ServeHTTP(rec, r)
		})
	}
}

func logAccess(log *slog.Logger, r *http.Request, rec *recorder, path string, took time.Duration) {
	status := rec.status
	if status == 0 {
		status = http.StatusOK
	}
	logRequest(r.Context(), log, slog.LevelInfo, "request",
		slog.String("method", r.Method), slog.String("path", path), slog.Int("status", status),
		slog.Int64("bytes", rec.bytes), slog.Duration("duration", took), slog.String("client", ClientIP(r).String()))
}

func orDefault(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.Default()
	}
	return log
}
