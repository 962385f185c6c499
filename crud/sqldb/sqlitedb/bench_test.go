package sqlitedb_test

import (
	"database/sql"
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// BenchmarkStatement is one row by its key, with a condition of some length
// beside it: compiled each time, kept by the connection, and prepared by hand.
func BenchmarkStatement(b *testing.B) {
	const text = `SELECT v.id, v.n FROM v WHERE v.id = ? AND (v.n IN (WITH RECURSIVE up (n) AS (SELECT 1 UNION SELECT w.n FROM up JOIN v w ON w.up = up.n)
		SELECT n FROM up) OR EXISTS (SELECT 1 FROM v x JOIN v y ON x.up = y.n WHERE x.n = v.up AND y.n > 1))`
	path := testdb.SQLitePath(b)
	db, err := sqlitedb.Open(b.Context(), path, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if err := sqldb.ExecAll(b.Context(), db, []string{"CREATE TABLE v (id INTEGER PRIMARY KEY, n INTEGER, up INTEGER)", "CREATE INDEX v_up ON v (up)",
		"INSERT INTO v VALUES (1, 1, NULL), (2, 2, 1), (3, 3, 2), (4, 4, 9)"}); err != nil {
		b.Fatal(err)
	}
	plain := own(b, path)
	prepared, err := plain.PrepareContext(b.Context(), text)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = prepared.Close() })
	_, kept, _ := sqlitedb.Pools(db)
	for name, query := range map[string]func() *sql.Row{
		"anew":     func() *sql.Row { return plain.QueryRowContext(b.Context(), text, 3) },
		"kept":     func() *sql.Row { return kept.QueryRowContext(b.Context(), text, 3) },
		"prepared": func() *sql.Row { return prepared.QueryRowContext(b.Context(), 3) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var id, n int
				if err := query().Scan(&id, &n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
