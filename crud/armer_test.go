package crud_test

import (
	"context"
	"testing"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// narrowed is an Access that embeds the engine, with its arms, and shows less.
type narrowed struct{ *perm.Engine }

func (n narrowed) Filter(ctx context.Context, m *registry.Model, a joinery.Actions, alias string) (squirrel.Sqlizer, error) {
	cond, err := n.Engine.Filter(ctx, m, a, alias)
	return squirrel.And{cond, squirrel.Expr("NOT " + alias + ".secret")}, err
}

// lending is one that answers for somebody else.
type lending struct {
	*perm.Engine
	to joinery.Actor
}

func (l lending) Filter(ctx context.Context, m *registry.Model, a joinery.Actions, alias string) (squirrel.Sqlizer, error) {
	return l.Engine.Filter(joinery.WithActor(ctx, l.to), m, a, alias)
}

// Secret is a row that its owner may not always see.
type Secret struct {
	crud.Entity
	crud.Owned
	Secret bool `json:"secret"`
}

type createSecret struct {
	Secret bool `json:"secret"`
}

type updateSecret struct {
	Secret crud.Opt[bool] `json:"secret,omitzero"`
}

// What an Access has from one that it embeds does not go past its own Filter.
func TestListAsksTheAccessItself(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is := is.New(t)
		reg := registry.New(nil)
		engine, err := perm.New(reg, db, nil)
		is.NoErr(err)
		ann := joinery.Actor{ID: uuid.New(), Kind: joinery.User}
		stranger := joinery.Actor{ID: uuid.New(), Kind: joinery.User}
		var managers []*crud.Manager[Secret, createSecret, updateSecret]
		for _, access := range []crud.Access{engine, narrowed{engine}, lending{engine, stranger}} {
			secrets, err := crud.New[Secret, createSecret, updateSecret](reg, db, access, nil)
			is.NoErr(err)
			managers = append(managers, secrets)
		}
		is.NoErr(crud.CreateTables(t.Context(), reg, db))
		ctx := joinery.WithActor(t.Context(), ann)
		for _, secret := range []bool{true, false} {
			_, err := managers[0].Create(ctx, createSecret{secret})
			is.NoErr(err)
		}
		for i, secrets := range managers {
			want := 2 - i
			page, err := secrets.List(ctx, query.Query{})
			is.NoErr(err)
			n, err := secrets.Count(ctx, query.Query{})
			is.NoErr(err)
			if len(page.Items) != want || n != int64(want) {
				t.Errorf("Access %d: a list of %d and a count of %d, not %d", i, len(page.Items), n, want)
			}
		}
	})
}
