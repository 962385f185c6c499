package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// schemaTable holds one row: which statements made the tables beside it.
const schemaTable = "demo_schema"

// makeTables makes the tables in a database that has none of them. Tables that
// another version of the demo made, or somebody else, are an error that says
// what to do.
func (a *app) makeTables(ctx context.Context, database string) error {
	statements, err := a.reg.DDL(a.db.Dialect())
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(strings.Join(statements, ";")))
	want := hex.EncodeToString(sum[:])
	return sqldb.InTx(ctx, a.db, func(ctx context.Context) error {
		found, err := a.tablesFound(ctx)
		switch {
		case err != nil:
			return err
		case len(found) == 0:
			return a.writeSchema(ctx, statements, want)
		case !slices.Contains(found, schemaTable):
			return fmt.Errorf("the database (%s) has a table %s that this demo did not make: %s", database, found[0], a.remedy(database))
		}
		made, err := sqldb.Scalar[string](ctx, a.db, sqldb.Raw("SELECT fingerprint FROM "+schemaTable))
		if err == nil && made != want {
			err = fmt.Errorf("the tables in the database (%s) are those of another version of this demo: %s", database, a.remedy(database))
		}
		return err
	})
}

func (a *app) writeSchema(ctx context.Context, statements []string, fingerprint string) error {
	statements = append(statements, "CREATE TABLE "+schemaTable+" (fingerprint TEXT NOT NULL)")
	if err := sqldb.ExecAll(ctx, a.db, statements); err != nil {
		return err
	}
	_, err := a.db.Exec(ctx, sqldb.Raw("INSERT INTO "+schemaTable+" (fingerprint) VALUES (?)", fingerprint))
	return err
}

// tablesFound is which of the demo's tables the database has.
func (a *app) tablesFound(ctx context.Context) ([]string, error) {
	list := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if a.onPostgres() {
		list = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	names, err := sqldb.Column[string](ctx, a.db, sqldb.Raw(list))
	return slices.DeleteFunc(names, func(name string) bool {
		return name != schemaTable && a.reg.Model(name) == nil
	}), err
}

func (a *app) remedy(database string) string {
	if a.onPostgres() {
		return "name an empty database with DEMO_DB or --db"
	}
	return fmt.Sprintf("delete the file %s, or name another database with DEMO_DB or --db", database)
}

func (a *app) onPostgres() bool { return a.db.Dialect().Name() == "postgres" }
