package sqldb

import (
	"context"

	"github.com/joinery-go/joinery"
)

// Table is a table as the database's own catalog tells it.
type Table struct {
	Name    string
	Columns []string // in their order
	Indexes []Index  // by name, primary and unique keys among them

	// View means that there can be no index on it: it is a view, or a table
	// that is kept elsewhere.
	View bool
}

// Index is an index as the database's own catalog tells it.
type Index struct {
	Name    string
	Columns []IndexColumn // of the key, in order
	Unique  bool
	Valid   bool   // false: left over from a CREATE INDEX CONCURRENTLY that failed, and not used
	Ordered bool   // a B-tree, which serves comparisons and orders
	Where   string // which rows it holds, as the database writes it; empty: all
}

// IndexColumn is one column of an index's key.
type IndexColumn struct {
	Name      string // empty: an expression, or a column indexed by other comparisons than its type's
	Order     string // what [Dialect].OrderBy writes after the column for this order
	Collation string // what [Dialect].Collate writes for this one; empty: the type has none

	// Beginning is the column of which the index holds the beginning alone, so
	// that nothing is ordered by it; Name is empty then.
	Beginning string
}

// Cataloger is implemented by drivers that can read the database's catalog.
type Cataloger interface {
	// Catalog is as [Catalog]; its statements run on db.
	Catalog(ctx context.Context, db *DB, names []string) ([]Table, error)
}

// Catalog is those of the named tables that the database has, with their
// columns and indexes as they are now, by name. On PostgreSQL they are looked
// for in the search path. A backend that cannot tell is kind Unsupported.
//
// Outside transactions it is read from the primary, and [Stats] leaves it out:
// who counts what a call costs is not to find what was looked up beside it.
func Catalog(ctx context.Context, db *DB, names ...string) ([]Table, error) {
	c, ok := db.driver.(Cataloger)
	if !ok {
		return nil, joinery.Errorf(joinery.Unsupported, "", "the catalog of "+db.dialect.Name()+" cannot be read yet")
	}
	if !InTransaction(ctx, db) && db.heldIn(ctx) == nil {
		db = &DB{driver: db.driver, dialect: db.dialect, options: db.options, log: db.log}
	}
	return c.Catalog(ctx, db, names)
}
