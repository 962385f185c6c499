package rest

import (
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// Gzip is a middleware that compresses answers of 1 KiB and more for clients
// that accept it. A compressed answer's ETag carries the suffix -gzip, which
// If-Match and If-None-Match of the API understand.
func Gzip(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.MinSize(1024),
		gzhttp.SuffixETag("-gzip"),
		gzhttp.EnableZstd(false),
		gzhttp.RandomJitter(32, 0, false), // the length must not betray a secret that a page can sound out
	)
	if err != nil {
		return next // options that are constants: cannot happen
	}
	compressed := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header["Accept-Encoding"]) == 0 { // nothing to choose from
			if h := w.Header(); h["Vary"] == nil {
				h["Vary"] = varyEncoding
			} else {
				h.Add("Vary", varyEncoding[0])
			}
			next.ServeHTTP(w, r)
			return
		}
		if r.Method == http.MethodHead && strings.Contains(strings.ToLower(r.Header.Get("Accept-Encoding")), "gzip") {
			w = lengthless{w}
		}
		compressed.ServeHTTP(w, r)
	})
}

// lengthless leaves out the length of an answer to HEAD, which is not
// compressed as that to GET may be: no length is better than a wrong one.
type lengthless struct{ http.ResponseWriter }

func (w lengthless) WriteHeader(status int) {
	w.Header().Del("Content-Length")
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the abilities of what is below.
func (w lengthless) Unwrap() http.ResponseWriter { return w.ResponseWriter }
