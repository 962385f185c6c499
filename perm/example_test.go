package perm_test

import (
	"context"
	"fmt"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// Telescope is a row that belongs to a person, and maybe to a team.
type Telescope struct {
	registry.Entity
	registry.Owned
	registry.InTeam
	Name string `json:"name"`
}

// Perm works without the other layers: here an app has tables and statements
// of its own, and asks perm for the condition.
func Example() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	defer db.Close()
	reg := registry.New(nil)
	telescopes := registry.MustAdd[Telescope](reg)
	engine, err := perm.New(reg, db, nil)
	check(err)
	check(reg.Validate())
	ddl, err := reg.DDL(db.Dialect())
	check(err)
	check(sqldb.ExecAll(ctx, db, ddl))

	// Ada owns both telescopes; one stands in the club, where Ben may look.
	ada, ben, club, viewer := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	now := time.Now()
	add := func(table string, values map[string]any) {
		values["id"], values["created_at"], values["version"] = orNew(values["id"]), now, 1
		_, err := db.Exec(ctx, squirrel.Insert(table).SetMap(values))
		check(err)
	}
	add("teams", map[string]any{"id": club, "name": "club", "updated_at": now})
	add("roles", map[string]any{"id": viewer, "name": "viewer", "updated_at": now, "actions": perm.View})
	add("memberships", map[string]any{"team_id": club, "member_id": ben, "role_id": viewer, "updated_at": now})
	add("telescopes", map[string]any{"name": "refractor", "user_id": ada, "team_id": club})
	add("telescopes", map[string]any{"name": "reflector", "user_id": ada})

	ctx = joinery.WithActor(ctx, joinery.Actor{ID: ben, Kind: joinery.User})
	for _, x := range []perm.Actions{perm.View, perm.Edit} {
		cond, err := engine.Filter(ctx, telescopes, x, "t")
		check(err)
		names, err := sqldb.Column[string](ctx, db, squirrel.Select("t.name").From("telescopes t").Where(cond))
		check(err)
		fmt.Println("ben may", x, names)
	}
	fmt.Println(joinery.KindOf(engine.Check(ctx, telescopes, perm.View, uuid.New())))
	// Output:
	// ben may view [refractor]
	// ben may edit []
	// not_found
}

func orNew(id any) any {
	if id == nil {
		return uuid.New()
	}
	return id
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
