package migratetest

import (
	"log/slog"
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/registry"
)

// MakeModels makes the migrations of the sources on one empty database and the
// tables of the registry's models on another one. The test fails where the
// schemas differ, so that a model which was changed without a migration, or the
// other way around, is seen.
func MakeModels(t testing.TB, migrated, made *sqldb.DB, reg *registry.Registry, sources ...migrate.Source) {
	t.Helper()
	m, err := migrate.New(migrated, &migrate.Options{Logger: slog.New(slog.DiscardHandler)}, sources...)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	statements, err := reg.DDL(made.Dialect())
	if err != nil {
		t.Fatal(err)
	}
	if err := sqldb.ExecAll(t.Context(), made, statements); err != nil {
		t.Fatal(err)
	}
	c := check{t, migrated, m}
	c.same("after the migrations", check{t, made, m}.schema())
}
