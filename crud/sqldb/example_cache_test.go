package sqldb_test

import (
	"context"
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// A statement of many shapes is built once for each, and then only bound.
func ExampleCache() {
	ctx := context.Background()
	db := accounts(ctx)
	defer db.Close()
	var built sqldb.Cache[string, *sqldb.Template] // by the column that is sorted by

	richerThan := func(amount int, sort string) ([]string, error) {
		t, err := built.GetOr(sort, func() (*sqldb.Template, error) {
			fmt.Println("build the statement by", sort)
			return sqldb.Compile(db.Dialect(), squirrel.Select("name").From("accounts").
				Where(squirrel.GtOrEq{"balance": sqldb.Slot(0)}).OrderBy(sort))
		})
		if err != nil {
			return nil, err
		}
		return sqldb.Column[string](ctx, db, t.Bind([]any{amount}))
	}
	for _, amount := range []int{0, 50} {
		fmt.Println(richerThan(amount, "balance"))
	}
	t, found := built.Get("balance")
	fmt.Println(found, t.Slots(), "slot,", built.Len(), "entry")
	// Output:
	// build the statement by balance
	// [ben ada] <nil>
	// [ada] <nil>
	// true 1 slot, 1 entry
}
