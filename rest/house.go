package rest

import (
	"net/http"
	"strings"

	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"
)

// houseRoutes are what every API answers beside its resources. A clash with
// the app's own routes is kept for Validate.
func (a *API) houseRoutes() {
	if len(a.problems) > 0 {
		return // of the options; add would only tell them again and again
	}
	a.house("/healthz", serveAlive, aliveDoc())
	a.house("/readyz", a.opts.Health.serveReady, readyDoc())
	if a.opts.NoDocs {
		return
	}
	a.house("/openapi.json", a.serveDocument("application/json", a.Document), nil)
	a.house("/openapi.yaml", a.serveDocument("application/yaml", a.DocumentYAML), nil)
	ui := v5emb.NewHandlerWithConfig(swgui.Config{
		Title: a.opts.Title, SwaggerJSON: "../openapi.json", BasePath: "./docs/", InternalBasePath: "/docs/",
		SettingsUI: map[string]string{"persistAuthorization": "false", "tryItOutEnabled": "true"},
	})
	a.house("/docs", page(ui, "/docs/"), nil)
	a.house("/docs/:file", page(ui, ""), nil)
}

func (a *API) house(path string, h http.HandlerFunc, doc *operation) {
	rt := &route{method: http.MethodGet, path: path, auth: None, raw: true, unlimited: true, doc: doc}
	rt.handler = func(c *call) error {
		h(c.w, c.r)
		return nil
	}
	if err := a.add(rt); err != nil {
		a.problems = append(a.problems, err)
	}
}

// page serves the interface's files, which expect their own path.
func page(ui http.Handler, path string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r2 := r.Clone(r.Context())
		if path != "" {
			r2.URL.Path = path
		}
		// Scripts and styles are the page's own; only the browser's own
		// requests go out, to the API.
		w.Header().Set("Content-Security-Policy", strings.Join([]string{
			"default-src 'self'", "script-src 'self' 'unsafe-inline'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "frame-ancestors 'none'",
		}, "; "))
		ui.ServeHTTP(&charset{w}, r2)
	}
}

// charset adds to the interface's page what its handler leaves out.
type charset struct{ http.ResponseWriter }

func (w *charset) Write(p []byte) (int, error) {
	if h := w.Header(); h.Get("Content-Type") == "text/html" {
		h.Set("Content-Type", "text/html; charset=utf-8")
	}
	return w.ResponseWriter.Write(p)
}

func (w *charset) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (a *API) serveDocument(contentType string, read func() ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		data, err := read()
		if err != nil {
			a.problem(w, r, err)
			return
		}
		h := w.Header()
		h.Set("Content-Type", contentType+"; charset=utf-8")
		h.Set("Cache-Control", "no-cache")
		writeBody(w, r, http.StatusOK, data)
	}
}
