package migrate

import (
	"context"
	"regexp"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
)

type sqlitePart struct {
	Type string
	Name string
	SQL  string `db:"sql"`
}

const sqliteParts = `SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('table', 'index', 'trigger') AND sql IS NOT NULL ORDER BY name`

type sqliteColumn struct {
	Name     string
	Type     string
	Required bool
	Value    string
	Hidden   int
}

const sqliteColumns = `SELECT name, type, "notnull" AS required, coalesce(dflt_value, '') AS value, hidden FROM pragma_table_xinfo(?) ORDER BY cid`

// sqliteWording reads the statements that SQLite keeps. Columns are read too, as
// statements that change them are written.
func sqliteWording(ctx context.Context, db *sqldb.DB, w *wording) error {
	parts, err := sqldb.Select[sqlitePart](ctx, db, sqldb.Write(sqldb.Raw(sqliteParts, w.name)))
	if err != nil {
		return err
	}
	for _, p := range parts {
		switch p.Type {
		case "table":
			w.create = p.SQL
		case "index":
			w.indexes[p.Name] = p.SQL
		default:
			w.more = append(w.more, p.SQL)
		}
	}
	columns, err := sqldb.Select[sqliteColumn](ctx, db, sqldb.Write(sqldb.Raw(sqliteColumns, w.name)))
	if err != nil {
		return err
	}
	for _, c := range columns {
		w.columns = append(w.columns, sqliteColumnWording(c))
	}
	for _, name := range sqliteChecks(w.create) {
		w.checks[name] = name
	}
	return nil
}

func sqliteColumnWording(c sqliteColumn) columnWording {
	col := columnWording{name: c.Name, sqlType: c.Type, value: c.Value, null: !c.Required, made: c.Hidden > 1, rest: c.Type}
	if c.Required {
		col.rest += " NOT NULL"
	}
	if c.Value != "" {
		col.rest += " DEFAULT " + c.Value
	}
	return col
}

var sqliteCheck = regexp.MustCompile(`(?i)\bCONSTRAINT\s+"?((?:[^"\s]|"")+)"?\s+CHECK\b`)

// sqliteChecks are the names of the checks in CREATE TABLE.
func sqliteChecks(create string) (names []string) {
	for _, at := range sqliteCheck.FindAllStringSubmatch(create, -1) {
		names = append(names, strings.ReplaceAll(at[1], `""`, `"`))
	}
	return names
}

var sqliteHead = regexp.MustCompile(`(?is)^CREATE\s+TABLE\s+(?:"(?:[^"]|"")*"|\[[^\]]*\]|` + "`[^`]*`" + `|[^\s(]+)`)

// under is CREATE TABLE with another name.
func under(create, quoted string) string {
	at := sqliteHead.FindStringIndex(create)
	if at == nil {
		return create
	}
	return "CREATE TABLE " + quoted + create[at[1]:]
}
