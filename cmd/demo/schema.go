package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
)

// makeTables brings the tables up to what this demo needs. Tables that were not
// made by migrations, or by those of another version of the demo, are an error
// that says what to do.
func (a *app) makeTables(ctx context.Context, database string) error {
	if err := a.refuseForeign(ctx, database); err != nil {
		return err
	}
	err := a.migrations.Up(ctx)
	if joinery.KindOf(err) == joinery.Conflict {
		err = fmt.Errorf("the tables in the database (%s) are those of another version of this demo: %w: %s", database, err, a.remedy(database))
	}
	return err
}

// refuseForeign is an error for tables that are there before any migration was
// made.
func (a *app) refuseForeign(ctx context.Context, database string) error {
	states, err := a.migrations.Status(ctx)
	if err != nil || slices.ContainsFunc(states, func(s migrate.Status) bool { return s.State != migrate.Pending }) {
		return err
	}
	var names []string
	for _, m := range a.reg.Models() {
		names = append(names, m.Table)
	}
	found, err := sqldb.Catalog(ctx, a.db, names...)
	if err == nil && len(found) > 0 {
		err = fmt.Errorf("the database (%s) has a table %s that no migration of this demo made: %s", database, found[0].Name, a.remedy(database))
	}
	return err
}

func (a *app) remedy(database string) string {
	if a.db.Dialect().Name() == "sqlite" {
		return fmt.Sprintf("delete the file %s, or name another database with DEMO_DB or --db", database)
	}
	return "name an empty database with DEMO_DB or --db"
}
