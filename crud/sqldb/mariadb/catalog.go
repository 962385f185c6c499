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
	tables, err := tablesOf(ctx, db, names)
	if err == nil {
		err = indexes(ctx, db, names, tables)
	}
	if err != nil {
		return nil, fmt.Errorf("mariadb: read the catalog: %w", err)
	}
	return tables, nil
}

// The catalog's names are compared by code point, as files have them.
const (
	tablesText = `SELECT c.TABLE_NAME, t.TABLE_TYPE LIKE '%VIEW%', c.COLUMN_NAME
		FROM information_schema.COLUMNS c JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
		WHERE c.TABLE_SCHEMA = DATABASE() AND CONVERT(c.TABLE_NAME USING utf8mb4) COLLATE utf8mb4_nopad_bin IN (` + listMark + `?)
		ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION`

	indexesText = `SELECT s.TABLE_NAME, s.INDEX_NAME, s.NON_UNIQUE = 0, s.IGNORED = 'NO', s.INDEX_TYPE = 'BTREE',
		CASE WHEN s.SUB_PART IS NULL THEN s.COLUMN_NAME ELSE '' END, CASE s.COLLATION WHEN 'D' THEN ' DESC' ELSE '' END,
		COALESCE(CONCAT(' COLLATE ', c.COLLATION_NAME), '')
		FROM information_schema.STATISTICS s
		JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME AND c.COLUMN_NAME = s.COLUMN_NAME
		WHERE s.TABLE_SCHEMA = DATABASE() AND CONVERT(s.TABLE_NAME USING utf8mb4) COLLATE utf8mb4_nopad_bin IN (` + listMark + `?)
		ORDER BY s.INDEX_NAME, s.TABLE_NAME, s.SEQ_IN_INDEX`
)

func tablesOf(ctx context.Context, db *sqldb.DB, names []string) ([]sqldb.Table, error) {
	rows, err := db.Query(ctx, sqldb.Raw(tablesText, names))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tables []sqldb.Table
	for rows.Next() {
		var name, column string
		var view bool
		if err := rows.Scan(&name, &view, &column); err != nil {
			return nil, err
		}
		if n := len(tables); n == 0 || tables[n-1].Name != name {
			tables = append(tables, sqldb.Table{Name: name, View: view})
		}
		last := &tables[len(tables)-1]
		last.Columns = append(last.Columns, column)
	}
	slices.SortFunc(tables, func(a, b sqldb.Table) int { return strings.Compare(a.Name, b.Name) })
	return tables, rows.Err()
}

// indexes adds theirs to the tables. A column of which an index holds only the
// beginning is as good as none: nothing is ordered by it.
func indexes(ctx context.Context, db *sqldb.DB, names []string, tables []sqldb.Table) error {
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
		err := rows.Scan(&table, &index.Name, &index.Unique, &index.Valid, &index.Ordered, &column.Name, &column.Order, &column.Collation)
		if err != nil {
			return err
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
