package resttest_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/rest/resttest"
)

// document is a small document with one of everything that is compared.
const document = `{
	"openapi": "3.1.0",
	"paths": {
		"/things/{id}": {
			"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}],
			"get": {
				"parameters": [
					{"name": "size", "in": "query", "schema": {"type": "integer", "maximum": 9}},
					{"name": "all", "in": "query", "explode": false, "schema": {"type": "array", "items": {"enum": ["a", "b"]}}},
					{"name": "n", "in": "query", "schema": {"type": "array", "items": {"type": "number"}}},
					{"name": "X-Mode", "in": "header", "required": true, "schema": {"const": "fast"}}
				],
				"responses": {
					"200": {
						"headers": {"X-Count": {"required": true, "schema": {"type": "integer"}}},
						"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
					},
					"204": {},
					"404": {"$ref": "#/components/responses/Missing"}
				}
			},
			"put": {
				"requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
				"responses": {"default": {"content": {"*/*": {}}}}
			}
		},
		"/things/special": {"get": {"responses": {"200": {"content": {"text/plain": {}}}}}}
	},
	"components": {
		"schemas": {"Thing": {"type": "object", "required": ["name"], "additionalProperties": false,
			"properties": {"name": {"type": "string"}, "part": {"$ref": "#/components/schemas/Thing"}, "at": {"type": "string", "format": "date-time"}}}},
		"responses": {"Missing": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}}
	}
}`

const thing = "/things/0198f3a4-5b6c-7d8e-9f00-112233445566"

func TestDocumentChecks(t *testing.T) {
	t.Parallel()
	doc, err := resttest.ParseDocument([]byte(document), "/pages/*")
	must(t, err)
	const asJSON, asProblem = "application/json; charset=utf-8", "application/problem+json"
	for _, test := range []struct {
		name, method, target, body string
		status                     int
		media, answer, want        string // want: part of the breach; empty: none
	}{
		{"good", "GET", thing + "?size=9&all=a,b&n=1&n=2.5", "", 200, asJSON, `{"name":"x","part":{"name":"y"},"at":"2026-11-23T08:00:00Z"}`, ""},
		{"a missing member below", "GET", thing, "", 200, asJSON, `{"name":"x","part":{}}`, "/part"},
		{"a format", "GET", thing, "", 200, asJSON, `{"name":"x","at":"yesterday"}`, "date-time"},
		{"an undocumented member", "GET", thing, "", 200, asJSON, `{"name":"x","y":1}`, "'y'"},
		{"no JSON", "GET", thing, "", 200, asJSON, `{"name"`, "no JSON"},
		{"no body", "GET", thing, "", 200, asJSON, ``, "is missing"},
		{"another media type", "GET", thing, "", 200, "text/html", `<`, "text/html"},
		{"an undocumented status", "GET", thing, "", 202, asJSON, `{}`, "no status 202"},
		{"a body where none is", "GET", thing, "", 204, asJSON, `{}`, "no body"},
		{"an error", "GET", thing, "", 404, asProblem, `{}`, ""},
		{"an error of another shape", "GET", thing, "", 404, asProblem, `[]`, "object"},
		{"a parameter beyond its maximum", "GET", thing + "?size=10", "", 200, asJSON, `{"name":"x"}`, "size"},
		{"a parameter beyond its maximum, refused", "GET", thing + "?size=10", "", 404, asProblem, `{}`, ""},
		{"a parameter of another type", "GET", thing + "?size=x", "", 200, asJSON, `{"name":"x"}`, "size"},
		{"a joined list", "GET", thing + "?all=a,c", "", 200, asJSON, `{"name":"x"}`, "all"},
		{"a repeated list", "GET", thing + "?n=1&n=x", "", 200, asJSON, `{"name":"x"}`, "parameter n"},
		{"an undocumented parameter", "GET", thing + "?x=1", "", 200, asJSON, `{"name":"x"}`, "parameter x"},
		{"a path parameter", "GET", "/things/x", "", 200, asJSON, `{"name":"x"}`, "parameter id"},
		{"a fixed path before a parameter", "GET", "/things/special", "", 200, "text/plain", `x`, ""},
		{"a HEAD", "HEAD", thing, "", 200, asJSON, ``, ""},
		{"a body that is taken", "PUT", thing, `{"name":"x"}`, 200, "image/png", `x`, ""},
		{"a body that must not be taken", "PUT", thing, `{}`, 200, "image/png", `x`, "the request's body"},
		{"no body taken", "PUT", thing, ``, 200, "image/png", `x`, "required body"},
		{"a body for GET", "GET", thing, `{}`, 200, asJSON, `{"name":"x"}`, "a body was taken"},
		{"an undocumented path", "GET", "/other", "", 200, asJSON, `{}`, "no such path"},
		{"an undocumented path, refused", "GET", "/other", "", 404, asProblem, `{}`, ""},
		{"an undocumented path, refused in another way", "GET", "/other", "", 404, "text/plain", `x`, "text/plain"},
		{"an undocumented path that is meant", "GET", "/pages/x", "", 200, "text/html", `<`, ""},
		{"an undocumented method", "DELETE", thing, "", 204, "", ``, "no such method"},
		{"OPTIONS", "OPTIONS", thing, "", 204, "", ``, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse(test.target)
			must(t, err)
			got := strings.Join(doc.Check(resttest.Exchange{
				Method: test.method, URL: u, RequestBody: []byte(test.body), Status: test.status, Body: []byte(test.answer),
				RequestHeader: http.Header{"X-Mode": {"fast"}, "Content-Type": {asJSON}}, Header: http.Header{"Content-Type": {test.media}, "X-Count": {"3"}},
			}), "\n")
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestHeadersAreCompared(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	doc, err := resttest.ParseDocument([]byte(document))
	must(t, err)
	x := resttest.Exchange{
		Method: "GET", URL: &url.URL{Path: thing}, RequestHeader: http.Header{},
		Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"name":"x"}`),
	}
	is.Equal(len(doc.Check(x)), 2) // neither the required X-Count nor the required X-Mode
	x.RequestHeader.Set("X-Mode", "slow")
	x.Header.Set("X-Count", "many")
	is.Equal(len(doc.Check(x)), 2) // both are wrong
}

func TestPackedAnswersAreUnpacked(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	doc, err := resttest.ParseDocument([]byte(document))
	must(t, err)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err = w.Write([]byte(`{"name":1}`))
	must(t, err)
	must(t, w.Close())
	x := resttest.Exchange{
		Method: "GET", URL: &url.URL{Path: thing}, RequestHeader: http.Header{"X-Mode": {"fast"}}, Status: 200, Body: packed.Bytes(),
		Header: http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}, "X-Count": {"1"}},
	}
	got := doc.Check(x)
	is.Equal(len(got), 1)
	is.True(strings.Contains(got[0], "/name"))
	for _, encoding := range []string{"gzip", "br"} {
		x.Body = []byte(`{"name":"x"}`)
		x.Header.Set("Content-Encoding", encoding)
		is.Equal(len(doc.Check(x)), 1) // not what the header says, or unknown
	}
}

func TestParseDocumentRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "[]", "{}", `{"openapi":"3.0.3"}`, `{"openapi":"3.1.0"`} {
		if _, err := resttest.ParseDocument([]byte(text)); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

// What stands between a client and a server compares each exchange, and passes
// it on as it is.
func TestWatchAndTransport(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	})
	doc, err := resttest.ParseDocument([]byte(document))
	must(t, err)
	send := func(t testing.TB, h http.Handler, wrap func(http.RoundTripper) http.RoundTripper, body string) string {
		server := httptest.NewServer(h)
		defer server.Close()
		r, err := http.NewRequest("PUT", server.URL+thing, strings.NewReader(body))
		must(t, err)
		r.Header.Set("Content-Type", "application/json")
		response, err := wrap(server.Client().Transport).RoundTrip(r)
		must(t, err)
		defer response.Body.Close()
		data, err := io.ReadAll(response.Body)
		must(t, err)
		return string(data)
	}
	plain := func(base http.RoundTripper) http.RoundTripper { return base }
	for body, breaches := range map[string]int{`{"name":"x"}`: 0, `{"name":1}`: 1} {
		watched := recorded(t, func(t testing.TB) {
			if got := send(t, resttest.Watch(t, doc, h), plain, body); got != body {
				t.Fatalf("the handler's answer became %q", got)
			}
		})
		between := recorded(t, func(t testing.TB) {
			proxy := func(base http.RoundTripper) http.RoundTripper { return resttest.Transport(t, doc, base) }
			if got := send(t, h, proxy, body); got != body {
				t.Fatalf("the server's answer became %q", got)
			}
		})
		if len(watched) != breaches || len(between) != breaches {
			t.Errorf("%s: %v %v", body, watched, between)
		}
	}
}
