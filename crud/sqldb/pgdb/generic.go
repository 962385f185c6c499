package pgdb

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// A statement that sqldb.GenericPlan marks runs with plan_cache_mode set to
// force_generic_plan, and no other statement does: on one that leaves the
// planner a choice the setting costs dearly. It is planned without scans of
// whole tables as well, and without those of an index that lose its order: its
// plan stays, and where it was made on tables that were small they may have
// grown since. A pool of Open has some connections
// apart that have both settings for good. Where those are busy, in a
// transaction, and on a pool that is the app's, the settings travel before the
// statement in the same round trip, and end with it.

const (
	planMode   = "plan_cache_mode"
	seqScan    = "enable_seqscan"
	bitmapScan = "enable_bitmapscan"
)

// The settings are local to the transaction, which without one that began
// before is that of the round trip. In one that did they go back to what they
// were.
const (
	forceGeneric = "SELECT set_config('" + planMode + "', 'force_generic_plan', true), set_config('" + seqScan + "', 'off', true), set_config('" + bitmapScan + "', 'off', true)"
	rememberMode = "SELECT set_config('joinery." + planMode + "', current_setting('" + planMode + "'), true), set_config('joinery." + seqScan + "', current_setting('" + seqScan + "'), true)" +
		", set_config('joinery." + bitmapScan + "', current_setting('" + bitmapScan + "'), true)"
	modeAsBefore = "SELECT set_config('" + planMode + "', current_setting('joinery." + planMode + "'), true), set_config('" + seqScan + "', current_setting('joinery." + seqScan + "'), true)" +
		", set_config('" + bitmapScan + "', current_setting('joinery." + bitmapScan + "'), true)"
)

// genericShare is the share of the connections that are apart: one in four.
const genericShare = 4

// openGeneric makes the connections apart, which it takes from those of config;
// nil where there are too few, or no plans to keep.
func openGeneric(ctx context.Context, config *pgxpool.Config, d *driver) (*driver, error) {
	n := config.MaxConns / genericShare
	if _, set := config.ConnConfig.RuntimeParams[planMode]; n == 0 || set || !d.prepares {
		return nil, nil
	}
	apart := config.Copy()
	apart.MaxConns = n
	config.MaxConns -= n
	apart.MinConns, apart.MinIdleConns = 0, 0
	apart.ConnConfig.RuntimeParams[planMode] = "force_generic_plan"
	apart.ConnConfig.RuntimeParams[seqScan] = "off"
	apart.ConnConfig.RuntimeParams[bitmapScan] = "off"
	pool, err := pgxpool.NewWithConfig(ctx, apart)
	if err != nil {
		return nil, unreachable(apart, err)
	}
	return &driver{pool: pool, acquire: d.acquire, owned: true}, nil
}

// prepares reports whether connections made by the config keep prepared
// statements, without which there is no plan to keep.
func prepares(c *pgx.ConnConfig) bool {
	return c.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement && c.StatementCacheCapacity > 0
}

// QueryGeneric implements sqldb.GenericExecutor.
func (d *driver) QueryGeneric(ctx context.Context, text string, args []any) (sqldb.Rows, error) {
	switch {
	case d.generic != nil && d.generic.free():
		return d.generic.run(ctx, func(ctx context.Context, conn *pgx.Conn) (*rows, error) {
			return keeping(ctx, conn, text, func() (*rows, error) { return query(ctx, conn, text, args) })
		})
	case !d.prepares:
		return d.Query(ctx, text, args)
	}
	return d.run(ctx, func(ctx context.Context, conn *pgx.Conn) (*rows, error) {
		return queryGeneric(ctx, conn, nil, text, args, nil)
	})
}

// free reports whether a connection is to be had at once.
func (d *driver) free() bool {
	s := d.pool.Stat()
	return s.AcquiredConns() < s.MaxConns()
}

// QueryGeneric implements sqldb.GenericExecutor.
func (e executor) QueryGeneric(ctx context.Context, text string, args []any) (sqldb.Rows, error) {
	if !e.prepares {
		return e.Query(ctx, text, args)
	}
	r, err := queryGeneric(ctx, e.on, []string{rememberMode}, text, args, []string{modeAsBefore})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// queryGeneric is query with the setting before it, in one round trip with what
// stands before and after both.
func queryGeneric(ctx context.Context, on queryer, before []string, text string, args []any, after []string) (*rows, error) {
	var b pgx.Batch
	before = append(before, forceGeneric)
	for _, text := range before {
		b.Queue(text)
	}
	b.Queue(text, args...)
	for _, text := range after {
		b.Queue(text)
	}
	return keeping(ctx, connOf(on), text, func() (*rows, error) {
		results := on.SendBatch(ctx, &b)
		r, err := behind(len(before), results)
		if err != nil {
			_ = results.Close() // with the same error
			return nil, err
		}
		r.batch = results
		return r, nil
	})
}

// behind is the rows of the statement behind the first n.
func behind(n int, results pgx.BatchResults) (*rows, error) {
	for range n {
		if _, err := results.Exec(); err != nil {
			return nil, err
		}
	}
	return begun(results.Query())
}
