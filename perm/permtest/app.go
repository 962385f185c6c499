package permtest

import (
	"path/filepath"
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
)

// Entities compares the engine with the reference model in n random worlds of
// an app's own models, as [Worlds] does with those of this package: that the
// app's policies, inherited references and Extra rules mean in SQL what they
// mean in Go. It finds an Extra whose SQL and Go differ on some row, or for
// some actor.
//
// add registers the models, as the app does for its managers; perm's own are
// added by themselves, and a model of table users is the users table. Each open
// returns an empty database of its own; without one the worlds are in SQLite.
// The columns that rules may look into are given random values of their kind,
// with nulls where they may be null. Most are taken from the rules themselves:
// what each Extra binds in SQL for the users of the worlds, the texts and
// numbers that stand in its text, and their neighbors (other case, more before
// and after a text, what a LIKE pattern matches, numbers one more and one less,
// times a second off, lists of one such text in JSON).
//
// So it does not find a difference that shows only at a value which SQL does
// not name: one that stands in the Go alone, that both halves compute, or that
// the database makes (its clock, a sequence). Nor does it look where the worlds
// have no rows for it: they hold null for bytes, and of an enum its members
// alone. A rule that needs many values at once to hold takes many worlds.
//
// A disagreement names the rule, the row and the seed; JOINERY_WORLDS changes n
// as it does for Worlds, and JOINERY_WORLDS_SEED runs the world of one seed
// alone. A rule whose Go panics fails the test with its name and the row.
func Entities(t testing.TB, n int, add func(*registry.Registry) error, open ...func(testing.TB) *sqldb.DB) {
	t.Helper()
	if len(open) == 0 {
		open = append(open, openSQLite)
	}
	list := seedList(t, n)
	for _, open := range open {
		d := openTables(t, &Database{db: open(t), engines: map[setting]*engine{}, add: add})
		for _, seed := range list {
			if !compare(t, d, seed, nil) {
				return
			}
		}
		t.Logf("%d worlds on %s", len(list), d.db.Dialect().Name())
	}
}

func openSQLite(t testing.TB) *sqldb.DB {
	t.Helper()
	db, err := sqlitedb.Open(t.Context(), filepath.Join(t.TempDir(), "worlds.db"), nil)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}
