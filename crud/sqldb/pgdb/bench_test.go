package pgdb_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/internal/testdb"
)

func BenchmarkRow(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	db, err := pgdb.Open(ctx, testdb.PostgresURL(b), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := sqldb.ExecAll(ctx, db, []string{"CREATE TABLE t (id uuid PRIMARY KEY, ref uuid, at timestamptz, n bigint, s text)",
		"INSERT INTO t SELECT gen_random_uuid(), gen_random_uuid(), now(), 5, 'x' FROM generate_series(1,50)"}); err != nil {
		b.Fatal(err)
	}
	pool, _ := pgdb.Pool(db)
	ids, _ := sqldb.Column[uuid.UUID](ctx, db, sqldb.Raw("SELECT id FROM t"))
	const text = "SELECT id, ref, at, n, s FROM t WHERE id = $1"
	var (
		id, ref uuid.UUID
		nref    *ref2
		at      time.Time
		n       int64
		s       string
	)
	_ = ref
	b.Run("pgx", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rows, _ := pool.Query(ctx, text, ids[0])
			for rows.Next() {
				if err := rows.Scan(&id, &nref, &at, &n, &s); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("sqldb", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rows, _ := db.Query(ctx, sqldb.Stmt{SQL: text, Args: []any{ids[0]}})
			for rows.Next() {
				if err := rows.Scan(&id, &nref, &at, &n, &s); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("pgx50", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rows, _ := pool.Query(ctx, "SELECT id, ref, at, n, s FROM t")
			for rows.Next() {
				if err := rows.Scan(&id, &nref, &at, &n, &s); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("sqldb50", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rows, _ := db.Query(ctx, sqldb.Stmt{SQL: "SELECT id, ref, at, n, s FROM t"})
			for rows.Next() {
				if err := rows.Scan(&id, &nref, &at, &n, &s); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

type ref2 = ref[int]
