package pgdb_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// simple is a pool of an app that asks for pgx's simple protocol.
func simple(t testing.TB, url string, descriptions int) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	config.ConnConfig.DescriptionCacheCapacity = descriptions
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// TestBar37_NeverSimpleProtocol: whatever a pool or a URL asks for, a value is
// never written into the text, and a text is one statement.
func TestBar37_NeverSimpleProtocol(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	url := testdb.PostgresURL(t)
	opened, err := pgdb.Open(t.Context(), url+"&default_query_exec_mode=simple_protocol", nil)
	is.NoErr(err)
	t.Cleanup(func() { is.NoErr(opened.Close()) })
	pool := simple(t, url, 512)
	wrapped, uncached := pgdb.Wrap(pool, nil), pgdb.Wrap(simple(t, url, 0), nil)
	replicated := pgdb.WrapReplicated(own(t, url), pool, nil)
	std, err := sql.Open("pgx", url+"&default_query_exec_mode=simple_protocol")
	is.NoErr(err)
	t.Cleanup(func() { is.NoErr(std.Close()) })

	extended(t, t.Context(), opened)
	extended(t, t.Context(), wrapped)
	extended(t, t.Context(), uncached)
	extended(t, t.Context(), replicated)
	is.True(replicated.Stats().Replica.Reads > 0)
	inTx := func(ctx context.Context) error { extended(t, ctx, wrapped); return nil }
	is.NoErr(sqldb.InTx(t.Context(), wrapped, inTx))

	tx, err := pool.Begin(t.Context())
	is.NoErr(err)
	ctx, done := pgdb.WithTx(t.Context(), opened, tx)
	extended(t, ctx, opened)
	done(tx.Rollback(ctx))
	sqlTx, err := std.BeginTx(t.Context(), nil)
	is.NoErr(err)
	ctx, done = sqldb.WithTx(t.Context(), opened, sqlTx)
	extended(t, ctx, opened)
	done(sqlTx.Rollback())
}

// extended sees that the statements of ctx use the extended protocol: the
// server sees $1 in place of values, and refuses two statements in one text.
func extended(t *testing.T, ctx context.Context, db *sqldb.DB) {
	t.Helper()
	const value = "canary' -- \\"
	text, err := sqldb.Scalar[string](ctx, db, sqldb.Raw("SELECT current_query() WHERE ?::text <> ''", value))
	if err != nil || !strings.Contains(text, "$1") || strings.Contains(text, "canary") {
		t.Errorf("query: %q, %v", text, err)
	}
	err = sqldb.ExecAll(ctx, db, []string{"CREATE TABLE IF NOT EXISTS texts (x text)"})
	if err == nil {
		_, err = db.Exec(ctx, sqldb.Raw("INSERT INTO texts SELECT current_query() WHERE ?::text <> ''", value))
	}
	if err == nil {
		text, err = sqldb.Scalar[string](ctx, db, sqldb.Raw("DELETE FROM texts RETURNING x"))
	}
	if err != nil || !strings.Contains(text, "$1") || strings.Contains(text, "canary") {
		t.Errorf("exec: %q, %v", text, err)
	}
	two := sqldb.Stmt{SQL: "SELECT 1; SELECT 2"}
	for name, run := range map[string]func(ctx context.Context) error{
		"exec":  func(ctx context.Context) error { _, err := db.Exec(ctx, two); return err },
		"query": func(ctx context.Context) error { _, err := sqldb.Column[int](ctx, db, two); return err },
	} {
		// In a transaction, so that the error does not end the one around.
		if err := sqldb.InTx(ctx, db, run); err == nil || !strings.Contains(err.Error(), "42601") {
			t.Errorf("%s of two statements: %v", name, err)
		}
	}
	if sqldb.InTransaction(ctx, db) {
		return
	}
	if _, err := db.Exec(ctx, two); err == nil {
		t.Error("exec ran two statements")
	}
	if _, err := sqldb.Column[int](ctx, db, two); err == nil {
		t.Error("query ran two statements")
	}
}
