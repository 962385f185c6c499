package perm_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// Shared is one of many models, told apart by two numbers: the lengths of A
// and B.
type Shared[A, B any] struct {
	registry.Entity
	registry.SoftDelete
	registry.Owned
	registry.InTeam
}

func (Shared[A, B]) Table() registry.Table {
	return registry.Table{Name: fmt.Sprintf("shared_%d_%d", reflect.TypeFor[A]().Len(), reflect.TypeFor[B]().Len())}
}

type (
	N1 [1]int
	N2 [2]int
	N3 [3]int
	N4 [4]int
	N5 [5]int
	N6 [6]int
)

func addSix[A any](reg *registry.Registry) {
	registry.MustAdd[Shared[A, N1]](reg)
	registry.MustAdd[Shared[A, N2]](reg)
	registry.MustAdd[Shared[A, N3]](reg)
	registry.MustAdd[Shared[A, N4]](reg)
	registry.MustAdd[Shared[A, N5]](reg)
	registry.MustAdd[Shared[A, N6]](reg)
}

// A statement that changes a grant asks for View and for Edit, over all models
// that can be shared. SQLite bounds how much one statement may refer to.
func TestGrantsOnThirtyModels(t *testing.T) {
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			db, reg := open(t), registry.New(nil)
			addSix[N1](reg)
			addSix[N2](reg)
			addSix[N3](reg)
			addSix[N4](reg)
			addSix[N5](reg)
			e, err := perm.New(reg, db, nil)
			is.NoErr(err)
			ddl, err := reg.DDL(db.Dialect())
			is.NoErr(err)
			is.NoErr(sqldb.ExecAll(t.Context(), db, ddl))
			list := squirrel.Select("g.id").From("grants g")
			for _, x := range []perm.Actions{perm.View, perm.Edit} {
				f, err := e.Filter((&world{t: t}).as(newID()), reg.Model("grants"), x, "g")
				is.NoErr(err)
				list = list.Where(f)
			}
			ids, err := sqldb.Column[uuid.UUID](t.Context(), db, list)
			is.NoErr(err)
			is.Equal(len(ids), 0)
		})
	}
}
