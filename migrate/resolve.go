package migrate

import (
	"context"
	"fmt"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// Resolution is what a person found out about a migration.
type Resolution string

// The resolutions.
const (
	// Retry: the statement at which a partial migration stands did not happen,
	// or may happen twice. The next run goes on with it.
	Retry Resolution = "retry"

	// Skip: that statement did happen, or was made by hand. The next run goes
	// on behind it.
	Skip Resolution = "skip"

	// AsApplied: the database is as the migration makes it. It counts as
	// applied, as its file is now: also one whose file was changed, and one
	// that was never run because the tables were there before the history.
	AsApplied Resolution = "applied"

	// AsReverted: the database is as if the migration had never been run.
	AsReverted Resolution = "reverted"
)

// Resolve tells the history what a person found in the database, which is not
// looked at, and runs nothing. Retry and Skip are about a migration that is
// partial; AsApplied about any that comes next to those applied, or is one of
// them; AsReverted about the last one of the source. Anything else is an error
// of kind Conflict.
func (m *Migrator) Resolve(ctx context.Context, source string, version int, as Resolution) error {
	if err := m.known(source, version); err != nil {
		return err
	}
	one, _ := m.find(source, version)
	return m.locked(ctx, func(ctx context.Context, r *run) error {
		return r.patiently(ctx, func() error {
			return sqldb.InTx(ctx, m.db, func(ctx context.Context) error {
				h, err := readHistory(ctx, m.db)
				if err != nil {
					return err
				}
				return m.resolve(ctx, one, h, as)
			})
		})
	})
}

func (m *Migrator) resolve(ctx context.Context, one *migration, h history, as Resolution) error {
	old, last := h.of(one.source, one.version), h.last(one.source)
	called := title(one.version, one.name) + " of " + one.source
	switch as {
	case Retry, Skip:
		if old == nil || !old.half() {
			return conflict("migration_not_partial", "%s is not partial: there is no statement to %s", called, as)
		}
		return m.resume(ctx, one, old, as)
	case AsApplied:
		if old == nil && one.version > 1 && (last == nil || last.Version < one.version-1) {
			return conflict("migration_out_of_order", "%s cannot count as applied before %s does", called, title(one.version-1, m.migrations[one.source][one.version-2].name))
		}
		return write(ctx, m.db, old, m.record(one))
	case AsReverted:
		if old == nil || last.Version != one.version {
			return conflict("migration_out_of_order", "%s is not the last one applied, and cannot count as reverted", called)
		}
		return erase(ctx, m.db, one.source, one.version)
	}
	return joinery.Errorf(joinery.Invalid, "", fmt.Sprintf("resolution %q: want %q, %q, %q or %q", as, Retry, Skip, AsApplied, AsReverted))
}

// resume lets the next run go on, with the statements before as they are now.
func (m *Migrator) resume(ctx context.Context, one *migration, old *record, as Resolution) error {
	s := move{migration: one, down: old.State == goingDn}.script()
	rec := *old
	if as == Skip {
		rec.Statement++
	}
	rec.Resume, rec.Checksum = true, prefix(s, rec.Statement-1)
	return write(ctx, m.db, old, rec)
}
