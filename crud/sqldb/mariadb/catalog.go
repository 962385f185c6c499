package mariadb

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Catalog implements sqldb.Cataloger.
func (d *driver) Catalog(ctx context.Context, db *sqldb.DB, names []string) ([]sqldb.Table, error) {
	tables, collations, err := tablesOf(ctx, db, names)
	if err == nil {
		err = indexes(ctx, db, names, tables, collations)
	}
	if err != nil {
		return nil, fmt.Errorf("mariadb: read the catalog: %w", err)
	}
	return tables, nil
}

// The catalog's names are compared by code point, as files have them. Collations
// are looked up here: joined to them, each column of an index would have MariaDB
// make the list of all columns.
const (
	tablesText = `SELECT c.TABLE_NAME, t.TABLE_TYPE LIKE '%VIEW%', c.COLUMN_NAME, COALESCE(CONCAT(' COLLATE ', c.COLLATION_NAME), '')
		FROM information_schema.COLUMNS c JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
		WHERE c.TABLE_SCHEMA = DATABASE() AND CONVERT(c.TABLE_NAME USING utf8mb4) COLLATE utf8mb4_nopad_bin IN (` + listMark + `?)
		ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION`

	indexesText = `SELECT s.TABLE_NAME, s.INDEX_NAME, s.NON_UNIQUE = 0, s.IGNORED = 'NO', s.INDEX_TYPE = 'BTREE',
		s.COLUMN_NAME, s.SUB_PART IS NOT NULL, CASE s.COLLATION WHEN 'D' THEN ' DESC' ELSE '' END
		FROM information_schema.STATISTICS s
		WHERE s.TABLE_SCHEMA = DATABASE() AND CONVERT(s.TABLE_NAME USING utf8mb4) COLLATE utf8mb4_nopad_bin IN (` + listMark + `?)
		ORDER BY s.INDEX_NAME, s.TABLE_NAME, s.SEQ_IN_INDEX`
)

// place is a column by the names of its table and its own.
type place struct{ table, column string }

func tablesOf(ctx context.Context, db *sqldb.DB, names []string) ([]sqldb.Table, map[place]string, error) {
	rows, err := db.Query(ctx, sqldb.Raw(tablesText, names))
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	var tables []sqldb.Table
	collations := map[place]string{}
	for rows.Next() {
		var name, column, collation string
		var view bool
		if err := rows.Scan(&name, &view, &column, &collation); err != nil {
			return nil, nil, err
		}
		collations[place{name, column}] = collation
		if n := len(tables); n == 0 || tables[n-1].Name != name {
			tables = append(tables, sqldb.Table{Name: name, View: view})
		}
		last := &tables[len(tables)-1]
		last.Columns = append(last.Columns, column)
	}
	slices.SortFunc(tables, func(a, b sqldb.Table) int { return strings.Compare(a.Name, b.Name) })
	return tables, collations, rows.Err()
}

// indexes adds theirs to the tables. A column of which an index holds only the
// beginning is as good as none: nothing is ordered by it.
func indexes(ctx context.Context, db *sqldb.DB, names []string, tables []sqldb.Table, collations map[place]string) error {
	rows, err := db.Query(ctx, sqldb.Raw(indexesText, names))
	if err != nil {
		return err
	}
	defer rows.Close()
	byName := map[string]*sqldb.Table{}
	for i := range tables {
		byName[tables[i].Name] = &tables[i]
	}
	for rows.Next() {
		var table string
		var index sqldb.Index
		var column sqldb.IndexColumn
		var short bool
		err := rows.Scan(&table, &index.Name, &index.Unique, &index.Valid, &index.Ordered, &column.Name, &short, &column.Order)
		if err != nil {
			return err
		}
		column.Collation = collations[place{table, column.Name}]
		if short {
			column.Name, column.Beginning = "", column.Name
		}
		t := byName[table]
		if t == nil {
			continue // made since the columns were read
		}
		if n := len(t.Indexes); n == 0 || t.Indexes[n-1].Name != index.Name {
			t.Indexes = append(t.Indexes, index)
		}
		last := &t.Indexes[len(t.Indexes)-1]
		last.Columns = append(last.Columns, column)
	}
	return rows.Err()
}
