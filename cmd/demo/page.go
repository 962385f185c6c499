package main

import (
	_ "embed"
	"net/http"

	"github.com/julienschmidt/httprouter"
)

// indexHTML is the start page. It loads nothing.
//
//go:embed index.html
var indexHTML []byte

// startPage says what to try.
func startPage(w http.ResponseWriter, r *http.Request, _ httprouter.Params) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'")
	if r.Method != http.MethodHead {
		_, _ = w.Write(indexHTML) // an error means that the browser has gone
	}
}
