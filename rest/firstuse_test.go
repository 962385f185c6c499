package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/logx"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// A 500 says that its request id names it in the log, whatever handler writes
// that, and says so once.
func TestInternalErrorsAreFoundByRequestID(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"slog": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"logx": func(b *bytes.Buffer) slog.Handler { return logx.NewHandler(slog.NewTextHandler(b, nil), nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			var log bytes.Buffer
			api := rest.New(nil, &rest.Options{Log: slog.New(handler(&log)), NoAccessLog: true})
			is.NoErr(rest.Handle(api, "GET", "/broken", func(context.Context, struct{}) (struct{}, error) {
				return struct{}{}, errors.New("the disk is full")
			}, rest.WithAuth(rest.None)))
			got := do(t, api, "GET", "/broken", "")
			is.Equal(got.StatusCode, 500)
			is.Equal(strings.Count(log.String(), "request_id="+got.Header.Get("X-Request-Id")), 1)
		})
	}
}

// A mistake in the options is told once, not once for each route.
func TestOptionsAreBlamedOnce(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	err := rest.New(nil, &rest.Options{CORS: &rest.CORSOptions{}}).Validate()
	is.True(err != nil)
	is.Equal(strings.Count(err.Error(), "CORS"), 1)

	api := rest.New(nil, &rest.Options{MaxBatch: -1})
	list := rest.Ops[goodRow, struct{}, struct{}]{
		List: func(context.Context, query.Query) (query.Page[goodRow], error) { return query.Page[goodRow]{}, nil },
		Get:  func(context.Context, uuid.UUID, ...query.GetOption) (goodRow, error) { return goodRow{}, nil },
	}
	mount := func(path string) error { return rest.MountOps(api, path, list, nil) }
	err = errors.Join(mount("/a"), mount("/b"), api.Validate())
	is.Equal(strings.Count(err.Error(), "MaxBatch"), 1)
	is.True(mount("/c") != nil)
	is.True(api.Validate() != nil)
}

func TestInputMustBeAStruct(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	api := rest.New(nil, nil)
	err := rest.Handle(api, "POST", "/echo", func(_ context.Context, in string) (string, error) { return in, nil })
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), "POST /echo: the input is a string: it must be a struct"))
}

type goodRow struct {
	ID uuid.UUID `json:"id" api:"readonly"`
}

type badRow struct {
	ID    uuid.UUID `json:"id" api:"readonly"`
	Title string    `json:"title" validate:"reqired"`
}

func TestUnknownRulesAreRefusedAtMount(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	err := rest.MountOps(rest.New(nil, nil), "/rows", rest.Ops[badRow, struct{}, struct{}]{
		List: func(context.Context, query.Query) (query.Page[badRow], error) { return query.Page[badRow]{}, nil },
	}, nil)
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), "reqired"))
}

func TestServerSaysWhereItListens(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var log bytes.Buffer
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	is.NoErr(err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	is.NoErr(rest.Server(rest.New(nil, nil), &rest.ServerOptions{Log: slog.New(slog.NewTextHandler(&log, nil))}).RunOn(ctx, ln))
	is.Equal(strings.Count(log.String(), "level=INFO msg=listening address="+ln.Addr().String()), 1)
}

type fullRow struct {
	registry.Entity
	Title  string            `json:"title" validate:"required"`
	Count  int               `json:"count"`
	Done   bool              `json:"done"`
	Tags   []string          `json:"tags"`
	Prefs  map[string]string `json:"prefs"`
	At     time.Time         `json:"at"`
	Data   []byte            `json:"data"`
	Mood   string            `json:"mood" default:"calm"`
	Note   *string           `json:"note"`
	Secret string            `json:"secret" api:"writeonly"`
}

type createFull struct {
	Title string   `json:"title"`
	Tags  []string `json:"tags"`
}

type updateFull struct {
	Title  query.Opt[string]            `json:"title,omitzero"`
	Count  query.Opt[int]               `json:"count,omitzero"`
	Done   query.Opt[bool]              `json:"done,omitzero"`
	Tags   query.Opt[[]string]          `json:"tags,omitzero"`
	Prefs  query.Opt[map[string]string] `json:"prefs,omitzero"`
	At     query.Opt[time.Time]         `json:"at,omitzero"`
	Data   query.Opt[[]byte]            `json:"data,omitzero"`
	Mood   query.Opt[string]            `json:"mood,omitzero"`
	Note   query.Opt[string]            `json:"note,omitzero"`
	Secret query.Opt[string]            `json:"secret,omitzero"`
}

// fullAPI serves rows with columns of every sort; what the last change was is
// in got.
func fullAPI(t *testing.T) (api *rest.API, got *updateFull) {
	t.Helper()
	got = &updateFull{}
	api = rest.New(nil, nil)
	err := rest.MountOps(api, "/rows", rest.Ops[fullRow, createFull, updateFull]{
		Create: func(_ context.Context, in createFull) (fullRow, error) {
			return fullRow{Title: in.Title, Tags: in.Tags}, nil
		},
		Update: func(_ context.Context, id uuid.UUID, _ int64, in updateFull) (fullRow, error) {
			*got = in
			return fullRow{Entity: registry.Entity{ID: id}}, nil
		},
	}, &rest.MountOptions{Auth: rest.None})
	if err != nil {
		t.Fatal(err)
	}
	return api, got
}

// PUT takes what POST takes: columns that the body lacks and that take no null
// become empty.
func TestReplaceTakesWhatCreateTakes(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	api, got := fullAPI(t)
	is.Equal(do(t, api, "PUT", "/rows/"+id1, `{"title":"x"}`, "If-Match: *").StatusCode, 200)
	text, err := json.Marshal(got)
	is.NoErr(err)
	is.Equal(string(text), `{"title":"x","count":0,"done":false,"tags":[],"prefs":{},"at":"0001-01-01T00:00:00Z","data":"","mood":"calm","note":null,"secret":null}`)
}

// What a PUT lacks, no answer shows and the service refuses as null is told to
// be required; a null that was sent is told as such.
func TestReplaceSaysWhatItMustBring(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	api := rest.New(nil, nil)
	is.NoErr(rest.MountOps(api, "/rows", rest.Ops[fullRow, createFull, updateFull]{
		Update: func(context.Context, uuid.UUID, int64, updateFull) (row fullRow, err error) {
			return row, &joinery.Error{Kind: joinery.Invalid, Message: "no", Fields: []joinery.FieldError{{Pointer: "/secret", Code: "not_null", Message: "may not be null"}}}
		},
	}, &rest.MountOptions{Auth: rest.None}))
	for body, code := range map[string]string{`{}`: "required", `{"secret":null}`: "not_null"} {
		got := do(t, api, "PUT", "/rows/"+id1, body, "If-Match: *")
		is.Equal(got.StatusCode, 422)
		is.Equal(got.problem(t).Errors[0].Code, code)
		is.Equal(strings.HasPrefix(got.problem(t).Errors[0].Detail, "is required: "), code == "required")
	}
	is.Equal(do(t, api, "PATCH", "/rows/"+id1, `{"secret":null}`, "If-Match: *").problem(t).Errors[0].Code, "not_null")
}

// What has no doc tag has no description: one made of its name says nothing.
func TestNoMadeUpDescriptions(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	type in struct {
		Dry bool `query:"dry" json:"-"`
	}
	api := rest.New(nil, nil)
	is.NoErr(rest.Handle(api, "GET", "/run", func(context.Context, in) (struct{}, error) { return struct{}{}, nil }))
	doc, err := api.Document()
	is.NoErr(err)
	is.True(strings.Contains(string(doc), `"name": "dry"`))
	is.True(!strings.Contains(string(doc), "The dry"))
}

// A list that takes no null refuses it on every way in, as other columns do.
func TestNullForAList(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	api, _ := fullAPI(t)
	got := do(t, api, "POST", "/rows", `{"title":"x","tags":null}`)
	is.Equal(got.StatusCode, 400)
	is.True(strings.Contains(got.body, `{"pointer":"/tags","detail":"must be an array, not null","code":"null"}`))
	is.Equal(do(t, api, "POST", "/rows", `{"title":"null","tags":[]}`).StatusCode, 201)
}
