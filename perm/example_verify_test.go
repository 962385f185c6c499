package perm_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// An index is lost, found, and made again.
func ExampleEngine_Verify() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	defer db.Close()
	reg := registry.New(nil)
	engine, err := perm.New(reg, db, nil)
	check(err)
	ddl, err := reg.DDL(db.Dialect())
	check(err)
	for _, text := range ddl {
		if !strings.Contains(text, `ON "grants" ("model", "row_id")`) {
			_, err := db.Exec(ctx, sqldb.Raw(text))
			check(err)
		}
	}

	missing, err := engine.Verify(ctx)
	check(err)
	for _, m := range missing {
		fmt.Println(m.Table, m.Columns)
		_, err := db.Exec(ctx, sqldb.Raw(m.Statement))
		check(err)
	}
	missing, err = engine.Verify(ctx)
	fmt.Println(len(missing), err)
	// Output:
	// grants [model row_id]
	// 0 <nil>
}
