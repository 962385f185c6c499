package perm_test

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/perm"
)

// Why may Ben view the telescope? Ada, who may share it, asks.
func ExampleEngine_Explain() {
	now := time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)
	engine, reg, db := observatory(&perm.Options{Now: func() time.Time { return now }})
	defer db.Close()
	telescopes := reg.Model("telescopes")

	ada, ben, club, youth, viewer, telescope := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	addRow(db, "teams", map[string]any{"id": club, "name": "club", "updated_at": now})
	addRow(db, "teams", map[string]any{"id": youth, "name": "youth", "parent_id": club, "updated_at": now})
	addRow(db, "roles", map[string]any{"id": viewer, "name": "viewer", "updated_at": now, "actions": perm.View})
	addRow(db, "memberships", map[string]any{"team_id": club, "member_id": ada, "role_id": viewer, "updated_at": now})
	addRow(db, "memberships", map[string]any{"team_id": club, "member_id": ben, "role_id": viewer, "updated_at": now, "expires_at": now.AddDate(0, 1, 0)})
	addRow(db, "telescopes", map[string]any{"id": telescope, "name": "refractor", "user_id": ada, "team_id": youth})

	ctx := joinery.WithActor(context.Background(), joinery.Actor{ID: ada, Kind: joinery.User})
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
