package perm_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// Each of these inherits in two ways from the one before, the first from
// itself: the ways to a row double with each.
type (
	Stone struct {
		registry.Entity
		registry.Owned
		registry.InTeam
		ParentID *uuid.UUID `json:"parent_id" ref:"self,inherit"`
	}
	Wall struct {
		registry.Entity
		registry.Owned
		registry.InTeam
		LeftID  *registry.Ref[Stone] `json:"left_id" ref:"stones,inherit"`
		RightID *registry.Ref[Stone] `json:"right_id" ref:"stones,inherit"`
	}
	House struct {
		registry.Entity
		registry.Owned
		registry.InTeam
		FrontID *registry.Ref[Wall] `json:"front_id" ref:"walls,inherit"`
		BackID  *registry.Ref[Wall] `json:"back_id" ref:"walls,inherit"`
	}
	Street struct {
		registry.Entity
		registry.Owned
		registry.InTeam
		NearID   *registry.Ref[House] `json:"near_id" ref:"houses,inherit"`
		FarID    *registry.Ref[House] `json:"far_id" ref:"houses,inherit"`
		CornerID *registry.Ref[Stone] `json:"corner_id" ref:"stones,inherit"`
	}
	Town struct {
		registry.Entity
		registry.Owned
		registry.InTeam
		HighID *registry.Ref[Street] `json:"high_id" ref:"streets,inherit"`
		LowID  *registry.Ref[Street] `json:"low_id" ref:"streets,inherit"`
	}
)

func (Stone) Table() registry.Table  { return registry.Table{Name: "stones"} }
func (Wall) Table() registry.Table   { return registry.Table{Name: "walls"} }
func (House) Table() registry.Table  { return registry.Table{Name: "houses"} }
func (Street) Table() registry.Table { return registry.Table{Name: "streets"} }
func (Town) Table() registry.Table   { return registry.Table{Name: "towns"} }

type noInput struct{}

// TestListsOfManyWays: streets are as much as SQLite can do, whose lists go
// forth and back nevertheless. MariaDB takes seconds to plan each.
func TestListsOfManyWays(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB) *sqldb.DB{"sqlite": openSQLite, "postgres": openPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			w := &world{t: t, db: open(t), reg: registry.New(nil)}
			addWays(w.reg)
			e, err := perm.New(w.reg, w.db, nil)
			is.NoErr(err)
			streets, err := crud.New[Street, noInput, noInput](w.reg, w.db, e, nil)
			is.NoErr(err)
			is.NoErr(crud.CreateTables(t.Context(), w.reg, w.db))
			anna := newID()
			for range 5 {
				insert(w, &Street{Entity: entity(newID()), Owned: registry.Owned{UserID: &anna}})
			}
			first, err := streets.List(w.as(anna), query.Query{Limit: 2})
			is.NoErr(err)
			second, err := streets.List(w.as(anna), query.Query{Limit: 2, After: first.Next})
			is.NoErr(err)
			is.Equal(len(second.Items), 2)
			back, err := streets.List(w.as(anna), query.Query{Limit: 2, Before: second.Prev})
			is.NoErr(err)
			is.Equal(back.Items, first.Items)
		})
	}
}

// TestVerifyNamesRulesThatSQLiteCannotApply: towns are more.
func TestVerifyNamesRulesThatSQLiteCannotApply(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db, reg := openSQLite(t), registry.New(nil)
	addWays(reg)
	registry.MustAdd[Town](reg)
	e, err := perm.New(reg, db, nil)
	is.NoErr(err)
	is.NoErr(crud.CreateTables(t.Context(), reg, db))
	_, err = e.Verify(t.Context())
	is.True(err != nil && strings.Contains(err.Error(), "the rules of towns"))
	is.True(!strings.Contains(err.Error(), "the rules of houses"))
}

func addWays(reg *registry.Registry) {
	registry.MustAdd[Stone](reg)
	registry.MustAdd[Wall](reg)
	registry.MustAdd[House](reg)
	registry.MustAdd[Street](reg)
}
