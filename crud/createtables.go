package crud

import (
	"context"
	"errors"
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
// migrations. It validates the registry. On a database that cannot make tables
// in a transaction (MariaDB) it drops those that it has made when it fails; a
// process that is killed meanwhile may leave some without an index or a foreign
// key.
func CreateTables(ctx context.Context, reg *registry.Registry, db *sqldb.DB) error {
	lookup, ok := tableLookups[db.Dialect().Name()]
	if !ok {
		return joinery.Errorf(joinery.Unsupported, "", "CreateTables does not know "+db.Dialect().Name()+": run the statements of the registry's DDL")
	}
	if !db.Dialect().Has(sqldb.TxDDL) {
		return sqldb.OnConn(ctx, db, func(ctx context.Context) error { return lookup.createAlone(ctx, reg, db) })
	}
	return sqldb.InTx(ctx, db, func(ctx context.Context) error {
		if lookup.lock != "" {
			if _, err := db.Exec(ctx, sqldb.Raw(lookup.lock)); err != nil {
				return err
			}
		}
		_, err := lookup.create(ctx, reg, db)
		return err
	})
}

// create makes the missing tables and says which ones there were before.
func (l tableLookup) create(ctx context.Context, reg *registry.Registry, db *sqldb.DB) (existing []string, err error) {
	names, err := sqldb.Column[string](ctx, db, sqldb.Raw(l.names))
	if err != nil {
		return nil, err
	}
	existing = l.existing(reg, names)
	statements, err := reg.DDL(db.Dialect(), existing...)
	if err != nil {
		return existing, err
	}
	return existing, sqldb.ExecAll(ctx, db, statements)
}

// createAlone does it on a connection that holds the lock, and without a
// transaction: what was made is taken back by hand.
func (l tableLookup) createAlone(ctx context.Context, reg *registry.Registry, db *sqldb.DB) error {
	got, err := sqldb.Scalar[*bool](ctx, db, sqldb.Raw(l.lock))
	if err != nil {
		return err
	}
	if got == nil || !*got {
		return joinery.Errorf(joinery.Unavailable, "database_busy", "another process has been making tables for a minute: try again")
	}
	existing, err := l.create(ctx, reg, db)
	if err != nil {
		return errors.Join(err, dropAllBut(ctx, reg, db, existing)) // the connection is closed, and the lock free with it
	}
	_, err = sqldb.Scalar[*bool](ctx, db, sqldb.Raw(l.unlock))
	return err
}

func dropAllBut(ctx context.Context, reg *registry.Registry, db *sqldb.DB, existing []string) error {
	statements := []string{"SET SESSION foreign_key_checks = 0"}
	for _, m := range reg.Models() {
		if !slices.Contains(existing, m.Table) {
			statements = append(statements, "DROP TABLE IF EXISTS "+db.Dialect().Quote(m.Table))
		}
	}
	return sqldb.ExecAll(context.WithoutCancel(ctx), db, statements)
}

// tableLookup is how a database tells the tables and views that a statement
// finds by their bare name.
type tableLookup struct {
	lock   string // keeps other processes from making tables; empty: every writer does
	unlock string // where the lock does not end with the transaction
	names  string
	same   func(a, b string) bool
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
	"mariadb": { // whose locks are the server's, not the database's
		lock:   "SELECT GET_LOCK(CONCAT('joinery create tables ', MD5(DATABASE())), 60)",
		unlock: "SELECT RELEASE_LOCK(CONCAT('joinery create tables ', MD5(DATABASE())))",
		names:  "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
		same:   strings.EqualFold, // as they are where file names are
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
