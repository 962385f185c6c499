package sqldb_test

import (
	"context"
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

func Example() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	err = sqldb.ExecAll(ctx, db, []string{"CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE)"})
	if err != nil {
		fmt.Println(err)
		return
	}

	err = sqldb.InTx(ctx, db, func(ctx context.Context) error {
		sqldb.AfterCommit(ctx, db, func(context.Context) { fmt.Println("committed") })
		_, err := db.Exec(ctx, squirrel.Insert("notes").Columns("title").Values("Ship it").Values("Rest"))
		return err
	})
	fmt.Println(err)

	titles, err := sqldb.Column[string](ctx, db, squirrel.Select("title").From("notes").OrderBy("title"))
	fmt.Println(titles, err)

	_, err = db.Exec(ctx, squirrel.Insert("notes").Columns("title").Values("Rest"))
	fmt.Println(sqldb.ClassOf(err))
	// Output:
	// committed
	// <nil>
	// [Rest Ship it] <nil>
	// unique
}

// A statement that is run often is compiled once; a condition that is made
// elsewhere brings its own values.
func ExampleCompile() {
	d := sqlitedb.Dialect()
	mine := &sqldb.Fragment{SQL: "(owner = ? OR editor = ?)", Slots: []int{0, 0}}

	byStatus, err := sqldb.Compile(d, squirrel.Select("title").From("notes").
		Where(squirrel.Eq{"status": sqldb.Slot(0)}).
		Where(mine.At(2)). // its values follow the statement's two
		OrderBy("id").Suffix("LIMIT ?", sqldb.Slot(1)))
	if err != nil {
		fmt.Println(err)
		return
	}
	stmt := byStatus.Bind([]any{"open", 50, "ann"})
	fmt.Println(stmt.SQL)
	fmt.Println(stmt.Args...)
	// Output:
	// SELECT title FROM notes WHERE status = +? AND (owner = +? OR editor = +?) ORDER BY id LIMIT +?
	// open ann ann 50
}
