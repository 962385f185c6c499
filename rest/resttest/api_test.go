package resttest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/rest"
	"github.com/joinery-go/joinery/rest/resttest"
)

func TestRequests(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	api := resttest.New(t, newNotes(t), nil)
	ada := api.As(resttest.Bearer("ada"))

	var note Note
	ada.Post("/v1/notes", CreateNote{Title: "a"}).Status(201).Header("ETag", `"1"`).JSON(&note)
	is.Equal(note.Title, "a")
	path := "/v1/notes/" + note.ID.String()
	ada.With("If-Match", "*").Patch(path, `{"title":"b"}`).Status(200)
	ada.Get(path).Status(200).Header("ETag", `"2"`).JSON(&note)
	is.Equal(note.Title, "b")
	ada.Post("/v1/notes", CreateNote{}).Problem("invalid", "/title")
	ada.Get("/v1/notes?limit=0").Problem("bad_query", "limit")
	api.Get(path).Status(401).Problem("unauthenticated")
	api.As(resttest.Bearer("bob")).Get(path).Problem("not_found")
	ada.With("If-Match", "*").With("If-Match", "").Delete(path, nil).Status(428) // an empty value takes the header away
}

// Each expectation fails for what is not as expected, and shows the exchange.
func TestExpectationsFail(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(api *resttest.API){
		"want status 200": func(api *resttest.API) { api.Post("/v1/notes", CreateNote{Title: "a"}).Status(200) },
		"header ETag":     func(api *resttest.API) { api.Post("/v1/notes", CreateNote{Title: "a"}).Header("ETag", "") },
		"want a problem":  func(api *resttest.API) { api.Get("/v1/notes").Problem("not_found") },
		"code":            func(api *resttest.API) { api.Post("/v1/notes", CreateNote{}).Problem("malformed_body") },
		"name /body":      func(api *resttest.API) { api.Post("/v1/notes", CreateNote{}).Problem("invalid", "/title", "/body") },
		"cannot be read":  func(api *resttest.API) { api.Get("/v1/notes").JSON(&[]Note{}) },
		"want JSON":       func(api *resttest.API) { api.Get("/docs").JSON(&Note{}) },
		"slash":           func(api *resttest.API) { api.Get("v1/notes") },
		"written as JSON": func(api *resttest.API) { api.Post("/v1/notes", func() {}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failures := recorded(t, func(t testing.TB) {
				ask(resttest.New(t, newNotes(t), nil).As(resttest.Bearer("ada")))
			})
			if len(failures) != 1 || !strings.Contains(failures[0], name) {
				t.Errorf("%q", failures)
			}
		})
	}
}

func TestHandlersWithoutADocument(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		actor, err := joinery.ActorFrom(r.Context())
		if err != nil {
			rest.WriteProblem(w, r, err)
			return
		}
		_, _ = io.WriteString(w, actor.Kind.String())
	})
	if failures := recorded(t, func(t testing.TB) { resttest.New(t, h, nil) }); len(failures) != 1 {
		t.Error(failures)
	}
	api := resttest.New(t, h, &resttest.Options{NoDocument: true})
	api.Get("/").Problem("no_actor")
	if got := string(api.As(resttest.Actor(joinery.SystemActor())).Get("/").Body()); got != "system" {
		t.Error(got)
	}
}
