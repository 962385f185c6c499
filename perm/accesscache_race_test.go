package perm_test

import (
	"context"
	"strings"
	"testing"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
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
