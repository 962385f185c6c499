package sqldb_test

import (
	"context"
	"fmt"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Statements are squirrel's, or written by hand; a list is one parameter.
func ExampleDB_Query() {
	ctx := context.Background()
	db := accounts(ctx)
	defer db.Close()
	some := squirrel.Select("name", "balance").From("accounts").
		Where(sqldb.In(db.Dialect(), "name", []string{"ada", "ben", "cleo"})).OrderBy("name")
	rows, err := db.Query(ctx, some)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var balance int
		if err := rows.Scan(&name, &balance); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(name, balance)
	}
	fmt.Println(rows.Err())

	var richest string
	found, err := sqldb.Row(ctx, db, sqldb.Raw("SELECT name FROM accounts WHERE balance > ?", 1_000), &richest)
	fmt.Println(found, err)
	// Output:
	// ada 100
	// ben 0
	// <nil>
	// false <nil>
}

// An app's own statements are read into its own structs.
func ExampleSelect() {
	ctx := context.Background()
	db := accounts(ctx)
	defer db.Close()
	type holder struct {
		Name    string `json:"name"`
		Balance int    `db:"balance"`
	}
	all, err := sqldb.Select[holder](ctx, db, squirrel.Select("name", "balance").From("accounts").OrderBy("name"))
	fmt.Println(all, err)

	cleo, found, err := sqldb.Get[holder](ctx, db, squirrel.Select("name", "balance").From("accounts").Where(squirrel.Eq{"name": "cleo"}))
	fmt.Println(cleo, found, err)

	_, err = sqldb.Select[holder](ctx, db, sqldb.Raw("SELECT name FROM accounts"))
	fmt.Println(err)
	// Output:
	// [{ada 100} {ben 0}] <nil>
	// { 0} false <nil>
	// sqldb: select into sqldb_test.holder: no column for Balance (column "balance"): select it, or tag the field db:"-"
}

// A SELECT that calls a function with effects says that it writes: it then goes
// to where writes go, not to a reader or a replica.
func ExampleWrite() {
	ctx := context.Background()
	db := accounts(ctx)
	defer db.Close()
	next := sqldb.Write(sqldb.Raw("SELECT max(balance) + 1 FROM accounts")) // or SELECT nextval('invoices')
	n, err := sqldb.Scalar[int](ctx, db, next)
	fmt.Println(n, err)
	// Output: 101 <nil>
}

// A query that leaves a planner no choice, each of its parts found by an index
// and limited, is planned once for all values.
func ExampleGenericPlan() {
	ctx := context.Background()
	db := accounts(ctx)
	defer db.Close()
	first := sqldb.GenericPlan(sqldb.Raw("SELECT name FROM accounts WHERE name > ? ORDER BY name LIMIT 1", "b"))
	name, err := sqldb.Scalar[string](ctx, db, first)
	fmt.Println(name, err)
	// Output: ben <nil>
}

// What an operator watches: whether the database answers, and how busy it is.
func ExampleDB_Stats() {
	ctx := context.Background()
	db := accounts(ctx)
	defer db.Close()
	before := db.Stats()
	fmt.Println(db.Ping(ctx))
	_, err := db.Exec(ctx, sqldb.Raw("DELETE FROM accountts"))
	fmt.Println(sqldb.ClassOf(err))
	now := db.Stats()
	fmt.Println(now.Errors-before.Errors, "error,", now.InUse, "connections in use")
	// Output:
	// <nil>
	// other
	// 1 error, 0 connections in use
}

// A time read back equals one that was cut before it was written; text in lower
// case in Go is what the database compares.
func ExampleTime() {
	t := time.Date(2026, 11, 23, 12, 0, 0, 123_456_789, time.FixedZone("CET", 3600))
	fmt.Println(sqldb.Time(t).Format(time.RFC3339Nano))
	fmt.Println(sqldb.FoldASCII("ÉCOLE Nationale"))
	// Output:
	// 2026-11-23T11:00:00.123456Z
	// École nationale
}
