package perm_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
)

// An app that writes with statements of its own asks before the write whether
// the row may stand where it points to, and tells when rows are gone for good.
func ExampleEngine_Place() {
	engine, reg, db := observatory(nil)
	defer db.Close()
	telescopes := reg.Model("telescopes")
	ada, club := uuid.New(), uuid.New()
	addRow(db, "teams", map[string]any{"id": club, "name": "club", "updated_at": time.Now()})

	insert := func(ctx context.Context, t Telescope) error {
		return sqldb.InTx(ctx, db, func(ctx context.Context) error {
			if err := engine.Place(ctx, telescopes, nil, telescopes.RowOf(&t)); err != nil {
				return err
			}
			_, err := db.Exec(ctx, squirrel.Insert("telescopes").SetMap(map[string]any{
				"id": t.ID, "created_at": t.CreatedAt, "created_by_id": t.CreatedByID, "version": 1,
				"user_id": t.UserID, "team_id": t.TeamID, "name": t.Name,
			}))
			return err
		})
	}
	ctx := joinery.WithActor(context.Background(), joinery.Actor{ID: ada, Kind: joinery.User})
	refractor := Telescope{Name: "refractor"}
	refractor.ID, refractor.CreatedAt, refractor.CreatedByID, refractor.UserID = uuid.New(), time.Now(), &ada, &ada
	fmt.Println(insert(ctx, refractor))

	reflector := refractor
	reflector.ID, reflector.TeamID = uuid.New(), &club // of which Ada is no member
	var bad *joinery.Error
	if errors.As(insert(ctx, reflector), &bad) {
		fmt.Println(bad.Kind, bad.Fields[0].Pointer, bad.Fields[0].Code)
	}

	err := sqldb.InTx(ctx, db, func(ctx context.Context) error {
		if err := engine.Check(ctx, telescopes, perm.Delete, refractor.ID); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, squirrel.Delete("telescopes").Where(squirrel.Eq{"id": refractor.ID})); err != nil {
			return err
		}
		return engine.Forget(ctx, telescopes, refractor.ID) // the grants on it
	})
	fmt.Println(err)
	// Output:
	// <nil>
	// invalid /team_id not_found
	// <nil>
}
