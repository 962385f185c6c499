package pgdb

import (
	"context"
	"fmt"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Catalog implements sqldb.Cataloger.
func (d *driver) Catalog(ctx context.Context, db *sqldb.DB, names []string) ([]sqldb.Table, error) {
	tables, err := tablesOf(ctx, db, names)
	if err == nil {
		err = indexes(ctx, db, names, tables)
	}
	if err != nil {
		return nil, fmt.Errorf("pgdb: read the catalog: %w", err)
	}
	return tables, nil
}

func tablesOf(ctx context.Context, db *sqldb.DB, names []string) ([]sqldb.Table, error) {
	rows, err := db.Query(ctx, sqldb.Raw(`SELECT c.relname::text, c.relkind IN ('v', 'f'), a.attname::text
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relname::text = ANY(?) AND c.relkind IN ('r', 'p', 'm', 'v', 'f') AND pg_table_is_visible(c.oid)
		AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname::text COLLATE "C", a.attnum`, names))
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
	return tables, rows.Err()
}

// indexes adds theirs to the tables. The catalog's lists of columns, options
// and the like count from zero, and go beyond the key by columns that are only
// stored. PostgreSQL's own order of nulls is as if they were the greatest.
func indexes(ctx context.Context, db *sqldb.DB, names []string, tables []sqldb.Table) error {
	rows, err := db.Query(ctx, sqldb.Raw(`SELECT c.relname::text, i.relname::text, x.indisunique, x.indisvalid, m.amname = 'btree',
		COALESCE(pg_get_expr(x.indpred, x.indrelid), ''), COALESCE(a.attname::text, ''), COALESCE(' COLLATE ' || quote_ident(o.collname::text), ''),
		CASE x.indoption[k.n] & 3 WHEN 0 THEN '' WHEN 1 THEN ' DESC NULLS LAST' WHEN 2 THEN ' NULLS FIRST' ELSE ' DESC' END
		FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam
		CROSS JOIN LATERAL generate_series(0, x.indnkeyatts - 1) AS k (n)
		JOIN pg_opclass p ON p.oid = x.indclass[k.n]
		LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[k.n] AND a.attnum > 0 AND p.opcdefault
		LEFT JOIN pg_collation o ON o.oid = x.indcollation[k.n]
		WHERE c.relname::text = ANY(?) AND pg_table_is_visible(c.oid)
		ORDER BY i.relname::text COLLATE "C", k.n`, names))
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
		err := rows.Scan(&table, &index.Name, &index.Unique, &index.Valid, &index.Ordered, &index.Where, &column.Name, &column.Collation, &column.Order)
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
