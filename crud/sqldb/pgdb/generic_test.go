package pgdb_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// planMode is how a statement is planned, where that is not "auto" the word of
// the setting, and whether scans are out of the question.
var planMode = sqldb.Raw("SELECT current_setting('plan_cache_mode') || CASE current_setting('enable_seqscan') || current_setting('enable_bitmapscan') WHEN 'offoff' THEN ', no scans' WHEN 'offon' THEN ', no sequence' ELSE '' END WHERE ? > 0", 1)

const generic = "force_generic_plan, no scans"

// planned is the DB by which a test of generic plans runs, and what statements
// have that are not marked.
type planned struct {
	db         *sqldb.DB
	otherwise  string
	unprepared bool
}

// plannedDBs are the ways to a DB.
func plannedDBs(t *testing.T) map[string]planned {
	wrapped := func(set func(*pgxpool.Config)) *sqldb.DB {
		config, err := pgxpool.ParseConfig(testdb.PostgresURL(t))
		if err != nil {
			t.Fatal(err)
		}
		config.MaxConns = 1
		set(config)
		pool, err := pgxpool.NewWithConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pool.Close)
		return pgdb.Wrap(pool, nil)
	}
	return map[string]planned{
		"open":             {db: open(t, nil), otherwise: "auto"},
		"one connection":   {db: open(t, &sqldb.Options{MaxConns: 1}), otherwise: "auto"},
		"the app's pool":   {db: wrapped(func(*pgxpool.Config) {}), otherwise: "auto"},
		"the app's choice": {db: wrapped(func(c *pgxpool.Config) { c.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_custom_plan" }), otherwise: "force_custom_plan"},
		"a pooler": {db: wrapped(func(c *pgxpool.Config) { c.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol }),
			otherwise: "auto", unprepared: true},
		"nothing kept": {db: wrapped(func(c *pgxpool.Config) { c.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec }),
			otherwise: "auto", unprepared: true},
	}
}

func TestGenericPlans(t *testing.T) {
	t.Parallel()
	for name, p := range plannedDBs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			defer p.db.Close()
			marked := generic
			if p.unprepared {
				marked = p.otherwise
			}
			modes := func(ctx context.Context) {
				t.Helper()
				for range 3 {
					for _, one := range []struct {
						stmt sqldb.Sqlizer
						want string
					}{{planMode, p.otherwise}, {sqldb.GenericPlan(planMode), marked}, {planMode, p.otherwise}} {
						got, err := sqldb.Scalar[string](ctx, p.db, one.stmt)
						is.NoErr(err)
						is.Equal(got, one.want)
					}
				}
			}
			modes(t.Context())
			is.NoErr(sqldb.InTx(t.Context(), p.db, func(ctx context.Context) error {
				modes(ctx)
				return sqldb.InTx(ctx, p.db, func(ctx context.Context) error { modes(ctx); return nil })
			}))
			modes(t.Context())
		})
	}
}

// TestGenericPlanWhereConnectionsAreBusy: what finds none of those apart runs
// on another, with the same setting.
func TestGenericPlanWhereConnectionsAreBusy(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{MaxConns: 4})
	defer db.Close()
	is.Equal(db.Stats().Max, 4)
	for range 3 { // one of four is apart
		rows, err := db.Query(t.Context(), sqldb.GenericPlan(planMode))
		is.NoErr(err)
		defer rows.Close()
		is.True(rows.Next())
		var got string
		is.NoErr(rows.Scan(&got))
		is.Equal(got, generic)
	}
	is.Equal(db.Stats().InUse, 3)
	got, err := sqldb.Scalar[string](t.Context(), db, planMode)
	is.NoErr(err)
	is.Equal(got, "auto")
}

// TestGenericPlanFails: a statement that fails, is abandoned or finds its plan
// stale leaves the connection as it was.
func TestGenericPlanFails(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{MaxConns: 1})
	defer db.Close()
	ctx := t.Context()
	usual := func() {
		t.Helper()
		got, err := sqldb.Scalar[string](ctx, db, planMode)
		is.NoErr(err)
		is.Equal(got, "auto")
	}
	_, err := sqldb.Scalar[int](ctx, db, sqldb.GenericPlan(sqldb.Raw("SELECT 1 / ?", 0)))
	is.True(err != nil && strings.Contains(err.Error(), "division by zero"))
	usual()
	rows, err := db.Query(ctx, sqldb.GenericPlan(sqldb.Raw("SELECT n FROM generate_series(1, ?) n", 9_999)))
	is.NoErr(err)
	is.True(rows.Next())
	is.NoErr(rows.Close())
	usual()
	_, err = sqldb.Column[int](ctx, db, sqldb.GenericPlan(sqldb.Raw("SELECT 1 / (5 - n) FROM generate_series(1, ?) n", 9)))
	is.True(err != nil && strings.Contains(err.Error(), "division by zero"))
	usual()
	err = sqldb.InTx(ctx, db, func(ctx context.Context) error {
		_, err := sqldb.Scalar[int](ctx, db, sqldb.GenericPlan(sqldb.Raw("SELECT 1 / ?", 0)))
		return err
	})
	is.True(err != nil && strings.Contains(err.Error(), "division by zero"))
	usual()

	all := sqldb.GenericPlan(sqldb.Raw("SELECT * FROM v WHERE n > ?", 0))
	is.NoErr(sqldb.ExecAll(ctx, db, []string{"CREATE TABLE v (n integer)", "INSERT INTO v VALUES (1)"}))
	_, err = sqldb.Column[int](ctx, db, all)
	is.NoErr(err)
	_, err = own(t, mustURL(t, db)).Exec(ctx, "ALTER TABLE v ALTER n TYPE bigint")
	is.NoErr(err)
	ns, err := sqldb.Column[int](ctx, db, all)
	is.NoErr(err)
	is.Equal(ns, []int{1})
}

// TestGenericPlanOnAnAppsPool: neither a notice nor a change of what the app
// has set, for its session or in its transaction.
func TestGenericPlanOnAnAppsPool(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	config, err := pgxpool.ParseConfig(testdb.PostgresURL(t))
	is.NoErr(err)
	config.MaxConns = 1
	config.ConnConfig.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { t.Errorf("%s: %s", n.Severity, n.Message) }
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "SET plan_cache_mode = force_custom_plan")
		return err
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	is.NoErr(err)
	t.Cleanup(pool.Close)
	db := pgdb.Wrap(pool, nil)
	modes := func(ctx context.Context, otherwise string) {
		t.Helper()
		marked, err := sqldb.Scalar[string](ctx, db, sqldb.GenericPlan(planMode))
		is.NoErr(err)
		is.Equal(marked, generic)
		got, err := sqldb.Scalar[string](ctx, db, planMode)
		is.NoErr(err)
		is.Equal(got, otherwise)
	}
	modes(t.Context(), "force_custom_plan")
	tx, err := pool.Begin(t.Context())
	is.NoErr(err)
	ctx, done := pgdb.WithTx(t.Context(), db, tx)
	modes(ctx, "force_custom_plan")
	_, err = tx.Exec(ctx, "SET LOCAL plan_cache_mode = auto; SET LOCAL enable_seqscan = off")
	is.NoErr(err)
	modes(ctx, "auto, no sequence")
	done(tx.Commit(t.Context()))
	modes(t.Context(), "force_custom_plan")
}

// TestGenericPlansAreBounded: whoever asks in ever new ways does not fill the
// server's memory with plans, by whatever connection.
func TestGenericPlansAreBounded(t *testing.T) {
	t.Parallel()
	for name, p := range plannedDBs(t) {
		if p.unprepared {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			defer p.db.Close()
			kept := sqldb.GenericPlan(sqldb.Raw("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '% + 0 %' OR ? > 1", 1))
			ask := func(ctx context.Context, long string) {
				t.Helper()
				for n := range 200 {
					got, err := sqldb.Scalar[int](ctx, p.db, sqldb.GenericPlan(sqldb.Raw("SELECT ? + 0 + "+strconv.Itoa(n)+long, 1)))
					is.NoErr(err)
					is.Equal(got, 1+n)
				}
			}
			check := func(ctx context.Context, least, most int) {
				t.Helper()
				n, err := sqldb.Scalar[int](ctx, p.db, kept)
				is.NoErr(err)
				is.True(n >= least && n <= most)
			}
			ask(t.Context(), "")
			check(t.Context(), 60, 64)
			is.NoErr(sqldb.InTx(t.Context(), p.db, func(ctx context.Context) error {
				ask(ctx, "")
				check(ctx, 60, 64)
				ask(ctx, " + 0 -- "+strings.Repeat("x", 100_000))
				check(ctx, 5, 12)
				return nil
			}))
			ask(t.Context(), "")
			check(t.Context(), 60, 64)
		})
	}
}

// TestGenericPlanAfterDiscard: an app that discards its session's statements
// does not break the next list.
func TestGenericPlanAfterDiscard(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{MaxConns: 1})
	defer db.Close()
	for range 3 {
		got, err := sqldb.Scalar[string](t.Context(), db, sqldb.GenericPlan(planMode))
		is.NoErr(err)
		is.Equal(got, generic)
		_, err = db.Exec(t.Context(), sqldb.Raw("DEALLOCATE ALL"))
		is.NoErr(err)
	}
}

// TestGenericPlanOutlivesAnEmptyTable: a plan that was made when a table was
// empty serves as well when it is full, before any statistics say so.
func TestGenericPlanOutlivesAnEmptyTable(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{MaxConns: 4})
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (id integer PRIMARY KEY, n integer)", "ANALYZE v"}))
	list := "SELECT n FROM v WHERE id > ? ORDER BY id LIMIT 5"
	_, err := sqldb.Column[int](t.Context(), db, sqldb.GenericPlan(sqldb.Raw(list, 0)))
	is.NoErr(err)
	plan, err := sqldb.Column[string](t.Context(), db, sqldb.GenericPlan(sqldb.Raw("EXPLAIN (COSTS OFF) "+list, 0)))
	is.NoErr(err)
	is.True(strings.Contains(strings.Join(plan, "\n"), "Index"))
}
