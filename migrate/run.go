package migrate

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// run is one call that changes the schema, on one connection.
type run struct {
	m      *Migrator
	number int // of the migration at hand, among those of the run
	total  int
}

// locked runs fn on a connection of its own, while no other runner is at work,
// with a history that can be read. Whatever fn returns, the connection goes
// back to its pool as it was, or is closed when that is not possible: closing
// it always would end a database in memory.
func (m *Migrator) locked(ctx context.Context, fn func(ctx context.Context, r *run) error) error {
	if sqldb.InTransaction(ctx, m.db) {
		return errors.New("migrate: migrations have transactions of their own: call this outside of one")
	}
	r := &run{m: m}
	p := r.patience()
	for {
		begun := false
		var failed error
		err := sqldb.OnConn(ctx, m.db, func(ctx context.Context) (restored error) {
			begun = true
			failed, restored = r.session(ctx, fn)
			return restored
		})
		switch {
		case begun:
			return failed
		case !passing(err) || !p.wait(ctx):
			return err
		}
	}
}

// session readies the connection for fn, and restores it.
func (r *run) session(ctx context.Context, fn func(ctx context.Context, r *run) error) (failed, restored error) {
	restore, err := r.m.database.open(ctx, r.m.db)
	if err != nil {
		return err, err
	}
	defer func() {
		restored = errors.Join(restored, restore(context.WithoutCancel(ctx)))
	}()
	if err := r.lock(ctx); err != nil {
		return err, nil
	}
	defer func() { restored = r.m.database.unlock(context.WithoutCancel(ctx), r.m.db) }()
	if err := r.makeHistory(ctx); err != nil {
		return err, nil
	}
	return fn(ctx, r), nil
}

func (r *run) lock(ctx context.Context) error {
	for p := r.patience(); ; {
		ok, err := r.m.database.lock(ctx, r.m.db)
		if ok || err != nil {
			return err
		}
		if !p.wait(ctx) {
			return joinery.Errorf(joinery.Unavailable, "migration_locked",
				"another process is migrating this database and did not finish within "+r.m.opts.LockWait.String(), ctx.Err())
		}
	}
}

func (r *run) makeHistory(ctx context.Context) error {
	return r.patiently(ctx, func() error {
		tables, err := sqldb.Catalog(ctx, r.m.db, table)
		if err != nil || len(tables) > 0 {
			return err
		}
		return sqldb.ExecAll(ctx, r.m.db, []string{r.m.database.history()})
	})
}

// all does what the planner tells, one move after the other, until it tells
// none. It asks anew before each, so that what another runner has done
// meanwhile is not done again.
func (r *run) all(ctx context.Context, plan planner) error {
	r.number, r.total = 0, 0
	for {
		h, err := readHistory(ctx, r.m.db)
		if err != nil {
			return err
		}
		moves, err := plan(h)
		if err != nil || len(moves) == 0 {
			return err
		}
		r.total = r.number + len(moves)
		r.number++
		if err := r.one(ctx, moves[0], plan); err != nil {
			return err
		}
	}
}

// one makes a move and tells of it.
func (r *run) one(ctx context.Context, mv move, plan planner) error {
	began := time.Now()
	var done bool
	var err error
	if r.isAlone(mv) {
		done, err = true, r.alone(ctx, mv, began)
	} else {
		done, err = r.together(ctx, mv, plan, began)
	}
	e := r.event(Finished, mv)
	e.Elapsed = time.Since(began)
	if err != nil {
		e.Kind, e.Err = Failed, err
		r.m.opts.Progress(e)
		return err
	}
	if done {
		r.m.opts.Progress(e)
		r.log(ctx, mv, e.Elapsed)
	}
	return nil
}

// isAlone reports whether a move is made statement by statement; one that was
// begun so is also ended so.
func (r *run) isAlone(mv move) bool {
	return mv.script().alone || !r.m.database.steady() || mv.rec != nil && mv.rec.half()
}

func (r *run) event(kind EventKind, mv move) Event {
	return Event{Kind: kind, Source: mv.source, Version: mv.version, Name: mv.name, Down: mv.down, Number: r.number, Total: r.total}
}

func (r *run) log(ctx context.Context, mv move, took time.Duration) {
	text := "migration applied"
	if mv.down {
		text = "migration reverted"
	}
	r.m.opts.Logger.LogAttrs(ctx, slog.LevelInfo, text, slog.String("source", mv.source),
		slog.String("migration", title(mv.version, mv.name)), slog.Duration("took", took))
}

// together makes a move in one transaction. done is false when another runner
// has made it by then.
func (r *run) together(ctx context.Context, mv move, plan planner, began time.Time) (done bool, err error) {
	err = r.patiently(ctx, func() error {
		done = false
		err := r.m.database.transaction(ctx, r.m.db, mv.script(), func(ctx context.Context) error {
			h, err := readHistory(ctx, r.m.db)
			if err != nil {
				return err
			}
			now, err := plan(h)
			if err != nil || len(now) == 0 || !now[0].same(mv) {
				return err
			}
			done = true
			return r.perform(ctx, now[0], began)
		})
		if _, told := errors.AsType[*Error](err); done && err != nil && !told {
			err = r.failure(mv, 0, err) // at the commit, or before it
		}
		return err
	})
	return done, err
}

// perform runs all statements and records that.
func (r *run) perform(ctx context.Context, mv move, began time.Time) error {
	r.m.opts.Progress(r.event(Started, mv))
	s := mv.script()
	for n := 1; n <= s.length(); n++ {
		if err := r.statement(ctx, mv, n); err != nil {
			return r.failure(mv, n, err)
		}
	}
	return r.record(ctx, mv, began)
}

// statement runs the n-th of a move, or its step in Go.
func (r *run) statement(ctx context.Context, mv move, n int) error {
	s := mv.script()
	e := r.event(Running, mv)
	e.Statement, e.Statements = n, s.length()
	if s.run != nil {
		r.m.opts.Progress(e)
		return s.run(ctx, r.m.db)
	}
	one := s.statements[n-1]
	e.SQL = one.text
	r.m.opts.Progress(e)
	_, err := r.m.db.Exec(ctx, sqldb.Stmt{SQL: one.text})
	return err
}

// record notes that a move was made.
func (r *run) record(ctx context.Context, mv move, began time.Time) error {
	if mv.down {
		return erase(ctx, r.m.db, mv.source, mv.version)
	}
	rec := r.m.record(mv.migration)
	rec.DurationUs = time.Since(began).Microseconds()
	return write(ctx, r.m.db, mv.rec, rec)
}

// record is a migration that was applied now.
func (m *Migrator) record(one *migration) record {
	return record{
		Source: one.source, Version: one.version, Name: one.name, Checksum: one.checksum,
		State: applied, AppliedAt: m.opts.Now(), AppVersion: m.opts.AppVersion,
	}
}

// failure is err with the place where it happened.
func (r *run) failure(mv move, n int, err error) *Error {
	s := mv.script()
	e := &Error{Source: mv.source, Version: mv.version, Name: mv.name, Down: mv.down, File: s.file, Statement: n, Err: err}
	e.Partial = n > 0 && r.isAlone(mv)
	if s.run == nil && n > 0 {
		e.SQL, e.Line = s.statements[n-1].text, s.statements[n-1].line
	}
	return e
}
