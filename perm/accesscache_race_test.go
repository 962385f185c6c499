package perm_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/perm"
)

// A membership ends after its reach was read, and before that is kept: it must
// not be.
func TestCacheKeepsNothingThatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			watch := &watched{Driver: db.Driver()}
			w := newCached(t, sqldb.New(watch, db.Dialect(), nil))
			w.e.Hear(func() <-chan query.Changed { return w.feed })
			watch.after = func() {
				watch.after = nil
				w.revoke()
				w.feed <- query.Changed{Model: perm.MembershipsTable}
			}
			seen, _ := w.sees()
			w.is.True(!seen) // asked anew in the statement, after the event
			w.is.True(watch.after == nil)
			w.wants(false, 2)
		})
	}
}

// watched is a driver that tells when the rows of a resolved reach have been
// read.
type watched struct {
	sqldb.Driver
	after func()
}

func (d *watched) Executor(write bool) sqldb.Executor {
	return watchedExecutor{d.Driver.Executor(write), d}
}

func (d *watched) Begin(ctx context.Context, o sqldb.TxOptions) (sqldb.Tx, error) {
	tx, err := d.Driver.Begin(ctx, o)
	if err != nil {
		return nil, err
	}
	return watchedTx{watchedExecutor{tx, d}, tx}, nil
}

type watchedTx struct {
	watchedExecutor
	tx sqldb.Tx
}

func (t watchedTx) Commit(ctx context.Context) error   { return t.tx.Commit(ctx) }
func (t watchedTx) Rollback(ctx context.Context) error { return t.tx.Rollback(ctx) }

type watchedExecutor struct {
	sqldb.Executor
	d *watched
}

func (x watchedExecutor) Query(ctx context.Context, sql string, args []any) (sqldb.Rows, error) {
	rows, err := x.Executor.Query(ctx, sql, args)
	if err == nil && x.d.after != nil && strings.Contains(sql, "UNION ALL SELECT p_reach.team_id") {
		rows = &watchedRows{rows, x.d.after}
	}
	return rows, err
}

type watchedRows struct {
	sqldb.Rows
	after func()
}

func (r *watchedRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	if r.after != nil {
		r.after()
		r.after = nil
	}
	return false
}

// What is kept is read from the primary: a replica that lags behind would have
// it kept after the change was heard of.
func TestCacheIsResolvedOnThePrimary(t *testing.T) {
	t.Parallel()
	db := openSQLite(t)
	first := newCached(t, db)
	path := testdb.SQLitePath(t)
	_, err := db.Exec(t.Context(), sqldb.Raw("VACUUM INTO ?", path))
	first.must(err)
	lagging := opened(t)(sqlitedb.Open(t.Context(), path, nil))

	w := &cached{world: &world{t: t, reg: first.reg, now: first.now}, is: first.is, feed: first.feed}
	w.ann, w.membership, w.project = first.ann, first.membership, first.project
	w.db = sqldb.New(replicated{db.Driver(), lagging.Driver().Executor(false)}, db.Dialect(), nil)
	w.e, err = perm.New(w.reg, w.db, &perm.Options{AccessCache: true, Now: func() time.Time { return w.now }})
	w.must(err)
	w.wants(true, 1)
	w.revoke()
	w.wants(true, 1) // without a feed by the replica, which has not heard of it
	w.e.Hear(func() <-chan query.Changed { return w.feed })
	w.wants(false, 2)
}

// replicated is a driver with a replica.
type replicated struct {
	sqldb.Driver
	replica sqldb.Executor
}

func (d replicated) Replica() sqldb.Executor      { return d.replica }
func (d replicated) ReplicaPool() sqldb.PoolStats { return sqldb.PoolStats{} }
func (d replicated) Answered(error) bool          { return true }
func (d replicated) DropReplica()                 {}
