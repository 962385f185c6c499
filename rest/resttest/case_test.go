package resttest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
	"github.com/joinery-go/joinery/rest/resttest"
)

type (
	noteResource = resttest.Resource[CreateNote, UpdateNote]
	noteCase     = resttest.Case[Note, CreateNote, UpdateNote]
)

// caseWith is the case of the notes with something changed.
func caseWith(change func(r *noteResource)) noteCase {
	good := notesCase(func(h http.Handler) http.Handler { return h })
	return noteCase{New: func(t testing.TB) noteResource {
		r := good.New(t)
		change(&r)
		return r
	}}
}

// The pin takes no null and no answer shows it: a PUT has that of the row's
// own input where Update names none.
func TestReplaceBringsWriteOnlyColumns(t *testing.T) {
	t.Parallel()
	for name, update := range map[string]func(n int) UpdateNote{
		"of the input": func(n int) UpdateNote { return UpdateNote{Title: query.Set(fmt.Sprint("changed ", n))} },
		"of Update": func(n int) UpdateNote {
			return UpdateNote{Title: query.Set(fmt.Sprint("changed ", n)), Pin: query.Set("9")}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := caseWith(func(r *noteResource) { r.Update = update })
			if failures := recorded(t, func(t testing.TB) { resttest.RunOne(t, c, "Replace") }); failures != nil {
				t.Error(failures)
			}
		})
	}
}

// Without Update the battery says so, and goes on where nothing is changed.
func TestUpdateIsRequiredWhereRowsAreChanged(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	c := caseWith(func(r *noteResource) { r.Update = nil })
	failures := recorded(t, func(t testing.TB) { resttest.RunOne(t, c, "MassAssignment") })
	is.Equal(len(failures), 1)
	is.True(strings.Contains(failures[0], "Resource.Update is required"))
	c.Without = []rest.Operation{rest.Update, rest.Replace, rest.UpdateMany}
	is.Equal(recorded(t, func(t testing.TB) { resttest.RunOne(t, c, "MassAssignment") }), nil)
}

// Inputs that make further rows, also of the same resource, are asked for once.
func TestInputsMayMakeRows(t *testing.T) {
	t.Parallel()
	resttest.Run(t, caseWith(func(r *noteResource) {
		api, create, asked := r.API, r.Create, map[int]bool{}
		r.Create = func(n int) CreateNote {
			if asked[n] {
				panic("asked twice for the same input")
			}
			asked[n] = true
			api.Post("/v1/notes", CreateNote{Title: "parent"}).Status(http.StatusCreated)
			return create(n)
		}
	}))
}

// Rule is of a model that only Root writes, which reads deleted rows.
type Rule struct {
	registry.Entity
	registry.SoftDelete
	Text string `json:"text"`
}

func (Rule) Table() registry.Table {
	return registry.Table{Policy: registry.Policy{System: true}}
}

type CreateRule struct {
	Text string `json:"text"`
}

type UpdateRule struct {
	Text query.Opt[string] `json:"text,omitzero"`
}

// root makes rows for somebody, because Root owns nothing.
func root(r *http.Request) *http.Request {
	ctx := joinery.WithActor(r.Context(), joinery.RootActor())
	return r.WithContext(crud.CreatedFor(ctx, joinery.WellKnownIDs().System))
}

func ruleCase(sees bool) resttest.Case[Rule, CreateRule, UpdateRule] {
	return resttest.Case[Rule, CreateRule, UpdateRule]{New: func(t testing.TB) resttest.Resource[CreateRule, UpdateRule] {
		return resttest.Resource[CreateRule, UpdateRule]{
			API:         resttest.New(t, newApp[Rule, CreateRule, UpdateRule](t, "/v1/rules"), nil).As(root),
			Path:        "/v1/rules",
			Create:      func(n int) CreateRule { return CreateRule{fmt.Sprint("rule ", n)} },
			Update:      func(n int) UpdateRule { return UpdateRule{query.Set(fmt.Sprint("changed ", n))} },
			SeesDeleted: sees,
		}
	}}
}

func TestRootSeesDeletedRows(t *testing.T) {
	t.Parallel()
	resttest.Run(t, ruleCase(true))
	for _, part := range []string{"Delete", "DeleteMany"} {
		failures := recorded(t, func(t testing.TB) { resttest.RunOne(t, ruleCase(false), part) })
		if len(failures) != 1 || !strings.Contains(failures[0], "Resource.SeesDeleted") {
			t.Error(part, failures)
		}
	}
}
