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
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// An app that writes with statements of its own asks before the write whether
// the row may stand where it points to, and tells when rows are gone for good.
func ExampleEngine_Place() {
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
	ada, club := uuid.New(), uuid.New()
	_, err = db.Exec(ctx, squirrel.Insert("teams").Columns("id", "name", "created_at", "updated_at", "version").
		Values(club, "club", time.Now(), time.Now(), 1))
	check(err)

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
	ctx = joinery.WithActor(ctx, joinery.Actor{ID: ada, Kind: joinery.User})
	refractor := Telescope{Name: "refractor"}
	refractor.ID, refractor.CreatedAt, refractor.CreatedByID, refractor.UserID = uuid.New(), time.Now(), &ada, &ada
	fmt.Println(insert(ctx, refractor))

	reflector := refractor
	reflector.ID, reflector.TeamID = uuid.New(), &club // of which Ada is no member
	var bad *joinery.Error
	if errors.As(insert(ctx, reflector), &bad) {
		fmt.Println(bad.Kind, bad.Fields[0].Pointer, bad.Fields[0].Code)
	}

	err = sqldb.InTx(ctx, db, func(ctx context.Context) error {
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
