package migrate

import (
	"context"
	"fmt"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
)

type postgresColumn struct {
	Name      string
	Type      string
	Value     string
	Required  bool
	Generated bool
}

const postgresColumns = `SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) || coalesce(' COLLATE ' || quote_ident(l.collname), '') AS type,
	coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS value, a.attnotnull AS required, a.attgenerated <> '' AS generated
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum LEFT JOIN pg_collation l ON l.oid = a.attcollation AND l.oid <> t.typcollation
WHERE n.nspname = current_schema() AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`

type postgresPart struct {
	Kind string // of a constraint as in pg_constraint; i: an index, o: the comment
	Name string
	Text string
}

const postgresParts = `WITH t AS (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relname = ?)
SELECT k.contype::text AS kind, k.conname::text AS name, pg_get_constraintdef(k.oid, true) AS text FROM t JOIN pg_constraint k ON k.conrelid = t.oid WHERE k.contype IN ('p', 'u', 'x', 'c', 'f')
UNION ALL SELECT 'i', x.relname::text, pg_get_indexdef(i.indexrelid, 0, true) FROM t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class x ON x.oid = i.indexrelid
	WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = t.oid)
UNION ALL SELECT 'o', '', obj_description(t.oid, 'pg_class') FROM t WHERE obj_description(t.oid, 'pg_class') IS NOT NULL
ORDER BY 1, 2`

// postgresWording reads a table in the words of the server's own functions.
func postgresWording(ctx context.Context, db *sqldb.DB, w *wording) error {
	q := db.Dialect().Quote
	columns, err := sqldb.Select[postgresColumn](ctx, db, sqldb.Write(sqldb.Raw(postgresColumns, w.name)))
	if err != nil {
		return err
	}
	var lines []string
	for _, c := range columns {
		col := columnWording{name: c.Name, sqlType: c.Type, value: c.Value, null: !c.Required, made: c.Generated, rest: c.Type}
		if c.Required {
			col.rest += " NOT NULL"
		}
		switch {
		case c.Generated:
			col.rest, col.value = fmt.Sprintf("%s GENERATED ALWAYS AS (%s) STORED", c.Type, c.Value), ""
		case c.Value != "":
			col.rest += " DEFAULT " + c.Value
		}
		w.columns = append(w.columns, col)
		lines = append(lines, q(col.name)+" "+col.rest)
	}
	parts, err := sqldb.Select[postgresPart](ctx, db, sqldb.Write(sqldb.Raw(postgresParts, w.name)))
	if err != nil {
		return err
	}
	for _, p := range parts {
		definition := fmt.Sprintf("CONSTRAINT %s %s", q(p.Name), p.Text)
		switch p.Kind {
		case "f":
			w.keys[p.Name] = definition
			continue
		case "i":
			w.indexes[p.Name] = p.Text
			continue
		case "o":
			w.comment = p.Text
			continue
		case "c":
			w.checks[p.Name] = definition
		case "p":
			w.primary = p.Name
		}
		lines = append(lines, definition)
	}
	w.create = fmt.Sprintf("CREATE TABLE %s (\n  %s\n)", q(w.name), strings.Join(lines, ",\n  "))
	return nil
}
