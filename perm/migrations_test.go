package perm_test

import (
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/migrate/migratetest"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// TestMigrations: the files make the tables that the models describe, and take
// them back.
func TestMigrations(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) (*sqldb.DB, error){
		"sqlite":   func(t *testing.T) (*sqldb.DB, error) { return sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil) },
		"postgres": func(t *testing.T) (*sqldb.DB, error) { return pgdb.Open(t.Context(), testdb.PostgresURL(t), nil) },
		"mariadb":  func(t *testing.T) (*sqldb.DB, error) { return mariadb.Open(t.Context(), testdb.MariaDBURL(t), nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			empty := func() *sqldb.DB {
				db, err := open(t)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = db.Close() })
				return db
			}
			source := migrate.Source{Name: "perm", FS: perm.Migrations()}
			migratetest.UpDownUp(t, empty(), source)
			reg, migrated := registry.New(nil), empty()
			if _, err := perm.New(reg, migrated, nil); err != nil {
				t.Fatal(err)
			}
			migratetest.MakeModels(t, migrated, empty(), reg, source)
		})
	}
}
