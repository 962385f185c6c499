package rest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// Draft can be deleted softly.
type Draft struct {
	registry.Entity
	registry.SoftDelete
	Title     string                 `json:"title" validate:"required,max=200"`
	Status    Status                 `json:"status" validate:"oneof=open done" default:"open"`
	Tags      []string               `json:"tags"`
	Meta      map[string]string      `json:"meta"`
	ProjectID *registry.Ref[Project] `json:"project_id" ref:"projects"`
}

type CreateDraft struct {
	Title     string                 `json:"title"`
	Status    query.Opt[Status]      `json:"status,omitzero"`
	Tags      []string               `json:"tags"`
	Meta      map[string]string      `json:"meta"`
	ProjectID *registry.Ref[Project] `json:"project_id"`
}

type UpdateDraft struct {
	Title query.Opt[string] `json:"title,omitzero"`
}

// drafts is a service with every ability of a row's life: Ada and the operator
// may do everything to every draft, others view and copy.
type drafts struct {
	memory[Draft, CreateDraft, UpdateDraft]
	asked []joinery.Actor
}

func newDrafts(reg *registry.Registry) *drafts {
	s := &drafts{}
	s.model, s.rows = registry.MustAdd[Draft](reg), map[uuid.UUID]*Draft{}
	s.make = func(in CreateDraft) Draft {
		status, _ := in.Status.Get()
		return Draft{Title: in.Title, Status: status, Tags: in.Tags, Meta: in.Meta, ProjectID: in.ProjectID}
	}
	s.apply = func(row *Draft, in UpdateDraft) { set(&row.Title, in.Title) }
	return s
}

func (s *drafts) Copy(ctx context.Context, id uuid.UUID, overrides func(*CreateDraft) error) (Draft, error) {
	row, err := s.Get(ctx, id)
	if err != nil {
		return row, err
	}
	in := CreateDraft{row.Title, query.Set(row.Status), row.Tags, row.Meta, row.ProjectID}
	if err := overrides(&in); err != nil {
		return Draft{}, err
	}
	return s.Create(ctx, in)
}

func (s *drafts) Delete(ctx context.Context, id uuid.UUID, version int64) error {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	_, err := s.mark(ctx, id, version, &now)
	return err
}

func (s *drafts) Restore(ctx context.Context, id uuid.UUID, version int64) (Draft, error) {
	return s.mark(ctx, id, version, nil)
}

func (s *drafts) mark(ctx context.Context, id uuid.UUID, version int64, deleted *time.Time) (Draft, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row, err := s.current(ctx, id, version)
	if err != nil {
		return Draft{}, err
	}
	row.DeletedAt, row.Version = deleted, row.Version+1
	return *row, nil
}

func (s *drafts) may(who joinery.Actor) joinery.Actions {
	if who.Kind == joinery.Root || who.ID == user("ada") {
		return joinery.AllActions
	}
	return joinery.View | joinery.Copy
}

func user(name string) uuid.UUID { return uuid.NewSHA1(uuid.Nil, []byte(name)) }

func (s *drafts) Access(ctx context.Context, id uuid.UUID) (joinery.Actions, error) {
	if _, err := s.Get(ctx, id); err != nil {
		return 0, err
	}
	who, err := joinery.ActorFrom(ctx)
	return s.may(who), err
}

func (s *drafts) Explain(ctx context.Context, who joinery.Actor, id uuid.UUID, a joinery.Actions) (registry.Explanation, error) {
	if _, err := s.Get(ctx, id); err != nil {
		return registry.Explanation{}, err
	}
	s.asked = append(s.asked, who)
	return registry.Explanation{
		Model: "drafts", ID: id, Action: a.String(), Allowed: s.may(who).Has(a), Rule: 3, Reason: "The rules of this test.",
		Rules: []registry.ExplainedRule{{Rule: 3, Held: true, Answer: "yes", Text: "Ada may do everything"}},
	}, nil
}

// drafted is an app with drafts at /v1/drafts and below projects: draft 1 of
// project 1.
func drafted(t testing.TB) (*app, *drafts) {
	t.Helper()
	a := mounted(t, nil)
	s := newDrafts(a.projects.model.Registry())
	mountDrafts(t, a, s)
	ctx := joinery.WithActor(t.Context(), joinery.SystemActor())
	project := registry.To[Project](noteID(1))
	_, err := s.Create(ctx, CreateDraft{Title: "first", Status: query.Set[Status]("open"), Tags: []string{"a"}, Meta: map[string]string{"k": "v"}, ProjectID: &project})
	must(t, err)
	return a, s
}

func mountDrafts(t testing.TB, a *app, s *drafts) {
	t.Helper()
	must(t, rest.Mount(a.api, "/v1/drafts", s, nil))
	must(t, rest.Mount(a.api, "/v1/projects/:project_id/drafts", s, &rest.MountOptions{Parent: "project_id", ParentOf: a.projects}))
}

const draftPath = "/v1/drafts/" + id1

func TestCopy(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a, s := drafted(t)
	got := do(t, a.api, "POST", draftPath+"/copy", "")
	is.Equal(got.StatusCode, 201)
	is.Equal(got.Header.Get("Location"), "/v1/drafts/"+id2)
	is.Equal(got.Header.Get("ETag"), `"1"`)
	is.Equal(s.rows[noteID(2)].Title, "first")
	is.Equal(s.rows[noteID(2)].Tags, []string{"a"})

	// What the body names takes the place of what the source has, whole.
	got = do(t, a.api, "POST", draftPath+"/copy", `{"meta":{"other":"x"},"project_id":null}`)
	is.Equal(got.StatusCode, 201)
	is.Equal(s.rows[noteID(3)].Meta, map[string]string{"other": "x"})
	is.Equal(s.rows[noteID(1)].Meta, map[string]string{"k": "v"})
	is.True(s.rows[noteID(3)].ProjectID == nil)
	is.Equal(s.rows[noteID(3)].Title, "first")

	is.Equal(do(t, http.StripPrefix("/api", a.api), "POST", "/api"+draftPath+"/copy", "").Header.Get("Location"), "/api/v1/drafts/"+id4)
	is.Equal(do(t, a.api, "POST", "/v1/drafts/"+uuid.NewString()+"/copy", "").StatusCode, 404)
}

func TestCopyRefusesABadBody(t *testing.T) {
	t.Parallel()
	a, s := drafted(t)
	for body, pointer := range map[string]string{
		`{"titel":"x"}`:    "/titel",
		`{"title":7}`:      "/title",
		`{"title":null}`:   "/title",
		`{"tags":null}`:    "/tags",
		`[{"title":"x"}]`:  "",
		`{"id":"` + id2:    "/id",
		`{"version":1}`:    "/version",
		`{"title":"a"}{}`:  "",
		`{"title":1,"x":2`: "",
	} {
		t.Run(body, func(t *testing.T) {
			is := is.New(t)
			got := do(t, a.api, "POST", draftPath+"/copy", body)
			is.Equal(got.StatusCode, 400)
			is.Equal(got.problem(t).Errors[0].Pointer, pointer)
		})
	}
	is := is.New(t)
	is.Equal(do(t, a.api, "POST", draftPath+"/copy?x=1", "").StatusCode, 400)
	is.Equal(do(t, a.api, "POST", draftPath+"/copy", `{"title":"x"}`, "Content-Type: text/plain").StatusCode, 415)
	is.Equal(len(s.rows), 1)
}

func TestRestore(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a, s := drafted(t)
	is.Equal(do(t, a.api, "DELETE", draftPath, "", `If-Match: "1"`).StatusCode, 204)
	is.True(s.rows[noteID(1)].DeletedAt != nil)
	is.Equal(do(t, a.api, "POST", draftPath+"/restore", "").StatusCode, 428)
	stale := do(t, a.api, "POST", draftPath+"/restore", "", `If-Match: "1"`)
	is.Equal(stale.StatusCode, 412)
	is.Equal(stale.problem(t).Version, int64(2))
	got := do(t, a.api, "POST", draftPath+"/restore", "", `If-Match: "2"`)
	is.Equal(got.StatusCode, 200)
	is.Equal(got.Header.Get("ETag"), `"3"`)
	is.True(s.rows[noteID(1)].DeletedAt == nil)
	is.Equal(do(t, a.api, "POST", draftPath+"/restore", `{"version":3}`).StatusCode, 200)
	is.Equal(do(t, a.api, "POST", draftPath+"/restore", `{"version":3}`, `If-Match: "4"`).StatusCode, 400)
	is.Equal(do(t, a.api, "POST", draftPath+"/restore", "", "If-Match: *").StatusCode, 200)
	is.Equal(do(t, a.api, "POST", notePath1+"/restore", "", "If-Match: *").StatusCode, 404) // no route: deleted for real
}

func TestAccess(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a, s := drafted(t)
	got := do(t, a.api, "GET", draftPath+"/access", "")
	is.Equal(got.StatusCode, 200)
	is.Equal(got.body, `{"can":["view","execute","copy","edit","delete","share"]}`)
	is.Equal(got.Header.Get("Cache-Control"), "no-store")
	is.Equal(got.Header.Get("ETag"), "")
	is.Equal(do(t, a.api, "GET", draftPath+"/access", "", "Authorization: Bearer bob").body, `{"can":["view","copy"]}`)
	is.Equal(do(t, a.api, "HEAD", draftPath+"/access", "").StatusCode, 200)

	got = do(t, a.api, "GET", draftPath+"/access?explain=edit", "")
	is.Equal(got.StatusCode, 200)
	is.True(strings.Contains(got.body, `"action":"edit","allowed":true,"rule":3`))
	got = do(t, a.api, "GET", draftPath+"/access?explain=edit&user="+user("bob").String(), "")
	is.True(strings.Contains(got.body, `"allowed":false`))
	is.Equal(s.asked, []joinery.Actor{{ID: user("ada"), Kind: joinery.User}, {ID: user("bob"), Kind: joinery.User}})
	is.Equal(do(t, a.api, "GET", "/v1/drafts/"+uuid.NewString()+"/access?explain=view", "").StatusCode, 404)
}

func TestAccessNamesTheParameterAtFault(t *testing.T) {
	t.Parallel()
	a, _ := drafted(t)
	for url, parameter := range map[string]string{
		"?explain=fly": "explain", "?explain=": "explain", "?explain=Edit": "explain", "?explain=edit,view": "explain", "?explain=edit&explain=view": "explain",
		"?user=" + id1: "user", "?explain=edit&user=": "user", "?explain=edit&user=bob": "user", "?why=edit": "why",
		"?explain=view&user=" + id1 + "&user=" + id2: "user",
	} {
		t.Run(url, func(t *testing.T) {
			is := is.New(t)
			got := do(t, a.api, "GET", draftPath+"/access"+url, "")
			is.Equal(got.StatusCode, 400)
			is.Equal(got.problem(t).Errors[0].Parameter, parameter)
		})
	}
}

// TestLifeBelowAParent asks for the row of a parent below another, and below
// one that is hidden.
func TestLifeBelowAParent(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a, s := drafted(t)
	gemini := "/v1/projects/01000000-0000-7000-8000-000000000003"
	for _, parent := range []string{gemini, hiddenPath, "/v1/projects/" + uuid.NewString(), "/v1/projects/x"} {
		for _, c := range []struct{ method, route string }{{"POST", "/copy"}, {"POST", "/restore"}, {"GET", "/access"}, {"GET", "/access?explain=view"}} {
			got := do(t, a.api, c.method, parent+"/drafts/"+id1+c.route, "", "If-Match: *")
			is.Equal(got.StatusCode, 404)
		}
	}
	below := projectPath + "/drafts/" + id1
	got := do(t, a.api, "POST", below+"/copy", `{"title":"nested"}`)
	is.Equal(got.StatusCode, 201)
	is.Equal(got.Header.Get("Location"), projectPath+"/drafts/"+id2)
	is.Equal(s.rows[noteID(2)].ProjectID.UUID(), noteID(1))
	moved := do(t, a.api, "POST", below+"/copy", `{"project_id":"`+noteID(3).String()+`"}`)
	is.Equal(moved.StatusCode, 422)
	is.Equal(moved.problem(t).Errors[0].Pointer, "/project_id")
	is.Equal(do(t, a.api, "POST", below+"/restore", "", "If-Match: *").StatusCode, 200)
	is.Equal(do(t, a.api, "GET", below+"/access", "").StatusCode, 200)
	is.Equal(len(s.rows), 2)
}

func TestLifeHasItsAuthModes(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := newApp(t, nil)
	s := newDrafts(a.projects.model.Registry())
	must(t, rest.Mount(a.api, "/v1/drafts", s, &rest.MountOptions{
		AuthOf:  map[rest.Operation]rest.AuthMode{rest.Restore: rest.Root, rest.Access: rest.Optional},
		Without: []rest.Operation{rest.Copy},
	}))
	_, err := s.Create(joinery.WithActor(t.Context(), joinery.SystemActor()), CreateDraft{Title: "x"})
	must(t, err)
	is.Equal(do(t, a.api, "POST", draftPath+"/restore", "", "If-Match: *").StatusCode, 403)
	is.Equal(do(t, a.api, "POST", draftPath+"/restore", "", "If-Match: *", "Authorization:", "X-API-Key: root").StatusCode, 200)
	is.Equal(do(t, a.api, "GET", draftPath+"/access", "", "Authorization:").StatusCode, 200)
	is.Equal(do(t, a.api, "POST", draftPath+"/copy", "").StatusCode, 404)
	is.Equal(do(t, a.api, "POST", draftPath+"/copy", "", "Authorization:").StatusCode, 404)

	b := newApp(t, nil)
	must(t, rest.Mount(b.api, "/v1/drafts", newDrafts(b.projects.model.Registry()), nil))
	for _, c := range []struct{ method, route string }{{"POST", "/copy"}, {"POST", "/restore"}, {"GET", "/access"}} {
		is.Equal(do(t, b.api, c.method, draftPath+c.route, "", "Authorization:").StatusCode, 401)
	}
}

func TestOpsOfARowsLife(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := newApp(t, nil)
	registry.MustAdd[Project](a.projects.model.Registry())
	row := Draft{Entity: registry.Entity{ID: noteID(1), Version: 1}}
	must(t, rest.MountOps(a.api, "/v1/drafts", rest.Ops[Draft, CreateDraft, UpdateDraft]{
		Copy: func(_ context.Context, _ uuid.UUID, overrides func(*CreateDraft) error) (Draft, error) {
			in := CreateDraft{Title: "source"}
			err := overrides(&in)
			row.Title = in.Title
			return row, err
		},
		Restore: func(context.Context, uuid.UUID, int64) (Draft, error) { return Draft{}, nil },
		Access:  func(context.Context, uuid.UUID) (joinery.Actions, error) { return joinery.View, nil },
	}, &rest.MountOptions{Model: newDrafts(a.projects.model.Registry()).model}))
	is.True(strings.Contains(do(t, a.api, "POST", draftPath+"/copy", `{"title":"mine"}`).body, `"title":"mine"`))
	is.Equal(do(t, a.api, "POST", draftPath+"/restore", "", "If-Match: *").StatusCode, 204) // out of sight
	is.Equal(do(t, a.api, "GET", draftPath+"/access", "").body, `{"can":["view"]}`)
	is.Equal(do(t, a.api, "GET", draftPath+"/access?explain=view", "").problem(t).Errors[0].Parameter, "explain") // it cannot

	err := rest.MountOps(a.api, "/v1/more", rest.Ops[Draft, CreateDraft, UpdateDraft]{
		Explain: func(context.Context, joinery.Actor, uuid.UUID, joinery.Actions) (registry.Explanation, error) {
			return registry.Explanation{}, nil
		},
	}, nil)
	is.True(err != nil && strings.Contains(err.Error(), "Explain needs Access"))
}

// unwrapping hides its service but for Unwrap.
type unwrapping struct {
	rest.Resource[Draft, CreateDraft, UpdateDraft]
}

func (u unwrapping) Unwrap() any { return u.Resource }

func TestLifeIsFoundThroughUnwrap(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	a := newApp(t, nil)
	s := newDrafts(a.projects.model.Registry())
	must(t, rest.Mount[Draft, CreateDraft, UpdateDraft](a.api, "/v1/drafts", unwrapping{s}, nil))
	is.Equal(do(t, a.api, "OPTIONS", draftPath+"/restore", "").StatusCode, 204)
	is.Equal(do(t, a.api, "OPTIONS", draftPath+"/copy", "").StatusCode, 204)
	is.Equal(do(t, a.api, "OPTIONS", draftPath+"/access", "").StatusCode, 204)
}

// TestEveryAnswerOfALifeIsDocumented compares the answers with the document.
func TestEveryAnswerOfALifeIsDocumented(t *testing.T) {
	t.Parallel()
	a, _ := drafted(t)
	doc := document(t, a)
	for _, c := range []struct{ method, url, path, body, header string }{
		{"POST", draftPath + "/copy", "/v1/drafts/{id}/copy", "", ""},
		{"POST", draftPath + "/copy", "/v1/drafts/{id}/copy", `{"tags":["x"]}`, ""},
		{"POST", draftPath + "/copy", "/v1/drafts/{id}/copy", `{"tags":7}`, ""},
		{"POST", draftPath + "/restore", "/v1/drafts/{id}/restore", `{"version":1}`, ""},
		{"POST", draftPath + "/restore", "/v1/drafts/{id}/restore", `{"version":1}`, ""},
		{"POST", draftPath + "/restore", "/v1/drafts/{id}/restore", "", ""},
		{"GET", draftPath + "/access", "/v1/drafts/{id}/access", "", ""},
		{"GET", draftPath + "/access?explain=share", "/v1/drafts/{id}/access", "", ""},
		{"GET", draftPath + "/access?explain=x", "/v1/drafts/{id}/access", "", ""},
		{"POST", projectPath + "/drafts/" + id1 + "/copy", "/v1/projects/{project_id}/drafts/{id}/copy", "", ""},
	} {
		fits(t, doc, c.method, c.path, do(t, a.api, c.method, c.url, c.body, c.header))
	}
	is := is.New(t)
	is.Equal(at(doc, "components", "schemas", "CreateDraftOverrides", "required"), nil)
	is.Equal(at(doc, "components", "schemas", "CreateDraft", "properties", "status", "default"), "open")
	is.Equal(at(doc, "components", "schemas", "CreateDraftOverrides", "properties", "status", "default"), nil)
	var ids []string
	for _, op := range operationsOf(doc) {
		ids = append(ids, at(op, "operationId").(string))
	}
	for _, id := range []string{"copyDraft", "restoreDraft", "accessDraft", "copyProjectsDraft"} {
		is.True(slices.Contains(ids, id))
	}
	is.True(!slices.Contains(ids, "restoreNote"))
}

// fits fails unless the document has the answer's status and shape.
func fits(t *testing.T, doc map[string]any, method, path string, got answer) {
	t.Helper()
	v := validator{t: t, root: doc}
	response := v.resolve(at(doc, "paths", path, strings.ToLower(method), "responses", fmt.Sprint(got.StatusCode)))
	if response == nil {
		t.Errorf("%s %s: status %d is not documented: %s", method, path, got.StatusCode, got.body)
		return
	}
	headers := reflect.ValueOf(at(response, "headers")).MapKeys()
	for _, h := range headers {
		if name := h.String(); name != "Idempotency-Replayed" && got.Header.Get(name) == "" {
			t.Errorf("%s %s: %d has no header %s", method, path, got.StatusCode, name)
		}
	}
	if got.body == "" {
		return
	}
	media, _, _ := strings.Cut(got.Header.Get("Content-Type"), ";")
	if problem := v.check(at(response, "content", media, "schema"), decoded(t, got.body)); problem != "" {
		t.Errorf("%s %s: %s\n%s", method, path, problem, got.body)
	}
}

func decoded(t testing.TB, body string) (v any) {
	t.Helper()
	must(t, json.Unmarshal([]byte(body), &v))
	return v
}
