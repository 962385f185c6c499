package migrate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// Options are a [Migrator]'s settings. Nil and the zero value mean the defaults.
type Options struct {
	// AppVersion is recorded with each migration. Empty: the version of the
	// main module, as the build recorded it.
	AppVersion string

	// LockWait is how long a run waits for another one, and for each lock that
	// somebody else holds in the database. 0: 60 seconds.
	LockWait time.Duration

	// AllowNewer lets a program run on a database to which a newer version of
	// it has applied further migrations, as it happens while versions are
	// rolled out. Otherwise that is an error.
	AllowNewer bool

	// Progress is told what happens, by the goroutine that runs the
	// migrations, which waits for it to return. Nil: nobody is.
	Progress func(Event)

	// Logger gets each migration that was made or taken back, at level Info.
	// Nil: slog.Default().
	Logger *slog.Logger

	// Now is the clock of what is recorded. Nil: time.Now.
	Now func() time.Time
}

func (o *Options) orDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.AppVersion == "" {
		d.AppVersion = buildVersion()
	}
	if d.LockWait <= 0 {
		d.LockWait = time.Minute
	}
	if d.Progress == nil {
		d.Progress = func(Event) {}
	}
	if d.Logger == nil {
		d.Logger = slog.Default()
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	return d
}

func buildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return ""
}

// Migrator brings the schema of one database from version to version. It is
// safe for concurrent use, in one process and in many. Its zero value is of no
// use; it holds nothing that needs to be closed.
type Migrator struct {
	db         *sqldb.DB
	database   database
	opts       Options
	sources    []Source // in the order of their requirements
	migrations map[string][]migration
}

// New reads the sources for the database of db. Each comes after those that it
// requires, otherwise they keep their order. The error has every problem of
// names, requirements and files; nothing is asked of the database.
func New(db *sqldb.DB, opts *Options, sources ...Source) (*Migrator, error) {
	m := &Migrator{db: db, opts: opts.orDefaults(), migrations: map[string][]migration{}}
	var err error
	if m.database, err = databaseOf(db.Dialect()); err != nil {
		return nil, err
	}
	if m.sources, err = ordered(sources); err != nil {
		return nil, err
	}
	var problems []error
	for _, s := range m.sources {
		all, err := load(s, db.Dialect())
		problems = append(problems, err)
		m.migrations[s.Name] = all
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return m, nil
}

// Up makes what the database lacks, in order. When it fails, what came before
// the migration that failed remains made, the error has an [*Error], and the
// next Up goes on there. A history that does not fit the sources is an error
// of kind Conflict, and then nothing is changed; another run that does not end
// in time is kind Unavailable.
func (m *Migrator) Up(ctx context.Context) error {
	return m.locked(ctx, func(ctx context.Context, r *run) error { return r.all(ctx, m.planUp(m.everything())) })
}

// everything is all sources, to their end.
func (m *Migrator) everything() map[string]int {
	limits := map[string]int{}
	for _, s := range m.sources {
		limits[s.Name] = 0
	}
	return limits
}

// UpTo is Up for one source up to and including a version, and before it for
// the sources that it requires. It takes nothing back: see [Migrator.Down].
func (m *Migrator) UpTo(ctx context.Context, source string, version int) error {
	if err := m.known(source, version); err != nil {
		return err
	}
	limits := map[string]int{}
	m.require(limits, source)
	limits[source] = version
	return m.locked(ctx, func(ctx context.Context, r *run) error { return r.all(ctx, m.planUp(limits)) })
}

// require adds a source and all that it requires.
func (m *Migrator) require(limits map[string]int, source string) {
	if _, there := limits[source]; there {
		return
	}
	limits[source] = 0
	for _, r := range m.source(source).Requires {
		m.require(limits, r)
	}
}

// Down takes back the last n migrations of a source, or all of them where
// there are fewer, the last one first. One that has no way down ends it before
// anything is changed, with kind Unsupported. A source that others require is
// taken back as a whole only after them.
func (m *Migrator) Down(ctx context.Context, source string, n int) error {
	if err := m.known(source, 1); err != nil {
		return err
	}
	if n < 1 {
		return joinery.Errorf(joinery.Invalid, "", fmt.Sprintf("revert %d migrations: want at least 1", n))
	}
	return m.locked(ctx, func(ctx context.Context, r *run) error { return r.all(ctx, m.planDown(source, n)) })
}

// Redo takes the last migration of a source back and makes it again, which is
// for the one that is being written.
func (m *Migrator) Redo(ctx context.Context, source string) error {
	if err := m.known(source, 1); err != nil {
		return err
	}
	return m.locked(ctx, func(ctx context.Context, r *run) error {
		h, err := readHistory(ctx, m.db)
		if err != nil {
			return err
		}
		last := h.last(source)
		if last == nil {
			return conflict("migration_none", "nothing of %s is applied that could be made again", source)
		}
		if err := r.all(ctx, m.planDown(source, 1)); err != nil {
			return err
		}
		return r.all(ctx, m.planUp(map[string]int{source: last.Version}))
	})
}

func (m *Migrator) source(name string) *Source {
	i := slices.IndexFunc(m.sources, func(s Source) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return &m.sources[i]
}

// find is the migration of a source's version.
func (m *Migrator) find(source string, version int) (*migration, bool) {
	all := m.migrations[source]
	if version < 1 || version > len(all) {
		return nil, false
	}
	return &all[version-1], true
}

// known is an error of kind Invalid for a source or a version that is not here.
func (m *Migrator) known(source string, version int) error {
	if m.source(source) == nil {
		var names []string
		for _, s := range m.sources {
			names = append(names, s.Name)
		}
		return joinery.Errorf(joinery.Invalid, "unknown_source", fmt.Sprintf("there is no source %q; there are %q", source, names))
	}
	if _, ok := m.find(source, version); !ok {
		return joinery.Errorf(joinery.Invalid, "unknown_version", fmt.Sprintf("%s has no version %d; its last is %d", source, version, len(m.migrations[source])))
	}
	return nil
}
