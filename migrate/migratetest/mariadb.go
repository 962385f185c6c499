package migratetest

import (
	"context"
	"regexp"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// mariadb asks for the statements that would make the tables and views, and
// reads the rest from the catalog.
func mariadb(ctx context.Context, db *sqldb.DB) ([]string, error) {
	lines, err := sqldb.Column[string](ctx, db, sqldb.Raw(`SELECT CONCAT('trigger ', trigger_name, ' ', action_timing, ' ', event_manipulation, ' ', event_object_table, ' ', action_statement)
		FROM information_schema.triggers WHERE trigger_schema = DATABASE()
	UNION ALL SELECT CONCAT(routine_type, ' ', routine_name, ' ', COALESCE(dtd_identifier, ''), ' ', routine_definition) FROM information_schema.routines WHERE routine_schema = DATABASE()
	UNION ALL SELECT CONCAT('event ', event_name, ' ', event_definition) FROM information_schema.events WHERE event_schema = DATABASE()
	UNION ALL SELECT CONCAT('view ', table_name, ' ', view_definition) FROM information_schema.views WHERE table_schema = DATABASE()`))
	if err != nil {
		return nil, err
	}
	tables, err := sqldb.Column[string](ctx, db, sqldb.Raw(`SELECT table_name FROM information_schema.tables
		WHERE table_schema = DATABASE() AND table_type <> 'VIEW' AND table_name <> 'joinery_migrations'`))
	if err != nil {
		return nil, err
	}
	for _, name := range tables {
		var text string
		if _, err := sqldb.Row(ctx, db, sqldb.Write(sqldb.Stmt{SQL: "SHOW CREATE TABLE " + db.Dialect().Quote(name)}), new(string), &text); err != nil {
			return nil, err
		}
		lines = append(lines, "table "+name+" "+nextValue.ReplaceAllString(text, ""))
	}
	return lines, nil
}

// nextValue is no matter of the schema.
var nextValue = regexp.MustCompile(` AUTO_INCREMENT=\d+`)
