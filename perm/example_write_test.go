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

// observatory is perm over an app's own telescopes, on a database in memory.
func observatory(opts *perm.Options) (*perm.Engine, *registry.Registry, *sqldb.DB) {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	reg := registry.New(nil)
	registry.MustAdd[Telescope](reg)
	engine, err := perm.New(reg, db, opts)
	check(err)
	ddl, err := reg.DDL(db.Dialect())
	check(err)
	check(sqldb.ExecAll(ctx, db, ddl))
	return engine, reg, db
}

// addRow adds a row to a table, under a new id unless the values have one.
func addRow(db *sqldb.DB, table string, values map[string]any) {
	values["id"], values["created_at"], values["version"] = orNew(values["id"]), time.Now(), 1
	_, err := db.Exec(context.Background(), squirrel.Insert(table).SetMap(values))
	check(err)
}

// One statement judges a new row and writes it. Only when it writes nothing is
// Place asked why.
func ExampleEngine_PlaceCond() {
	engine, reg, db := observatory(nil)
	defer db.Close()
	telescopes, ada, club := reg.Model("telescopes"), uuid.New(), uuid.New()
	addRow(db, "teams", map[string]any{"id": club, "name": "club", "updated_at": time.Now()})

	add := func(ctx context.Context, t Telescope) error {
		row := telescopes.RowOf(&t)
		may, err := engine.PlaceCond(ctx, telescopes, row)
		if err != nil {
			return err
		}
		values := squirrel.Select().Column("?, ?, ?, ?, ?, ?", t.ID, t.CreatedAt, 1, t.UserID, t.TeamID, t.Name)
		if may != nil { // nil: there is nothing to ask the database
			values = values.Where(may)
		}
		n, err := db.Exec(ctx, squirrel.Insert("telescopes").
			Columns("id", "created_at", "version", "user_id", "team_id", "name").Select(values))
		if err == nil && n == 0 {
			err = engine.Place(ctx, telescopes, nil, row)
		}
		return err
	}
	ctx := joinery.WithActor(context.Background(), joinery.Actor{ID: ada, Kind: joinery.User})
	mine := Telescope{Name: "refractor"}
	mine.ID, mine.CreatedAt, mine.UserID = uuid.New(), time.Now(), &ada
	fmt.Println(add(ctx, mine))

	inClub := mine
	inClub.ID, inClub.TeamID = uuid.New(), &club // of which Ada is no member
	fmt.Println(joinery.KindOf(add(ctx, inClub)))
	// Output:
	// <nil>
	// invalid
}

// An app that takes members out with SQL of its own leaves no team without
// somebody who may share: it asks before and after, in one transaction.
func ExampleEngine_GuardSuperadmins() {
	engine, reg, db := observatory(nil)
	defer db.Close()
	ada, club, chief := uuid.New(), uuid.New(), uuid.New()
	addRow(db, "teams", map[string]any{"id": club, "name": "club", "updated_at": time.Now()})
	addRow(db, "roles", map[string]any{"id": chief, "name": "chief", "updated_at": time.Now(), "actions": joinery.AllActions})
	join := func(member uuid.UUID) uuid.UUID {
		id := uuid.New()
		addRow(db, "memberships", map[string]any{"id": id, "team_id": club, "member_id": member, "role_id": chief, "updated_at": time.Now()})
		return id
	}
	first, second := join(ada), join(uuid.New())

	leave := func(ctx context.Context, id uuid.UUID) error {
		return sqldb.InTx(ctx, db, func(ctx context.Context) error {
			guard, err := engine.GuardSuperadmins(ctx, reg.Model("memberships"), id)
			if err != nil {
				return err
			}
			if err := guard.VerifyWithout(ctx, id); err != nil { // where one would rather know before the write
				return err
			}
			if _, err := db.Exec(ctx, squirrel.Delete("memberships").Where(squirrel.Eq{"id": id})); err != nil {
				return err
			}
			return guard.Verify(ctx)
		})
	}
	ctx := joinery.WithActor(context.Background(), joinery.Actor{ID: ada, Kind: joinery.User})
	fmt.Println(leave(ctx, second))
	fmt.Println(joinery.KindOf(leave(ctx, first)))
	// Output:
	// <nil>
	// conflict
}
