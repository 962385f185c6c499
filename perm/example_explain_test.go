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

// Why may Ben view the telescope? Ada, who may share it, asks.
func ExampleEngine_Explain() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	defer db.Close()
	reg := registry.New(nil)
	telescopes := registry.MustAdd[Telescope](reg)
	now := time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)
	engine, err := perm.New(reg, db, &perm.Options{Now: func() time.Time { return now }})
	check(err)
	check(reg.Validate())
	ddl, err := reg.DDL(db.Dialect())
	check(err)
	check(sqldb.ExecAll(ctx, db, ddl))

	ada, ben, club, youth, viewer, telescope := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	add := func(table string, values map[string]any) {
		values["id"], values["created_at"], values["version"] = orNew(values["id"]), now, 1
		_, err := db.Exec(ctx, squirrel.Insert(table).SetMap(values))
		check(err)
	}
	add("teams", map[string]any{"id": club, "name": "club", "updated_at": now})
	add("teams", map[string]any{"id": youth, "name": "youth", "parent_id": club, "updated_at": now})
	add("roles", map[string]any{"id": viewer, "name": "viewer", "updated_at": now, "actions": perm.View})
	add("memberships", map[string]any{"team_id": club, "member_id": ada, "role_id": viewer, "updated_at": now})
	add("memberships", map[string]any{"team_id": club, "member_id": ben, "role_id": viewer, "updated_at": now, "expires_at": now.AddDate(0, 1, 0)})
	add("telescopes", map[string]any{"id": telescope, "name": "refractor", "user_id": ada, "team_id": youth})

	ctx = joinery.WithActor(ctx, joinery.Actor{ID: ada, Kind: joinery.User})
	why, err := engine.Explain(ctx, joinery.Actor{ID: ben, Kind: joinery.User}, telescopes, perm.View, telescope)
	check(err)
	fmt.Println(why.Allowed, "by line", why.Rule, "until", why.Until.Format(time.DateOnly))
	fmt.Println(why.Reason)
	for _, rule := range why.Rules {
		for _, path := range rule.Paths {
			fmt.Println(rule.Rule, path.Role.Name, "in", path.Teams[0].Name, "and so in", path.Teams[1].Name)
		}
	}
	// Output:
	// true by line 12 until 2026-12-23
	// may view: a role in the row's team, or in a team above it, includes the action
	// 12 viewer in club and so in youth
}
