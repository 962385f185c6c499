package rest_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/rest"
)

// TestIfMatch writes a row of version 1 with what a client may say of it.
func TestIfMatch(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]int{
		`"1"`: 200, `W/"1"`: 200, `"1-gzip"`: 200, `W/"1-gzip"`: 200, ` "1" `: 200, `*`: 200, ` * `: 200,
		`"2", "1"`: 200, `"2","1-gzip"`: 200, `"1", "1"`: 200, `"9","8","7","6","5","4","3","2","1"`: 200,
		`"2"`: 412, `"2", "3"`: 412, `"9223372036854775807"`: 412,
		`1`: 400, `"01"`: 400, `"+1"`: 400, `"-1"`: 400, `"0"`: 400, `"1`: 400, `1"`: 400, `""`: 400, `"abc"`: 400, `"1", *`: 400, `*, "1"`: 400, `"1",`: 400, `,`: 400, `w/"1"`: 400, `"1-br"`: 400,
		`"9223372036854775808"`: 400, `"1" "2"`: 400, `"1.0"`: 400, `"1","2","3","4","5","6","7","8","9","10","11"`: 400,
	} {
		t.Run(header, func(t *testing.T) {
			t.Parallel()
			a, s := drafted(t)
			note, draft := *a.notes.rows[noteID(1)], *s.rows[noteID(1)]
			for _, c := range []struct {
				method, url, body string
				ok                int
			}{
				{"PATCH", notePath1, `{"title":"x"}`, 200}, {"PUT", notePath1, `{"title":"x","project_id":"` + id1 + `"}`, 200}, {"DELETE", notePath1, "", 204},
				{"POST", draftPath + "/restore", "", 200}, {"PATCH", projectPath + "/notes/" + id1, `{"title":"x"}`, 200}, {"GET", notePath1, "", 200}, {"HEAD", notePath1, "", 200},
			} {
				is := is.New(t)
				n, d := note, draft // as they were
				a.notes.rows[n.ID], s.rows[d.ID] = &n, &d
				got := do(t, a.api, c.method, c.url, c.body, "If-Match: "+header)
				if want == 200 {
					is.Equal(got.StatusCode, c.ok)
					continue
				}
				is.Equal(got.StatusCode, want)
				if c.method == "HEAD" {
					continue
				}
				p := got.problem(t)
				if want == 412 {
					is.Equal(p.Version, int64(1))
				} else {
					is.Equal(p.Errors[0].Parameter, "If-Match")
				}
			}
		})
	}
}

// TestIfMatchInSeveralLines is one list.
func TestIfMatchInSeveralLines(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	send := func(lines ...string) int {
		r := httptest.NewRequest("PATCH", notePath1, strings.NewReader(`{"title":"x"}`))
		r.Header = http.Header{"Authorization": {"Bearer ada"}, "Content-Type": {"application/json"}, "If-Match": lines}
		w := httptest.NewRecorder()
		a.api.ServeHTTP(w, r)
		return w.Code
	}
	is.Equal(send(`"7"`, `"1"`), 200)
	is.Equal(send(`"7"`, `"8"`), 412)
	is.Equal(send(`"2"`, `*`), 400)
	is.Equal(send(), 428)
}

// TestAListOfVersionsNeedsTheRowToBeRead, to know which one it is.
func TestAListOfVersionsNeedsTheRowToBeRead(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	must(t, rest.MountOps(a.api, "/v2/notes", rest.Ops[Note, CreateNote, UpdateNote]{Update: a.notes.Update}, &rest.MountOptions{Model: a.notes.model}))
	path := "/v2/notes/" + id1
	is.Equal(do(t, a.api, "PATCH", path, `{"title":"x"}`, `If-Match: "1", "2"`).problem(t).Errors[0].Parameter, "If-Match")
	is.Equal(do(t, a.api, "PATCH", path, `{"title":"x"}`, `If-Match: "1"`).StatusCode, 200)
	is.Equal(do(t, a.api, "PATCH", "/v1/notes/"+uuid.NewString(), `{"title":"x"}`, `If-Match: "1", "2"`).StatusCode, 404)
	is.Equal(do(t, a.api, "PATCH", notePath1, `{"title":"x","version":2}`, `If-Match: "1", "2"`).problem(t).Code, "versions_differ")
	is.Equal(do(t, a.api, "PATCH", "/v1/notes", `{"items":[{"id":"`+id1+`"}]}`, `If-Match: "2"`).StatusCode, 400) // each item has its own
}

func TestAConditionThatWritesDoNotHaveIsRefused(t *testing.T) {
	t.Parallel()
	a := mounted(t, nil)
	for _, method := range []string{"PATCH", "PUT", "DELETE"} {
		is := is.New(t)
		body := `{"title":"x","version":1,"project_id":"` + id1 + `"}`
		if method == "DELETE" {
			body = `{"version":1}`
		}
		got := do(t, a.api, method, notePath1, body, "If-None-Match: *")
		is.Equal(got.StatusCode, 400)
		is.Equal(got.problem(t).Errors[0].Parameter, "If-None-Match")
	}
}

func TestNoConditionsWithInclude(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := mounted(t, nil)
	for _, header := range []string{`If-None-Match: "1"`, "If-None-Match: *", `If-Match: "1"`} {
		for _, method := range []string{"GET", "HEAD"} {
			got := do(t, a.api, method, notePath1+"?include=project", "", header)
			is.Equal(got.StatusCode, 200)
			is.Equal(got.Header.Values("ETag"), nil)
		}
	}
	head := do(t, a.api, "HEAD", notePath1, "", `If-None-Match: "1"`)
	is.Equal(head.StatusCode, 304)
	is.Equal(head.Header.Get("ETag"), `"1"`)
	is.Equal(do(t, a.api, "GET", notePath1, "", `If-None-Match: "1"`, `If-Match: "2"`).StatusCode, 412) // asked first
	is.Equal(do(t, a.api, "GET", notePath1, "", `If-None-Match: "1"`, "Authorization:").StatusCode, 401)
	is.Equal(do(t, a.api, "GET", hiddenPath, "", `If-None-Match: "1"`).StatusCode, 404) // it may not be seen
	is.Equal(do(t, a.api, "GET", hiddenPath, "", `If-Match: "7"`).StatusCode, 404)
}

var oneTag = regexp.MustCompile(`^\s*(W/)?"([1-9][0-9]{0,18})(-gzip)?(-zstd)?"\s*$`)

// FuzzIfMatch changes a row of version 1 under any header: it is changed if
// and only if the header is * or names that version.
func FuzzIfMatch(f *testing.F) {
	for _, seed := range []string{`"1"`, `*`, `W/"1-gzip"`, `"1", "2"`, `"2"`, `"`, `,`, "\x00", `"99999999999999999999"`, `"1",`} {
		f.Add(seed)
	}
	a := mounted(f, &rest.Options{NoAccessLog: true})
	f.Fuzz(func(t *testing.T, header string) {
		a.notes.rows[noteID(1)].Version = 1
		r := httptest.NewRequest("PATCH", notePath1, strings.NewReader(`{"title":"x"}`))
		r.Header = http.Header{"Authorization": {"Bearer ada"}, "Content-Type": {"application/json"}, "If-Match": {header}}
		w := httptest.NewRecorder()
		a.api.ServeHTTP(w, r)
		tags := strings.Split(header, ",")
		names := slices.ContainsFunc(tags, func(tag string) bool {
			m := oneTag.FindStringSubmatch(tag)
			return m != nil && m[2] == "1"
		})
		bad := slices.ContainsFunc(tags, func(tag string) bool { return !oneTag.MatchString(tag) })
		switch star := strings.TrimSpace(header) == "*"; {
		case w.Code == 200 && (star || names && !bad):
		case w.Code == 412 && !names && !bad && !star:
		case w.Code == 400 && (bad || len(tags) > 10 || len(header) > 19) && !star:
		case w.Code == 431:
		default:
			t.Errorf("%q: %d %s", header, w.Code, w.Body)
		}
		if changed := a.notes.rows[noteID(1)].Version != 1; changed != (w.Code == 200) {
			t.Errorf("%q: answered %d, changed: %v", header, w.Code, changed)
		}
	})
}
