package migrate

import (
	"context"
	"time"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// alone makes a move statement by statement, where one transaction cannot hold
// them. Before each, the history says that the migration is half done and
// stands there; so whatever ends the process, what is known to have happened is
// never run again.
func (r *run) alone(ctx context.Context, mv move, began time.Time) error {
	r.m.opts.Progress(r.event(Started, mv))
	s := mv.script()
	first := 1
	if mv.rec != nil && mv.rec.half() {
		first = mv.rec.Statement
	}
	return r.m.database.alone(ctx, r.m.db, func() error {
		for n := first; n <= s.length(); n++ {
			if err := r.mark(ctx, &mv, n); err != nil {
				return err
			}
			if s.run != nil {
				return r.step(ctx, mv, began)
			}
			if err := r.insist(ctx, func() error { return r.statement(ctx, mv, n) }); err != nil {
				return r.failure(mv, n, err)
			}
		}
		return r.record(ctx, mv, began)
	})
}

// mark records that the move stands before its n-th statement.
func (r *run) mark(ctx context.Context, mv *move, n int) error {
	rec := r.m.record(mv.migration)
	rec.State, rec.Statement, rec.Checksum = goingUp, n, prefix(mv.script(), n-1)
	if mv.down {
		rec.State = goingDn
	}
	if err := write(ctx, r.m.db, mv.rec, rec); err != nil {
		return err
	}
	mv.rec = &rec
	return nil
}

// step runs a step in Go, and records it in the same transaction.
func (r *run) step(ctx context.Context, mv move, began time.Time) error {
	err := r.insist(ctx, func() error {
		return sqldb.InTx(ctx, r.m.db, func(ctx context.Context) error {
			if err := r.statement(ctx, mv, 1); err != nil {
				return err
			}
			return r.record(ctx, mv, began)
		})
	})
	if err != nil {
		return r.failure(mv, 1, err)
	}
	return nil
}

// insist is patiently where a statement that had no lock in time has done
// nothing. On PostgreSQL those without a transaction wait for their locks, and
// may leave something when they fail.
func (r *run) insist(ctx context.Context, fn func() error) error {
	if r.m.database.steady() {
		return fn()
	}
	return r.patiently(ctx, fn)
}
