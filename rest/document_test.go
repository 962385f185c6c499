package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/matryer/is"
	"gopkg.in/yaml.v3"

	"github.com/joinery-go/joinery/rest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// documented is an app with every sort of route.
func documented(t testing.TB) *app {
	t.Helper()
	a := newApp(t, &rest.Options{
		Title: "Notes", Version: "1.2.0", Description: "Projects and their notes.", License: "Apache-2.0",
		Contact: "https://example.org/help", Servers: []string{"https://api.example.org"},
		RateLimit: &rest.RateLimitOptions{PerSecond: 1000},
	})
	must(t, rest.Mount(a.api, "/v1/projects", a.projects, &rest.MountOptions{AuthOf: map[rest.Operation]rest.AuthMode{rest.List: rest.Optional, rest.Get: rest.None, rest.Delete: rest.Root}}))
	must(t, rest.Mount(a.api, "/v1/notes", a.notes, &rest.MountOptions{Description: "Notes of projects."}))
	must(t, rest.Mount(a.api, "/v1/projects/:project_id/notes", a.notes, &rest.MountOptions{Parent: "project_id", ParentOf: a.projects}))
	must(t, rest.Mount(a.api, "/v1/drafts", newDrafts(a.projects.model.Registry()), nil))
	must(t, rest.Handle(a.api, "POST", "/v1/notes/:id/publish", func(context.Context, publishInput) (Note, error) { return Note{}, nil },
		rest.WithSummary("Publish a note"), rest.WithDescription("Makes the note public.")))
	must(t, rest.Handle(a.api, "POST", "/v1/login", func(context.Context, struct{}) (said, error) { return said{}, nil }, rest.WithAuth(rest.Basic)))
	must(t, rest.Handle(a.api, "POST", "/v1/ping", func(context.Context, struct{}) (struct{}, error) { return struct{}{}, nil }, rest.WithAuth(rest.APIKey), rest.WithTag("tools")))
	must(t, rest.HandleFunc(a.api, "GET", "/v1/notes/export", func(http.ResponseWriter, *http.Request) {}, rest.WithSummary("Export the notes")))
	must(t, a.api.Validate())
	return a
}

func TestDocumentGolden(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	got, err := documented(t).api.Document()
	must(t, err)
	if *update {
		must(t, os.MkdirAll("testdata", 0o755))
		must(t, os.WriteFile("testdata/openapi.json", append(got, '\n'), 0o644))
	}
	want, err := os.ReadFile("testdata/openapi.json")
	must(t, err)
	is.True(bytes.Equal(bytes.TrimSpace(want), got)) // go test -run Golden -update, and read the difference
}

func document(t testing.TB, a *app) map[string]any {
	t.Helper()
	data, err := a.api.Document()
	must(t, err)
	var doc map[string]any
	must(t, json.Unmarshal(data, &doc))
	return doc
}

// at is the value below v by keys.
func at(v any, keys ...string) any {
	for _, k := range keys {
		m, _ := v.(map[string]any)
		v = m[k]
	}
	return v
}

func TestDocumentIsServed(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := documented(t)
	asJSON := do(t, a.api, "GET", "/openapi.json", "", "Authorization:")
	is.Equal(asJSON.StatusCode, 200)
	is.Equal(asJSON.Header.Get("Content-Type"), "application/json; charset=utf-8")
	asYAML := do(t, a.api, "GET", "/openapi.yaml", "", "Authorization:")
	is.Equal(asYAML.StatusCode, 200)
	var one, other any
	must(t, json.Unmarshal([]byte(asJSON.body), &one))
	must(t, yaml.Unmarshal([]byte(asYAML.body), &other))
	again, err := json.Marshal(other)
	must(t, err)
	first, err := json.Marshal(one)
	must(t, err)
	is.Equal(string(first), string(again)) // the same in both forms

	page := do(t, a.api, "GET", "/docs", "", "Authorization:")
	is.Equal(page.StatusCode, 200)
	is.Equal(page.Header.Get("Content-Type"), "text/html; charset=utf-8")
	is.True(!regexp.MustCompile(`(src|href)="https?:`).MatchString(page.body)) // works offline
	for _, match := range regexp.MustCompile(`(?:src|href)="\./(docs/[^"]+)"`).FindAllStringSubmatch(page.body, -1) {
		is.Equal(do(t, a.api, "GET", "/"+match[1], "", "Authorization:").StatusCode, 200)
	}
	is.True(strings.Contains(page.body, "swagger-ui-bundle.js"))
	is.Equal(do(t, a.api, "GET", "/docs/nothing.js", "").StatusCode, 404)

	b := rest.New(nil, &rest.Options{NoDocs: true, Log: discard()})
	is.Equal(do(t, b, "GET", "/openapi.json", "").StatusCode, 404)
	is.Equal(do(t, b, "GET", "/docs", "").StatusCode, 404)
}

// TestDocumentHasEveryRoute asks each documented route with OPTIONS, and finds
// nothing that answers and is not documented.
func TestDocumentHasEveryRoute(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := documented(t)
	doc := document(t, a)
	for path, item := range at(doc, "paths").(map[string]any) {
		url := regexp.MustCompile(`\{[^}]+\}`).ReplaceAllString(path, id1)
		allow := strings.Split(do(t, a.api, "OPTIONS", url, "").Header.Get("Allow"), ", ")
		for method := range item.(map[string]any) {
			is.True(slices.Contains(allow, strings.ToUpper(method))) // documented, so it answers
		}
	}
	is.Equal(len(at(doc, "paths").(map[string]any)), 21)
	ids := map[string]bool{}
	for _, op := range operationsOf(doc) {
		id := at(op, "operationId").(string)
		is.True(!ids[id]) // unique
		ids[id] = true
		is.True(at(op, "security") != nil)
		is.True(at(op, "description") != nil)
	}
	for _, id := range []string{"listNotes", "createNote", "getNote", "updateNote", "replaceNote", "deleteNote", "updateNotes", "deleteNotes", "searchNotes", "listProjectsNotes", "postNotesPublish", "alive", "ready"} {
		is.True(ids[id])
	}
}

func operationsOf(doc any) []any {
	var list []any
	for _, path := range slices.Sorted(maps.Keys(at(doc, "paths").(map[string]any))) {
		for _, op := range at(doc, "paths", path).(map[string]any) {
			list = append(list, op)
		}
	}
	return list
}

func TestDocumentSaysWhoMayCall(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	doc := document(t, documented(t))
	security := func(path, method string) string {
		data, _ := json.Marshal(at(doc, "paths", path, method, "security"))
		return string(data)
	}
	is.Equal(security("/v1/notes", "get"), `[{"bearer":[]}]`)
	is.Equal(security("/v1/projects", "get"), `[{"bearer":[]},{}]`)
	is.Equal(security("/v1/projects/{id}", "get"), `[]`)
	is.Equal(security("/v1/projects/{id}", "delete"), `[{"apiKey":[]}]`)
	is.Equal(security("/v1/login", "post"), `[{"basic":[]}]`)
	is.Equal(security("/healthz", "get"), `[]`)
}

func TestDocumentHidesWhatAnswersHide(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	doc := document(t, documented(t))
	note := at(doc, "components", "schemas", "Note", "properties").(map[string]any)
	is.True(note["secret"] == nil && note["Secret"] == nil && note["pin"] == nil)
	is.True(at(doc, "components", "schemas", "CreateNote", "properties", "pin") != nil)
	data, _ := json.Marshal(at(doc, "paths"))
	is.True(!bytes.Contains(data, []byte(`"pin.eq"`)))
	is.True(bytes.Contains(data, []byte(`"title.contains"`)))
	is.True(at(doc, "components", "schemas", "UpdateNote", "properties", "version") != nil)
	is.Equal(at(doc, "components", "schemas", "CreateNoteUnderProject", "required"), []any{"title"})
}

// TestExamplesFitTheirSchemas checks every example in the document.
func TestExamplesFitTheirSchemas(t *testing.T) {
	t.Parallel()
	doc := document(t, documented(t))
	v := validator{t: t, root: doc}
	v.walk("#", doc)
	if v.examples < 60 {
		t.Errorf("only %d examples", v.examples)
	}
}

// TestAnswersFitTheirSchemas checks what routes answer against what the
// document says they do.
func TestAnswersFitTheirSchemas(t *testing.T) {
	t.Parallel()
	a := documented(t)
	doc := document(t, a)
	for _, c := range []struct{ method, url, path, body, header string }{
		{"POST", "/v1/projects", "/v1/projects", `{"name":"p"}`, ""},
		{"POST", "/v1/notes", "/v1/notes", `{"title":"a","priority":3,"project_id":"` + id1 + `"}`, ""},
		{"POST", "/v1/notes", "/v1/notes", `[{"title":"b","project_id":"` + id1 + `"}]`, ""},
		{"GET", notePath1, "/v1/notes/{id}", "", ""},
		{"GET", notePath1 + "?fields=title", "/v1/notes/{id}", "", ""},
		{"GET", notePath1 + "?include=project", "/v1/notes/{id}", "", ""},
		{"GET", "/v1/notes?count=exact", "/v1/notes", "", ""},
		{"GET", "/v1/notes?fields=title&limit=1", "/v1/notes", "", ""},
		{"POST", "/v1/notes/search", "/v1/notes/search", `{"filter":{"title":"a"}}`, ""},
		{"PATCH", notePath1, "/v1/notes/{id}", `{"title":"c"}`, `If-Match: "1"`},
		{"PATCH", notePath1, "/v1/notes/{id}", `{"title":"c"}`, `If-Match: "1"`},
		{"PATCH", notePath1, "/v1/notes/{id}", `{"title":7}`, `If-Match: "1"`},
		{"PATCH", "/v1/notes", "/v1/notes", `{"items":[{"id":"` + id1 + `","version":2}]}`, ""},
		{"GET", projectPath + "/notes", "/v1/projects/{project_id}/notes", "", ""},
		{"GET", notePath9, "/v1/notes/{id}", "", ""},
		{"GET", "/healthz", "/healthz", "", ""},
		{"GET", "/readyz", "/readyz", "", ""},
		{"DELETE", notePath1, "/v1/notes/{id}", "", ""},
		{"DELETE", notePath1, "/v1/notes/{id}", "", "If-Match: *"},
	} {
		got := do(t, a.api, c.method, c.url, c.body, c.header)
		status := fmt.Sprint(got.StatusCode)
		response := at(doc, "paths", c.path, strings.ToLower(c.method), "responses", status)
		v := validator{t: t, root: doc}
		response = v.resolve(response)
		if response == nil {
			t.Errorf("%s %s: status %s is not documented: %s", c.method, c.url, status, got.body)
			continue
		}
		if got.body == "" {
			continue
		}
		media, _, _ := strings.Cut(got.Header.Get("Content-Type"), ";")
		var body any
		must(t, json.Unmarshal([]byte(got.body), &body))
		if problem := v.check(at(response, "content", media, "schema"), body); problem != "" {
			t.Errorf("%s %s: %s\n%s", c.method, c.url, problem, got.body)
		}
	}
}

// validator checks values against the parts of JSON Schema that the document
// uses, and fails on a keyword it does not know.
type validator struct {
	t        testing.TB
	root     map[string]any
	examples int
}

func (v *validator) walk(where string, node any) {
	switch node := node.(type) {
	case map[string]any:
		if list, ok := node["examples"].([]any); ok {
			for _, example := range list {
				v.example(where, node, example)
			}
		}
		if example, ok := node["example"]; ok && node["schema"] != nil {
			v.example(where, node["schema"], example)
		}
		for key, value := range node {
			if key != "examples" && key != "example" {
				v.walk(where+"/"+key, value)
			}
		}
	case []any:
		for i, value := range node {
			v.walk(fmt.Sprintf("%s/%d", where, i), value)
		}
	}
}

func (v *validator) example(where string, schema, example any) {
	v.examples++
	if problem := v.check(schema, example); problem != "" {
		v.t.Errorf("%s: the example %v: %s", where, example, problem)
	}
}

func (v *validator) resolve(schema any) any {
	ref, ok := at(schema, "$ref").(string)
	if !ok {
		return schema
	}
	target := at(v.root, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	if target == nil {
		v.t.Fatalf("%s leads nowhere", ref)
	}
	return target
}

var annotations = []string{"description", "examples", "default", "readOnly", "writeOnly", "deprecated", "title", "$ref", "contentEncoding", "contentMediaType", "minProperties", "$comment"}

func (v *validator) check(schema, value any) string {
	if problem := v.checkRef(schema, value); problem != "" {
		return problem
	}
	s, ok := schema.(map[string]any)
	if !ok {
		if schema == false {
			return "nothing is allowed here"
		}
		return ""
	}
	for _, keyword := range slices.Sorted(maps.Keys(s)) {
		if slices.Contains(annotations, keyword) {
			continue
		}
		if problem := v.keyword(s, keyword, value); problem != "" {
			return problem
		}
	}
	return ""
}

func (v *validator) checkRef(schema, value any) string {
	if target := v.resolve(schema); at(schema, "$ref") != nil {
		return v.check(target, value)
	}
	return ""
}

func (v *validator) keyword(s map[string]any, keyword string, value any) string {
	arg := s[keyword]
	text, isText := value.(string)
	number, isNumber := value.(float64)
	list, isList := value.([]any)
	object, isObject := value.(map[string]any)
	bad := func(ok bool) string {
		if ok {
			return ""
		}
		return fmt.Sprintf("%v is not %s %v", value, keyword, arg)
	}
	switch keyword {
	case "type":
		if types, ok := arg.([]any); ok {
			return bad(slices.ContainsFunc(types, func(t any) bool { return isType(t, value) }))
		}
		return bad(isType(arg, value))
	case "enum":
		return bad(slices.Contains(arg.([]any), value))
	case "const":
		return bad(arg == value)
	case "minimum":
		return bad(!isNumber || number >= arg.(float64))
	case "maximum":
		return bad(!isNumber || number <= arg.(float64))
	case "exclusiveMinimum":
		return bad(!isNumber || number > arg.(float64))
	case "exclusiveMaximum":
		return bad(!isNumber || number < arg.(float64))
	case "minLength":
		return bad(!isText || float64(utf8.RuneCountInString(text)) >= arg.(float64))
	case "maxLength":
		return bad(!isText || float64(utf8.RuneCountInString(text)) <= arg.(float64))
	case "pattern":
		return bad(!isText || regexp.MustCompile(arg.(string)).MatchString(text))
	case "format":
		return bad(!isText || goodFormat(arg.(string), text))
	case "minItems":
		return bad(!isList || float64(len(list)) >= arg.(float64))
	case "maxItems":
		return bad(!isList || float64(len(list)) <= arg.(float64))
	case "uniqueItems":
		return ""
	case "items":
		for _, e := range list {
			if problem := v.check(arg, e); problem != "" {
				return problem
			}
		}
		return ""
	case "required":
		for _, name := range arg.([]any) {
			if _, ok := object[name.(string)]; isObject && !ok {
				return name.(string) + " is missing"
			}
		}
		return ""
	case "properties":
		for name, p := range arg.(map[string]any) {
			if e, ok := object[name]; ok {
				if problem := v.check(p, e); problem != "" {
					return name + ": " + problem
				}
			}
		}
		return ""
	case "additionalProperties":
		known, _ := s["properties"].(map[string]any)
		for name, e := range object {
			if _, ok := known[name]; ok {
				continue
			}
			if problem := v.check(arg, e); problem != "" {
				return name + ": " + problem
			}
		}
		return ""
	case "anyOf", "oneOf":
		matches := 0
		for _, branch := range arg.([]any) {
			if v.check(branch, value) == "" {
				matches++
			}
		}
		return bad(matches == 1 || matches > 1 && keyword == "anyOf")
	case "allOf":
		for _, branch := range arg.([]any) {
			if problem := v.check(branch, value); problem != "" {
				return problem
			}
		}
		return ""
	}
	v.t.Fatalf("the validator does not know %q", keyword)
	return ""
}

func isType(t, value any) bool {
	switch value := value.(type) {
	case nil:
		return t == "null"
	case string:
		return t == "string"
	case bool:
		return t == "boolean"
	case float64:
		return t == "number" || t == "integer" && value == float64(int64(value))
	case []any:
		return t == "array"
	case map[string]any:
		return t == "object"
	}
	return false
}

var formats = map[string]*regexp.Regexp{
	"uuid":      regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`),
	"date-time": regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`),
	"date":      regexp.MustCompile(`^\d{4}-\d\d-\d\d$`),
}

func goodFormat(format, text string) bool {
	re := formats[format]
	return re == nil || re.MatchString(text)
}
