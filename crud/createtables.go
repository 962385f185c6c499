package crud

import (
	"context"
	"slices"
	"strings"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// CreateTables makes the tables that the registry's models have and the
// database lacks, with their indexes, in one transaction. It never changes a
// table that is there, nor looks at its columns, so it may be called at every
// start and by several processes at once; changes of a model are for
// migrations. It validates the registry. A database other than PostgreSQL and
// SQLite is an error of kind Unsupported.
func CreateTables(ctx context.Context, reg *registry.Registry, db *sqldb.DB) error {
	lookup, ok := tableLookups[db.Dialect().Name()]
	if !ok {
		return joinery.Errorf(joinery.Unsupported, "", "CreateTables knows postgres and sqlite only: run the statements of the registry's DDL")
	}
	return sqldb.InTx(ctx, db, func(ctx context.Context) error {
		if lookup.lock != "" {
			if _, err := db.Exec(ctx, sqldb.Raw(lookup.lock)); err != nil {
				return err
			}
		}
		names, err := sqldb.Column[string](ctx, db, sqldb.Raw(lookup.names))
		if err != nil {
			return err
		}
		statements, err := reg.DDL(db.Dialect(), lookup.existing(reg, names)...)
		if err != nil {
			return err
		}
		return sqldb.ExecAll(ctx, db, statements)
	})
}

// tableLookup is how a database tells the tables and views that a statement
// finds by their bare name.
type tableLookup struct {
	lock  string // keeps other processes from making tables; empty: every writer does
	names string
	same  func(a, b string) bool
}

var tableLookups = map[string]tableLookup{
	"postgres": {
		lock:  "SELECT pg_advisory_xact_lock(hashtext('joinery create tables'))",
		names: "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_table_is_visible(oid)",
		same:  func(a, b string) bool { return a == b },
	},
	"sqlite": {
		names: "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')",
		same:  strings.EqualFold,
	},
}

// existing are the tables of the registry among the names.
func (l tableLookup) existing(reg *registry.Registry, names []string) (tables []string) {
	for _, m := range reg.Models() {
		if slices.ContainsFunc(names, func(name string) bool { return l.same(name, m.Table) }) {
			tables = append(tables, m.Table)
		}
	}
	return tables
}
