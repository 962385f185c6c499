package notices_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/julienschmidt/httprouter"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/internal/adopter/notices"
)

// service is the board as it is served, with one session: "secret".
func service(t *testing.T) http.Handler {
	t.Helper()
	h, err := notices.Serve(httprouter.New(), notices.NewBoard(), map[string]uuid.UUID{"secret": uuid.New()})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// call sends a request; headers are names and values in turn.
func call(h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func post(t *testing.T, h http.Handler, headline string) (path string, n notices.Notice) {
	t.Helper()
	w := call(h, "POST", "/notices", `{"headline":"`+headline+`"}`, "X-Session", "secret")
	if w.Code != 201 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &n); err != nil {
		t.Fatal(err)
	}
	return w.Header().Get("Location"), n
}

func TestResourceWithoutDatabase(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	h := service(t)
	is.Equal(call(h, "POST", "/notices", `{"headline":"x"}`).Code, 401)
	is.Equal(call(h, "POST", "/notices", `{"headline":""}`, "X-Session", "secret").Code, 422)
	path, n := post(t, h, "Fire drill")
	is.Equal(path, "/notices/"+n.ID.String())
	got := call(h, "GET", path, "")
	is.Equal(got.Code, 200)
	is.Equal(got.Header().Get("ETag"), `"1"`)
	is.Equal(call(h, "PATCH", path, `{"headline":"Party"}`, "X-Session", "secret").Code, 428)
	is.Equal(call(h, "PATCH", path, `{"headline":"Party"}`, "X-Session", "secret", "If-Match", `"1"`).Code, 200)
	is.Equal(call(h, "PATCH", path, `{"headline":"Late"}`, "X-Session", "secret", "If-Match", `"1"`).Code, 412)
	is.True(strings.Contains(call(h, "GET", "/notices?headline.eq=Party", "").Body.String(), `"revision":2`))
	is.Equal(call(h, "GET", "/notices?headline.contains=a", "").Code, 501)
	is.Equal(call(h, "DELETE", path, "", "X-Session", "secret", "If-Match", `"2"`).Code, 204)
	is.Equal(call(h, "GET", path, "").Code, 404)
}

func TestRoutesStandSideBySide(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	h := service(t)
	is.Equal(call(h, "GET", "/hello/Ann", "").Body.String(), "Hello, Ann!")
	path, _ := post(t, h, "Fire drill")
	is.Equal(call(h, "POST", path+"/pin", "").Code, 401)
	pinned := call(h, "POST", path+"/pin", "", "X-Session", "secret")
	is.Equal(pinned.Code, 200)
	is.True(strings.Contains(pinned.Body.String(), `"pinned":true`))
	is.Equal(call(h, "GET", "/nowhere", "").Code, 404)
	document := call(h, "GET", "/openapi.json", "")
	is.Equal(document.Code, 200)
	is.True(strings.Contains(document.Body.String(), "/notices/{id}/pin"))
}

// The service serves without crud, SQL builders and drivers in its binary.
func TestLinksNoDatabase(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	const joinery = "github.com/joinery-go/joinery/"
	for _, path := range strings.Fields(string(out)) {
		for _, banned := range []string{"github.com/Masterminds/squirrel", "github.com/jackc/pgx/v5", "modernc.org/sqlite", joinery + "crud/sqldb", joinery + "perm"} {
			if path == banned || strings.HasPrefix(path, banned+"/") {
				t.Errorf("links %s", path)
			}
		}
		if path == joinery+"crud" {
			t.Errorf("links %s", path)
		}
	}
}
