package pgdb_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/matryer/is"
)

type status string
type note struct{}

func TestSmoke(t *testing.T) {
	is := is.New(t)
	ctx := context.Background()
	db, err := pgdb.Open(ctx, testdb.PostgresURL(t), nil)
	is.NoErr(err)
	is.NoErr(sqldb.ExecAll(ctx, db, []string{`CREATE TABLE t (id uuid PRIMARY KEY, at timestamptz, tags jsonb, st text, a bigint, dec numeric(12,2), ref uuid, nref uuid, nat timestamptz, raw jsonb, m jsonb, b bytea)`}))
	id := uuid.New()
	now := time.Now()
	st := status("x")
	rf := to[note](id)
	rows, err := db.Query(ctx, squirrel.Insert("t").Columns("id", "at", "tags", "st", "a", "dec", "ref", "nref", "nat", "raw", "m", "b").
		Values(id, now, sqldb.JSON{V: []string{"a"}}, st, joinery.View|joinery.Edit, "12.50", rf, &id, &now, json.RawMessage(`{"a": 1}`), map[string]any{"x": 1.5}, []byte{1}).Suffix("RETURNING id"))
	is.NoErr(err)
	for rows.Next() {
		var x uuid.UUID
		is.NoErr(rows.Scan(&x))
		is.Equal(x, id)
	}
	is.NoErr(rows.Err())
	var (
		at   time.Time
		tags []string
		s    status
		a    joinery.Actions
		dec  string
		r    ref[note]
		nr   *ref[note]
		nat  *time.Time
		raw  json.RawMessage
		m    map[string]any
		b    []byte
	)
	found, err := sqldb.Row(ctx, db, squirrel.Select("at", "tags", "st", "a", "dec", "ref", "nref", "nat", "raw", "m", "b").From("t").Where(sqldb.In(db.Dialect(), "id", []any{id})),
		&at, &tags, &s, &a, &dec, &r, &nr, &nat, &raw, &m, &b)
	is.NoErr(err)
	is.True(found)
	is.Equal(at, now.UTC().Truncate(time.Microsecond))
	is.Equal(*nat, at)
	is.Equal(tags, []string{"a"})
	is.Equal(s, st)
	is.Equal(a, joinery.View|joinery.Edit)
	is.Equal(dec, "12.50")
	is.Equal(r, rf)
	is.Equal(*nr, rf)
	is.Equal(string(raw), `{"a": 1}`)
	is.Equal(m["x"], 1.5)
	is.Equal(b, []byte{1})
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
