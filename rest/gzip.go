package rest

import (
	"net/http"

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
	return wrap(next)
}
