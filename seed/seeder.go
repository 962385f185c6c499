package seed

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Options are the settings of a [Seeder]. Nil and the zero value mean the
// defaults.
type Options struct {
	// Env is the environment that the seeds run in: those with [Env] run where
	// it is one of theirs. Empty: those run nowhere.
	Env string

	// Wait is how long a run waits for another instance's. Zero: 60 s.
	Wait time.Duration

	IDs    joinery.WellKnown         // who System is, and the owners that files name; zero: joinery.WellKnownIDs
	Logger *slog.Logger              // told what a run has done, at level Info; nil: slog.Default
	Now    func() time.Time          // the clock; nil: time.Now
	NewID  func() (uuid.UUID, error) // ids of rows; nil: uuid.NewV7
}

// Seeder runs seeds on a database. Make one with [New]. It is safe for
// concurrent use, and starts nothing.
type Seeder struct {
	db   *sqldb.DB
	reg  *registry.Registry
	opts Options
	base backend
}

// New is a seeder of the database, whose tables are those of the registry. Nil
// options mean the defaults. A database that it does not know is kind
// Unsupported.
func New(db *sqldb.DB, reg *registry.Registry, opts *Options) (*Seeder, error) {
	if db == nil || reg == nil {
		return nil, errors.New("seed.New: database and registry are required")
	}
	s := &Seeder{db: db, reg: reg}
	if opts != nil {
		s.opts = *opts
	}
	s.opts.IDs = s.opts.IDs.OrDefault()
	if s.opts.Wait <= 0 {
		s.opts.Wait = time.Minute
	}
	if s.opts.Now == nil {
		s.opts.Now = time.Now
	}
	if s.opts.Logger == nil {
		s.opts.Logger = slog.Default()
	}
	if s.opts.NewID == nil {
		s.opts.NewID = uuid.NewV7
	}
	var err error
	s.base, err = backendOf(db.Dialect())
	return s, err
}

// Run runs the seeds with the default options: those without an environment.
func Run(ctx context.Context, db *sqldb.DB, reg *registry.Registry, seeds ...*Seed) (*Report, error) {
	s, err := New(db, reg, nil)
	if err != nil {
		return nil, err
	}
	return s.Run(ctx, seeds...)
}

// Plan is what [Run] would do.
func Plan(ctx context.Context, db *sqldb.DB, reg *registry.Registry, seeds ...*Seed) (*Report, error) {
	s, err := New(db, reg, nil)
	if err != nil {
		return nil, err
	}
	return s.Plan(ctx, seeds...)
}

// Run writes the rows of the seeds, in one transaction and in the order in which
// the tables are given, but each after those it refers to, and reports what it did with each row. Inside a
// transaction of ctx it is a savepoint of that.
//
// Errors: an [*Error] that names the row, with the cause in its chain: what the
// database, a hook or a manager says, a reference to no row, rows that need
// each other. What the registry says against itself. Kind Unavailable where
// another instance has not come to an end in Options.Wait. After an error
// nothing is written.
func (s *Seeder) Run(ctx context.Context, seeds ...*Seed) (*Report, error) {
	run, err := s.session(seeds, false)
	if err != nil {
		return nil, err
	}
	if err := s.locked(ctx, run.all); err != nil {
		return nil, err
	}
	s.opts.Logger.InfoContext(ctx, "seeded", "inserted", run.report.Count(Insert), "updated", run.report.Count(Update),
		"kept", run.report.Count(Keep), "left_out", run.report.Count(LeaveOut))
	return run.report, nil
}

// Plan is what Run would do, found out without writing and without a lock.
// Hooks and managers are not asked, so what they would change or refuse is not
// in it. Errors are those of Run.
func (s *Seeder) Plan(ctx context.Context, seeds ...*Seed) (*Report, error) {
	plan, err := s.session(seeds, true)
	if err != nil {
		return nil, err
	}
	if err := sqldb.InTx(ctx, s.db, plan.all, sqldb.ReadOnly); err != nil {
		return nil, err
	}
	return plan.report, nil
}
