package migratetest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Schema is the schema of a database as a text, one line or more for each
// thing in it, sorted: tables with their columns, constraints and indexes,
// views, triggers, functions, types and sequences. On PostgreSQL it is that of
// the first schema in the search path. The table in which migrate keeps its
// history is left out. It is for comparing, by people too, and differs from
// database to database.
func Schema(ctx context.Context, db *sqldb.DB) (string, error) {
	read, ok := map[string]func(context.Context, *sqldb.DB) ([]string, error){
		"postgres": postgres,
		"sqlite":   sqlite,
		"mariadb":  mariadb,
	}[db.Dialect().Name()]
	if !ok {
		return "", fmt.Errorf("migratetest: the schema of %s cannot be read", db.Dialect().Name())
	}
	lines, err := read(ctx, db)
	if err != nil {
		return "", fmt.Errorf("migratetest: read the schema: %w", err)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n"), nil
}

// postgres reads the definitions as the server writes them. A constraint's
// index is told by both.
func postgres(ctx context.Context, db *sqldb.DB) ([]string, error) {
	return sqldb.Column[string](ctx, db, sqldb.Raw(`WITH here AS (SELECT oid FROM pg_namespace WHERE nspname = current_schema()),
	relations AS (SELECT c.* FROM pg_class c, here WHERE c.relnamespace = here.oid AND c.relname <> 'joinery_migrations')
SELECT 'table ' || c.relname || ' ' || c.relkind::text || coalesce(' comment ' || obj_description(c.oid), '') FROM relations c WHERE c.relkind IN ('r', 'p', 'f')
UNION ALL SELECT concat_ws(' ', 'column', c.relname || '.' || a.attname, 'number', row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod),
	CASE WHEN a.attnotnull THEN 'not null' END, 'default ' || pg_get_expr(d.adbin, d.adrelid), 'identity ' || nullif(a.attidentity::text, ''), 'generated ' || nullif(a.attgenerated::text, ''),
	'collate ' || nullif(a.attcollation, t.typcollation)::regcollation::text, 'comment ' || col_description(c.oid, a.attnum))
	FROM relations c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
	WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT 'constraint ' || c.relname || '.' || k.conname || ' ' || pg_get_constraintdef(k.oid) FROM relations c JOIN pg_constraint k ON k.conrelid = c.oid
UNION ALL SELECT 'index ' || pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END FROM relations c JOIN pg_index i ON i.indrelid = c.oid
UNION ALL SELECT 'trigger ' || pg_get_triggerdef(g.oid) FROM relations c JOIN pg_trigger g ON g.tgrelid = c.oid WHERE NOT g.tgisinternal
UNION ALL SELECT 'view ' || c.relname || ' ' || pg_get_viewdef(c.oid) FROM relations c WHERE c.relkind IN ('v', 'm')
UNION ALL SELECT concat_ws(' ', 'sequence', c.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle) FROM relations c JOIN pg_sequence s ON s.seqrelid = c.oid
UNION ALL SELECT 'policy ' || c.relname || '.' || p.polname || ' ' || concat_ws(' ', p.polcmd, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) FROM relations c JOIN pg_policy p ON p.polrelid = c.oid
UNION ALL SELECT 'function ' || pg_get_functiondef(f.oid) FROM pg_proc f, here WHERE f.pronamespace = here.oid AND f.prokind IN ('f', 'p')
	AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_proc'::regclass AND x.objid = f.oid AND x.deptype = 'e')
UNION ALL SELECT 'enum ' || t.typname || ' ' || string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM here JOIN pg_type t ON t.typnamespace = here.oid JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname
UNION ALL SELECT concat_ws(' ', 'domain', t.typname, format_type(t.typbasetype, t.typtypmod), pg_get_constraintdef(k.oid)) FROM here JOIN pg_type t ON t.typnamespace = here.oid LEFT JOIN pg_constraint k ON k.contypid = t.oid WHERE t.typtype = 'd'
UNION ALL SELECT 'extension ' || extname FROM pg_extension`))
}

// sqlite reads the statements that SQLite keeps.
func sqlite(ctx context.Context, db *sqldb.DB) ([]string, error) {
	lines, err := sqldb.Column[string](ctx, db, sqldb.Raw(`SELECT type || ' ' || name || ' ' || sql FROM sqlite_master
		WHERE sql IS NOT NULL AND tbl_name <> 'joinery_migrations' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'`))
	for i := range lines {
		lines[i] = plain(lines[i])
	}
	return lines, err
}

var (
	spaces     = regexp.MustCompile(`\s+`)
	plainQuote = regexp.MustCompile(`"(\w+)"`)
)

// plain is a statement without what ALTER TABLE changes in its text alone:
// quotes and white space.
func plain(text string) string {
	return plainQuote.ReplaceAllString(strings.TrimSpace(spaces.ReplaceAllString(text, " ")), "$1")
}
