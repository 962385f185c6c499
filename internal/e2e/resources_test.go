package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/rest/resttest"
)

// as signs an actor in by the header of these tests.
func as(t testing.TB, actor joinery.Actor) resttest.Identity {
	t.Helper()
	text, err := json.Marshal(actor)
	must(t, err)
	return resttest.Header(actorHeader, string(text))
}

// owner is an API of the service over a new database, asked by a new user.
func owner(t testing.TB, b backend) (*service, *resttest.API) {
	t.Helper()
	s, err := newService(b.fresh(t, nil))
	must(t, err)
	must(t, s.install(t.Context()))
	return s, resttest.New(t, s.api, nil).As(as(t, newUser()))
}

// Each resource keeps to its document and to what package rest promises:
// statuses, schemas, versions, batches, pages, and nothing about hidden rows.
// Its part MassAssignment is the proof for bar 27: no column beyond the forms
// is writable by any route.
func TestBar47_ResourcesKeepToTheDocument(t *testing.T) {
	t.Parallel()
	items := func(t *testing.T, b backend, nested bool) {
		resttest.Run(t, resttest.Case[Item, CreateItem, UpdateItem]{New: func(t testing.TB) resttest.Resource[CreateItem, UpdateItem] {
			return itemsOf(t, b, nested)
		}})
	}
	onEach(t, func(t *testing.T, b backend) { items(t, b, false) })

	// What the database makes no difference to is tested on the quick one.
	b := backends()[0]
	t.Run("items of a list", func(t *testing.T) {
		t.Parallel()
		items(t, b, true)
	})
	t.Run("lists", func(t *testing.T) {
		t.Parallel()
		resttest.Run(t, resttest.Case[List, CreateList, UpdateList]{New: func(t testing.TB) resttest.Resource[CreateList, UpdateList] {
			_, api := owner(t, b)
			return resttest.Resource[CreateList, UpdateList]{
				API: api, Path: "/v1/lists", Stranger: as(t, newUser()), Invalid: map[string]CreateList{"/title": {}},
				Create: func(n int) CreateList { return CreateList{Title: fmt.Sprint("list ", n)} },
				Update: func(n int) UpdateList { return UpdateList{Title: crud.Set(fmt.Sprint("changed ", n))} },
			}
		}})
	})
	t.Run("memos", func(t *testing.T) {
		t.Parallel()
		resttest.Run(t, resttest.Case[Memo, CreateMemo, UpdateMemo]{New: func(t testing.TB) resttest.Resource[CreateMemo, UpdateMemo] {
			return memosOf(t, b)
		}})
	})
}

func memosOf(t testing.TB, b backend) resttest.Resource[CreateMemo, UpdateMemo] {
	t.Helper()
	return resttest.Resource[CreateMemo, UpdateMemo]{
		API: resttest.New(t, newMemoApp(t, b).api, nil).As(as(t, newUser())), Path: "/v1/memos", Stranger: as(t, newUser()),
		Invalid: map[string]CreateMemo{"/title": {Slug: "x"}, "/priority": {Title: "x", Slug: "x", Priority: ptr(int64(10))}},
		Create:  func(n int) CreateMemo { return CreateMemo{Title: "memo", Slug: fmt.Sprint("memo-", n)} },
		Update: func(n int) UpdateMemo {
			return UpdateMemo{Title: crud.Set(fmt.Sprint("changed ", n)), Slug: crud.Set(fmt.Sprint("changed-", n))}
		},
	}
}

func itemsOf(t testing.TB, b backend, nested bool) resttest.Resource[CreateItem, UpdateItem] {
	t.Helper()
	_, api := owner(t, b)
	path := "/v1/items"
	if nested {
		var list List
		api.Post("/v1/lists", CreateList{Title: "shopping"}).Status(http.StatusCreated).JSON(&list)
		path = "/v1/lists/" + list.ID.String() + "/items"
	}
	return resttest.Resource[CreateItem, UpdateItem]{
		API: api, Path: path, Stranger: as(t, newUser()), Invalid: map[string]CreateItem{"/title": {Count: 1}},
		Create: func(n int) CreateItem { return CreateItem{Title: fmt.Sprint("item ", n), Count: int64(n)} },
		Update: func(n int) UpdateItem { return UpdateItem{Title: crud.Set(fmt.Sprint("changed ", n))} },
	}
}

// A server that breaks its document fails every test here that meets the
// breach: the comparison stands between each client and its server.
func TestBar47_ClientsCompareWithTheDocument(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	s, err := newService(backends()[0].fresh(t, nil))
	is.NoErr(err)
	is.NoErr(s.install(t.Context()))
	broken := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/lists" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		s.api.ServeHTTP(w, r)
	})
	seen := &breaches{TB: t}
	c := serve(seen, broken)
	c.do(seen, newUser(), "GET", "/v1/lists", nil)
	is.Equal(len(seen.texts), 1)
	is.True(strings.Contains(seen.texts[0], "418"))
}

// breaches gathers the errors of a test that is about them.
type breaches struct {
	testing.TB
	texts []string
}

func (b *breaches) Errorf(format string, args ...any) {
	b.texts = append(b.texts, fmt.Sprintf(format, args...))
}

// The pages that the battery walks are those of a typed client, too.
func TestClientWalksThroughPages(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	app := newMemoApp(t, backends()[0])
	ctx := joinery.WithActor(t.Context(), newUser())
	c := memoClient(t, serve(t, app.api).base, nil)
	for n := range 7 {
		_, err := c.Create(ctx, CreateMemo{Title: fmt.Sprint(n), Slug: fmt.Sprint(n)})
		is.NoErr(err)
	}
	var titles []string
	for row, err := range c.All(ctx, query.Query{Limit: 2, Sort: []string{"title"}}) {
		is.NoErr(err)
		titles = append(titles, row.Title)
	}
	is.Equal(strings.Join(titles, ""), "0123456")
}
