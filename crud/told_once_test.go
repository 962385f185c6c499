package crud_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/registry"
)

// Address has a rule that is none.
type Address struct {
	Street string `json:"street" validate:"quiet"`
}

// Visit has one, and its forms have it too.
type Visit struct {
	crud.Entity
	Place Address `json:"place"`
}

type (
	createVisit struct {
		Place Address `json:"place"`
	}
	updateVisit struct {
		Place crud.Opt[Address] `json:"place,omitzero"`
	}
	misspelt struct {
		Titel string `json:"titel"`
	}
	misnamed struct {
		Boddy crud.Opt[string] `json:"boddy,omitzero"`
	}
	brokenRef struct {
		crud.Entity
		Next string `json:"next" ref:"self"`
	}
)

// An app joins the errors of its start: each problem is in them once.
func TestProblemsOfTheStartAreToldOnce(t *testing.T) {
	t.Parallel()
	db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
	is.New(t).NoErr(err)
	t.Cleanup(func() { is.New(t).NoErr(db.Close()) })
	cases := map[string]struct {
		start func(*registry.Registry) error
		want  []string
	}{
		"forms that are wrong": {func(reg *registry.Registry) error {
			_, err := crud.New[Project, misspelt, misnamed](reg, db, crud.Unrestricted, nil)
			return err
		}, []string{`has the JSON name "titel"`, `has the JSON name "boddy"`}},
		"one form for both": {func(reg *registry.Registry) error {
			_, err := crud.New[Project, misspelt, misspelt](reg, db, crud.Unrestricted, nil)
			return err
		}, []string{`has the JSON name "titel"`}},
		"an entity that is wrong": {func(reg *registry.Registry) error {
			_, err := crud.New[brokenRef, struct{}, struct{}](reg, db, crud.Unrestricted, nil)
			return err
		}, []string{"has tag ref and must be a uuid.UUID"}},
		"a rule that is none": {func(reg *registry.Registry) error {
			_, err := crud.New[Visit, createVisit, updateVisit](reg, db, crud.Unrestricted, nil)
			return err
		}, []string{"quiet"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reg := registry.New(nil)
			err := errors.Join(c.start(reg), reg.Validate())
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if n := strings.Count(err.Error(), want); n != 1 {
					t.Errorf("says %d times %q:\n%v", n, want, err)
				}
			}
		})
	}
}

// A query that is wrong is told so once.
func TestAnUnknownOrderIsToldOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, crud.Unrestricted, nil)
		_, err := a.notes.List(a.ann, query.Query{Sort: []string{"nope"}})
		a.Equal(joinery.KindOf(err), joinery.Malformed)
		a.Equal(strings.Count(err.Error(), `does not sort by "nope"`), 1)
	})
}
