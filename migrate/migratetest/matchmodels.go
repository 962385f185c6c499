package migratetest

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/registry"
)

// MatchModels makes the migrations of the sources that are missing in a database
// and compares its tables with the registry's models as [migrate.Diff] does. The
// test fails where there is a difference, and says what would make it up. Other
// than with [MakeModels] the order of columns does not matter, which after some
// migrations is no longer that of the fields.
func MatchModels(t testing.TB, db *sqldb.DB, reg *registry.Registry, sources ...migrate.Source) {
	t.Helper()
	m, err := migrate.New(db, &migrate.Options{Logger: slog.New(slog.DiscardHandler)}, sources...)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	draft, err := migrate.Diff(t.Context(), db, reg, "missing", nil)
	switch {
	case err != nil:
		t.Errorf("the migrations do not make what the models describe: %v", err)
	case len(draft.Up) > 0:
		t.Errorf("the migrations do not make what the models describe; this is missing:\n%s;", strings.Join(draft.Up, ";\n"))
	}
}
