package rest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

const (
	notePath1   = "/v1/notes/01000000-0000-7000-8000-000000000001"
	notePath9   = "/v1/notes/01000000-0000-7000-8000-000000000009"
	projectPath = "/v1/projects/01000000-0000-7000-8000-000000000001"
	hiddenPath  = "/v1/projects/01000000-0000-7000-8000-000000000002"
	id1         = "01000000-0000-7000-8000-000000000001"
	id2         = "01000000-0000-7000-8000-000000000002"
	id4         = "01000000-0000-7000-8000-000000000004"
)

func TestGetAnswersTheRowWithItsTag(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	got := do(t, a.api, "GET", notePath1, "")
	is.Equal(got.StatusCode, 200)
	is.Equal(got.Header.Get("ETag"), `"1"`)
	is.Equal(got.Header.Get("Content-Type"), "application/json; charset=utf-8")
	is.Equal(got.Header.Get("Cache-Control"), "no-store")
	is.Equal(got.Header.Get("X-Content-Type-Options"), "nosniff")
	is.Equal(got.body, `{"id":"`+id1+`","created_at":"2026-11-23T08:00:00.000123Z","created_by_id":null,"version":1,`+
		`"updated_at":"0001-01-01T00:00:00Z","updated_by_id":null,"title":"first","body":"","status":"open","priority":null,"score":0,"due_at":null,"project_id":"`+id1+`"}`)
	is.True(!strings.Contains(got.body, "SECRET")) // hidden
	is.True(!strings.Contains(got.body, "PIN"))    // writeonly

	head := do(t, a.api, "HEAD", notePath1, "")
	is.Equal(head.StatusCode, 200)
	is.Equal(head.body, "")
	is.Equal(head.Header.Get("ETag"), `"1"`)
	is.Equal(head.Header.Get("Content-Length"), got.Header.Get("Content-Length"))
}

func TestGetNotModified(t *testing.T) {
	t.Parallel()
	a := mounted(t, nil)
	for tag, status := range map[string]int{
		`"1"`: 304, `W/"1"`: 304, `"1-gzip"`: 304, `"7", "1"`: 304, `*`: 304, `"2"`: 200, `1`: 200, `"01"`: 200,
	} {
		t.Run(tag, func(t *testing.T) {
			is := is.New(t)
			got := do(t, a.api, "GET", notePath1, "", "If-None-Match: "+tag)
			is.Equal(got.StatusCode, status)
			is.Equal(got.Header.Get("ETag"), `"1"`)
			if status == 304 {
				is.Equal(got.body, "")
			}
		})
	}
	is := is.New(t)
	is.Equal(do(t, a.api, "GET", notePath9, "", "If-None-Match: *").StatusCode, 404) // View comes first
	got := do(t, a.api, "GET", notePath1+"?include=project", "", `If-None-Match: "1"`)
	is.Equal(got.StatusCode, 200) // what is included has no part in the version
	is.Equal(got.Header.Get("ETag"), "")
	is.True(strings.Contains(got.body, `"project":{"id":"`+id1+`"`))
}

func TestGetFields(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	got := do(t, a.api, "GET", notePath1+"?fields=title,id", "")
	is.Equal(got.body, `{"id":"`+id1+`","title":"first"}`)
	is.Equal(got.Header.Get("ETag"), `"1"`)
	got = do(t, a.api, "GET", projectPath+"/notes/"+id1+"?fields=title", "")
	is.Equal(got.body, `{"title":"first"}`)
}

func TestListPages(t *testing.T) {
	t.Parallel()
	a := mounted(t, nil)
	for _, list := range []string{"/v1/notes", projectPath + "/notes"} {
		t.Run(list, func(t *testing.T) {
			is := is.New(t)
			first := do(t, a.api, "GET", list+"?fields=title&limit=2&count=capped&priority.null=true", "")
			is.Equal(first.StatusCode, 200)
			is.Equal(first.Header.Get("ETag"), "")
			var page struct {
				Items      []struct{ Title string }
				Next, Prev string
				Total      int
			}
			must(t, json.Unmarshal([]byte(first.body), &page))
			is.Equal(len(page.Items), 2)
			is.Equal(page.Prev, "")
			link := `<` + list + `?after=` + page.Next + `&count=capped&fields=title&limit=2&priority.null=true>; rel="next"`
			is.Equal(first.Header["Link"], []string{link})

			second := do(t, a.api, "GET", strings.TrimSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`), "")
			is.Equal(second.StatusCode, 200)
			page.Next, page.Items = "", nil
			must(t, json.Unmarshal([]byte(second.body), &page))
			is.Equal(page.Next, "")
			is.Equal(page.Items[len(page.Items)-1].Title, "first")
			is.Equal(second.Header["Link"], []string{`<` + list + `?before=` + page.Prev + `&count=capped&fields=title&limit=2&priority.null=true>; rel="prev"`})

			body := `{"fields":["title"],"limit":2,"filter":{"priority":{"null":true}},"after":"` + page.Prev + `"}`
			searched := do(t, a.api, "POST", list+"/search", body)
			is.Equal(searched.StatusCode, 200)
			is.True(strings.Contains(searched.body, `"title":"first"`))
		})
	}
}

func TestLinksKnowTheirPrefix(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	below := http.StripPrefix("/api", a.api)
	is.True(strings.HasPrefix(do(t, below, "GET", "/api/v1/notes?limit=1", "").Header.Get("Link"), `</api/v1/notes?after=`))
	is.Equal(do(t, below, "POST", "/api/v1/notes", `{"title":"x"}`).Header.Get("Location"), "/api/v1/notes/01000000-0000-7000-8000-000000000005")
}

func TestCreate(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	got := do(t, a.api, "POST", "/v1/notes", `{"title":"new","priority":3}`)
	is.Equal(got.StatusCode, 201)
	is.Equal(got.Header.Get("Location"), "/v1/notes/01000000-0000-7000-8000-000000000005")
	is.Equal(got.Header.Get("ETag"), `"1"`)
	is.True(strings.Contains(got.body, `"priority":3`))

	got = do(t, a.api, "POST", "/v1/notes", ` [{"title":"a"},{"title":"b"}]`)
	is.Equal(got.StatusCode, 201)
	is.Equal(got.Header.Get("Location"), "")
	is.True(strings.HasPrefix(got.body, `{"items":[{"id":`))
	is.Equal(len(a.notes.rows), 7)
}

func TestUpdateTellsAbsentNullAndValueApart(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	got := do(t, a.api, "PATCH", notePath1, `{"priority":7,"title":"x"}`, `If-Match: "1"`)
	is.Equal(got.StatusCode, 200)
	is.Equal(got.Header.Get("ETag"), `"2"`)
	got = do(t, a.api, "PATCH", notePath1, `{"version":2,"body":"b"}`, "Content-Type: application/merge-patch+json")
	is.Equal(got.StatusCode, 200)
	is.Equal(*a.notes.rows[noteID(1)].Priority, 7) // absent
	got = do(t, a.api, "PATCH", notePath1, `{"body":"c", "version" : 3 , "priority":null}`)
	is.Equal(got.StatusCode, 200)
	is.True(a.notes.rows[noteID(1)].Priority == nil) // null
	is.Equal(a.notes.rows[noteID(1)].Title, "x")
}

func TestReplaceClearsWhatTheBodyLacks(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	is.Equal(do(t, a.api, "PATCH", notePath1, `{"priority":7,"status":"done","body":"b"}`, `If-Match: *`).StatusCode, 200)
	got := do(t, a.api, "PUT", notePath1, `{"title":"all new","project_id":"`+id1+`"}`, `If-Match: "2"`)
	is.Equal(got.StatusCode, 200)
	row := a.notes.rows[noteID(1)]
	is.Equal(row.Title, "all new")
	is.Equal(row.Body, "")               // null
	is.Equal(row.Status, Status("open")) // its default
	is.True(row.Priority == nil)
	is.Equal(do(t, a.api, "PUT", notePath1, `{}`, "Content-Type: application/merge-patch+json", "If-Match: *").StatusCode, 415)
}

// A service returns the zero row when the caller no longer sees it.
func TestChangeOutOfSight(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	reg := registry.New(nil)
	registry.MustAdd[Project](reg)
	api := newApp(t, &rest.Options{Registry: reg}).api
	is.NoErr(rest.MountOps(api, "/v1/notes", rest.Ops[Note, CreateNote, UpdateNote]{
		Update: func(context.Context, uuid.UUID, int64, UpdateNote) (Note, error) { return Note{}, nil },
		UpdateMany: func(_ context.Context, changes []query.Change[UpdateNote]) ([]Note, error) {
			kept := Note{Entity: registry.Entity{ID: changes[1].ID, Version: 2}}
			return []Note{{}, kept}, nil
		},
	}, nil))
	for _, method := range []string{"PATCH", "PUT"} {
		got := do(t, api, method, notePath1, `{"title":"x"}`, "If-Match: *")
		is.Equal(got.StatusCode, 204)
		is.Equal(got.body, "")
		is.Equal(got.Header.Get("ETag"), "")
	}
	got := do(t, api, "PATCH", "/v1/notes", `{"items":[{"id":"`+id1+`"},{"id":"`+id2+`"}]}`, "If-Match: *")
	is.Equal(got.StatusCode, 200)
	is.Equal(strings.Count(got.body, `"version":`), 1)
	is.True(strings.Contains(got.body, id2))
}

func TestDelete(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	is.Equal(do(t, a.api, "DELETE", notePath1, "").StatusCode, 428)
	is.Equal(do(t, a.api, "DELETE", notePath1, "", `If-Match: "2"`).StatusCode, 412)
	got := do(t, a.api, "DELETE", notePath1, `{"version":1}`)
	is.Equal(got.StatusCode, 204)
	is.Equal(got.body, "")
	is.Equal(do(t, a.api, "DELETE", notePath1, "", `If-Match: "1"`).StatusCode, 404)
}

func TestVersions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body, ifMatch string
		status        int
		code          string
	}{
		"header":              {`{}`, `"1"`, 200, ""},
		"gzip suffix":         {`{}`, `"1-gzip"`, 200, ""},
		"weak":                {`{}`, `W/"1"`, 200, ""},
		"any":                 {`{}`, `*`, 200, ""},
		"body":                {`{"version":1}`, ``, 200, ""},
		"both the same":       {`{"version":1}`, `"1"`, 200, ""},
		"none":                {`{}`, ``, 428, "version_required"},
		"stale header":        {`{}`, `"2"`, 412, "stale"},
		"stale body":          {`{"version":9}`, ``, 412, "stale"},
		"different":           {`{"version":1}`, `"2"`, 400, "versions_differ"},
		"any and body":        {`{"version":1}`, `*`, 400, "versions_differ"},
		"not quoted":          {`{}`, `1`, 400, "bad_if_match"},
		"a list":              {`{}`, `"1", "2"`, 200, ""},
		"zero":                {`{}`, `"0"`, 400, "bad_if_match"},
		"negative":            {`{}`, `"-1"`, 400, "bad_if_match"},
		"a hash":              {`{}`, `"abc"`, 400, "bad_if_match"},
		"overflow":            {`{}`, `"99999999999999999999"`, 400, "bad_if_match"},
		"body version zero":   {`{"version":0}`, ``, 400, "malformed_body"},
		"body version text":   {`{"version":"1"}`, ``, 400, "malformed_body"},
		"body version null":   {`{"version":null}`, ``, 400, "malformed_body"},
		"body version -1":     {`{"version":-1}`, ``, 400, "malformed_body"},
		"body version twice":  {`{"version":1,"version":2}`, ``, 400, "malformed_body"},
		"body version nested": {`{"body":"\"version\":1"}`, ``, 428, "version_required"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			a := mounted(t, nil)
			got := do(t, a.api, "PATCH", notePath1, c.body, "If-Match: "+c.ifMatch)
			is.Equal(got.StatusCode, c.status)
			if c.status == 200 {
				return
			}
			p := got.problem(t)
			is.Equal(p.Code, c.code)
			is.Equal(p.Status, c.status)
			if c.status == 412 {
				is.Equal(p.Version, int64(1)) // what it is now
			}
			is.Equal(a.notes.rows[noteID(1)].Version, int64(1))
		})
	}
}

func TestBlindWrites(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := newApp(t, nil)
	must(t, rest.Mount(a.api, "/v1/notes", a.notes, &rest.MountOptions{AllowBlindWrites: true}))
	is.Equal(do(t, a.api, "POST", "/v1/notes", `{"title":"x"}`).StatusCode, 201)
	is.Equal(do(t, a.api, "PATCH", notePath1, `{"title":"y"}`).StatusCode, 200)
	is.Equal(do(t, a.api, "PATCH", notePath1, `{"title":"y"}`, `If-Match: "1"`).StatusCode, 412)
	is.Equal(do(t, a.api, "DELETE", "/v1/notes?id="+id1, "").StatusCode, 204)
}

func TestBatches(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	got := do(t, a.api, "PATCH", "/v1/notes", `{"items":[{"id":"`+id2+`","version":1,"title":"b"},{"title":"a","version":1,"id":"`+id1+`"}]}`)
	is.Equal(got.StatusCode, 200)
	is.True(strings.HasPrefix(got.body, `{"items":[{"id":"`+id2))

	got = do(t, a.api, "PATCH", "/v1/notes", `{"items":[{"id":"`+id2+`","version":2,"title":"c"},{"id":"`+id1+`","version":1}]}`)
	is.Equal(got.StatusCode, 412)
	is.Equal(got.problem(t).Errors[0].Pointer, "/items/1")
	is.Equal(a.notes.rows[noteID(2)].Title, "b") // all or nothing

	got = do(t, a.api, "PATCH", "/v1/notes", `{"items":[{"id":"x","version":2,"nope":1},{"id":"`+id1+`","version":2,"title":7}]}`)
	is.Equal(got.StatusCode, 400)
	var pointers []string
	for _, e := range got.problem(t).Errors {
		pointers = append(pointers, e.Pointer)
	}
	is.Equal(pointers, []string{"/items/0/id", "/items/0/nope", "/items/1/title"})

	is.Equal(do(t, a.api, "PATCH", "/v1/notes", `{"items":[{"id":"`+id1+`"}]}`).StatusCode, 428)
	is.Equal(do(t, a.api, "PATCH", "/v1/notes", `{"items":[{"id":"`+id1+`"}]}`, "If-Match: *").StatusCode, 200)
	is.Equal(do(t, a.api, "PATCH", "/v1/notes", `{"items":[{"id":"`+id1+`"}]}`, `If-Match: "3"`).StatusCode, 400)

	is.Equal(do(t, a.api, "DELETE", "/v1/notes", `{"items":[{"id":"`+id1+`","version":3}]}`).StatusCode, 204)
	is.Equal(do(t, a.api, "DELETE", "/v1/notes?id="+id2+"&id="+id4, "").StatusCode, 428)
	gone := do(t, a.api, "DELETE", "/v1/notes?id="+id2+"&id="+id1, "", "If-Match: *").problem(t)
	is.Equal(gone.Errors, []rest.ProblemField{{Parameter: "id", Code: "not_found", Detail: id1 + ": not found"}})
	is.Equal(do(t, a.api, "DELETE", "/v1/notes?id="+id2+"&id="+id4, "", "If-Match: *").StatusCode, 204)
	is.Equal(len(a.notes.rows), 1)
}

func TestNested(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	list := projectPath + "/notes"
	is.Equal(do(t, a.api, "GET", list+"?fields=title", "").body, `{"items":[{"title":"third"},{"title":"second"},{"title":"first"}]}`)
	is.Equal(do(t, a.api, "GET", list+"/"+id1, "").StatusCode, 200)

	created := do(t, a.api, "POST", list, `{"title":"n"}`)
	is.Equal(created.StatusCode, 201)
	is.True(strings.Contains(created.body, `"project_id":"`+id1+`"`))
	is.Equal(created.Header.Get("Location"), list+"/01000000-0000-7000-8000-000000000005")
	is.Equal(do(t, a.api, "POST", list, `{"title":"n","project_id":"`+id1+`"}`).StatusCode, 201)
	other := do(t, a.api, "POST", list, `{"title":"n","project_id":"`+id2+`"}`)
	is.Equal(other.StatusCode, 422)
	is.Equal(other.problem(t).Errors[0].Pointer, "/project_id")
	others := do(t, a.api, "POST", list, `[{"project_id":"`+id2+`"},{"title":"a"},{"project_id":"`+id2+`"}]`).problem(t).Errors
	is.Equal(len(others), 2) // all at once
	is.Equal(others[1].Pointer, "/2/project_id")

	for _, missing := range []answer{ // another project's, by every verb
		do(t, a.api, "GET", list+"/"+id4, ""),
		do(t, a.api, "PATCH", list+"/"+id4, `{"title":"x"}`, "If-Match: *"),
		do(t, a.api, "PUT", list+"/"+id4, `{"title":"x"}`, "If-Match: *"),
		do(t, a.api, "DELETE", list+"/"+id4, "", "If-Match: *"),
		do(t, a.api, "PATCH", list+"/"+id4, `{"project_id":"`+id2+`"}`, "If-Match: *"), // before what is invalid
		do(t, a.api, "PATCH", list, `{"items":[{"id":"`+id4+`","version":1,"project_id":"`+id2+`"}]}`),
		do(t, a.api, "PATCH", list, `{"items":[{"id":"`+id4+`","version":1}]}`),
		do(t, a.api, "DELETE", list, `{"items":[{"id":"`+id4+`","version":1}]}`),
		do(t, a.api, "DELETE", list+"?id="+id4, "", "If-Match: *"),
	} {
		is.Equal(missing.StatusCode, 404)
	}
	is.Equal(do(t, a.api, "POST", list+"/search", `{}`).StatusCode, 200)
	is.Equal(a.notes.rows[noteID(4)].Title, "elsewhere")
	is.Equal(do(t, a.api, "PATCH", list+"/"+id1, `{"project_id":"`+id2+`"}`, "If-Match: *").StatusCode, 422)
	is.Equal(do(t, a.api, "PUT", list+"/"+id1, `{"title":"put"}`, "If-Match: *").StatusCode, 200)
	is.Equal(a.notes.rows[noteID(1)].ProjectID.String(), id1) // PUT leaves the parent
}

// TestNestedBelowAHiddenParent asks by every verb below a parent that exists
// and is hidden, and below one that does not exist.
func TestNestedBelowAHiddenParent(t *testing.T) {
	t.Parallel()
	a := mounted(t, nil)
	missing := "/v1/projects/01000000-0000-7000-8000-000000000099"
	for _, c := range [][]string{
		{"GET", "/notes", ""}, {"GET", "/notes/" + id1, ""}, {"HEAD", "/notes/" + id1, ""}, {"POST", "/notes/search", `{}`},
		{"POST", "/notes", `{"title":"n"}`}, {"POST", "/notes", `{"title":"n","project_id":"` + id1 + `"}`}, {"POST", "/notes", `[{"title":"n"}]`},
		{"PATCH", "/notes/" + id1, `{"title":"n","project_id":"` + id1 + `"}`}, {"PUT", "/notes/" + id1, `{"title":"n"}`}, {"DELETE", "/notes/" + id1, ""},
		{"PATCH", "/notes", `{"items":[{"id":"` + id1 + `"}]}`}, {"DELETE", "/notes", `{"items":[{"id":"` + id1 + `"}]}`}, {"DELETE", "/notes?id=" + id1, ""},
	} {
		t.Run(c[0]+c[1], func(t *testing.T) {
			is := is.New(t)
			hidden := do(t, a.api, c[0], hiddenPath+c[1], c[2], "X-Request-Id: r", "If-Match: *")
			absent := do(t, a.api, c[0], missing+c[1], c[2], "X-Request-Id: r", "If-Match: *")
			is.Equal(hidden.StatusCode, 404)
			is.Equal(hidden.body, absent.body)
			is.Equal(hidden.Header, absent.Header)
			if c[0] != "GET" && c[2] != "" { // what is malformed comes first
				is.Equal(do(t, a.api, c[0], hiddenPath+c[1], `{"nope":1}`, "If-Match: *").StatusCode, 400)
			}
		})
	}
	is := is.New(t)
	is.Equal(do(t, a.api, "GET", "/v1/projects/x/notes", "").StatusCode, 404)
	is.Equal(len(a.notes.rows), 4)
}
