package rest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/rest"
)

type publishInput struct {
	ID     uuid.UUID  `path:"id" json:"-"`
	Notify bool       `query:"notify" json:"-"`
	Tags   []string   `query:"tag" json:"-" validate:"max=2"`
	Since  *time.Time `query:"since" json:"-"`
	Trace  string     `header:"X-Trace" json:"-"`
	Level  int8       `query:"level" json:"-" validate:"omitempty,min=2"`
	Text   string     `json:"text" validate:"required,max=10"`
}

func TestHandleBinds(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	var in publishInput
	must(t, rest.Handle(a.api, "POST", "/v1/notes/:id/publish", func(_ context.Context, got publishInput) (said, error) {
		in = got
		return said{got.Text}, nil
	}, rest.WithStatus(202)))
	path := notePath1 + "/publish"
	got := do(t, a.api, "POST", path+"?notify=true&tag=a&tag=b&since=2026-01-02T03:04:05Z&level=-128", `{"text":"hi"}`, "X-Trace: t")
	is.Equal(got.StatusCode, 422) // level is below 2
	is.Equal(got.problem(t).Errors[0].Parameter, "level")
	got = do(t, a.api, "POST", path+"?notify=true&tag=a&tag=b&since=2026-01-02T03:04:05Z&level=7", `{"text":"hi"}`, "X-Trace: t")
	is.Equal(got.StatusCode, 202)
	is.Equal(got.body, `{"said":"hi"}`)
	is.Equal(in.ID.String(), id1)
	is.Equal(in.Tags, []string{"a", "b"})
	is.Equal(in.Since.Year(), 2026)
	is.True(in.Notify && in.Trace == "t" && in.Level == 7)

	for url, c := range map[string]struct {
		body   string
		status int
		where  string
	}{
		path + "?notify=yes":          {`{"text":"hi"}`, 400, "notify"},
		path + "?notify=true&notify=": {`{"text":"hi"}`, 400, "notify"},
		path + "?level=128":           {`{"text":"hi"}`, 400, "level"},
		path + "?since=yesterday":     {`{"text":"hi"}`, 400, "since"},
		path + "?other=1":             {`{"text":"hi"}`, 400, "other"},
		path + "?tag=%00":             {`{"text":"hi"}`, 400, "tag"},
		path + "?tag=%ff":             {`{"text":"hi"}`, 400, "tag"},
		path + "?tag=1&tag=2&tag=3":   {`{"text":"hi"}`, 422, "tag"},
		path + "?":                    {`{"text":"much too long"}`, 422, "/text"},
		path:                          {`{"text":"hi","ID":"x"}`, 400, "/ID"},
		"/v1/notes/x/publish":         {`{"text":"hi"}`, 404, ""},
	} {
		got := do(t, a.api, "POST", url, c.body)
		is.Equal(got.StatusCode, c.status)
		if p := got.problem(t); c.where != "" {
			is.Equal(p.Errors[0].Pointer+p.Errors[0].Parameter, c.where)
		}
	}
	is.Equal(do(t, a.api, "POST", path, "").StatusCode, 400)
	is.Equal(do(t, a.api, "POST", path, `{"text":"hi"}`, "Idempotency-Key: k").StatusCode, 501)
}

// TestCustomAnswersHideWhatRowsHide answers rows inside of an app's own types.
func TestCustomAnswersHideWhatRowsHide(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	type wrapped struct {
		Note   Note             `json:"note"`
		Maybe  *Note            `json:"maybe"`
		List   []Note           `json:"list"`
		Others []*Note          `json:"others"`
		Page   query.Page[Note] `json:"page"`
		Plain  map[string]int   `json:"plain"`
	}
	must(t, rest.Handle(a.api, "GET", "/wrapped", func(context.Context, struct{}) (wrapped, error) {
		n := Note{Title: "t", Secret: "SECRET", Pin: "PIN"}
		return wrapped{Note: n, Maybe: &n, List: []Note{n}, Others: []*Note{&n, nil}, Page: query.Page[Note]{Items: []Note{n}}, Plain: map[string]int{"a": 1}}, nil
	}))
	got := do(t, a.api, "GET", "/wrapped", "")
	is.Equal(got.StatusCode, 200)
	is.Equal(strings.Count(got.body, `"title":"t"`), 5)
	is.True(!strings.Contains(got.body, "PIN") && !strings.Contains(got.body, "SECRET"))
	is.True(strings.Contains(got.body, `,null],`))
	is.True(strings.Contains(got.body, `"plain":{"a":1}`))

	must(t, rest.Handle(a.api, "GET", "/map", func(context.Context, struct{}) (map[string]Note, error) { return nil, nil }))
	b := newApp(t, nil)
	must(t, rest.Mount(b.api, "/v1/notes", b.notes, nil))
	must(t, rest.Handle(b.api, "GET", "/map", func(context.Context, struct{}) (map[string]Note, error) { return nil, nil }))
	is.True(b.api.Validate() != nil) // would show the pin
}

func TestHandleFunc(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := newApp(t, nil)
	must(t, rest.HandleFunc(a.api, "GET", "/files/:name", func(w http.ResponseWriter, r *http.Request) {
		actor, err := joinery.ActorFrom(r.Context())
		is.NoErr(err)
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		_, _ = w.Write([]byte(rest.PathParam(r, "name") + "," + actor.Kind.String()))
	}))
	got := do(t, a.api, "GET", "/files/a%20b", "", "Accept: text/csv")
	is.Equal(got.body, "a b,user")
	is.Equal(got.Header.Get("Content-Type"), "text/csv; charset=utf-8")
	is.Equal(do(t, a.api, "GET", "/files/x", "", "Authorization:").StatusCode, 401)
	for _, name := range []string{"a%2Fb", "a%00b", "a%5Cb", "..%2Fb", "%ff", "%2e%2e"} { // no parameter can hold these
		is.Equal(do(t, a.api, "GET", "/files/"+name, "").StatusCode, 404)
	}
}

func TestNoContent(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := newApp(t, nil)
	must(t, rest.Handle(a.api, "POST", "/ping", func(context.Context, struct{}) (struct{}, error) { return struct{}{}, nil }))
	got := do(t, a.api, "POST", "/ping", "")
	is.Equal(got.StatusCode, 204)
	is.Equal(got.body, "")
	is.Equal(do(t, a.api, "POST", "/ping", `{"x":1}`).StatusCode, 400)
}

// reader offers a read-only part of a service; wrapper hides everything but
// the resource, and offers it again.
type reader struct{ rest.Reader[Note] }

type wrapper struct {
	rest.Resource[Note, CreateNote, UpdateNote]
}

func (w wrapper) Unwrap() any { return w.Resource }

type hiding struct {
	rest.Resource[Note, CreateNote, UpdateNote]
}

func TestAbilitiesDecideTheRoutes(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	model := &rest.MountOptions{Model: a.notes.model}
	must(t, rest.MountReader(a.api, "/reader", reader{a.notes}, model))
	must(t, rest.Mount(a.api, "/wrapper", wrapper{a.notes}, nil))
	must(t, rest.Mount(a.api, "/hiding", hiding{a.notes}, model))
	must(t, rest.MountOps(a.api, "/ops", rest.Ops[Note, CreateNote, UpdateNote]{Get: a.notes.Get}, model))
	must(t, rest.Mount(a.api, "/without", a.notes, &rest.MountOptions{Without: []rest.Operation{rest.Delete, rest.DeleteMany, rest.Create}}))
	for path, allow := range map[string]string{
		"/reader":          "GET, HEAD, OPTIONS",
		"/reader/" + id1:   "GET, HEAD, OPTIONS",
		"/reader/search":   "GET, HEAD, OPTIONS, POST",
		"/wrapper":         "DELETE, GET, HEAD, OPTIONS, PATCH, POST",
		"/hiding":          "GET, HEAD, OPTIONS, POST",
		"/hiding/" + id1:   "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
		"/ops/" + id1:      "GET, HEAD, OPTIONS",
		"/without":         "GET, HEAD, OPTIONS, PATCH",
		"/without/" + id1:  "GET, HEAD, OPTIONS, PATCH, PUT",
		"/without/" + "it": "GET, HEAD, OPTIONS, PATCH, PUT",
	} {
		is.Equal(do(t, a.api, "OPTIONS", path, "").Header.Get("Allow"), allow)
	}
	is.Equal(do(t, a.api, "GET", "/ops", "").StatusCode, 404)
	is.Equal(do(t, a.api, "POST", "/hiding", `[{"title":"x"}]`).StatusCode, 501)
}
