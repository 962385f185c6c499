package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// Topic and Memo have a column of every sort that JSON writes in its own way.
type Topic struct {
	crud.Entity
	crud.Owned
	Name  string `json:"name" validate:"required,max=50"`
	Memos []Memo `json:"memos,omitzero" rel:"memoes.topic_id"`
}

type Mood string

type Memo struct {
	crud.Entity
	crud.Updated
	crud.SoftDelete
	crud.Owned
	Title    string               `json:"title" validate:"required,max=50" sortable:"true"`
	Slug     string               `json:"slug" validate:"max=50" unique:"true,global"`
	Mood     Mood                 `json:"mood" validate:"oneof=good bad" default:"good"`
	Priority *int64               `json:"priority" validate:"omitempty,max=9" sortable:"true"`
	Score    float64              `json:"score"`
	Done     bool                 `json:"done"`
	DueAt    *time.Time           `json:"due_at"`
	Labels   []string             `json:"labels"`
	Can      joinery.Actions      `json:"can"`
	Pin      string               `json:"pin" api:"writeonly"`
	TopicID  *registry.Ref[Topic] `json:"topic_id" ref:"topics"`
	Topic    *Topic               `json:"topic,omitzero" rel:"topic_id"`
}

type (
	CreateTopic struct {
		Name string `json:"name"`
	}
	UpdateTopic struct {
		Name crud.Opt[string] `json:"name,omitzero"`
	}
	CreateMemo struct {
		Title    string               `json:"title"`
		Slug     string               `json:"slug"`
		Mood     crud.Opt[Mood]       `json:"mood,omitzero"`
		Priority *int64               `json:"priority"`
		Score    float64              `json:"score"`
		Done     bool                 `json:"done"`
		DueAt    *time.Time           `json:"due_at"`
		Labels   []string             `json:"labels"`
		Can      joinery.Actions      `json:"can"`
		Pin      string               `json:"pin"`
		TopicID  *registry.Ref[Topic] `json:"topic_id"`
	}
	UpdateMemo struct {
		Title    crud.Opt[string]              `json:"title,omitzero"`
		Slug     crud.Opt[string]              `json:"slug,omitzero"`
		Mood     crud.Opt[Mood]                `json:"mood,omitzero"`
		Priority crud.Opt[int64]               `json:"priority,omitzero"`
		DueAt    crud.Opt[time.Time]           `json:"due_at,omitzero"`
		UserID   crud.Opt[uuid.UUID]           `json:"user_id,omitzero"`
		TopicID  crud.Opt[registry.Ref[Topic]] `json:"topic_id,omitzero"`
	}
)

// memoService is what a manager and a client have in common.
type memoService interface {
	rest.Resource[Memo, CreateMemo, UpdateMemo]
	All(ctx context.Context, q query.Query) iter.Seq2[Memo, error]
	Count(ctx context.Context, q query.Query) (int64, error)
	Exists(ctx context.Context, id uuid.UUID) (bool, error)
	CreateMany(ctx context.Context, in []CreateMemo) ([]Memo, error)
	UpdateMany(ctx context.Context, changes []query.Change[UpdateMemo]) ([]Memo, error)
	DeleteMany(ctx context.Context, rows []query.Ident) error
	Copy(ctx context.Context, id uuid.UUID, overrides func(*CreateMemo) error) (Memo, error)
	Restore(ctx context.Context, id uuid.UUID, version int64) (Memo, error)
	Access(ctx context.Context, id uuid.UUID) (joinery.Actions, error)
	Explain(ctx context.Context, who joinery.Actor, id uuid.UUID, a joinery.Actions) (registry.Explanation, error)
}

var _, _ memoService = (*crud.Manager[Memo, CreateMemo, UpdateMemo])(nil), (*rest.Client[Memo, CreateMemo, UpdateMemo])(nil)

// memoApp is a service whose ids and times are the same in every run.
type memoApp struct {
	topics *crud.Manager[Topic, CreateTopic, UpdateTopic]
	memos  *crud.Manager[Memo, CreateMemo, UpdateMemo]
	api    *rest.API
}

func newMemoApp(t testing.TB, b backend) *memoApp {
	t.Helper()
	db, reg := b.fresh(t, nil), registry.New(nil)
	var ids atomic.Uint32
	opts := &crud.Options{
		Now:   func() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 123456000, time.UTC) },
		NewID: func() (uuid.UUID, error) { return uuid.UUID{0: 1, 6: 0x70, 8: 0x80, 15: byte(ids.Add(1))}, nil },
	}
	a := &memoApp{api: rest.New(nil, &rest.Options{Auth: signIn, NoAccessLog: true, Log: slog.New(slog.DiscardHandler)})}
	engine, err := perm.New(reg, db, nil)
	must(t, err)
	a.topics, err = crud.New[Topic, CreateTopic, UpdateTopic](reg, db, engine, opts)
	must(t, err)
	a.memos, err = crud.New[Memo, CreateMemo, UpdateMemo](reg, db, engine, opts)
	must(t, err)
	must(t, rest.Mount(a.api, "/v1/topics", a.topics, nil))
	must(t, rest.Mount(a.api, "/v1/memos", a.memos, nil))
	ddl, err := reg.DDL(db.Dialect())
	must(t, err)
	must(t, sqldb.ExecAll(t.Context(), db, ddl))
	return a
}

// memoClient is a client that says who acts as the tests do.
func memoClient(t testing.TB, url string, opts *rest.ClientOptions) *rest.Client[Memo, CreateMemo, UpdateMemo] {
	t.Helper()
	if opts == nil {
		opts = &rest.ClientOptions{}
	}
	opts.HTTP = newClient(t, url).http
	opts.Header = actorInHeader
	c, err := rest.NewClient[Memo, CreateMemo, UpdateMemo](url+"/v1/memos/", opts)
	must(t, err)
	return c
}

func actorInHeader(ctx context.Context, h http.Header) error {
	actor, err := joinery.ActorFrom(ctx)
	if err != nil {
		return nil // for the server to refuse
	}
	text, err := json.Marshal(actor)
	h.Set(actorHeader, string(text))
	return err
}

// A client answers what the manager behind the server answers: the same rows,
// and errors of the same kind, code, fields and version.
func TestClientAnswersAsTheManagerDoes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		direct, remote, twice := newMemoApp(t, b), newMemoApp(t, b), newMemoApp(t, b)
		compare := func(t *testing.T, app *memoApp, svc memoService) {
			want, got := battery(t, direct, direct.memos), battery(t, app, svc)
			if len(want) != len(got) {
				t.Fatalf("%d steps by the manager, %d by the client", len(want), len(got))
			}
			for i := range want {
				if want[i] != got[i] {
					t.Errorf("the manager:\n%s\nthe client:\n%s", want[i], got[i])
				}
			}
		}
		compare(t, remote, memoClient(t, serve(t, remote.api).base, nil))

		// A client is mounted like a manager, and its client answers the same.
		direct = newMemoApp(t, b)
		front := rest.New(nil, &rest.Options{Auth: signIn, NoAccessLog: true, Log: slog.New(slog.DiscardHandler)})
		_, err := registry.Add[Topic](twiceRegistry(twice))
		must(t, err)
		must(t, rest.Mount(front, "/v1/memos", memoClient(t, serve(t, twice.api).base, nil), &rest.MountOptions{Model: twice.memos.Model()}))
		compare(t, twice, memoClient(t, serve(t, front).base, nil))
	})
}

func twiceRegistry(a *memoApp) *registry.Registry { return a.memos.Model().Registry() }

// script records what a service answers.
type script struct {
	t     *testing.T
	steps []string
}

// pins are what a manager returns of a write-only column, and no server
// answers.
var pins = regexp.MustCompile(`"pin":"[^"]*"`)

// note records a step: its result as JSON, or its error in the parts that a
// caller can act on.
func (s *script) note(name string, result any, err error) {
	s.t.Helper()
	var e *joinery.Error
	switch {
	case err == nil:
		data, err := json.Marshal(result)
		must(s.t, err)
		s.steps = append(s.steps, name+": "+pins.ReplaceAllString(string(data), `"pin":""`))
	case errors.As(err, &e):
		fields := slices.Clone(e.Fields)
		for i := range fields { // a URL has more parameters than there are fields
			fields[i].Message, _, _ = strings.Cut(fields[i].Message, "; other parameters are ")
		}
		s.steps = append(s.steps, fmt.Sprintf("%s: %s %s version %d %+v", name, e.Kind, e.CodeOrKind(), e.Version, fields))
	default:
		s.t.Fatalf("%s: %v is no *joinery.Error", name, err)
	}
}

// page records a page without its cursors, which the two make alike only as
// long as they write the filter alike.
func (s *script) page(name string, p query.Page[Memo], err error) query.Page[Memo] {
	s.t.Helper()
	s.note(name, object{"items": p.Items, "total": p.Total, "next": p.Next != "", "prev": p.Prev != ""}, err)
	return p
}

// battery asks a service for everything that it can do.
func battery(t *testing.T, app *memoApp, svc memoService) []string {
	s := &script{t: t}
	ada, bob := user(uuid.UUID{15: 0xa}), user(uuid.UUID{15: 0xb})
	ctx, other := joinery.WithActor(t.Context(), ada), joinery.WithActor(t.Context(), bob)
	topic, err := app.topics.Create(ctx, CreateTopic{Name: "Sea"})
	must(t, err)
	s.writes(ctx, other, svc, topic.ID)
	s.reads(ctx, other, svc)
	s.queries(ctx, svc)
	s.batches(ctx, svc)
	s.lives(ctx, other, svc)
	return s.steps
}

func (s *script) writes(ctx, other context.Context, svc memoService, topic uuid.UUID) {
	ref, due, five := registry.To[Topic](topic), time.Date(2027, 1, 2, 3, 4, 5, 678900000, time.FixedZone("", 3600)), int64(5)
	a, err := svc.Create(ctx, CreateMemo{
		Title: "All & <nothing> \u2028 ü", Slug: "a", Mood: crud.Set(Mood("bad")), Priority: &five, Score: 0.1, Done: true, DueAt: &due,
		Labels: []string{"x", ""}, Can: joinery.View | joinery.Share, Pin: "1234", TopicID: &ref,
	})
	s.note("create", a, err)
	b, err := svc.Create(ctx, CreateMemo{Title: "b", Slug: "b"})
	s.note("create with defaults", b, err)
	_, err = svc.Create(ctx, CreateMemo{Title: strings.Repeat("x", 51), Mood: crud.Set(Mood("ugly")), Priority: ptr(int64(10))})
	s.note("create what is invalid", nil, err)
	_, err = svc.Create(ctx, CreateMemo{Title: "c", Slug: "a"})
	s.note("create what collides", nil, err)
	missing := registry.To[Topic](uuid.Max)
	_, err = svc.Create(ctx, CreateMemo{Title: "c", Slug: "c", TopicID: &missing})
	s.note("create with a reference to nothing", nil, err)

	b, err = svc.Update(ctx, b.ID, b.Version, UpdateMemo{Title: crud.Set("bb"), Priority: crud.Set(int64(1)), TopicID: crud.Set(ref)})
	s.note("update", b, err)
	b, err = svc.Update(ctx, b.ID, b.Version, UpdateMemo{Priority: crud.Null[int64](), DueAt: crud.Set(due)})
	s.note("update to null", b, err)
	b, err = svc.Update(ctx, b.ID, b.Version, UpdateMemo{})
	s.note("update nothing", b, err)
	_, err = svc.Update(ctx, b.ID, b.Version-1, UpdateMemo{Title: crud.Set("old")})
	s.note("update what is stale", nil, err)
	_, err = svc.Update(ctx, b.ID, b.Version, UpdateMemo{Title: crud.Null[string](), Mood: crud.Set(Mood(""))})
	s.note("update to what is invalid", nil, err)
	_, err = svc.Update(other, b.ID, b.Version, UpdateMemo{Title: crud.Set("mine")})
	s.note("update what is hidden", nil, err)
	_, err = svc.Update(ctx, uuid.Max, query.AnyVersion, UpdateMemo{Title: crud.Set("gone")})
	s.note("update what is missing", nil, err)
	b, err = svc.Update(ctx, b.ID, query.AnyVersion, UpdateMemo{Title: crud.Set("forced")})
	s.note("update any version", b, err)
	_, err = svc.Create(context.Background(), CreateMemo{Title: "x"})
	s.note("create as nobody", joinery.KindOf(err), nil) // whose code is that of the authentication
}

func (s *script) reads(ctx, other context.Context, svc memoService) {
	p, err := svc.List(ctx, query.Query{})
	s.page("list", p, err)
	id := p.Items[0].ID
	row, err := svc.Get(ctx, id)
	s.note("get", row, err)
	row, err = svc.Get(ctx, id, query.Include("topic.memos"), query.Fields("title", "topic_id"))
	s.note("get with include and fields", row, err)
	_, err = svc.Get(ctx, id, query.Include("nothing"), query.Fields("pin"))
	s.note("get what is unknown", nil, err)
	_, err = svc.Get(other, id)
	s.note("get what is hidden", nil, err)
	for _, id := range []uuid.UUID{id, uuid.Max} {
		ok, err := svc.Exists(ctx, id)
		s.note("exists", ok, err)
	}
	n, err := svc.Count(ctx, query.Query{Filter: query.Eq("mood", "good"), Limit: 7, Sort: []string{"title"}})
	s.note("count", n, err)
	can, err := svc.Access(ctx, id)
	s.note("access", can, err)
	_, err = svc.Access(other, id)
	s.note("access to what is hidden", nil, err)
	ada, _ := joinery.ActorFrom(ctx)
	why, err := svc.Explain(ctx, ada, id, joinery.Edit)
	s.note("explain", why, err)
}

func (s *script) queries(ctx context.Context, svc memoService) {
	due := time.Date(2027, 1, 2, 2, 0, 0, 0, time.UTC)
	for name, f := range sorted(map[string]query.Filter{
		"eq":                query.Eq("title", "forced"),
		"text":              query.Contains("title", "& <"),
		"enum":              query.Ne("mood", Mood("bad")),
		"int":               query.Eq("priority", int8(5)),
		"float":             query.Gte("score", 0.05),
		"bool":              query.Eq("done", true),
		"time":              query.Gt("due_at", due),
		"day":               query.Where("due_at", query.OpOn, "2027-01-02"),
		"actions":           query.Eq("can", joinery.View|joinery.Share),
		"search of actions": query.Or(query.Eq("can", joinery.View|joinery.Share), query.In("can", joinery.View)),
		"null":              query.IsNull("priority"),
		"in":                query.In("title", "forced", `b,\`, "a,b"),
		"in one empty":      query.In("title", ""),
		"in nothing":        query.In[string]("title"),
		"relation":          query.Eq("topic.name", "Sea"),
		"and":               query.And(query.Eq("mood", "good"), query.Filter{}, query.And(query.Contains("title", "o"), query.NotNull("due_at"))),
		"or":                query.Or(query.Eq("slug", "a"), query.And(query.Eq("slug", "b"), query.Not(query.IsNull("topic_id")))),
		"or nothing":        query.Or(),
		"or everything":     query.Or(query.Filter{}, query.Eq("slug", "a")),
		"not nothing":       query.Not(query.Or()),
		"long":              query.Or(query.In("slug", "a"), query.Eq("title", strings.Repeat("long", 3000))),
		"long leaf":         query.Ne("title", strings.Repeat("long", 3000)),
	}) {
		p, err := svc.List(ctx, query.Query{Filter: f, Sort: []string{"title"}, Count: query.CountExact})
		s.page("where "+name, p, err)
	}
	for name, q := range sorted(map[string]query.Query{
		"unknown field":    {Filter: query.Eq("nothing", 1)},
		"hidden field":     {Filter: query.Eq("pin", "1234")},
		"wrong operator":   {Filter: query.Contains("done", "x")},
		"wrong value":      {Filter: query.Eq("priority", "x")},
		"limit":            {Limit: 1001},
		"negative limit":   {Limit: -1},
		"sort":             {Sort: []string{"score"}},
		"include":          {Include: []string{"x"}},
		"cursor":           {After: "x"},
		"two cursors":      {After: "x", Before: "y"},
		"deleted":          {Deleted: true},
		"not without part": {Filter: query.Filter{Op: query.OpNot}},
	}) {
		p, err := svc.List(ctx, q)
		s.page("bad "+name, p, err)
	}
	for name, f := range sorted(map[string]query.Filter{
		"url":    {},
		"search": query.Or(query.Eq("mood", "good"), query.Ne("mood", "good")),
		"sorted": query.And(query.Ne("title", "x"), query.Ne("slug", strings.Repeat("x", 7960))), // the cursor makes it too long for a URL
	}) {
		q := query.Query{Filter: f, Sort: []string{"-title"}, Limit: 1, Fields: []string{"title"}}
		first := s.page(name+" page 1", must2(svc.List(ctx, q))(s.t), nil)
		q.After = first.Next
		second := s.page(name+" page 2", must2(svc.List(ctx, q))(s.t), nil)
		q.After, q.Before = "", second.Prev
		s.page(name+" page 1 again", must2(svc.List(ctx, q))(s.t), nil)
		q.Before = ""
		for row, err := range svc.All(ctx, q) {
			s.note(name+" all", row, err)
		}
	}
	for row, err := range svc.All(ctx, query.Query{Limit: -1}) {
		s.note("all of a bad query", row, err)
	}
}

func (s *script) batches(ctx context.Context, svc memoService) {
	rows, err := svc.CreateMany(ctx, []CreateMemo{{Title: "m1", Slug: "m1"}, {Title: "m2", Slug: "m2"}, {Title: "m3", Slug: "m3"}})
	s.note("create many", rows, err)
	_, err = svc.CreateMany(ctx, []CreateMemo{{Title: "m4", Slug: "m4"}, {Title: "", Slug: "m5"}})
	s.note("create many with one invalid", nil, err)
	none, err := svc.CreateMany(ctx, nil)
	s.note("create none", none, err)
	change := func(i int, version int64, title string) query.Change[UpdateMemo] {
		return query.Change[UpdateMemo]{ID: rows[i].ID, Version: version, Update: UpdateMemo{Title: crud.Set(title)}}
	}
	_, err = svc.UpdateMany(ctx, []query.Change[UpdateMemo]{change(0, 1, "n1"), change(1, 7, "n2")})
	s.note("update many with one stale", nil, err)
	_, err = svc.UpdateMany(ctx, []query.Change[UpdateMemo]{change(0, 1, "n1"), change(1, 1, "")})
	s.note("update many with one invalid", nil, err)
	changed, err := svc.UpdateMany(ctx, []query.Change[UpdateMemo]{change(2, 1, "n3"), change(0, 1, "n1")})
	s.note("update many", changed, err)
	changed, err = svc.UpdateMany(ctx, []query.Change[UpdateMemo]{change(2, query.AnyVersion, "o3"), change(1, query.AnyVersion, "o2")})
	s.note("update many of any version", changed, err)
	away := query.Change[UpdateMemo]{ID: rows[1].ID, Version: 2, Update: UpdateMemo{UserID: crud.Set(uuid.UUID{15: 0xb})}}
	changed, err = svc.UpdateMany(ctx, []query.Change[UpdateMemo]{away, change(0, 2, "p1")})
	s.note("give one away", changed, err)
	s.note("delete many with one missing", nil, svc.DeleteMany(ctx, []query.Ident{{ID: rows[0].ID, Version: 3}, {ID: uuid.Max, Version: 1}}))
	s.note("delete one twice", nil, svc.DeleteMany(ctx, []query.Ident{{ID: rows[0].ID, Version: 3}, {ID: rows[0].ID, Version: 3}}))
	s.note("delete many", nil, svc.DeleteMany(ctx, []query.Ident{{ID: rows[0].ID, Version: 3}, {ID: rows[2].ID, Version: 3}}))
	s.note("delete none", nil, svc.DeleteMany(ctx, nil))
}

func (s *script) lives(ctx, other context.Context, svc memoService) {
	row, err := svc.Create(ctx, CreateMemo{Title: "life", Slug: "life", Pin: "9", Labels: []string{"one"}})
	s.note("create", row, err)
	copied, err := svc.Copy(ctx, row.ID, func(in *CreateMemo) error {
		in.Slug, in.Labels = in.Slug+"2", append(in.Labels, "two")
		return nil
	})
	s.note("copy", copied, err)
	_, err = svc.Copy(ctx, row.ID, nil)
	s.note("copy what collides", nil, err)
	_, err = svc.Copy(ctx, row.ID, func(in *CreateMemo) error { in.Title = ""; return nil })
	s.note("copy to what is invalid", nil, err)
	_, err = svc.Copy(other, row.ID, nil)
	s.note("copy what is hidden", nil, err)
	s.note("delete what is stale", nil, svc.Delete(ctx, row.ID, 9))
	s.note("delete", nil, svc.Delete(ctx, row.ID, row.Version))
	s.note("delete again", nil, svc.Delete(ctx, row.ID, query.AnyVersion))
	_, err = svc.Get(ctx, row.ID)
	s.note("get what is deleted", nil, err)
	root := joinery.WithActor(ctx, joinery.RootActor())
	_, err = svc.Restore(root, row.ID, row.Version)
	s.note("restore what is stale", nil, err)
	row, err = svc.Restore(root, row.ID, row.Version+1)
	s.note("restore", row, err)
	_, err = svc.Restore(ctx, row.ID, row.Version)
	s.note("restore as a user", nil, err)
	given, err := svc.Update(ctx, row.ID, row.Version, UpdateMemo{UserID: crud.Set(uuid.UUID{15: 0xb})})
	s.note("give away", given, err)
}

// sorted goes through a map in the order of its keys.
func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if !yield(name, m[name]) {
				return
			}
		}
	}
}

func ptr[V any](v V) *V { return &v }

// must2 is a result that must have come without an error.
func must2[V any](v V, err error) func(testing.TB) V {
	return func(t testing.TB) V {
		t.Helper()
		must(t, err)
		return v
	}
}

func TestClientKnowsWhereItCannotAskTheSame(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	app := newMemoApp(t, backends()[0])
	c := memoClient(t, serve(t, app.api).base, nil)
	ctx := joinery.WithActor(t.Context(), newUser())
	row, err := c.Create(ctx, CreateMemo{Title: "a", Slug: "a"})
	is.NoErr(err)

	_, err = c.Update(ctx, row.ID, 0, UpdateMemo{})
	is.True(joinery.IsKind(err, joinery.Malformed)) // a forgotten version never overwrites
	mixed := []query.Ident{{ID: row.ID, Version: 1}, {ID: uuid.Max, Version: query.AnyVersion}}
	is.True(joinery.IsKind(c.DeleteMany(ctx, mixed), joinery.Unsupported))
	_, err = c.Explain(ctx, joinery.SystemActor(), row.ID, joinery.Edit)
	is.True(joinery.IsKind(err, joinery.Unsupported))
	stranger := newUser()
	why, err := c.Explain(ctx, stranger, row.ID, joinery.Edit)
	is.NoErr(err)
	is.True(!why.Allowed)

	_, err = c.Get(ctx, uuid.Max)
	var answered *rest.AnswerError
	is.True(errors.As(err, &answered)) // for logs
	is.Equal(answered.Status, 404)
	is.True(answered.RequestID != "")
}
