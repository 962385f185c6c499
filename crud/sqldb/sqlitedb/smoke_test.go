package sqlitedb_test

import (
	"context"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/matryer/is"
)

func TestSmoke(t *testing.T) {
	is := is.New(t)
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	is.NoErr(err)
	is.NoErr(sqldb.ExecAll(ctx, db, []string{"CREATE TABLE t (id TEXT PRIMARY KEY, at INTEGER, tags TEXT)"}))
	id := uuid.New()
	now := time.Now()
	rows, err := db.Query(ctx, squirrel.Insert("t").Columns("id", "at", "tags").Values(id, now, []string{"a"}).Suffix("RETURNING id"))
	is.NoErr(err)
	for rows.Next() {
		var x uuid.UUID
		is.NoErr(rows.Scan(&x))
		is.Equal(x, id)
	}
	is.NoErr(rows.Err())
	var at time.Time
	var tags []string
	found, err := sqldb.Row(ctx, db, squirrel.Select("at", "tags").From("t").Where(sqldb.In(db.Dialect(), "id", []uuid.UUID{id})), &at, &tags)
	is.NoErr(err)
	is.True(found)
	is.True(at.Equal(now.Truncate(time.Microsecond)))
	is.Equal(tags, []string{"a"})
	_, err = db.Exec(ctx, squirrel.Insert("t").Columns("id").Values(id))
	t.Log(err)
	is.Equal(sqldb.ClassOf(err), sqldb.Unique)
	err = sqldb.InTx(ctx, db, func(ctx context.Context) error {
		sqldb.AfterCommit(ctx, db, func(context.Context) { t.Log("committed") })
		_, err := db.Exec(ctx, sqldb.Raw("DELETE FROM t WHERE id = ?", id))
		return err
	})
	is.NoErr(err)
	n, err := sqldb.Scalar[int64](ctx, db, sqldb.Raw("SELECT count(*) FROM t"))
	is.NoErr(err)
	is.Equal(n, int64(0))
	is.NoErr(db.Close())
}
