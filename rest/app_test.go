package rest_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The app of these tests: projects and their notes, kept in maps.

type Project struct {
	registry.Entity
	registry.Named
	Notes []Note `json:"notes,omitzero" rel:"notes.project_id"`
}

type Status string

type Note struct {
	registry.Entity
	registry.Updated
	Title     string                `json:"title" validate:"required,max=200" doc:"Headline." example:"Ship it" sortable:"true"`
	Body      string                `json:"body" validate:"max=100000"`
	Status    Status                `json:"status" validate:"oneof=open done" default:"open"`
	Priority  *int                  `json:"priority" sortable:"true"`
	Score     float64               `json:"score"`
	DueAt     *time.Time            `json:"due_at"`
	Labels    json.RawMessage       `json:"labels,omitempty"`
	Secret    string                `json:"-" api:"hidden"`
	Pin       string                `json:"pin" api:"writeonly"`
	ProjectID registry.Ref[Project] `json:"project_id" ref:"projects,cascade,inherit"`
	Project   *Project              `json:"project,omitzero" rel:"project_id"`
}

type CreateNote struct {
	Title     string                `json:"title"`
	Body      string                `json:"body"`
	Priority  *int                  `json:"priority"`
	Pin       string                `json:"pin"`
	ProjectID registry.Ref[Project] `json:"project_id"`
}

type UpdateNote struct {
	Title     query.Opt[string]                `json:"title,omitzero"`
	Body      query.Opt[string]                `json:"body,omitzero"`
	Status    query.Opt[Status]                `json:"status,omitzero"`
	Priority  query.Opt[int]                   `json:"priority,omitzero"`
	ProjectID query.Opt[registry.Ref[Project]] `json:"project_id,omitzero"`
}

type CreateProject struct {
	Name string `json:"name"`
}

type UpdateProject struct {
	Name query.Opt[string] `json:"name,omitzero"`
}

// memory is a service over rows of any model in a map: what rest needs of a
// service, and nothing else. Whoever is signed in may do everything; rows of
// which hide says so are nobody's.
type memory[T, C, U any] struct {
	model *registry.Model
	make  func(C) T
	apply func(*T, U)
	fill  func(row *T, include []string)
	hide  func(*T) bool

	mu   sync.Mutex
	rows map[uuid.UUID]*T
	next byte
	last query.Query
}

func (s *memory[T, C, U]) Model() *registry.Model { return s.model }

func (s *memory[T, C, U]) entity(row *T) *registry.Entity {
	return reflect.ValueOf(row).Elem().FieldByName("Entity").Addr().Interface().(*registry.Entity)
}

func (s *memory[T, C, U]) find(ctx context.Context, id uuid.UUID) (*T, error) {
	if _, err := joinery.ActorFrom(ctx); err != nil {
		return nil, err
	}
	row := s.rows[id]
	if row == nil || s.hide != nil && s.hide(row) {
		return nil, joinery.Errorf(joinery.NotFound, "", "not found")
	}
	return row, nil
}

func (s *memory[T, C, U]) Get(ctx context.Context, id uuid.UUID, opts ...query.GetOption) (T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var q query.Query
	for _, o := range opts {
		o(&q)
	}
	row, err := s.find(ctx, id)
	if err != nil {
		var none T
		return none, err
	}
	out := *row
	if s.fill != nil {
		s.fill(&out, q.Include)
	}
	return out, nil
}

func (s *memory[T, C, U]) Exists(ctx context.Context, id uuid.UUID) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.find(ctx, id)
	if joinery.IsKind(err, joinery.NotFound) {
		return false, nil
	}
	return err == nil, err
}

func (s *memory[T, C, U]) List(ctx context.Context, q query.Query) (query.Page[T], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = q
	page := query.Page[T]{Items: []T{}}
	if _, err := joinery.ActorFrom(ctx); err != nil {
		return page, err
	}
	r, err := query.Resolve(s.model, q)
	if err != nil {
		return page, err
	}
	for _, row := range s.rows {
		if (s.hide == nil || !s.hide(row)) && holds(s.model.RowOf(row), q.Filter) {
			out := *row
			if s.fill != nil {
				s.fill(&out, q.Include)
			}
			page.Items = append(page.Items, out)
		}
	}
	slices.SortFunc(page.Items, func(a, b T) int {
		return strings.Compare(s.entity(&b).ID.String(), s.entity(&a).ID.String())
	})
	if q.Count != query.CountNone {
		n := int64(len(page.Items))
		page.Total = &n
	}
	if r.Cursor != nil { // the order is always -id here
		page.Items = slices.DeleteFunc(page.Items, func(row T) bool { return s.entity(&row).ID.String() >= r.Cursor[0].(uuid.UUID).String() })
		page.Prev = query.EncodeCursor(r, r.Cursor)
	}
	if len(page.Items) > r.Limit {
		page.Items = page.Items[:r.Limit]
		page.Next = query.EncodeCursor(r, []any{s.entity(&page.Items[r.Limit-1]).ID})
	}
	return page, nil
}

func holds(row registry.Row, f query.Filter) bool {
	switch f.Op {
	case "":
		return true
	case query.OpAnd:
		return !slices.ContainsFunc(f.Filters, func(f query.Filter) bool { return !holds(row, f) })
	case query.OpNull:
		return (row.Value(f.Field) == nil) == (f.Value == true || f.Value == "true")
	case query.OpIn:
		list := reflect.ValueOf(f.Value)
		for i := range list.Len() {
			if row.Value(f.Field) == list.Index(i).Interface() {
				return true
			}
		}
		return false
	}
	return row.Value(f.Field) == f.Value
}

func (s *memory[T, C, U]) Create(ctx context.Context, in C) (T, error) {
	rows, err := s.CreateMany(ctx, []C{in})
	if err != nil {
		var none T
		return none, err
	}
	return rows[0], nil
}

func (s *memory[T, C, U]) CreateMany(ctx context.Context, in []C) ([]T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := joinery.ActorFrom(ctx); err != nil {
		return nil, err
	}
	rows := make([]T, len(in))
	for i := range in {
		row := s.make(in[i])
		s.next++
		e := s.entity(&row)
		e.ID, e.Version, e.CreatedAt = noteID(s.next), 1, time.Date(2026, 11, 23, 8, 0, 0, 123_000, time.UTC)
		s.rows[e.ID] = &row
		rows[i] = row
	}
	return rows, nil
}

// noteID is the n-th id that a service gives.
func noteID(n byte) uuid.UUID { return uuid.UUID{0: 1, 6: 0x70, 8: 0x80, 15: n} }

func (s *memory[T, C, U]) Update(ctx context.Context, id uuid.UUID, version int64, in U) (T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row, err := s.current(ctx, id, version)
	if err != nil {
		var none T
		return none, err
	}
	s.apply(row, in)
	s.entity(row).Version++
	return *row, nil
}

func (s *memory[T, C, U]) current(ctx context.Context, id uuid.UUID, version int64) (*T, error) {
	row, err := s.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if now := s.entity(row).Version; version != query.AnyVersion && version != now {
		return nil, &joinery.Error{Kind: joinery.Stale, Message: "it has changed", Version: now}
	}
	return row, nil
}

func (s *memory[T, C, U]) UpdateMany(ctx context.Context, changes []query.Change[U]) ([]T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, ch := range changes {
		if _, err := s.current(ctx, ch.ID, ch.Version); err != nil {
			return nil, atIndex(i, err)
		}
	}
	rows := make([]T, len(changes))
	for i, ch := range changes {
		row := s.rows[ch.ID]
		s.apply(row, ch.Update)
		s.entity(row).Version++
		rows[i] = *row
	}
	return rows, nil
}

func atIndex(i int, err error) error {
	e := *err.(*joinery.Error)
	e.Fields = []joinery.FieldError{{Pointer: "/" + string(rune('0'+i)), Code: e.CodeOrKind(), Message: e.Message}}
	return &e
}

func (s *memory[T, C, U]) Delete(ctx context.Context, id uuid.UUID, version int64) error {
	return s.DeleteMany(ctx, []query.Ident{{ID: id, Version: version}})
}

func (s *memory[T, C, U]) DeleteMany(ctx context.Context, rows []query.Ident) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, r := range rows {
		if _, err := s.current(ctx, r.ID, r.Version); err != nil {
			if len(rows) > 1 {
				err = atIndex(i, err)
			}
			return err
		}
	}
	for _, r := range rows {
		delete(s.rows, r.ID)
	}
	return nil
}

// app is one API with its services, apart from every other test's.
type app struct {
	api      *rest.API
	notes    *memory[Note, CreateNote, UpdateNote]
	projects *memory[Project, CreateProject, UpdateProject]
	log      *logBuffer
}

func newApp(t testing.TB, opts *rest.Options) *app {
	t.Helper()
	reg := registry.New(nil)
	a := &app{log: &logBuffer{}}
	a.projects = &memory[Project, CreateProject, UpdateProject]{
		model: registry.MustAdd[Project](reg), rows: map[uuid.UUID]*Project{},
		make:  func(in CreateProject) Project { return Project{Named: registry.Named{Name: in.Name}} },
		apply: func(row *Project, in UpdateProject) { set(&row.Name, in.Name) },
		hide:  func(row *Project) bool { return row.Name == "hidden" },
	}
	a.notes = &memory[Note, CreateNote, UpdateNote]{
		model: registry.MustAdd[Note](reg), rows: map[uuid.UUID]*Note{}, make: makeNote, apply: applyNote,
		fill: func(row *Note, include []string) {
			if slices.Contains(include, "project") {
				row.Project = a.projects.rows[row.ProjectID.UUID()]
			}
		},
	}
	if opts == nil {
		opts = &rest.Options{}
	}
	if opts.Auth == nil {
		opts.Auth = byHeader
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.NewJSONHandler(a.log, nil))
	}
	a.api = rest.New(nil, opts)
	return a
}

// mounted is an app with everything mounted, one project and three notes of
// it: ids 1 to 3, and note 4 of no project.
func mounted(t testing.TB, opts *rest.Options) *app {
	t.Helper()
	a := newApp(t, opts)
	must(t, rest.Mount(a.api, "/v1/projects", a.projects, nil))
	must(t, rest.Mount(a.api, "/v1/notes", a.notes, nil))
	must(t, rest.Mount(a.api, "/v1/projects/:project_id/notes", a.notes, &rest.MountOptions{Parent: "project_id", ParentOf: a.projects}))
	ctx := joinery.WithActor(context.Background(), joinery.SystemActor())
	for _, name := range []string{"Apollo", "hidden", "Gemini"} {
		_, err := a.projects.Create(ctx, CreateProject{Name: name})
		must(t, err)
	}
	for i, title := range []string{"first", "second", "third", "elsewhere"} {
		project := noteID(1)
		if i == 3 {
			project = noteID(3)
		}
		_, err := a.notes.Create(ctx, CreateNote{Title: title, ProjectID: registry.To[Project](project), Pin: "PIN"})
		must(t, err)
	}
	return a
}

func makeNote(in CreateNote) Note {
	return Note{Title: in.Title, Body: in.Body, Priority: in.Priority, Status: "open", Secret: "SECRET", Pin: in.Pin, ProjectID: in.ProjectID}
}

func applyNote(row *Note, in UpdateNote) {
	set(&row.Title, in.Title)
	set(&row.Body, in.Body)
	set(&row.Status, in.Status)
	set(&row.ProjectID, in.ProjectID)
	if in.Priority.IsSet() {
		row.Priority = nil
		if v, ok := in.Priority.Get(); ok {
			row.Priority = &v
		}
	}
}

func set[X any](field *X, in query.Opt[X]) {
	if in.IsSet() {
		*field, _ = in.Get()
	}
}

// byHeader signs in as "Bearer <name>"; "bad" is a bad credential.
func byHeader(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		switch {
		case name == "bad":
			rest.WriteProblem(w, r, joinery.Errorf(joinery.Unauthenticated, "bad_token", "the token is not valid"))
			return
		case name == "root" || r.Header.Get("X-API-Key") == "root":
			r = r.WithContext(joinery.WithActor(r.Context(), joinery.RootActor()))
		case name != "" || r.Header.Get("X-API-Key") != "":
			r = r.WithContext(joinery.WithActor(r.Context(), joinery.Actor{ID: uuid.NewSHA1(uuid.Nil, []byte(name)), Kind: joinery.User}))
		}
		next.ServeHTTP(w, r)
	})
}

type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

func (a answer) problem(t testing.TB) rest.Problem {
	t.Helper()
	var p rest.Problem
	if ct := a.Header.Get("Content-Type"); ct != "application/problem+json; charset=utf-8" {
		t.Fatalf("not a problem document: %q %q", ct, a.body)
	}
	must(t, json.Unmarshal([]byte(a.body), &p))
	return p
}

// do sends a request as the user "ada", with headers as "Name: value". An
// empty value removes one of those that it sends by itself.
func do(t testing.TB, h http.Handler, method, url, body string, headers ...string) answer {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, url, reader)
	r.Header.Set("Authorization", "Bearer ada")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		name = strings.TrimSuffix(name, ":")
		if value == "" {
			r.Header.Del(name)
		} else {
			r.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	data, err := io.ReadAll(w.Result().Body)
	must(t, err)
	return answer{w.Result(), string(data)}
}
