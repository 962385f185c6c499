package sqlitedb_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// TestBar62_FullDiskLosesTheTransaction: SQLite may have rolled back by itself,
// and what came after would be committed alone. So nothing may come after.
func TestBar62_FullDiskLosesTheTransaction(t *testing.T) {
	t.Parallel()
	for _, nested := range []bool{false, true} {
		t.Run(fmt.Sprintf("savepoint=%t", nested), func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			db := open(t, &sqldb.Options{StatementTimeout: time.Minute}) // a busy machine is no full disk
			t.Cleanup(func() { is.NoErr(db.Close()) })
			is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (x)", "PRAGMA max_page_count = 20"}))
			insert := func(ctx context.Context, bytes int) error {
				_, err := db.Exec(ctx, sqldb.Raw("INSERT INTO v VALUES (zeroblob(?))", bytes))
				return err
			}
			fill := func(ctx context.Context) error { return insert(ctx, 200_000) }
			err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
				is.NoErr(insert(ctx, 1))
				once := fill
				if nested {
					once = func(ctx context.Context) error { return sqldb.InTx(ctx, db, fill) }
				}
				err := once(ctx)
				is.Equal(sqldb.ClassOf(err), sqldb.Full)
				err = insert(ctx, 1)
				is.True(strings.Contains(err.Error(), "the transaction is lost"))
				return nil // the errors are swallowed
			})
			is.Equal(sqldb.ClassOf(err), sqldb.Full)
			is.Equal(joinery.KindOf(err), joinery.Unavailable)
			is.Equal(sqldb.ClassOf(fill(t.Context())), sqldb.Full) // outside transactions too

			is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"PRAGMA max_page_count = 2000"}))
			is.NoErr(fill(t.Context()))
			n, err := sqldb.Scalar[int](t.Context(), db, sqldb.Raw("SELECT count(*) FROM v"))
			is.NoErr(err)
			is.Equal(n, 1)
		})
	}
}
